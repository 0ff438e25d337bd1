"""The legal dates of a case: its procedure's periods, reckoned with the days off (pure).

What a period needs to know of a year whose table of days off is not there is said, never guessed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from civic.kernel import clock, periods
from civic.kernel.periods import Holidays, Kind, Period, TableMissing
from civic.procedures.schema import Procedure, Text

_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Due:
    """Be one date of a case.

    :ivar code: what is due: `notice`, `topics`, `told`, `result`, `display`, `objections`,
        `meeting`, `check`, `posted`.
    :ivar day: the last day on which it is in time; None where that cannot be reckoned.
    :ivar missing: the year whose table of days off is needed for it.
    :ivar whom: who is told.
    """

    code: str
    period: Period
    day: date | None
    missing: int | None = None
    whom: Text | None = None

    @property
    def ends_at(self) -> datetime | None:
        """Return the moment at which it is over: 24:00 of its last day."""
        return None if self.day is None else _midnight(self.day + _DAY)


def before(procedure: Procedure, at: datetime, holidays: Holidays) -> list[Due]:
    """Return what has to be done before a vote or meeting at a moment, the earliest first."""
    times = procedure.times
    found = [
        _due(code, period, lambda one: periods.latest_act_before(at, one, holidays))
        for code, period in (("topics", times.topics), ("notice", times.notice))
        if period
    ]
    found += [
        _due(
            "told",
            told.before,
            lambda one: periods.latest_act_before(at, one, holidays),
            told.whom,
        )
        for told in times.told
    ]
    return sorted(found, key=lambda due: due.day or date.max)


def after_call(procedure: Procedure, at: datetime, holidays: Holidays) -> list[Due]:
    """Return what has to follow a call or petition at a moment."""
    times = procedure.times
    return _after(
        at, holidays, ("check", times.check), ("posted", times.posted), ("meeting", times.meeting)
    )


def after_close(procedure: Procedure, at: datetime, holidays: Holidays) -> list[Due]:
    """Return what has to follow the close of a vote, at a moment: the result is shown by then."""
    return _after(at, holidays, ("result", procedure.times.result))


def after_result(procedure: Procedure, at: datetime, holidays: Holidays) -> list[Due]:
    """Return how long a result that is shown at a moment hangs, at least."""
    return _after(at, holidays, ("display", procedure.times.display))


def after_objection(procedure: Procedure, at: datetime, holidays: Holidays) -> list[Due]:
    """Return by when an objection of a moment is answered."""
    return _after(at, holidays, ("objections", procedure.times.objections))


def earliest_opening(procedure: Procedure, noticed: datetime, holidays: Holidays) -> datetime:
    """Return the first moment at which a vote may begin that was noticed at a moment.

    The whole notice has passed by then: neither its own day nor that of the vote is counted.

    :raises TableMissing: for working days of a year whose table is not there.
    """
    period = procedure.times.notice
    if period is None:
        return noticed
    if period.kind is Kind.WORKING:
        return _midnight(periods.last_day(noticed, period, holidays) + _DAY)
    local = clock.local(noticed).date()
    day = local + _DAY
    while periods.latest_act_before(_midnight(day), period, holidays) < local:
        day += _DAY
    return _midnight(day)


def _after(at: datetime, holidays: Holidays, *each: tuple[str, Period | None]) -> list[Due]:
    return [
        _due(code, period, lambda one: periods.last_day(at, one, holidays))
        for code, period in each
        if period
    ]


def _due(
    code: str, period: Period, reckon: Callable[[Period], date], whom: Text | None = None
) -> Due:
    try:
        return Due(code=code, period=period, day=reckon(period), whom=whom)
    except TableMissing as missing:
        return Due(code=code, period=period, day=None, missing=missing.year, whom=whom)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.ZONE)
