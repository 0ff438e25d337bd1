"""Move and amend: one main motion is on the floor at a time, and its changes are settled first."""

from dataclasses import dataclass
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from civic.communities.models import Community
from civic.halls import hands, meetings, minutes, who
from civic.halls.minute_rows import (
    DEBATED,
    LATER,
    MOVED,
    ON_FLOOR,
    SECONDED,
    HallMotion,
)
from civic.halls.models import HallHand, HallMeeting
from civic.halls.rules import rules
from civic.halls.running import must_run
from civic.identities import staying
from civic.kernel import clock, text
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor

LONGEST = 2000


@dataclass(frozen=True)
class Somebody:
    """Be whoever moves or seconds: somebody whose hand is or was up, or words for one without.

    :ivar hand_id: key of the hand, or 0.
    """

    hand_id: int = 0
    label: str = ""


def on_floor(meeting_id: int) -> list[HallMotion]:
    """Return the main motion and what hangs on it, the deepest last: that one is settled first."""
    query = (
        select(HallMotion)
        .filter_by(meeting_id=meeting_id)
        .where(HallMotion.state.in_(ON_FLOOR))
        .options(joinedload(HallMotion.mover_person), joinedload(HallMotion.seconder_person))
        .order_by(HallMotion.number)
    )
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def move(
    actor: Actor,
    community: Community,
    case_id: int,
    meeting_id: int,
    *,
    words: str,
    mover: Somebody,
    seconder: Somebody | None = None,
    amends: int = 0,
) -> HallMotion:
    """Write down what somebody moves.

    :param amends: key of the motion whose text it would change; `words` is that whole text then.
    :raises Refused: `not_at_the_desk`, `not_open`, `words`, `one_motion`, `not_this_one`, `depth`,
        `unchanged`, or what `named` refuses.
    """
    people = [person(meeting_id, one) for one in (mover, seconder) if one is not None]
    for person_id in sorted({one for one, _label in people if one is not None}):
        staying.hold(person_id)
    meeting = meetings.held(community, case_id, meeting_id)
    who.must_keep(actor, meeting, community.path)
    must_run(meeting)
    words = worded(words)
    parent = _parent(meeting, amends, words)
    made = HallMotion(
        meeting_id=meeting.id,
        item_id=meetings.current(meeting).id,
        number=next_number(meeting.id),
        parent_id=parent.id if parent else None,
        before=parent.words if parent else "",
        words=words,
        state=MOVED if seconder is None else SECONDED,
        moved_at=clock.now(),
    )
    made.mover_id, made.mover = people[0]
    made.seconder, made.seconder_id = "", None
    if seconder is not None:
        made.seconder_id, made.seconder = people[1]
    named(meeting, made)
    db.session.add(made)
    meetings.happened(meeting)
    return made


def person(meeting_id: int, somebody: Somebody) -> tuple[int | None, str]:
    """Return the key of a person, or the words for one without a telephone.

    :raises Refused: `label`.
    """
    if not somebody.hand_id:
        return None, hands.label_of(somebody.label)
    query = select(HallHand.person_id, HallHand.label)
    row = db.session.execute(query.filter_by(id=somebody.hand_id, meeting_id=meeting_id)).first()
    if row is None:
        message = _l("This hand is not up any more. Please write who it is.")
        raise Refused("label", message, HTTPStatus.CONFLICT)
    return row[0], row[1]


def named(meeting: HallMeeting, motion: HallMotion) -> None:
    """Refuse a motion that one person moves and seconds, or that the chair does.

    :raises Refused: `neutral` or `another`.
    """
    if meeting.chair_id in {motion.mover_id, motion.seconder_id}:
        message = _l("The chair leads neutrally: they neither move nor second.")
        raise Refused("neutral", message, HTTPStatus.CONFLICT)
    same = motion.mover_id is not None and motion.mover_id == motion.seconder_id
    if same or (motion.mover and motion.mover == motion.seconder):
        message = _l("A motion is seconded by somebody else than whoever moves it.")
        raise Refused("another", message, HTTPStatus.CONFLICT)


def worded(words: str) -> str:
    """Return the text of a motion as it is kept.

    :raises Refused: `words`.
    """
    words = text.plain(words)
    if not words or len(words) > LONGEST:
        raise Refused("words", _l("Please write the motion, in at most 2,000 characters."))
    return words


def _parent(meeting: HallMeeting, amends: int, words: str) -> HallMotion | None:
    floor = on_floor(meeting.id)
    if not amends:
        later = select(HallMotion.id).filter_by(meeting_id=meeting.id, state=LATER).limit(1)
        if floor or db.session.scalar(later) is not None:
            message = _l("One motion at a time: settle the one that is on the floor first.")
            raise Refused("one_motion", message, HTTPStatus.CONFLICT)
        return None
    parent = _deepest(floor, amends, (SECONDED, DEBATED))
    if len(floor) > rules().deepest:
        message = _l("Amendments do not go deeper than this. Settle this one first.")
        raise Refused("depth", message, HTTPStatus.CONFLICT)
    if words == parent.words:
        raise Refused("unchanged", _l("Please write the whole text as it would read then."))
    return parent


def _deepest(floor: list[HallMotion], motion_id: int, states: tuple[str, ...]) -> HallMotion:
    """Return a motion that is the next to be settled and stands where an act is possible.

    :raises Refused: `not_this_one`.
    """
    if not floor or floor[-1].id != motion_id or floor[-1].state not in states:
        raise not_this_one()
    return floor[-1]


def not_this_one() -> Refused:
    """Return what is said where something is not possible with a motion now."""
    message = _l("This is not possible with this motion now. Please look where it stands.")
    return Refused("not_this_one", message, HTTPStatus.CONFLICT)


def next_number(meeting_id: int) -> int:
    """Return the number of the next motion of a meeting."""
    query = select(func.max(HallMotion.number)).filter_by(meeting_id=meeting_id)
    return (db.session.scalar(query) or 0) + 1


def at(meeting: HallMeeting, motion_id: int, *states: str) -> HallMotion:
    """Return the motion that is settled next, if it is this one and stands in one of the states.

    :raises Refused: `not_open` or `not_this_one`.
    """
    must_run(meeting)
    return _deepest(on_floor(meeting.id), motion_id, states)


def settle(actor: Actor, meeting: HallMeeting, motion: HallMotion, state: str) -> None:
    """End a motion; the next part of a divided one comes to the floor."""
    motion.state, motion.settled_at = state, clock.now()
    db.session.flush()
    if motion.part_of is not None:
        later = select(HallMotion).filter_by(part_of=motion.part_of, state=LATER)
        following = db.session.scalar(later.order_by(HallMotion.number).limit(1))
        if following is not None:
            following.state = SECONDED
    minutes.of_motion(actor, meeting, motion)
