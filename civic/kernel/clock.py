"""The one clock: all code asks here what time it is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

#: The zone in which people read dates and in which legal periods run (domain.md §3.7).
ZONE = ZoneInfo("Asia/Shanghai")

_offset: Callable[[], timedelta] = timedelta


def now() -> datetime:
    """Return the current moment as an aware UTC datetime."""
    return datetime.now(UTC) + _offset()


def local(moment: datetime) -> datetime:
    """Return a moment as people here read it."""
    return moment.astimezone(ZONE)


def moment_of(wall: datetime) -> datetime:
    """Return the moment at which clocks on the wall here show a time, as forms take it."""
    return wall.replace(tzinfo=ZONE).astimezone(UTC)


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
