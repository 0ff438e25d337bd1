"""Raise a hand, be called, speak, and end: the speakers of one item of a meeting."""

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, func, select
from sqlalchemy.orm import joinedload

from civic.communities.models import Community
from civic.consultations.models import Consultation
from civic.consultations.speaking import participate
from civic.halls import meetings, minutes, queue, who
from civic.halls.models import SPEAKING, SPOKEN, WAITING, HallHand, HallItem, HallMeeting
from civic.halls.running import must_run
from civic.identities import staying
from civic.kernel import clock, text
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor

LONGEST_LABEL = 40


@dataclass(frozen=True)
class Floor:
    """Hold who speaks and who waits on an item.

    :ivar waiting: in the order in which they are called.
    :ivar spoken: how often somebody had the floor on it.
    :ivar known: one hand of each person whose hand is or was up.
    """

    speaking: HallHand | None
    waiting: list[HallHand]
    spoken: Counter[Hashable]
    known: list[HallHand]


def who_of(hand: HallHand) -> Hashable:
    """Return by what two hands of one person are known."""
    return hand.person_id or hand.label


def floor(item: HallItem) -> Floor:
    """Return who speaks and who waits on an item, with their names."""
    query = select(HallHand).filter_by(item_id=item.id).options(joinedload(HallHand.person))
    query = query.order_by(HallHand.id)
    hands = db.session.scalars(query.execution_options(populate_existing=True)).all()
    spoken = Counter(who_of(hand) for hand in hands if hand.state != WAITING)
    waiting = {
        queue.Hand(hand.id, who_of(hand), hand.raised_at): hand
        for hand in hands
        if hand.state == WAITING
    }
    return Floor(
        speaking=next((hand for hand in hands if hand.state == SPEAKING), None),
        waiting=[waiting[one] for one in queue.order(waiting, spoken)],
        spoken=spoken,
        known=list({who_of(hand): hand for hand in hands}.values()),
    )


def raise_(actor: Actor, community: Community, case: Consultation, meeting_id: int) -> HallHand:
    """Raise one's hand on the item that is being talked about; once it is up it stays up.

    :raises Refused: a reason of `who.why_not`, `not_open`, `neutral` for the chair, or `turns` when
        one has spoken enough.
    """
    refusal = who.why_not(actor, case, community.path)
    if refusal is not None:
        raise refusal
    assert actor.person_id is not None  # noqa: S101 - nobody else is let through
    staying.hold(actor.person_id)
    participate(case.id, actor.person_id)
    meeting = meetings.held(community, case.id, meeting_id)
    if who.chairs(actor, meeting):
        message = _l(
            "You lead this meeting neutrally: let somebody else lead it to speak yourself."
        )
        raise Refused("neutral", message, HTTPStatus.CONFLICT)
    return _raise(meeting, person_id=actor.person_id)


def add(actor: Actor, community: Community, case_id: int, meeting_id: int, label: str) -> HallHand:
    """Raise the hand of somebody in the hall who has no telephone; it counts like any other.

    :raises Refused: `not_at_the_desk`, `label`, `not_open` or `turns`.
    """
    meeting = meetings.held(community, case_id, meeting_id)
    who.must_keep(actor, meeting, community.path)
    return _raise(meeting, label=label_of(label))


def label_of(words: str) -> str:
    """Return the words by which somebody without a telephone is known.

    :raises Refused: `label`.
    """
    words = " ".join(text.plain(words).split())
    if not words or len(words) > LONGEST_LABEL:
        message = _l("Please write by what one knows them, in at most 40 characters.")
        raise Refused("label", message)
    return words


def _raise(meeting: HallMeeting, *, person_id: int | None = None, label: str = "") -> HallHand:
    must_run(meeting)
    item = meetings.current(meeting)
    mine = select(HallHand).filter_by(item_id=item.id, person_id=person_id, label=label)
    up = db.session.scalar(mine.where(HallHand.state != SPOKEN))
    if up is not None:
        return up
    turns = db.session.scalar(select(func.count()).select_from(mine.subquery())) or 0
    if turns >= meeting.turns_each:
        raise Refused(
            "turns",
            _l("On one item everybody speaks at most %(most)d times; the others come first now."),
            HTTPStatus.CONFLICT,
            {"most": meeting.turns_each},
        )
    made = HallHand(
        meeting_id=meeting.id,
        item_id=item.id,
        person_id=person_id,
        label=label,
        state=WAITING,
        raised_at=clock.now(),
    )
    db.session.add(made)
    meetings.happened(meeting)
    return made


def lower(actor: Actor, community: Community, case_id: int, meeting_id: int) -> None:
    """Take one's hands down; nothing happens where none is up."""
    meeting = meetings.held(community, case_id, meeting_id)
    mine = delete(HallHand).filter_by(meeting_id=meeting.id, state=WAITING)
    db.session.execute(mine.filter_by(person_id=actor.person_id or 0))
    meetings.happened(meeting)


def take_down(
    actor: Actor, community: Community, case_id: int, meeting_id: int, hand_id: int
) -> None:
    """Take a hand down at the desk, for somebody who no longer wants to speak or has left.

    :raises Refused: `not_at_the_desk`, or `not_up` when it is not up any more.
    """
    meeting = meetings.held(community, case_id, meeting_id)
    who.must_keep(actor, meeting, community.path)
    up = delete(HallHand).filter_by(id=hand_id, meeting_id=meeting.id, state=WAITING)
    if db.session.scalar(up.returning(HallHand.id)) is None:
        message = _l("This hand is not up any more.")
        raise Refused("not_up", message, HTTPStatus.CONFLICT)
    meetings.happened(meeting)


def call_next(
    actor: Actor, community: Community, case_id: int, meeting_id: int, *, seen: int
) -> HallHand:
    """End the turn that runs, and give the floor to whoever comes next.

    :param seen: key of the hand that had the floor when the button was shown, or 0; so that two
        presses at once call one person.
    :raises Refused: `not_the_chair`, `not_open`, `moved_on` or `nobody`.
    """
    meeting = meetings.held(community, case_id, meeting_id)
    who.must_chair(actor, meeting)
    must_run(meeting)
    found = floor(meetings.current(meeting))
    running = found.speaking
    _as_seen(running, seen)
    called = _first_still_up(found.waiting)
    if called is None:
        raise Refused("nobody", _l("Nobody waits to speak on this item."), HTTPStatus.CONFLICT)
    if running is not None:
        _end(actor, meeting, running)
    called.state, called.called_at, called.seconds = SPEAKING, clock.now(), meeting.turn_seconds
    meetings.happened(meeting)
    return called


def _first_still_up(waiting: list[HallHand]) -> HallHand | None:
    """Return the first hand that is still there, held: leaving the site takes it along."""
    for hand in waiting:
        query = select(HallHand).filter_by(id=hand.id, state=WAITING).with_for_update()
        if db.session.scalar(query.with_only_columns(HallHand.id)) is not None:
            return hand
    return None


def end(actor: Actor, community: Community, case_id: int, meeting_id: int, *, seen: int) -> None:
    """End the turn that runs.

    :raises Refused: `not_the_chair` or `moved_on`.
    """
    meeting = meetings.held(community, case_id, meeting_id)
    who.must_chair(actor, meeting)
    running = floor(meetings.current(meeting)).speaking
    _as_seen(running, seen)
    if running is not None:
        _end(actor, meeting, running)


def _as_seen(running: HallHand | None, seen: int) -> None:
    if (running.id if running else 0) != seen:
        message = _l("The floor has gone on meanwhile. Please look who has it now.")
        raise Refused("moved_on", message, HTTPStatus.CONFLICT)


def _end(actor: Actor, meeting: HallMeeting, hand: HallHand) -> None:
    hand.state, hand.ended_at = SPOKEN, clock.now()
    db.session.flush()
    minutes.of_turn(actor, meeting, hand)
