"""Say that one is in the hall, and count who is there: only numbers are ever shown."""

from sqlalchemy import func, select

from civic.communities.models import Community
from civic.consultations.models import Consultation
from civic.halls import meetings, who
from civic.halls.models import HallPresence
from civic.halls.running import must_run, present_of
from civic.identities import staying
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.permissions import Actor


def count(
    actor: Actor, community: Community, case_id: int, meeting_id: int, present: int | None
) -> None:
    """Write down how many people are in the hall, while the meeting goes on.

    :raises Refused: `not_at_the_desk`, `not_open` or `present`.
    """
    found = meetings.held(community, case_id, meeting_id)
    who.must_keep(actor, found, community.path)
    must_run(found)
    found.present = present_of(present)
    meetings.happened(found)


def here(actor: Actor, community: Community, case: Consultation, meeting_id: int) -> None:
    """Count oneself among those in the hall; only the number is ever shown.

    :raises Refused: a reason of `who.why_not`, or `not_open`.
    """
    refusal = who.why_not(actor, case, community.path)
    if refusal is not None:
        raise refusal
    assert actor.person_id is not None  # noqa: S101 - nobody else is let through
    staying.hold(actor.person_id)
    found = meetings.held(community, case.id, meeting_id)
    must_run(found)
    key = {"meeting_id": found.id, "person_id": actor.person_id}
    if db.session.get(HallPresence, (found.id, actor.person_id)) is not None:
        return
    db.session.add(HallPresence(**key, at=clock.now()))
    found.checked_in += 1
    meetings.happened(found)


def is_here(meeting_id: int, person_id: int | None) -> bool:
    """Tell somebody whether they have said that they are there."""
    query = select(func.count()).select_from(HallPresence)
    mine = query.filter_by(meeting_id=meeting_id, person_id=person_id or 0)
    return bool(db.session.scalar(mine))
