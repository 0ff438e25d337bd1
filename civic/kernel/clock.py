"""The one clock: all code asks here what time it is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

#: The zone in which people read dates and in which legal periods run (domain.md §3.7).
ZONE = ZoneInfo("Asia/Shanghai")
#: Years that people mean when they type a date. Whatever lies outside is a slip, and near the ends
#: of what a date can hold there is no other zone, and no day after.
YEARS = range(1900, 2200)

_offset: Callable[[], timedelta] = timedelta


def now() -> datetime:
    """Return the current moment as an aware UTC datetime."""
    return datetime.now(UTC) + _offset()


def local(moment: datetime) -> datetime:
    """Return a moment as people here read it."""
    return moment.astimezone(ZONE)


def typed(entered: datetime | None) -> datetime | None:
    """Read a time of day here as somebody typed it; None where there is none that can be meant."""
    if entered is None or entered.year not in YEARS:
        return None
    return entered.replace(tzinfo=ZONE).astimezone(UTC)


def end_of(day: date | None) -> datetime | None:
    """Return the midnight at which a day ends that somebody typed; None as `typed`."""
    if day is None or day.year not in YEARS:
        return None
    return datetime.combine(day + timedelta(days=1), time(), ZONE).astimezone(UTC)


def shift(offset: timedelta) -> None:
    """Move the clock of this process by a fixed offset (tests only)."""
    global _offset  # noqa: PLW0603 - one clock per process is the point
    _offset = lambda: offset  # noqa: E731


def follow(path: Path) -> None:
    """Move the clock by the seconds that a file holds, read at each look (browser tests only)."""

    def offset() -> timedelta:
        try:
            return timedelta(seconds=float(path.read_text("ascii")))
        except (OSError, ValueError):
            return timedelta()

    global _offset  # noqa: PLW0603
    _offset = offset


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let the clock of this process start from a moment until the block ends (demonstration)."""
    global _offset  # noqa: PLW0603
    before, offset = _offset, moment - datetime.now(UTC)
    _offset = lambda: offset  # noqa: E731
    try:
        yield
    finally:
        _offset = before
