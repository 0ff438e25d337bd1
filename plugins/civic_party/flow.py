"""The way of a joint meeting, and its dates, read from data and checked when they are loaded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from civic.api import clock, periods
from civic_party.words import data

OFFICE, CHAIR, TIME = "office", "chair", "time"
PARTIES = frozenset({OFFICE, CHAIR, TIME})
CALL, COORDINATING, AGENDA, NOTICED = "call", "coordinating", "agenda", "noticed"
OPEN, DRAFTING, COMMENTING = "open", "drafting", "commenting"
SIGNED, ISSUED, CANCELLED = "signed", "issued", "cancelled"
#: States that the code names; the data have all of them.
NAMED = frozenset(
    {CALL, COORDINATING, AGENDA, NOTICED, OPEN, DRAFTING, COMMENTING, SIGNED, ISSUED, CANCELLED}
)
TIMES = ("topics", "agenda", "notice", "comments", "remind")


@dataclass(frozen=True)
class Move:
    """Lead to another state.

    :ivar guard: name of what has to hold; empty where nothing has to.
    """

    to: str
    by: frozenset[str]
    guard: str


@dataclass(frozen=True)
class Flow:
    """Be the states of a meeting with the moves that each has, in the order of the file."""

    first: str
    moves: Mapping[str, tuple[Move, ...]]

    def move(self, origin: str, to: str) -> Move | None:
        """Return the move from one state to another, where there is one."""
        return next((move for move in self.moves[origin] if move.to == to), None)


@dataclass(frozen=True)
class Times:
    """Be the periods of a meeting."""

    topics: periods.Period
    agenda: periods.Period
    notice: periods.Period
    comments: periods.Period
    remind: periods.Period


@dataclass(frozen=True)
class Schedule:
    """Be the dates that follow from the moment of a meeting.

    :ivar topics_until: the moment at which the call for topics is over.
    :ivar agenda_by: last day on which the agenda can be published.
    :ivar notice_by: last day on which the notice can go out.
    """

    topics_until: datetime
    agenda_by: date
    notice_by: date


def read_flow(table: Mapping[str, Any], guards: frozenset[str]) -> Flow:
    """Read the states and their moves.

    :param guards: names of what can be asked of a move.
    :raises ValueError: for a state that is missing, is never reached or does not come to an end,
        and for a move to nowhere, by nobody or with a guard that nobody knows.
    """
    states = {row["code"]: row for row in table["state"]}
    if len(states) < len(table["state"]) or NAMED - states.keys():
        message = f"states are missing or named twice: {sorted(NAMED - states.keys())}"
        raise ValueError(message)
    moves: dict[str, tuple[Move, ...]] = {}
    for code, row in states.items():
        found = tuple(
            Move(each["to"], frozenset(each.get("by", ())), each.get("guard", ""))
            for each in row["moves"]
        )
        for move in found:
            known = move.to in states and (not move.guard or move.guard in guards)
            if not known or not move.by or move.by - PARTIES:
                message = f"the move from {code} to {move.to} leads nowhere, or nobody makes it"
                raise ValueError(message)
        if bool(row.get("end")) == bool(found):
            message = f"{code} is an end and leads on, or is none and leads nowhere"
            raise ValueError(message)
        moves[code] = found
    onward = {code: {move.to for move in found} for code, found in moves.items()}
    if lost := states.keys() - _reached({table["first"]}, onward):
        message = f"states are never reached: {sorted(lost)}"
        raise ValueError(message)
    back: dict[str, set[str]] = {code: set() for code in states}
    for code, targets in onward.items():
        for target in targets:
            back[target].add(code)
    ends = {code for code, found in moves.items() if not found}
    if stuck := states.keys() - _reached(ends, back):
        message = f"states have no way to an end: {sorted(stuck)}"
        raise ValueError(message)
    return Flow(table["first"], moves)


def _reached(start: set[str], ways: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    ahead = set(start)
    while ahead:
        code = ahead.pop()
        found.add(code)
        ahead |= ways.get(code, set()) - found
    return found


def read_times(table: Mapping[str, Any]) -> Times:
    """Read the periods.

    :raises ValueError: for one that is missing, has no source, or is not before the one it has to
        come before: topics, then the agenda, then the notice.
    """
    found = {}
    for name in TIMES:
        row = dict(table[name]) if name in table else {}
        if not row.pop("source", ""):
            message = f"the period {name!r} is missing, or does not say where it comes from"
            raise ValueError(message)
        found[name] = periods.Period.parse(row)
    lengths = [found[name].n for name in ("topics", "agenda", "notice")]
    same = {(found[name].unit, found[name].kind) for name in ("topics", "agenda", "notice")}
    if len(same) > 1 or lengths != sorted(set(lengths), reverse=True):
        message = "topics close before the agenda is published, and that before the notice goes out"
        raise ValueError(message)
    return Times(**found)


def schedule(starts_at: datetime, times: Times, holidays: periods.Holidays) -> Schedule:
    """Return the dates that follow from the moment at which a meeting begins.

    :raises TableMissing: where working days are counted in a year whose days off nobody knows.
    """
    topics, agenda, notice = (
        periods.latest_act_before(starts_at, period, holidays)
        for period in (times.topics, times.agenda, times.notice)
    )
    over = datetime.combine(topics + timedelta(days=1), time(), clock.ZONE)
    return Schedule(over, agenda, notice)


#: Read once when the plugin is loaded: a wrong file stops it there, with a sentence.
GUARDS = frozenset(
    {
        "topics_over",
        "reason",
        "agenda_ready",
        "notice_ready",
        "day_has_come",
        "attendance_noted",
        "minutes_written",
        "comments_answered",
        "second_person",
    }
)
FLOW = read_flow(data("meeting")["flow"], GUARDS)
TIMES_OF_MEETINGS = read_times(data("meeting")["times"])
STATES = tuple(FLOW.moves)
ATTENDANCE = tuple(row["code"] for row in data("meeting")["attendance"])
#: Ways to be at a meeting that count towards its quorum.
COUNTS = frozenset(row["code"] for row in data("meeting")["attendance"] if row["counts"])
