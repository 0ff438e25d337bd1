"""Find a meeting, hold it while something happens in it, tell where it stands."""

from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select

from civic.communities.models import Community
from civic.consultations import figures
from civic.consultations.models import Consultation
from civic.halls import who
from civic.halls.models import HallItem, HallMeeting
from civic.kernel import audit
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor

#: States of a meeting, as numbers in the figures of its case.
PLANNED, OPEN, CLOSED, SIGNED = 1, 2, 3, 4
CALLED_OFF = 0
#: Of the panel: which meeting it shows, in which state, and when it begins.
SHOWN, STATE, BEGINS = "hall_meeting", "hall_state", "hall_begins"


def state(meeting: HallMeeting) -> int:
    """Return where a meeting stands."""
    if meeting.called_off:
        return CALLED_OFF
    if meeting.signed_at is not None:
        return SIGNED
    if meeting.closed_at is not None:
        return CLOSED
    return PLANNED if meeting.opened_at is None else OPEN


def case_held(community: Community, case_id: int) -> Consultation:
    """Return a published case, held until the transaction ends.

    :raises Refused: 404.
    """
    query = select(Consultation).filter_by(id=case_id, community_id=community.id).with_for_update()
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None or found.published_at is None:
        raise missing()
    return found


def held(community: Community, case_id: int, meeting_id: int) -> HallMeeting:
    """Return a meeting, held until the transaction ends: all that happens in it takes turns.

    Its case is held before it where both are, and accounts of people before either.

    :raises Refused: 404.
    """
    query = _one(community, case_id, meeting_id).with_for_update()
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise missing()
    return found


def find(community: Community, case_id: int, meeting_id: int) -> HallMeeting:
    """Return a meeting of a case.

    :raises Refused: 404.
    """
    found = db.session.scalar(_one(community, case_id, meeting_id))
    if found is None:
        raise missing()
    return found


def _one(community: Community, case_id: int, meeting_id: int) -> Select[HallMeeting]:
    return select(HallMeeting).filter_by(
        id=meeting_id, consultation_id=case_id, community_id=community.id
    )


def of_case(case_id: int) -> list[HallMeeting]:
    """Return the meetings of a case, the latest first."""
    query = select(HallMeeting).filter_by(consultation_id=case_id)
    return list(db.session.scalars(query.order_by(HallMeeting.starts_at.desc(), HallMeeting.id)))


def agenda(meeting_id: int) -> list[HallItem]:
    """Return the items of a meeting, in order."""
    query = select(HallItem).filter_by(meeting_id=meeting_id).order_by(HallItem.number)
    return list(db.session.scalars(query))


def current(meeting: HallMeeting) -> HallItem:
    """Return the item that is being talked about."""
    query = select(HallItem).filter_by(meeting_id=meeting.id, number=meeting.item)
    return db.session.scalars(query).one()


def not_begun(meeting: HallMeeting) -> None:
    """Refuse to change the plan of a meeting that has begun, or is not held.

    :raises Refused: `begun`.
    """
    if state(meeting) != PLANNED:
        message = _l("This meeting has begun, or is not held: its plan stays as it is.")
        raise Refused("begun", message, HTTPStatus.CONFLICT)


def lead(meeting: HallMeeting, chair: who.Holder, secretary: who.Holder) -> None:
    """Write down who leads a meeting and who takes its minutes."""
    meeting.chair_id, meeting.chair_name = chair.person_id, chair.name
    meeting.chair_post = chair.post
    meeting.secretary_id, meeting.secretary_name = secretary.person_id, secretary.name


def happened(meeting: HallMeeting) -> None:
    """Let pages know that something is new; the meeting is held."""
    meeting.revision += 1
    db.session.flush()


def show(case: Consultation, meeting: HallMeeting) -> None:
    """Let the page of a case show this meeting; the case is held."""
    for code, number in (
        (SHOWN, meeting.id),
        (STATE, state(meeting)),
        (BEGINS, int(meeting.starts_at.timestamp())),
    ):
        figures.add(case.id, code, number - case.figures.get(code, 0))


def recorded(
    act: str, actor: Actor, community: Community, meeting: HallMeeting, **data: object
) -> None:
    """Keep an official act in the audit."""
    post = actor.office_at(community.path)
    audit.append(
        act,
        person_id=actor.person_id,
        post=post,
        subject=f"consultation:{meeting.consultation_id}",
        community_id=community.id,
        data={"meeting": meeting.id} | data,
    )


def missing() -> Refused:
    """Return the one answer for what does not exist here."""
    return Refused("no_meeting", _l("There is no such meeting here."), HTTPStatus.NOT_FOUND)
