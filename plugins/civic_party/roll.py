"""The roll of a meeting: for each seat its receipt of the notice and its attendance; quorum."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from sqlalchemy import select

from civic.api import Actor, MeetingRules, Refused, clock, db, meeting_rules_from, plain
from civic.api import lazy_gettext as _l
from civic_party import flow, noting, seats
from civic_party.flow import COUNTS
from civic_party.meeting_models import NO_DECISION, Decision, Meeting, Place, Topic

LONGEST_NAME = 60
REPRESENTED = "represented"


@dataclass(frozen=True)
class Quorum:
    """Say how many units attend a meeting, and how many are needed.

    :ivar seats: how many sit in the body.
    """

    attending: int
    seats: int
    needed: int

    @property
    def met(self) -> bool:
        """Tell whether enough attend; of nobody, nobody is enough."""
        return self.seats > 0 and self.attending >= self.needed


@dataclass(frozen=True)
class Said:
    """Be what the office notes of one line: how the unit is there, and who came for it."""

    attendance: str
    who: str = ""


def count(attendance: Iterable[str | None], rules: MeetingRules) -> Quorum:
    """Count attendance by the rules of a meeting; who is not noted is not there (pure)."""
    listed = list(attendance)
    attending = sum(each in COUNTS for each in listed)
    return Quorum(attending, len(listed), rules.quorum.needed(len(listed)))


def lines(meeting_id: int) -> Sequence[Place]:
    """Return the roll of a meeting, in the order of the seats."""
    query = select(Place).filter_by(meeting_id=meeting_id).order_by(Place.seat_id)
    return db.session.scalars(query).all()


def missing(meeting_id: int) -> Sequence[Place]:
    """Return the lines whose unit has not acknowledged the notice."""
    return [line for line in lines(meeting_id) if line.received_at is None]


def quorum(which: Meeting) -> Quorum:
    """Return how many attend a meeting and how many are needed."""
    rules = meeting_rules_from(which.rules)
    return count((line.attendance for line in lines(which.id)), rules)


def write(which: Meeting) -> None:
    """Write the roll of a meeting: a line for each seat that there is now."""
    for line in seats.lines(which.body_id):
        db.session.add(
            Place(
                meeting_id=which.id,
                body_id=which.body_id,
                seat_id=line.seat.id,
                name=line.seat.name,
            )
        )
    db.session.flush()


def acknowledge(actor: Actor, which: Meeting, seat_id: int, *, on_paper: bool = False) -> bool:
    """Acknowledge the notice for a seat; tell whether this was the first time.

    :param on_paper: noted by the office, which holds the paper; the caller asked for permission.
    :raises Refused: `moved_on` before the notice and once the meeting has begun, `not_yours`, 404.
    """
    which = seats.held(which)
    if which.state != flow.NOTICED:
        message = _l("The notice is acknowledged from its going out until the meeting begins.")
        raise Refused("moved_on", message, HTTPStatus.CONFLICT)
    if not on_paper:
        _own(actor, which, seat_id)
    query = select(Place).filter_by(meeting_id=which.id, seat_id=seat_id)
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise Refused(
            "no_seat", _l("This unit is not on the roll of the meeting."), HTTPStatus.NOT_FOUND
        )
    if found.received_at is not None:
        return False
    found.received_at, found.received_by = clock.now(), actor.person_id
    found.on_paper = on_paper
    noting.on_meeting(actor, which, "notice_acknowledged", {"seat": seat_id, "on_paper": on_paper})
    return True


def _own(actor: Actor, which: Meeting, seat_id: int) -> None:
    if seat_id not in {each.id for each in seats.mine(actor, which.body_id)}:
        message = _l("Only who fills a seat, or is liaison of its unit, acknowledges for it.")
        raise Refused("not_yours", message, HTTPStatus.FORBIDDEN)


def note_attendance(actor: Actor, which: Meeting, said: Mapping[int, Said]) -> None:
    """Note who is there, by seat; what is not named stays as it was noted.

    :raises Refused: `moved_on` unless the meeting is being held, `attendance`, `who`.
    """
    which = seats.held(which)
    if which.state != flow.OPEN:
        message = _l("Attendance is noted while the meeting is held.")
        raise Refused("moved_on", message, HTTPStatus.CONFLICT)
    before = quorum(which).attending
    for line in lines(which.id):
        if line.seat_id not in said:
            continue
        given = said[line.seat_id]
        who = plain(given.who)
        if given.attendance not in flow.ATTENDANCE:
            message = _l("Please choose for each unit how it is there.")
            raise Refused("attendance", message)
        if len(who) > LONGEST_NAME or (given.attendance == REPRESENTED and not who):
            message = _l("Please write who came for “%(unit)s”, in at most 60 letters.")
            raise Refused("who", message, values={"unit": line.name})
        line.attendance = given.attendance
        line.who = who if given.attendance in COUNTS else ""
    db.session.flush()
    if quorum(which).attending != before and _decided(which.id):
        message = _l(
            "Decisions rest on how many units attend. Please note them as “no decision” first."
        )
        raise Refused("decided", message, HTTPStatus.CONFLICT)
    noting.on_meeting(actor, which, "attendance_noted")


def _decided(meeting_id: int) -> bool:
    query = (
        select(Decision.topic_id)
        .join(Topic, Topic.id == Decision.topic_id)
        .where(Topic.meeting_id == meeting_id, Decision.way != NO_DECISION)
    )
    return db.session.scalar(query.limit(1)) is not None
