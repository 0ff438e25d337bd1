"""What is printed: the application, the sheet for marks, the list of awards."""

from http import HTTPStatus

from flask import g, url_for
from flask.typing import ResponseReturnValue

from civic.api import Refused, clock, money, square
from civic.api import lazy_gettext as _l
from civic_incubator import calls, drafts, panel
from civic_incubator.application_views import answered
from civic_incubator.manifest import plugin
from civic_incubator.pages import check_seen, known_call, show
from civic_incubator.review_views import NOT_APPLICABLE, seat_of
from civic_incubator.words import said, titles


def _sheet(template: str, address: str, **values: object) -> ResponseReturnValue:
    return show(
        template, HTTPStatus.OK, address=address, square=square(address), at=clock.now(), **values
    )


@plugin.get("/applications/<int:application_id>/print")
def application_sheet(application_id: int) -> ResponseReturnValue:
    """Show an application as it is printed."""
    found = drafts.application(g.community, application_id)
    check_seen(found)
    if found.number is None:
        message = _l("It can be printed once it has been handed in.")
        raise Refused("draft", message, HTTPStatus.CONFLICT)
    return _sheet(
        "application_sheet",
        url_for(".application", application_id=found.id, _external=True),
        application=found,
        call=found.call,
        answers=answered(found),
        kinds=titles("budget", "line"),
        money=money.shown,
    )


@plugin.get("/applications/<int:application_id>/score/print")
def score_sheet(application_id: int) -> ResponseReturnValue:
    """Show the sheet for marks as it is printed, with a reviewer's own where they were given."""
    found = drafts.application(g.community, application_id)
    seat = seat_of(found.call)
    panel.may_mark(seat, found)
    kept = panel.given(seat).get(found.id)
    return _sheet(
        "score_sheet",
        url_for(".score_form", application_id=found.id, _external=True),
        application=found,
        call=found.call,
        criteria=[(row["code"], said(row), row["weight"]) for row in found.call.criteria],
        marks={
            code: NOT_APPLICABLE if mark is None else str(mark)
            for code, mark in (kept.marks if kept else {}).items()
        },
    )


@plugin.get("/calls/<int:call_id>/awards/print")
def award_sheet(call_id: int) -> ResponseReturnValue:
    """Show the list of awards that counts as it hangs on the board."""
    found = known_call(call_id)
    drawn = calls.latest(found)
    if drawn is None:
        message = _l("No awards have been drawn up for this call yet.")
        raise Refused("not_shown", message, HTTPStatus.NOT_FOUND)
    address = url_for(".awards", call_id=found.id, _external=True)
    return _sheet("award_sheet", address, call=found, drawn=drawn, money=money.shown)
