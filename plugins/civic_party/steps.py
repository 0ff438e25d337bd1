"""Move a meeting on: who may, what has to hold before, and what happens with it."""

from collections.abc import Callable
from http import HTTPStatus

from civic.api import (
    Actor,
    Community,
    Refused,
    allowed,
    clock,
    days_off,
    db,
    meeting_rules,
    periods,
    plain,
)
from civic.api import lazy_gettext as _l
from civic_party import (
    actions,
    bodies,
    bulletin,
    carrying,
    deciding,
    flow,
    meetings,
    minutes,
    noting,
    roll,
    seats,
    topics,
)
from civic_party.meeting_models import ACCEPTED, Meeting
from civic_party.record_models import Minutes

LONGEST_REASON = 200


def parties(actor: Actor, which: Meeting) -> frozenset[str]:
    """Return as what an actor moves a meeting: office, chair, both or nothing."""
    community = db.session.get_one(Community, which.community_id)
    found = set()
    if allowed(actor, "party.office", community.path):
        found.add(flow.OFFICE)
    if minutes.is_chair(actor, which) or (flow.OFFICE in found and minutes.on_paper(which)):
        found.add(flow.CHAIR)
    return frozenset(found)


def open_to(actor: Actor, which: Meeting) -> list[str]:
    """Return the states to which an actor may move a meeting, guards aside."""
    mine = parties(actor, which)
    return [move.to for move in flow.FLOW.moves[meetings.state(which)] if move.by & mine]


def move(
    actor: Actor, community: Community, meeting_id: int, to: str, *, seen: str, reason: str = ""
) -> Meeting:
    """Move a meeting to another state; two at a time move it once.

    :param seen: state that whoever moves it has looked at.
    :param reason: why it is called off, where it is.
    :raises Refused: `moved_on`, `not_yours`, or what the guard of the move asks for.
    """
    which = meetings.meeting(community, meeting_id)
    closed = meetings.close(which)
    which = seats.held(which)
    found = flow.FLOW.move(which.state, to)
    if found is None or seen not in {which.state, flow.CALL if closed else ""}:
        raise meetings.moved_on()
    if not found.by & parties(actor, which):
        message = _l("The chair of this quarter signs; all else is done by the office.")
        raise Refused("not_yours", message, HTTPStatus.FORBIDDEN)
    before = which.state
    if found.guard:
        GUARDS[found.guard](actor, which, reason)
    chair = bodies.chair(which.body, which.quarter) if to == flow.NOTICED else None
    # All at once: the database holds that they belong together.
    which.chair_seat_id = chair or which.chair_seat_id
    which.reason = plain(reason) if to == flow.CANCELLED else ""
    which.state = to
    if effect := EFFECTS.get(to):
        effect(actor, which)
    db.session.flush()
    noting.on_meeting(actor, which, "meeting_moved", {"before": before, "after": to})
    return which


def _refuse(code: str, message: str, **values: object) -> Refused:
    return Refused(code, message, HTTPStatus.CONFLICT, values)


def _topics_over(_actor: Actor, which: Meeting, _reason: str) -> None:
    if clock.now() < which.topics_until:
        raise _refuse("not_over", _l("Topics can still be proposed; the last day is not over."))


def _reason(_actor: Actor, _which: Meeting, reason: str) -> None:
    reason = plain(reason)
    if not reason or len(reason) > LONGEST_REASON:
        message = _l("Please say why it is called off, in at most 200 letters; the units read it.")
        raise Refused("reason", message)


def _agenda_ready(_actor: Actor, which: Meeting, _reason: str) -> None:
    if topics.waiting(which.id):
        raise _refuse("waiting", _l("Some topics are neither taken up nor refused yet."))
    if not topics.of(which.id, ACCEPTED) and not actions.undone(which.body_id):
        raise _refuse("empty", _l("The agenda is empty. Please take up a topic, or call it off."))
    if bodies.today() > which.agenda_by:
        message = _l(
            "The agenda had to be published by %(day)s. Please choose a later day for the meeting."
        )
        raise _refuse("too_late", message, day=which.agenda_by.isoformat())


def _notice_ready(_actor: Actor, which: Meeting, _reason: str) -> None:
    if bodies.today() > which.notice_by:
        message = _l(
            "The notice had to go out by %(day)s. Please choose a later day for the meeting."
        )
        raise _refuse("too_late", message, day=which.notice_by.isoformat())
    chair = bodies.chair(which.body, which.quarter)
    filled = {line.seat.id for line in seats.lines(which.body_id) if line.holder}
    if chair is None or chair not in filled:
        message = _l(
            "Nobody fills the seat that chairs this quarter. Please fill it, or swap quarters."
        )
        raise _refuse("no_chair", message)


def _day_has_come(_actor: Actor, which: Meeting, _reason: str) -> None:
    if bodies.today() < clock.local(which.starts_at).date():
        raise _refuse("not_today", _l("The day of the meeting has not come yet."))


def _attendance_noted(_actor: Actor, which: Meeting, _reason: str) -> None:
    left = [line.name for line in roll.lines(which.id) if line.attendance is None]
    if left:
        message = _l("Please note for each unit whether it was there; missing: %(units)s.")
        raise _refuse("attendance", message, units="、".join(left[:3]))


def _minutes_written(_actor: Actor, which: Meeting, _reason: str) -> None:
    if minutes.of(which.id) is None:
        raise _refuse("no_minutes", _l("Please write the minutes first."))
    left = deciding.undecided(which.id)
    if left and roll.quorum(which).met:
        message = _l("Please note what came of each topic, “no decision” too; missing: %(topic)s.")
        raise _refuse("undecided", message, topic=left[0])


def _comments_answered(_actor: Actor, which: Meeting, _reason: str) -> None:
    found = _minutes(which)
    if minutes.open_remarks(which.id):
        raise _refuse("unanswered", _l("A comment waits for the answer of the office."))
    over = found.comments_until is not None and clock.now() >= found.comments_until
    if not over and not minutes.all_said(which, found):
        message = _l("The units can still comment; not all of those who attended have done so.")
        raise _refuse("still_open", message)


def _second_person(actor: Actor, which: Meeting, _reason: str) -> None:
    if _minutes(which).written_by == actor.person_id:
        message = _l("You wrote these minutes. Somebody else of the office issues them.")
        raise Refused("second_person", message, HTTPStatus.FORBIDDEN)


def _minutes(which: Meeting) -> Minutes:
    found = minutes.of(which.id)
    assert found is not None  # noqa: S101 - no way leads here without them
    return found


Guard = Callable[[Actor, Meeting, str], None]
#: What has to hold before a move, by the names that the data use.
GUARDS: dict[str, Guard] = {
    "topics_over": _topics_over,
    "reason": _reason,
    "agenda_ready": _agenda_ready,
    "notice_ready": _notice_ready,
    "day_has_come": _day_has_come,
    "attendance_noted": _attendance_noted,
    "minutes_written": _minutes_written,
    "comments_answered": _comments_answered,
    "second_person": _second_person,
}


def _agenda(actor: Actor, which: Meeting) -> None:
    """Publish the agenda: it opens with what is not done, and the rules of the meeting are kept."""
    which.agenda_at = clock.now()
    which.rules = meeting_rules(which.body.procedure).as_dict()
    carrying.carry(actor, which)
    noting.tell_seats("agenda", which)


def _noticed(_actor: Actor, which: Meeting) -> None:
    which.noticed_at = clock.now()
    roll.write(which)
    noting.tell_seats("notice", which)


def _open(_actor: Actor, which: Meeting) -> None:
    which.opened_at = clock.now()


def _commenting(_actor: Actor, which: Meeting) -> None:
    found = _minutes(which)
    comments = flow.TIMES_OF_MEETINGS.comments
    found.comments_until = periods.end_of(clock.now(), comments, days_off())
    noting.tell_seats("minutes", which)


def _signed(actor: Actor, which: Meeting) -> None:
    minutes.freeze(actor, which)


def _issued(actor: Actor, which: Meeting) -> None:
    found = _minutes(which)
    found.issued_by, found.issued_at = actor.person_id, clock.now()
    found.notice_id = bulletin.draft(actor, which, found)
    noting.tell_seats("issued", which)


def _cancelled(_actor: Actor, which: Meeting) -> None:
    noting.tell_seats("called_off", which, reason=which.reason)


#: What happens with a move, by the state it leads to.
EFFECTS: dict[str, Callable[[Actor, Meeting], None]] = {
    flow.AGENDA: _agenda,
    flow.NOTICED: _noticed,
    flow.OPEN: _open,
    flow.COMMENTING: _commenting,
    flow.SIGNED: _signed,
    flow.ISSUED: _issued,
    flow.CANCELLED: _cancelled,
}
