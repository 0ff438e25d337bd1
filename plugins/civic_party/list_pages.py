"""What the pages of the three lists have in common."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from flask import flash, g, render_template, request
from flask.typing import ResponseReturnValue

from civic.api import Refused, db, places_at
from civic_party import list_queries, sides
from civic_party.fit_words import hours, sentence
from civic_party.list_rules import amount, title
from civic_party.list_titles import LISTS
from civic_party.manifest import plugin

LONGEST_SEARCH = 40
WRONG = HTTPStatus.UNPROCESSABLE_ENTITY
Page = Callable[..., ResponseReturnValue]


def may(code: str) -> bool:
    """Tell whether whoever looks has a permission of this plugin here."""
    return sides.may(g.actor, code, g.community)


def show(template: str, status: int = HTTPStatus.OK, **values: object) -> ResponseReturnValue:
    """Return a page of the lists."""
    values = {
        "title_of": title,
        "amount": amount,
        "hours": hours,
        "sentence": sentence,
        "lists": LISTS,
    } | values
    return render_template(f"{plugin.name}/{template}.html", **values), status


def places() -> dict[int, str]:
    """Return the places of the page's community by their ids."""
    return places_at(g.community)


def done(message: str) -> None:
    """Keep what was done, and say so on the next page."""
    db.session.commit()
    flash(message)


def refuse(refused: Refused, page: Page, **values: Any) -> ResponseReturnValue:  # noqa: ANN401
    """Undo what was begun, and show the page again with the sentence; what was typed stays."""
    db.session.rollback()
    return page(error=str(refused), status=refused.status, **values)


def filter_of(list_name: str) -> list_queries.Filter:
    """Return what the address of a page asks for, without what nobody can ask for."""
    kind, state = request.args.get("kind", ""), request.args.get("state", "")
    return list_queries.Filter(
        kind if kind in list_queries.kinds(list_name) else "",
        state if state in list_queries.states(list_name) else "",
        request.args.get("mine") == "1" and g.actor.person_id is not None,
        request.args.get("q", "").strip()[:LONGEST_SEARCH],
    )


def number(given: Mapping[str, str], name: str) -> int | None:
    """Return a number of a request, where it is one that a key can have."""
    text = given.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None  # noqa: PLR2004
