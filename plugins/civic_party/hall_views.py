"""Pages while a meeting is held: attendance, decisions, tasks."""

from http import HTTPStatus

from flask import g, request, url_for
from flask.typing import ResponseReturnValue

from civic.api import Refused, choices, plain, require, see_other
from civic.api import gettext as _
from civic_party import actions, deciding, flow, meetings, roll, seats, topics
from civic_party.forms import DecisionForm, TaskForm, day_of
from civic_party.manifest import plugin
from civic_party.meeting_models import ACCEPTED, VOTE
from civic_party.meeting_views import act
from civic_party.pages import WRONG, done, new_key, refuse, show
from civic_party.words import titles


@plugin.get("/meetings/<int:meeting_id>/attendance")
@require("party.office")
def attendance(meeting_id: int) -> ResponseReturnValue:
    """Show the roll, to note who is there."""
    return _attendance(meeting_id)


def _attendance(
    meeting_id: int,
    typed: dict[int, roll.Said] | None = None,
    error: str = "",
    status: int = HTTPStatus.OK,
) -> ResponseReturnValue:
    found = meetings.meeting(g.community, meeting_id)
    lines = roll.lines(found.id)
    return show(
        "attendance",
        status,
        meeting=found,
        lines=lines,
        typed=typed or {line.seat_id: roll.Said(line.attendance or "", line.who) for line in lines},
        ways=titles("meeting", "attendance"),
        quorum=roll.quorum(found) if found.rules else None,
        takes=found.state == flow.OPEN,
        longest=roll.LONGEST_NAME,
        error=error,
    )


@plugin.post("/meetings/<int:meeting_id>/attendance")
@require("party.office")
def note_attendance(meeting_id: int) -> ResponseReturnValue:
    """Note who is there."""
    found = meetings.meeting(g.community, meeting_id)
    typed = {
        line.seat_id: roll.Said(
            request.form.get(f"how_{line.seat_id}", ""),
            plain(request.form.get(f"who_{line.seat_id}", "")),
        )
        for line in roll.lines(found.id)
    }
    said = {key: each for key, each in typed.items() if each.attendance}
    try:
        roll.note_attendance(g.actor, found, said)
    except Refused as refused:
        return refuse(refused, _attendance, meeting_id, typed)
    done(_("The attendance is noted."))
    return see_other(url_for(".attendance", meeting_id=meeting_id))


@plugin.get("/meetings/<int:meeting_id>/topics/<int:topic_id>/decision")
@require("party.office")
def decision(meeting_id: int, topic_id: int) -> ResponseReturnValue:
    """Ask what a topic came to, and for its tasks."""
    found = meetings.meeting(g.community, meeting_id)
    noted = deciding.of(found.id).get(topic_id)
    form = DecisionForm(formdata=None)
    if noted:
        form = DecisionForm(
            formdata=None,
            words=noted.words,
            way=noted.way,
            agree=noted.votes_for,
            against=noted.votes_against,
            abstained=noted.abstained,
        )
    return _decision(meeting_id, topic_id, form)


def _decision(
    meeting_id: int,
    topic_id: int,
    form: DecisionForm | None = None,
    task: TaskForm | None = None,
    error: str = "",
    status: int = HTTPStatus.OK,
) -> ResponseReturnValue:
    found = meetings.meeting(g.community, meeting_id)
    topic = topics.topic(found, topic_id)
    if topic.state != ACCEPTED or not found.rules:
        raise meetings.moved_on()
    noted = deciding.of(found.id).get(topic_id)
    return show(
        "decision",
        status,
        meeting=found,
        topic=topic,
        form=form or DecisionForm(formdata=None),
        task=_task_form(found.body_id, task or TaskForm(formdata=None, form_key=new_key())),
        noted=noted,
        tasks=[each for each in actions.of_meeting(found.id) if each.topic_id == topic_id],
        quorum=roll.quorum(found),
        takes=found.state in {flow.OPEN, flow.DRAFTING},
        error=error,
    )


def _task_form(body_id: int, form: TaskForm) -> TaskForm:
    here = choices([(line.seat.id, line.seat.name) for line in seats.lines(body_id)])
    form.owner.choices = form.helpers.choices = here
    return form


@plugin.post("/meetings/<int:meeting_id>/topics/<int:topic_id>/decision")
@require("party.office")
def decide(meeting_id: int, topic_id: int) -> ResponseReturnValue:
    """Note what a topic came to."""
    found = meetings.meeting(g.community, meeting_id)
    form = DecisionForm()
    if not form.validate_on_submit():
        return _decision(meeting_id, topic_id, form, status=WRONG)
    try:
        made = deciding.decide(
            g.actor,
            found,
            topic_id,
            words=form.words.data or "",
            way=form.way.data,
            votes=form.votes() if form.way.data == VOTE else None,
        )
    except Refused as refused:
        return refuse(refused, _decision, meeting_id, topic_id, form)
    done(_("The decision is noted.") if made.passed else _("Noted: nothing was decided."))
    return see_other(url_for(".decision", meeting_id=meeting_id, topic_id=topic_id))


@plugin.post("/meetings/<int:meeting_id>/topics/<int:topic_id>/tasks")
@require("party.office")
def give_task(meeting_id: int, topic_id: int) -> ResponseReturnValue:
    """Make a task of a decision."""
    found = meetings.meeting(g.community, meeting_id)
    form = _task_form(found.body_id, TaskForm())
    if not form.validate_on_submit():
        return _decision(meeting_id, topic_id, task=form, status=WRONG)
    try:
        actions.give(
            g.actor,
            found,
            topic_id,
            seat_id=form.owner.data,
            helper_ids=form.helpers.data or [],
            title=form.title.data or "",
            due_on=day_of(form.due_on),
            form_key=form.form_key.data or "",
        )
    except Refused as refused:
        return refuse(refused, _decision, meeting_id, topic_id, task=form)
    done(_("The task is written down."))
    return see_other(url_for(".decision", meeting_id=meeting_id, topic_id=topic_id))


@plugin.post("/meetings/<int:meeting_id>/tasks/<int:action_id>/out")
@require("party.office")
def take_out(meeting_id: int, action_id: int) -> ResponseReturnValue:
    """Take a task out of the draft."""
    said = _("The task is taken out of the draft.")
    return act(meeting_id, lambda found: actions.take_out(g.actor, found, action_id), said)
