"""Pages of topics: proposed by units and the office, taken back, settled."""

from http import HTTPStatus

from flask import g, request, url_for
from flask.typing import ResponseReturnValue

from civic.api import Refused, choices, require, see_other
from civic.api import gettext as _
from civic_party import meetings, seats, topics
from civic_party.forms import TopicForm
from civic_party.manifest import plugin
from civic_party.meeting_models import Meeting
from civic_party.meeting_views import act
from civic_party.pages import WRONG, done, insider, may, new_key, refuse, show


@plugin.get("/meetings/<int:meeting_id>/topics/new")
@require("party.sit")
def new_topic(meeting_id: int) -> ResponseReturnValue:
    """Ask for a topic."""
    return _proposing(meeting_id, TopicForm(formdata=None, form_key=new_key()))


def _proposing(
    meeting_id: int, form: TopicForm, error: str = "", status: int = HTTPStatus.OK
) -> ResponseReturnValue:
    found = meetings.meeting(g.community, meeting_id)
    form.seat.choices = choices(_seats(found))
    return show("topic", status, meeting=found, form=form, error=error)


def _seats(found: Meeting) -> list[tuple[int, str]]:
    """Return for whom one may propose: one's own units; the office for each, on their paper."""
    own = insider(found.body_id)
    if not may("office"):
        return [(each.id, each.name) for each in own]
    listed = [(line.seat.id, line.seat.name) for line in seats.lines(found.body_id)]
    return [(0, _("The office, for the community")), *listed]


@plugin.post("/meetings/<int:meeting_id>/topics/new")
@require("party.sit")
def propose(meeting_id: int) -> ResponseReturnValue:
    """Propose a topic."""
    found = meetings.meeting(g.community, meeting_id)
    form = TopicForm()
    form.seat.choices = choices(_seats(found))
    if not form.validate_on_submit():
        return _proposing(meeting_id, form, status=WRONG)
    try:
        topics.propose(
            g.actor,
            found,
            seat_id=form.seat.data or 0,
            title=form.title.data or "",
            text=form.text.data or "",
            form_key=form.form_key.data or "",
        )
    except Refused as refused:
        return refuse(refused, _proposing, meeting_id, form)
    done(_("The topic is with the office. What comes of it stands on this page."))
    return see_other(url_for(".meeting", meeting_id=meeting_id))


@plugin.post("/meetings/<int:meeting_id>/topics/<int:topic_id>/withdraw")
@require("party.sit")
def withdraw(meeting_id: int, topic_id: int) -> ResponseReturnValue:
    """Take a topic back."""
    said = _("The topic is taken back.")
    return act(meeting_id, lambda found: topics.withdraw(g.actor, found, topic_id), said)


@plugin.post("/meetings/<int:meeting_id>/topics/<int:topic_id>/settle")
@require("party.office")
def settle(meeting_id: int, topic_id: int) -> ResponseReturnValue:
    """Take a topic up, or not."""
    accepted, reason = request.form.get("act") == "accept", request.form.get("reason", "")
    return act(
        meeting_id,
        lambda found: topics.settle(g.actor, found, topic_id, accepted=accepted, reason=reason),
        _("The topic stands on the agenda.") if accepted else _("The topic is not taken up."),
        reason=reason,
    )
