"""What is printed: notice, sign-in sheet, who has not acknowledged, minutes, sheet for topics."""

from http import HTTPStatus

from flask import g
from flask.typing import ResponseReturnValue

from civic.api import Refused, require
from civic.api import lazy_gettext as _l
from civic_party import actions, bodies, flow, meetings, minutes, roll, seats, topics
from civic_party.manifest import plugin
from civic_party.meeting_models import ACCEPTED, Meeting
from civic_party.pages import insider, may, sheet
from civic_party.words import titles


def _noticed(meeting_id: int) -> Meeting:
    """Return a meeting whose notice has gone out, for its units and the office.

    :raises Refused: before, and for others.
    """
    found = meetings.meeting(g.community, meeting_id)
    insider(found.body_id)
    if found.state not in meetings.NAMED:
        message = _l("This can be printed once the notice has gone out.")
        raise Refused("not_noticed", message, HTTPStatus.CONFLICT)
    return found


@plugin.get("/meetings/<int:meeting_id>/print/topics")
@require("party.read")
def topic_sheet(meeting_id: int) -> ResponseReturnValue:
    """Show the empty form on which units propose topics."""
    found = meetings.meeting(g.community, meeting_id)
    insider(found.body_id)
    return sheet("sheet_topics", ".meeting", meeting=found)


@plugin.get("/meetings/<int:meeting_id>/print/notice")
@require("party.read")
def notice_sheet(meeting_id: int) -> ResponseReturnValue:
    """Show the notice as it is printed."""
    found = _noticed(meeting_id)
    return sheet(
        "sheet_notice",
        ".meeting",
        meeting=found,
        carried=actions.carried(found.id),
        topics=topics.of(found.id, ACCEPTED),
        chair=bodies.names(found.body_id).get(found.chair_seat_id or 0, ""),
    )


@plugin.get("/meetings/<int:meeting_id>/print/sign-in")
@require("party.office")
def sign_in_sheet(meeting_id: int) -> ResponseReturnValue:
    """Show the sheet on which units sign in."""
    found = _noticed(meeting_id)
    return sheet("sheet_sign_in", ".meeting", meeting=found, lines=roll.lines(found.id))


@plugin.get("/meetings/<int:meeting_id>/print/missing")
@require("party.office")
def missing_sheet(meeting_id: int) -> ResponseReturnValue:
    """Show which units have not acknowledged the notice."""
    found = _noticed(meeting_id)
    lines = roll.lines(found.id)
    left = [line for line in lines if line.received_at is None]
    return sheet("sheet_missing", ".meeting", meeting=found, lines=left, all=len(lines))


@plugin.get("/meetings/<int:meeting_id>/print/minutes")
@require("party.read")
def minutes_sheet(meeting_id: int) -> ResponseReturnValue:
    """Show the minutes as they are printed; before they are issued for units and office alone."""
    found = meetings.meeting(g.community, meeting_id)
    inside = may("office") or bool(seats.mine(g.actor, found.body_id))
    if found.state != flow.ISSUED:
        insider(found.body_id)
    kept = minutes.of(found.id)
    if kept is None:
        message = _l("No minutes have been written yet.")
        raise Refused("no_minutes", message, HTTPStatus.NOT_FOUND)
    return sheet(
        "sheet_minutes",
        ".minutes",
        meeting=found,
        minutes=kept,
        inside=inside,
        said=kept.content or minutes.content(found, kept),
        attendance=titles("meeting", "attendance"),
    )
