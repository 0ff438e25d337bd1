"""Pages of minutes: written, commented on, answered; signed and issued by moves."""

from http import HTTPStatus

from flask import g, request, url_for
from flask.typing import ResponseReturnValue

from civic.api import Refused, clock, require, see_other
from civic.api import gettext as _
from civic_party import flow, meetings, minutes, roll, seats, steps
from civic_party.body_views import states
from civic_party.forms import AnswerForm, MinutesForm, RemarkForm, number
from civic_party.manifest import plugin
from civic_party.pages import WRONG, done, insider, may, refuse, show
from civic_party.words import titles


@plugin.get("/meetings/<int:meeting_id>/minutes", endpoint="minutes")
@require("party.read")
def minutes_page(meeting_id: int) -> ResponseReturnValue:
    """Show the minutes: issued ones to all readers, a draft to the units and the office."""
    return _minutes(meeting_id)


def _minutes(
    meeting_id: int,
    error: str = "",
    status: int = HTTPStatus.OK,
    remark: RemarkForm | None = None,
    answer: AnswerForm | None = None,
    tried: int = 0,
) -> ResponseReturnValue:
    found = meetings.meeting(g.community, meeting_id)
    kept = minutes.of(found.id)
    own = seats.mine(g.actor, found.body_id)
    if found.state != flow.ISSUED:
        own = insider(found.body_id)
    office = may("office")
    inside = bool(own) or office
    said = kept.content or minutes.content(found, kept) if kept else None
    until = kept.comments_until if kept and found.state == flow.COMMENTING else None
    return show(
        "minutes",
        status,
        meeting=found,
        minutes=kept,
        said=said,
        inside=inside,
        office=office,
        own=own,
        others=[]
        if not office
        else [
            line for line in roll.lines(found.id) if line.seat_id not in {each.id for each in own}
        ],
        paper=minutes.on_paper(found),
        remarks=minutes.remarks(found.id) if inside else (),
        takes=until is not None and clock.now() < until,
        remark=remark or RemarkForm(formdata=None),
        answer=answer or AnswerForm(formdata=None),
        tried=tried,
        attendance=titles("meeting", "attendance"),
        writes=office and found.state in {flow.OPEN, flow.DRAFTING},
        moves=steps.open_to(g.actor, found),
        states=states(),
        error=error,
    )


@plugin.get("/meetings/<int:meeting_id>/minutes/write")
@require("party.office")
def writing(meeting_id: int) -> ResponseReturnValue:
    """Ask for what was said."""
    found = meetings.meeting(g.community, meeting_id)
    kept = minutes.of(found.id)
    values = {"opinions": kept.opinions, "seen": str(kept.version)} if kept else {}
    return _writing(meeting_id, MinutesForm(formdata=None, **values))


def _writing(
    meeting_id: int, form: MinutesForm, error: str = "", status: int = HTTPStatus.OK
) -> ResponseReturnValue:
    found = meetings.meeting(g.community, meeting_id)
    return show("minutes_write", status, meeting=found, form=form, error=error)


@plugin.post("/meetings/<int:meeting_id>/minutes/write")
@require("party.office")
def write(meeting_id: int) -> ResponseReturnValue:
    """Keep what was said."""
    found = meetings.meeting(g.community, meeting_id)
    form = MinutesForm()
    if not form.validate_on_submit():
        return _writing(meeting_id, form, status=WRONG)
    try:
        seen = number(form.seen.data)
        minutes.write(g.actor, found, opinions=form.opinions.data or "", seen=seen)
    except Refused as refused:
        return refuse(refused, _writing, meeting_id, form)
    done(_("The minutes are kept."))
    return see_other(url_for(".minutes", meeting_id=meeting_id))


@plugin.post("/meetings/<int:meeting_id>/minutes/remark")
@require("party.sit")
def remark(meeting_id: int) -> ResponseReturnValue:
    """Comment on the draft for a unit, or agree."""
    found = meetings.meeting(g.community, meeting_id)
    form = RemarkForm()
    if not form.validate_on_submit():
        return _minutes(meeting_id, status=WRONG, remark=form)
    try:
        seat_id = number(request.form.get("seat"))
        made = minutes.remark(g.actor, found, seat_id, form.words.data or "")
    except Refused as refused:
        return refuse(refused, _minutes, meeting_id, remark=form)
    done(_("Your comment is with the office.") if made.words else _("Your unit agrees."))
    return see_other(url_for(".minutes", meeting_id=meeting_id))


@plugin.post("/meetings/<int:meeting_id>/remarks/<int:remark_id>/answer")
@require("party.office")
def answer_remark(meeting_id: int, remark_id: int) -> ResponseReturnValue:
    """Answer a comment."""
    found = meetings.meeting(g.community, meeting_id)
    form = AnswerForm()
    if not form.validate_on_submit():
        return _minutes(meeting_id, status=WRONG, answer=form, tried=remark_id)
    try:
        adopted = form.adopted.data == "yes"
        minutes.answer(g.actor, found, remark_id, adopted=adopted, words=form.words.data or "")
    except Refused as refused:
        return refuse(refused, _minutes, meeting_id, answer=form, tried=remark_id)
    done(_("The comment is answered."))
    return see_other(url_for(".minutes", meeting_id=meeting_id))
