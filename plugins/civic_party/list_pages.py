"""What the pages of the three lists have in common."""

from collections.abc import Mapping
from http import HTTPStatus

from flask import g, request
from flask.typing import ResponseReturnValue

from civic.api import places_at
from civic_party import list_queries, pages
from civic_party.fit_words import hours, sentence
from civic_party.list_rules import amount, title
from civic_party.list_titles import LISTS

LONGEST_SEARCH = 40
#: Digits of a number that every key can be.
DIGITS = 9


def show(template: str, status: int = HTTPStatus.OK, **values: object) -> ResponseReturnValue:
    """Return a page of the lists."""
    values = {
        "title_of": title,
        "amount": amount,
        "hours": hours,
        "sentence": sentence,
        "lists": LISTS,
    } | values
    return pages.show(template, status, **values)


def places() -> dict[int, str]:
    """Return the places of the page's community by their ids."""
    return places_at(g.community)


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
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS else None
