"""Tables of holidays and make-up workdays, one for each year, as staff upload them."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from civic.kernel import audit, clock, periods
from civic.kernel.db import Model, db
from civic.kernel.periods import Holidays, HolidayTable, Period, TableMissing


class HolidayYear(Model):
    """Keep the table of one year.

    :ivar off: days off by the year's arrangement, as ISO dates.
    :ivar work: Saturdays and Sundays that are worked, as ISO dates.
    :ivar source: the document it was taken from, in words.
    """

    year: Mapped[int] = mapped_column(primary_key=True)
    off: Mapped[list[str]]
    work: Mapped[list[str]]
    source: Mapped[str]
    uploaded_at: Mapped[datetime]
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


def load() -> Holidays:
    """Return the tables of all years, for reckoning with `periods`."""
    return Holidays(tuple(table_of(row) for row in db.session.scalars(select(HolidayYear))))


def end_of(start: datetime, period: Period, known: Holidays | None = None) -> datetime | None:
    """Return when a period ends; None where a table of days off is missing, never guessed.

    :param known: the tables, where somebody has loaded them already.
    """
    try:
        return periods.end_of(start, period, load() if known is None else known)
    except TableMissing:
        return None


def table_of(row: HolidayYear) -> HolidayTable:
    """Return the table that a row keeps."""
    return HolidayTable(year=row.year, off=_days(row.off), work=_days(row.work), source=row.source)


def replace(table: HolidayTable, person_id: int, *, post: str = "") -> HolidayYear:
    """Keep the table of a year in place of the one that was there, as an official act.

    The record holds the days of both, so that what was reckoned with the old ones can be explained.

    :param post: title of the office in whose name it is done.
    """
    row = _locked(table.year) or _begun(table)
    before = {"off": row.off, "work": row.work} if row.off or row.work else None
    row.off, row.work = _texts(table.off), _texts(table.work)
    row.source = table.source
    row.uploaded_at, row.uploaded_by = clock.now(), person_id
    audit.append(
        "holidays.replaced" if before else "holidays.stored",
        person_id=person_id,
        post=post,
        subject=f"holidays:{table.year}",
        data={"off": row.off, "work": row.work, "before": before},
    )
    return row


def _locked(year: int) -> HolidayYear | None:
    return db.session.get(HolidayYear, year, with_for_update=True, populate_existing=True)


def _begun(table: HolidayTable) -> HolidayYear:
    """Put in the row of a new year; somebody else may do so in the same moment."""
    row = HolidayYear(
        year=table.year, off=[], work=[], source="", uploaded_at=clock.now(), uploaded_by=None
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        found = _locked(table.year)
        if found is None:
            raise
        return found
    return row


def _days(texts: Iterable[str]) -> frozenset[date]:
    return frozenset(map(date.fromisoformat, texts))


def _texts(days: Iterable[date]) -> list[str]:
    return [day.isoformat() for day in sorted(days)]
