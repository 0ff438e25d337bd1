"""What a case shows of its meetings in the hall, from its own row alone; and a condition."""

from datetime import UTC, datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from civic.consultations.checks import Check
from civic.consultations.models import Consultation
from civic.consultations.panels import Panel
from civic.halls import meetings, words
from civic.halls.models import HallMeeting
from civic.kernel import i18n
from civic.kernel.db import db
from civic.kernel.permissions import Actor

ORDER = 45


def panel(case: Consultation, _actor: Actor, _now: datetime) -> Panel | None:
    """Lead to the meeting of which something was said last."""
    meeting_id = case.figures.get(meetings.SHOWN, 0)
    if not meeting_id:
        return None
    state = case.figures.get(meetings.STATE, 0)
    begins = datetime.fromtimestamp(case.figures.get(meetings.BEGINS, 0), UTC)
    title, _badge = words.STATES[state]
    key = {"consultation_id": case.id, "meeting_id": meeting_id}
    text, page, action = f"{title} · {i18n.moment(begins)}", "halls.room", ""
    if state == meetings.PLANNED:
        text = _("Begins %(moment)s.", moment=i18n.moment(begins))
    elif state == meetings.OPEN:
        text = _("The meeting goes on: follow it, or raise your hand.")
        action = _("Go to the meeting")
    elif state in {meetings.CLOSED, meetings.SIGNED}:
        page = "halls.minutes_page"
    return Panel(title=_("Meeting in the hall"), text=text, url=url_for(page, **key), action=action)


def _missing(case: Consultation) -> list[str]:
    query = select(HallMeeting).filter_by(consultation_id=case.id, called_off="")
    held = [meetings.state(one) for one in db.session.scalars(query)]
    if meetings.OPEN in held:
        return [_("The meeting in the hall goes on. Its chair closes it.")]
    if meetings.CLOSED in held:
        return [_("The minutes of the meeting in the hall are not signed yet. Its chair signs.")]
    if meetings.SIGNED not in held:
        return [_("No meeting in the hall was held yet. Plan one and hold it.")]
    return []


CHECK = Check("meeting_held", _l("A meeting in the hall was held, its minutes signed"), _missing)
