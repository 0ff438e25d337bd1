"""Take a motion from one step to the next: seconded, debated, divided, taken back."""

from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from civic.communities.models import Community
from civic.consultations.models import Consultation
from civic.consultations.speaking import participate
from civic.halls import meetings, minutes, motions, who
from civic.halls.minute_rows import DEBATED, DIVIDED, DROPPED, LATER, MOVED, SECONDED, HallMotion
from civic.halls.rules import rules
from civic.identities import staying
from civic.identities.names import GONE
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor

#: Of a part, in the place of a seconder who has left as its mover has: they are not one person.
ALSO_GONE = f"另一位{GONE}"


def second(
    actor: Actor, community: Community, case: Consultation, meeting_id: int, motion_id: int
) -> None:
    """Second a motion oneself.

    :raises Refused: a reason of `who.why_not`, `not_this_one`, `neutral` or `another`.
    """
    refusal = who.why_not(actor, case, community.path)
    if refusal is not None:
        raise refusal
    assert actor.person_id is not None  # noqa: S101 - nobody else is let through
    staying.hold(actor.person_id)
    participate(case.id, actor.person_id)
    meeting = meetings.held(community, case.id, meeting_id)
    motion = motions.at(meeting, motion_id, MOVED)
    with db.session.no_autoflush:
        motion.seconder_id = actor.person_id
        motions.named(meeting, motion)
    motion.state = SECONDED
    meetings.happened(meeting)


def second_for(
    actor: Actor,
    community: Community,
    case_id: int,
    meeting_id: int,
    motion_id: int,
    seconder: motions.Somebody,
) -> None:
    """Write down who in the hall seconds a motion.

    :raises Refused: `not_at_the_desk`, `not_this_one`, `label`, `neutral` or `another`.
    """
    person_id, label = motions.person(meeting_id, seconder)
    if person_id is not None:
        staying.hold(person_id)
    meeting = meetings.held(community, case_id, meeting_id)
    who.must_keep(actor, meeting, community.path)
    motion = motions.at(meeting, motion_id, MOVED)
    with db.session.no_autoflush:
        motion.seconder_id, motion.seconder = person_id, label
        motions.named(meeting, motion)
    motion.state = SECONDED
    meetings.happened(meeting)


def debate(
    actor: Actor, community: Community, case_id: int, meeting_id: int, motion_id: int
) -> None:
    """Open the debate on a motion that was seconded.

    :raises Refused: `not_the_chair` or `not_this_one`.
    """
    meeting = meetings.held(community, case_id, meeting_id)
    who.must_chair(actor, meeting)
    motions.at(meeting, motion_id, SECONDED).state = DEBATED
    meetings.happened(meeting)


def divide(
    actor: Actor,
    community: Community,
    case_id: int,
    meeting_id: int,
    motion_id: int,
    parts: list[str],
) -> None:
    """Divide a main motion into parts, each decided by itself, one after the other.

    A part is not divided again: the next part comes to the floor when this one is settled. Parts
    name nobody who has closed the account since the motion was moved.

    :raises Refused: `not_the_chair`, `not_this_one`, `main`, `divided` or `parts`.
    """
    named = _named(motion_id)
    still = staying.open_among({one for one in named if one is not None})
    meeting = meetings.held(community, case_id, meeting_id)
    who.must_chair(actor, meeting)
    whole = motions.at(meeting, motion_id, SECONDED, DEBATED)
    if (whole.mover_id, whole.seconder_id) != named:
        raise motions.not_this_one()
    if whole.parent_id is not None:
        message = _l("A main motion is divided, not a change of one.")
        raise Refused("main", message, HTTPStatus.CONFLICT)
    if whole.part_of is not None:
        message = _l("This is a part already. Settle it, or change it by an amendment.")
        raise Refused("divided", message, HTTPStatus.CONFLICT)
    fewest, most = rules().fewest_parts, rules().most_parts
    if not fewest <= len(parts) <= most:
        message = _l("Please write %(fewest)d to %(most)d parts, one a line.")
        raise Refused("parts", message, values={"fewest": fewest, "most": most})
    texts = [motions.worded(one) for one in parts]
    whole.state, whole.settled_at = DIVIDED, clock.now()
    db.session.flush()
    minutes.of_motion(actor, meeting, whole)
    number = motions.next_number(meeting.id)
    for place, words in enumerate(texts):
        part = HallMotion(
            meeting_id=meeting.id,
            item_id=whole.item_id,
            number=number + place,
            part_of=whole.id,
            words=words,
            state=LATER if place else SECONDED,
            moved_at=clock.now(),
        )
        part.mover_id, part.mover = _staying(whole.mover_id, whole.mover, still, GONE)
        other = ALSO_GONE if part.mover == GONE else GONE
        part.seconder_id, part.seconder = _staying(whole.seconder_id, whole.seconder, still, other)
        db.session.add(part)
    meetings.happened(meeting)


def _named(motion_id: int) -> tuple[int | None, int | None]:
    """Return the keys of who moves a motion and who seconds it; of neither where it is not."""
    query = select(HallMotion.mover_id, HallMotion.seconder_id).filter_by(id=motion_id)
    row = db.session.execute(query).first()
    return (row[0], row[1]) if row is not None else (None, None)


def _staying(
    person_id: int | None, label: str, still: set[int], gone: str
) -> tuple[int | None, str]:
    return (person_id, label) if person_id is None or person_id in still else (None, gone)


def withdraw(
    actor: Actor, community: Community, case_id: int, meeting_id: int, motion_id: int
) -> None:
    """Write down that whoever moved a motion takes it back.

    :raises Refused: `not_at_the_desk` or `not_this_one`.
    """
    meeting = meetings.held(community, case_id, meeting_id)
    who.must_keep(actor, meeting, community.path)
    motions.settle(
        actor, meeting, motions.at(meeting, motion_id, MOVED, SECONDED, DEBATED), DROPPED
    )
