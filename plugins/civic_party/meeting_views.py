"""Pages of a meeting: called, its topics, its agenda, the receipts of its notice, moved on."""

from collections.abc import Callable
from http import HTTPStatus

from flask import g, request, url_for
from flask.typing import ResponseReturnValue

from civic.api import Refused, clock, moments, require, see_other
from civic.api import gettext as _
from civic_party import (
    actions,
    bodies,
    deciding,
    flow,
    meetings,
    minutes,
    roll,
    seats,
    steps,
    topics,
)
from civic_party.body_views import states
from civic_party.forms import CallForm, number
from civic_party.manifest import plugin
from civic_party.meeting_models import ACCEPTED, Meeting, Topic
from civic_party.pages import WRONG, done, may, new_key, refuse, show
from civic_party.words import titles

#: Stages that the line at the top of a meeting shows.
LINE = [code for code in flow.STATES if code != flow.CANCELLED]


@plugin.get("/bodies/<int:body_id>/meetings/new")
@require("party.office")
def new_meeting(body_id: int) -> ResponseReturnValue:
    """Ask when a meeting is."""
    return _calling(body_id, CallForm(formdata=None, form_key=new_key()))


def _calling(
    body_id: int, form: CallForm, error: str = "", status: int = HTTPStatus.OK
) -> ResponseReturnValue:
    found = bodies.body(g.community, body_id)
    return show(
        "call",
        status,
        body=found,
        meeting=None,
        form=form,
        times=meetings.times(found),
        error=error,
    )


@plugin.post("/bodies/<int:body_id>/meetings/new")
@require("party.office")
def call(body_id: int) -> ResponseReturnValue:
    """Call a meeting."""
    found = bodies.body(g.community, body_id)
    form = CallForm()
    if not form.validate_on_submit():
        return _calling(body_id, form, status=WRONG)
    try:
        made = meetings.call(
            g.actor,
            found,
            starts_at=moments.of(form.starts_at),
            place=form.place.data or "",
            form_key=form.form_key.data or "",
        )
    except Refused as refused:
        return refuse(refused, _calling, body_id, form)
    done(_("The meeting is called, and the units are asked for topics."))
    return see_other(url_for(".meeting", meeting_id=made.id))


@plugin.get("/meetings/<int:meeting_id>/change")
@require("party.office")
def changing(meeting_id: int) -> ResponseReturnValue:
    """Ask for another day or place."""
    found = meetings.meeting(g.community, meeting_id)
    local = clock.local(found.starts_at).replace(tzinfo=None)
    return _changing(meeting_id, CallForm(formdata=None, starts_at=local, place=found.place))


def _changing(
    meeting_id: int, form: CallForm, error: str = "", status: int = HTTPStatus.OK
) -> ResponseReturnValue:
    found = meetings.meeting(g.community, meeting_id)
    times = meetings.times(found.body)
    return show("call", status, body=found.body, meeting=found, form=form, times=times, error=error)


@plugin.post("/meetings/<int:meeting_id>/change")
@require("party.office")
def change(meeting_id: int) -> ResponseReturnValue:
    """Change day and place."""
    found = meetings.meeting(g.community, meeting_id)
    form = CallForm()
    if not form.validate_on_submit():
        return _changing(meeting_id, form, status=WRONG)
    try:
        starts_at = moments.of(form.starts_at)
        meetings.change(g.actor, found, starts_at=starts_at, place=form.place.data or "")
    except Refused as refused:
        return refuse(refused, _changing, meeting_id, form)
    done(_("Day and place are changed; the dates follow."))
    return see_other(url_for(".meeting", meeting_id=meeting_id))


@plugin.get("/meetings/<int:meeting_id>", endpoint="meeting")
@require("party.read")
def meeting_page(meeting_id: int) -> ResponseReturnValue:
    """Show a meeting."""
    return of_meeting(meeting_id)


def of_meeting(
    meeting_id: int,
    error: str = "",
    status: int = HTTPStatus.OK,
    reason: str = "",
) -> ResponseReturnValue:
    """Return the page of a meeting, as far as whoever looks may see it."""
    found = meetings.meeting(g.community, meeting_id)
    own = {each.id for each in seats.mine(g.actor, found.body_id)}
    office = may("office")
    inside = bool(own) or office
    public = found.agenda_at is not None
    seen = topics.of(found.id) if inside else topics.of(found.id, ACCEPTED) if public else []
    chair = found.chair_seat_id or bodies.chair(found.body, found.quarter)
    noticed = found.state in meetings.NAMED
    return show(
        "meeting",
        status,
        meeting=found,
        at=meetings.state(found),
        stages=_stages(found),
        takes=found.state == flow.CALL and clock.now() < found.topics_until,
        topics=seen,
        own=own,
        own_topics={each.id for each in seen if _is_own(each, own)},
        carried=actions.carried(found.id) if public else (),
        decided=deciding.of(found.id) if noticed else {},
        roll=roll.lines(found.id) if inside and noticed else (),
        quorum=roll.quorum(found) if found.rules else None,
        attendance=titles("meeting", "attendance"),
        chair=bodies.names(found.body_id).get(chair or 0, ""),
        moves=steps.open_to(g.actor, found),
        states=states(),
        inside=inside,
        office=office,
        flow=flow,
        minutes=minutes.of(found.id),
        movable=found.state in meetings.MOVABLE,
        reason=reason,
        longest=steps.LONGEST_REASON,
        error=error,
    )


def _is_own(topic: Topic, own: set[int]) -> bool:
    mine = topic.seat_id in own if topic.seat_id else topic.proposed_by == g.actor.person_id
    return mine and topic.state != "withdrawn"


def _stages(found: Meeting) -> list[dict[str, str]]:
    if found.state == flow.CANCELLED:
        return []
    here = LINE.index(meetings.state(found))
    names = states()
    return [
        {
            "name": names[code],
            "state": "done" if place < here else "current" if place == here else "later",
            "when": "",
        }
        for place, code in enumerate(LINE)
    ]


def act(
    meeting_id: int, do: Callable[[Meeting], object], said: str, **kept: str
) -> ResponseReturnValue:
    """Do an act on a meeting; refused, its page says why."""
    found = meetings.meeting(g.community, meeting_id)
    try:
        do(found)
    except Refused as refused:
        return refuse(refused, of_meeting, meeting_id, **kept)
    done(said)
    return see_other(url_for(".meeting", meeting_id=meeting_id))


@plugin.post("/meetings/<int:meeting_id>/move")
@require("party.sit")
def move(meeting_id: int) -> ResponseReturnValue:
    """Move a meeting on."""
    to, seen = request.form.get("to", ""), request.form.get("seen", "")
    reason = request.form.get("reason", "")
    return act(
        meeting_id,
        lambda found: steps.move(g.actor, g.community, found.id, to, seen=seen, reason=reason),
        _("Done: the meeting has moved on."),
        reason=reason,
    )


@plugin.post("/meetings/<int:meeting_id>/acknowledge")
@require("party.sit")
def acknowledge(meeting_id: int) -> ResponseReturnValue:
    """Acknowledge the notice for a unit."""
    seat_id = number(request.form.get("seat"))
    said = _("Thank you: the notice is acknowledged for your unit.")
    return act(meeting_id, lambda found: roll.acknowledge(g.actor, found, seat_id), said)


@plugin.post("/meetings/<int:meeting_id>/paper")
@require("party.office")
def paper_receipt(meeting_id: int) -> ResponseReturnValue:
    """Note a receipt that came on paper."""
    seat_id = number(request.form.get("seat"))
    return act(
        meeting_id,
        lambda found: roll.acknowledge(g.actor, found, seat_id, on_paper=True),
        _("The receipt on paper is noted."),
    )
