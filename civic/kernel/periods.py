"""Legal periods: when a period ends, and by when an act comes early enough (domain.md §3.7).

Pure. Days are those of `clock.ZONE`. The day of the act is not counted; months and years end on
the matching day, else at the end of the month; a last day that is a day off moves to the next day
that is none; the last day ends at 24:00, or when the office closes (民法典 §§200–204).

What is a day off is published anew each year, with the weekends that are worked instead (调休),
and is never guessed: as soon as a rule needs to know about a day whose year has no table,
`TableMissing` is raised. That holds for calendar days too, whose last day may be a day off. A table
holds the days of its own year only; a December day that next year's notice moves belongs into this
year's table.
"""

import calendar
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from http import HTTPStatus
from types import MappingProxyType

from flask_babel import lazy_gettext as _l

from civic.kernel import clock
from civic.kernel.errors import Refused

_DAY = timedelta(days=1)
_SATURDAY = 5
_KEYS = frozenset({"n", "unit", "kind"})


class Unit(StrEnum):
    """What a period is counted in."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class Kind(StrEnum):
    """Whether all days count, or only those that are worked."""

    CALENDAR = "calendar"
    WORKING = "working"


class TableMissing(Refused):
    """A day must be judged whose year has no table of days off.

    :ivar year: the year whose table is missing.
    """

    def __init__(self, year: int) -> None:
        self.year = year
        super().__init__(
            "holidays.missing",
            _l("The days off of %(year)s are not stored yet. Ask the administrator to add them."),
            HTTPStatus.CONFLICT,
            {"year": year},
        )


@dataclass(frozen=True, kw_only=True)
class Period:
    """A length of time in the words of a rule: 15 calendar days, 6 months, 5 working days."""

    n: int
    unit: Unit = Unit.DAY
    kind: Kind = Kind.CALENDAR

    def __post_init__(self) -> None:
        """Refuse what no rule can mean; raise `ValueError`."""
        if type(self.n) is not int or self.n < 1:
            message = f"a period lasts a whole number of at least 1, not {self.n!r}"
            raise ValueError(message)
        # A text that names no unit or kind raises `ValueError` here.
        object.__setattr__(self, "unit", Unit(self.unit))
        object.__setattr__(self, "kind", Kind(self.kind))
        if self.kind is Kind.WORKING and self.unit is not Unit.DAY:
            message = "only days can be working days"
            raise ValueError(message)

    @classmethod
    def parse(cls, data: object) -> "Period":
        """Read the form of a preset, ``{n: 15, kind: calendar}`` with an optional `unit`.

        Raises `ValueError` for anything else, an unknown key included.
        """
        if not isinstance(data, Mapping) or not {"n", "kind"} <= data.keys() <= _KEYS:
            message = f"a period has n, kind and perhaps unit, not {data!r}"
            raise ValueError(message)
        return cls(**data)

    def as_dict(self) -> dict[str, int | str]:
        """Return the form that `parse` reads; `unit` is left out for days."""
        unit = {} if self.unit is Unit.DAY else {"unit": self.unit.value}
        return {"n": self.n, **unit, "kind": self.kind.value}


@dataclass(frozen=True, kw_only=True)
class HolidayTable:
    """The days of one year on which weekdays and weekends are not what they seem.

    :ivar off: days off; weekends need not be named.
    :ivar work: Saturdays and Sundays that are worked instead (调休).
    :ivar source: which notice says so.
    """

    year: int
    off: frozenset[date]
    work: frozenset[date]
    source: str = ""

    def __post_init__(self) -> None:
        """Raise `ValueError` for a table that contradicts itself."""
        if {day.year for day in self.off | self.work} - {self.year}:
            message = f"a table of {self.year} holds days of {self.year}"
            raise ValueError(message)
        if self.off & self.work or any(day.weekday() < _SATURDAY for day in self.work):
            message = "only a Saturday or Sunday that is not off can be worked instead"
            raise ValueError(message)


@dataclass(frozen=True)
class Holidays:
    """The tables that are known, one for each year."""

    tables: Iterable[HolidayTable] = ()
    _years: Mapping[int, HolidayTable] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Keep the tables by year; a later one stands for an earlier one of the same year."""
        years = {table.year: table for table in self.tables}
        object.__setattr__(self, "tables", tuple(years.values()))
        object.__setattr__(self, "_years", MappingProxyType(years))

    @property
    def years(self) -> frozenset[int]:
        """Return the years whose tables are known."""
        return frozenset(self._years)

    def of(self, year: int) -> HolidayTable:
        """Return the table of a year; raise `TableMissing`."""
        try:
            return self._years[year]
        except KeyError:
            raise TableMissing(year) from None


def is_working_day(day: date, holidays: Holidays) -> bool:
    """Tell whether a day is worked: a make-up day, or a weekday that is not off.

    Raises `TableMissing`, for weekdays and weekends alike: either may have been moved.
    """
    table = holidays.of(day.year)
    return day in table.work or (day.weekday() < _SATURDAY and day not in table.off)


def last_day(start: datetime, period: Period, holidays: Holidays) -> date:
    """Return the last day of a period that an act at `start` (aware) sets running.

    Raises `TableMissing`.
    """
    day = _date(start)
    if period.kind is Kind.WORKING:
        return _nth(_working(day, _DAY, holidays), period.n)
    day = _matching(day, period)
    while not is_working_day(day, holidays):
        day += _DAY
    return day


def end_of(
    start: datetime, period: Period, holidays: Holidays, closing: time | None = None
) -> datetime:
    """Return the moment at which a period has run out: it is over then, and not before.

    That is 24:00 of its last day, which is 0:00 of the day after, or the hour at which the office
    closes, if the act has to reach an office (§203). Raises `TableMissing`.
    """
    day = last_day(start, period, holidays)
    if closing is None:
        return datetime.combine(day + _DAY, time(), clock.ZONE)
    return datetime.combine(day, closing, clock.ZONE)


def latest_act_before(deadline: datetime, period: Period, holidays: Holidays) -> date:
    """Return the last day on which an act is at least `period` before `deadline` (aware).

    The whole period must have passed when the deadline comes: neither the day of the act nor that
    of the deadline is counted. The day stays where it is even if it is a day off: the rule that
    moves a last day helps whoever must still act at the end of a period, and at the end of this one
    nobody must. Calendar periods therefore need no table; working days raise `TableMissing`.
    """
    # The period may use up every day before the deadline's, so it must end on this one or earlier.
    final = _date(deadline) - _DAY
    if period.kind is Kind.WORKING:
        return _nth(_working(final + _DAY, -_DAY, holidays), period.n) - _DAY
    if period.unit is Unit.DAY:
        return final - period.n * _DAY
    # Several days may match the same end of a month; the latest of them is early enough.
    months = -_months(period)
    year, month = _month(final, months)
    day = date(year, month, calendar.monthrange(year, month)[1])
    while _matching(day, period) > final:
        day -= _DAY
    return day


def _date(moment: datetime) -> date:
    if moment.tzinfo is None:
        message = "a legal moment has a zone"
        raise ValueError(message)
    return clock.local(moment).date()


def _months(period: Period) -> int:
    return period.n * (12 if period.unit is Unit.YEAR else 1)


def _month(day: date, months: int) -> tuple[int, int]:
    years, month = divmod(day.month - 1 + months, 12)
    return day.year + years, month + 1


def _matching(day: date, period: Period) -> date:
    """Return the last day of a calendar period before anything moves it (§202)."""
    if period.unit is Unit.DAY:
        return day + period.n * _DAY
    year, month = _month(day, _months(period))
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _working(day: date, step: timedelta, holidays: Holidays) -> Iterator[date]:
    """Walk from a day, which is not counted, over the working days."""
    while True:
        day += step
        if is_working_day(day, holidays):
            yield day


def _nth(days: Iterator[date], n: int) -> date:
    for _ in range(n - 1):
        next(days)
    return next(days)
