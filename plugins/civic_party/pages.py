"""What the pages of bodies and meetings have in common."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus

from flask import flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from civic.api import Refused, allowed, check, clock, db, square
from civic.api import gettext as _
from civic_party import seats
from civic_party.models import Seat
from civic_party.words import quarter_words

Page = Callable[..., ResponseReturnValue]
WRONG = HTTPStatus.UNPROCESSABLE_ENTITY


def may(code: str) -> bool:
    """Tell whether whoever looks has a permission of this plugin here."""
    return allowed(g.actor, f"party.{code}", g.community.path)


def chairs_words(
    chairs: Sequence[tuple[int, int | None]], names: Mapping[int, str]
) -> list[tuple[str, str]]:
    """Return quarters with the names of the units that chair them."""
    nobody = _("nobody yet")
    return [(quarter_words(quarter), names.get(seat or 0, nobody)) for quarter, seat in chairs]


def show(template: str, status: int = HTTPStatus.OK, **values: object) -> ResponseReturnValue:
    """Return a page of the plugin."""
    page = render_template(
        f"party/{template}.html", quarter_words=quarter_words, chairs_words=chairs_words, **values
    )
    return page, status


def sheet(template: str, endpoint: str, **values: object) -> ResponseReturnValue:
    """Return a sheet to print, with the address of the page it belongs to."""
    ids = {key: value for key, value in (request.view_args or {}).items() if key != "community"}
    address = url_for(endpoint, _external=True, **ids)
    return show(
        template, HTTPStatus.OK, address=address, square=square(address), at=clock.now(), **values
    )


def done(message: str) -> None:
    """Keep what was done, and say so on the next page."""
    db.session.commit()
    flash(message)


def refuse(refused: Refused, page: Page, *args: object, **values: object) -> ResponseReturnValue:
    """Undo what was begun, and show the page again with the sentence; what was typed stays."""
    db.session.rollback()
    return page(*args, error=str(refused), status=refused.status, **values)


def new_key() -> str:
    """Return a key by which a form that is sent twice is known."""
    return secrets.token_hex(10)


def insider(body_id: int) -> Sequence[Seat]:
    """Return the own seats in a body, refused unless there are some or one is of the office.

    :raises Refused: 401 or 403.
    """
    own = seats.mine(g.actor, body_id)
    if not own:
        check(g.actor, "party.office", g.community.path)
    return own
