"""Put a motion after its debate, and record the show of hands that two people counted."""

from dataclasses import dataclass
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from civic.communities.models import Community
from civic.halls import hands, meetings, motions, running, who
from civic.halls.counting import carried
from civic.halls.minute_rows import CARRIED, DEBATED, LOST, PUT, HallMotion
from civic.halls.models import SPEAKING, WAITING, HallHand
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor


@dataclass(frozen=True, kw_only=True)
class Shown:
    """Hold what was counted of a show of hands; none where nothing was written.

    :ivar counter: who counted, by name, and `other_counter` who counted with them.
    """

    in_favour: int | None
    against: int | None
    abstained: int | None
    counter: str
    other_counter: str


def put(
    actor: Actor,
    community: Community,
    case_id: int,
    meeting_id: int,
    motion_id: int,
    *,
    reason: str = "",
) -> None:
    """Put a motion once its debate is over: nobody speaks, and nobody waits to.

    :param reason: why the chair ends the debate although people wait to speak.
    :raises Refused: `not_the_chair`, `not_this_one`, `speaking`, `waiting` or `reason`.
    """
    meeting = meetings.held(community, case_id, meeting_id)
    who.must_chair(actor, meeting)
    motion = motions.at(meeting, motion_id, DEBATED)
    state = select(HallHand.state, func.count()).filter_by(item_id=motion.item_id)
    rows = db.session.execute(state.group_by(HallHand.state)).all()
    up = {row[0]: row[1] for row in rows}
    if up.get(SPEAKING):
        message = _l("Somebody has the floor. End the turn first.")
        raise Refused("speaking", message, HTTPStatus.CONFLICT)
    if up.get(WAITING):
        if not reason.strip():
            raise Refused(
                "waiting",
                _l(
                    "%(number)d still wait to speak. Let them speak first, or write why the "
                    "debate ends now."
                ),
                HTTPStatus.CONFLICT,
                {"number": up[WAITING]},
            )
        motion.cut_short = running.reason_of(reason)
        meetings.recorded(
            "hall.debate_ended",
            actor,
            community,
            meeting,
            motion=motion.number,
            waiting=up[WAITING],
            reason=motion.cut_short,
        )
    motion.state = PUT
    meetings.happened(meeting)


def record(
    actor: Actor, community: Community, case_id: int, meeting_id: int, motion_id: int, shown: Shown
) -> HallMotion:
    """Record a show of hands; what is carried follows from the numbers alone.

    A change that is carried becomes the text of what it changes.

    :raises Refused: `not_at_the_desk`, `not_this_one`, `numbers`, `too_many` or `counters`.
    """
    meeting = meetings.held(community, case_id, meeting_id)
    who.must_keep(actor, meeting, community.path)
    motion = motions.at(meeting, motion_id, PUT)
    numbers = [shown.in_favour, shown.against, shown.abstained]
    counted = [n for n in numbers if n is not None and 0 <= n <= running.MOST_PRESENT]
    if len(counted) < len(numbers):
        message = _l("Please write how many were for, against, and abstained; 0 where nobody was.")
        raise Refused("numbers", message)
    if meeting.present is not None and sum(counted) > meeting.present:
        raise Refused(
            "too_many",
            _l("More hands than people: %(present)d were counted in the hall. Count once more."),
            HTTPStatus.CONFLICT,
            {"present": meeting.present},
        )
    try:
        names = [hands.label_of(one) for one in (shown.counter, shown.other_counter)]
    except Refused as refused:
        raise Refused("counters", _l("Please name both people who counted.")) from refused
    if names[0] == names[1]:
        raise Refused("counters", _l("Two different people count."))
    motion.in_favour, motion.against, motion.abstained = counted
    motion.counter, motion.other_counter = names
    passed = carried(meeting.majority, counted[0], counted[1])
    motions.settle(actor, meeting, motion, CARRIED if passed else LOST)
    if passed and motion.parent_id is not None:
        db.session.get_one(HallMotion, motion.parent_id).words = motion.words
        db.session.flush()
    meetings.recorded(
        "hall.motion_decided",
        actor,
        community,
        meeting,
        motion=motion.number,
        outcome=motion.state,
        in_favour=counted[0],
        against=counted[1],
        abstained=counted[2],
    )
    return motion
