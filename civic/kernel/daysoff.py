"""Read the table in which an administrator says which days of a year are off, and which are worked.

Pure. Nothing of it is built in: the days are published anew each year (see `periods`).
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from civic.kernel.periods import HolidayTable
from civic.kernel.problems import Problem
from civic.kernel.sheets import Column, Row
from civic.kernel.sheets.tables import Kind
from civic.kernel.sheets.texts import a_date, folded

COLUMNS = (
    Column(key="date", names=("日期", "date", "day"), required=True, kind=Kind.DATE),
    Column(key="kind", names=("休/班", "休班", "类型", "kind", "off/work"), required=True),
    Column(key="name", names=("名称", "节日", "说明", "name", "holiday")),
)
_OFF = frozenset({"off", "休", "放假", "休息", "休假"})
_WORK = frozenset({"work", "班", "上班", "补班", "调休上班"})
_SATURDAY = 5


class TableWrong(Exception):  # noqa: N818 - an answer to a person, row by row
    """The rows are no table of a year's days off.

    :ivar problems: what is wrong, at least one.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)


def read_table(rows: Iterable[Row], source: str = "") -> HolidayTable:
    """Return the table that rows with `date`, `kind` and perhaps `name` describe.

    The year is that of the first day; all days must be in it. A weekend may be named as off, as it
    is inside a holiday; only a Saturday or Sunday can be worked instead. The same row twice does no
    harm, a day that is both does. Raises `TableWrong` with all problems.
    """
    days: dict[date, tuple[bool, int]] = {}
    problems: list[Problem] = []
    for row in rows:
        day, off = _date(row), _is_off(row)
        if day is None or off is None:
            column, code = (COLUMNS[0], "date") if day is None else (COLUMNS[1], "day_kind")
            values = {"value": row.values[column.key]}
            where = column.names[0]
            problems.append(Problem(code=code, row=row.number, column=where, values=values))
            continue
        before, first = days.setdefault(day, (off, row.number))
        year = next(iter(days)).year
        codes = {
            "day_year": day.year != year,
            "day_twice": before != off,
            "day_weekday": not off and day.weekday() < _SATURDAY,
        }
        told: dict[str, object] = {"day": day.isoformat(), "year": year, "first": first}
        problems += [
            Problem(code=code, row=row.number, values=told)
            for code, wrong in codes.items()
            if wrong
        ]
    if not days and not problems:
        problems.append(Problem(code="no_rows"))
    if problems:
        raise TableWrong(problems)
    return HolidayTable(
        year=next(iter(days)).year,
        off=frozenset(day for day, (off, _) in days.items() if off),
        work=frozenset(day for day, (off, _) in days.items() if not off),
        source=source,
    )


def as_rows(table: HolidayTable) -> list[tuple[str, str]]:
    """Return a table as rows of date and kind, in order, as `read_table` reads them."""
    days = [(day, "休") for day in table.off] + [(day, "班") for day in table.work]
    return [(day.isoformat(), kind) for day, kind in sorted(days)]


def spans(days: Iterable[date]) -> list[tuple[date, date]]:
    """Return the first and last day of each run of days."""
    found: list[tuple[date, date]] = []
    for day in sorted(days):
        if found and day - found[-1][1] == timedelta(days=1):
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def months(table: HolidayTable) -> Sequence[tuple[date, list[date], list[date]]]:
    """Return the months in which something is moved: their first day, days off, days worked."""
    firsts = sorted({day.replace(day=1) for day in table.off | table.work})
    return [
        (
            first,
            sorted(day for day in table.off if day.month == first.month),
            sorted(day for day in table.work if day.month == first.month),
        )
        for first in firsts
    ]


def _date(row: Row) -> date | None:
    try:
        return a_date(row.values["date"])
    except ValueError:
        return None


def _is_off(row: Row) -> bool | None:
    kind = folded(row.values["kind"])
    return None if kind not in _OFF | _WORK else kind in _OFF
