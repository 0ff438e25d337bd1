"""Lead a meeting from its opening to its signed minutes."""

from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select

from civic.communities.models import Community
from civic.consultations import stages
from civic.halls import meetings, planning, who
from civic.halls.minute_rows import LATER, ON_FLOOR, HallMotion
from civic.halls.models import (
    SPEAKING,
    WAITING,
    HallHand,
    HallItem,
    HallMeeting,
    HallPresence,
)
from civic.kernel import clock, text
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor

LONGEST_REASON = 500
#: More people than any hall holds.
MOST_PRESENT = 10_000


def open_(actor: Actor, community: Community, case_id: int, meeting_id: int) -> None:
    """Open a meeting.

    :raises Refused: `not_the_chair`, `begun`, `stage`, or `running` where another one goes on.
    """
    case = meetings.case_held(community, case_id)
    found = meetings.held(community, case_id, meeting_id)
    who.must_chair(actor, found)
    meetings.not_begun(found)
    now = clock.now()
    if not stages.may(case, now, planning.WORD):
        message = _l("At its present stage no meeting is held in this case.")
        raise Refused("stage", message, HTTPStatus.CONFLICT)
    others = select(HallMeeting.id).where(
        HallMeeting.consultation_id == case.id,
        HallMeeting.opened_at.is_not(None),
        HallMeeting.closed_at.is_(None),
    )
    if db.session.scalar(others) is not None:
        message = _l("Another meeting of this case goes on. Close that one first.")
        raise Refused("running", message, HTTPStatus.CONFLICT)
    found.opened_at = now
    meetings.happened(found)
    meetings.show(case, found)
    meetings.recorded("hall.opened", actor, community, found)


def must_run(meeting: HallMeeting) -> None:
    """Refuse what is done in an open meeting alone.

    :raises Refused: `not_open`.
    """
    if meetings.state(meeting) != meetings.OPEN:
        message = _l("The meeting does not go on now. It can be read.")
        raise Refused("not_open", message, HTTPStatus.CONFLICT)


def go_to(actor: Actor, community: Community, case_id: int, meeting_id: int, number: int) -> None:
    """Go on to an item of the agenda.

    :raises Refused: `not_the_chair`, `not_open`, `speaking`, `motion`, or 404 without such an item.
    """
    found = meetings.held(community, case_id, meeting_id)
    who.must_chair(actor, found)
    must_run(found)
    nothing_open(found)
    item = select(HallItem.id).filter_by(meeting_id=found.id, number=number)
    if db.session.scalar(item) is None:
        raise meetings.missing()
    found.item = number
    meetings.happened(found)


def nothing_open(meeting: HallMeeting) -> None:
    """Refuse to go on while somebody speaks or a motion is on the floor.

    :raises Refused: `speaking` or `motion`.
    """
    speaks = select(HallHand.id).filter_by(meeting_id=meeting.id, state=SPEAKING)
    if db.session.scalar(speaks) is not None:
        message = _l("Somebody has the floor. End the turn first.")
        raise Refused("speaking", message, HTTPStatus.CONFLICT)
    motion = select(HallMotion.number).where(
        HallMotion.meeting_id == meeting.id, HallMotion.state.in_((*ON_FLOOR, LATER))
    )
    number = db.session.scalar(motion.order_by(HallMotion.number).limit(1))
    if number is not None:
        raise Refused(
            "motion",
            _l("Motion %(number)d is not settled. Put it to the vote, or let it be withdrawn."),
            HTTPStatus.CONFLICT,
            {"number": number},
        )


def close(actor: Actor, community: Community, case_id: int, meeting_id: int) -> None:
    """Close a meeting; hands that are still up go down, and who was there is forgotten.

    :raises Refused: `not_the_chair`, `not_open`, `speaking`, `motion` or `present`.
    """
    case = meetings.case_held(community, case_id)
    found = meetings.held(community, case_id, meeting_id)
    who.must_chair(actor, found)
    must_run(found)
    nothing_open(found)
    present_of(found.present)
    found.closed_at = clock.now()
    db.session.execute(delete(HallHand).filter_by(meeting_id=found.id, state=WAITING))
    db.session.execute(delete(HallPresence).filter_by(meeting_id=found.id))
    meetings.happened(found)
    meetings.show(case, found)
    meetings.recorded("hall.closed", actor, community, found, present=found.present)


def present_of(present: int | None) -> int:
    """Return a number of people in the hall.

    :raises Refused: `present`.
    """
    if present is None or not 1 <= present <= MOST_PRESENT:
        raise Refused("present", _l("Please write first how many people are in the hall."))
    return present


def sign(actor: Actor, community: Community, case_id: int, meeting_id: int) -> None:
    """Sign the minutes of a meeting that is over; from then on nothing of it changes.

    :raises Refused: `not_the_chair`, `not_over`, `signed` or `empty`.
    """
    case = meetings.case_held(community, case_id)
    found = meetings.held(community, case_id, meeting_id)
    who.must_chair(actor, found)
    if found.signed_at is not None:
        raise Refused("signed", _l("The minutes are signed."), HTTPStatus.CONFLICT)
    if found.closed_at is None:
        message = _l("The meeting is not over: close it first.")
        raise Refused("not_over", message, HTTPStatus.CONFLICT)
    if not found.entries:
        message = _l("Nothing stands in the minutes yet. Write down what was said first.")
        raise Refused("empty", message, HTTPStatus.CONFLICT)
    found.signed_at = clock.now()
    meetings.happened(found)
    meetings.show(case, found)
    meetings.recorded("hall.signed", actor, community, found, entries=found.entries)


def call_off(
    actor: Actor, community: Community, case_id: int, meeting_id: int, reason: str
) -> None:
    """Say that a planned meeting is not held.

    :raises Refused: `begun` or `reason`.
    """
    case = meetings.case_held(community, case_id)
    found = meetings.held(community, case_id, meeting_id)
    meetings.not_begun(found)
    found.called_off = reason_of(reason)
    meetings.happened(found)
    meetings.show(case, found)
    meetings.recorded("hall.called_off", actor, community, found, reason=found.called_off)


def hand_over(
    actor: Actor,
    community: Community,
    case_id: int,
    meeting_id: int,
    *,
    chair_id: int,
    secretary_id: int,
    reason: str,
) -> None:
    """Let others lead a meeting or take its minutes, until these are signed.

    :raises Refused: `signed`, `chair`, `secretary` or `reason`.
    """
    people = planning.leading(community, chair_id, secretary_id)
    found = meetings.held(community, case_id, meeting_id)
    if meetings.state(found) in {meetings.SIGNED, meetings.CALLED_OFF}:
        message = _l("The minutes are signed, or the meeting was not held.")
        raise Refused("signed", message, HTTPStatus.CONFLICT)
    why = reason_of(reason)
    meetings.lead(found, people[chair_id], people[secretary_id])
    meetings.happened(found)
    meetings.recorded(
        "hall.handed_over",
        actor,
        community,
        found,
        chair=chair_id,
        secretary=secretary_id,
        reason=why,
    )


def reason_of(words: str) -> str:
    """Return a reason as it is kept.

    :raises Refused: `reason`.
    """
    words = text.plain(words)
    if not words or len(words) > LONGEST_REASON:
        raise Refused("reason", _l("Please give the reason, in at most 500 characters."))
    return words
