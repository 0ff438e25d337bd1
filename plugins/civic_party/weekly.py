"""Hours of a week (pure): typed as days with two times of day, reckoned as minutes since Monday.

Hours are local and come again each week. An end at or before its beginning lies in the next day, so
22:00 to 06:00 is a night, and 00:00 to 00:00 a whole day. Beijing keeps no summer time; a place
that does would still mean the hands of the clock.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import TypeAlias

HOUR = 60
DAY = 24 * HOUR
WEEK = 7 * DAY

#: Minutes since Monday 00:00, the end not included; neither crosses the end of the week.
Span: TypeAlias = tuple[int, int]
Spans: TypeAlias = tuple[Span, ...]

WHOLE_WEEK: Spans = ((0, WEEK),)


@dataclass(frozen=True, order=True)
class Slot:
    """Be hours of one day of the week.

    :ivar day: 0 for Monday, 6 for Sunday.
    :ivar begins: minutes since midnight, below those of a day.
    :ivar ends: the same; at or before `begins` it is meant on the next day.
    """

    day: int
    begins: int
    ends: int

    def __post_init__(self) -> None:
        """Raise `ValueError` for what is no day or no time of day."""
        if not 0 <= self.day < WEEK // DAY:
            message = f"a week has no day {self.day}"
            raise ValueError(message)
        if not (0 <= self.begins < DAY and 0 <= self.ends < DAY):
            message = f"a day has no minutes {self.begins} to {self.ends}"
            raise ValueError(message)

    @property
    def minutes(self) -> int:
        """Return how long it lasts, a whole day at most."""
        return (self.ends - self.begins - 1) % DAY + 1


def spans(slots: Iterable[Slot]) -> Spans:
    """Return the minutes of slots, sorted, without gaps of nothing between them."""
    found: list[Span] = []
    for slot in slots:
        begins = slot.day * DAY + slot.begins
        ends = begins + slot.minutes
        found.append((begins, min(ends, WEEK)))
        if ends > WEEK:
            found.append((0, ends - WEEK))
    return joined(found)


def joined(found: Iterable[Span]) -> Spans:
    """Return spans sorted, with those that touch or overlap made one."""
    made: list[Span] = []
    for begins, ends in sorted(found):
        if begins >= ends:
            continue
        if made and begins <= made[-1][1]:
            made[-1] = (made[-1][0], max(made[-1][1], ends))
        else:
            made.append((begins, ends))
    return tuple(made)


def both(one: Spans, other: Spans) -> Spans:
    """Return the minutes that lie in both."""
    return joined((max(a, c), min(b, d)) for a, b in one for c, d in other if max(a, c) < min(b, d))


def without(one: Spans, other: Spans) -> Spans:
    """Return the minutes of one that do not lie in the other."""
    left: list[Span] = list(one)
    for c, d in other:
        left = [
            part for a, b in left for part in ((a, min(b, c)), (max(a, d), b)) if part[0] < part[1]
        ]
    return joined(left)


def length(found: Spans) -> int:
    """Return how many minutes there are."""
    return sum(ends - begins for begins, ends in found)


def longest(found: Spans) -> int:
    """Return the minutes of the longest stretch; Sunday night goes on into Monday."""
    if found == WHOLE_WEEK:
        return WEEK
    lengths = [ends - begins for begins, ends in found]
    if len(found) > 1 and found[0][0] == 0 and found[-1][1] == WEEK:
        lengths.append(lengths[0] + lengths[-1])
    return max(lengths, default=0)


def slots(found: Spans) -> list[Slot]:
    """Return spans as one would say them: by days, whole nights in one piece."""
    pieces = list(found)
    if len(pieces) > 1 and pieces[0][0] == 0 and pieces[-1][1] == WEEK:
        tail = pieces.pop()
        head = pieces.pop(0)
        # A night from Sunday to Monday is said once; what is longer is cut at midnight anyway.
        pieces.append((tail[0], WEEK + head[1]))
    made: list[Slot] = []
    for first, ends in pieces:
        begins = first
        while begins < ends:
            until = ends
            if ends - begins > DAY or (begins % DAY == 0 and ends - begins == DAY):
                until = min(ends, (begins // DAY + 1) * DAY)
            made.append(Slot(begins // DAY % 7, begins % DAY, until % DAY))
            begins = until
    return sorted(made)


@dataclass(frozen=True)
class Said:
    """Be hours that several days have in common.

    :ivar days: runs of days that follow each other, as first and last.
    :ivar whole: whether the whole day is meant; `next_day` says whether it ends in the next one.
    """

    days: tuple[tuple[int, int], ...]
    begins: int
    ends: int

    @property
    def whole(self) -> bool:
        """Tell whether it is a whole day from midnight on."""
        return self.begins == self.ends == 0

    @property
    def next_day(self) -> bool:
        """Tell whether it ends in the next day; midnight itself is the end of this one."""
        return not self.whole and 0 < self.ends <= self.begins


def said(found: Spans) -> list[Said]:
    """Return spans in the fewest words: days of the same hours together."""
    hours: dict[tuple[int, int], list[int]] = {}
    for slot in slots(found):
        hours.setdefault((slot.begins, slot.ends), []).append(slot.day)
    return [Said(_runs(days), begins, ends) for (begins, ends), days in hours.items()]


def _runs(days: Sequence[int]) -> tuple[tuple[int, int], ...]:
    runs: list[tuple[int, int]] = []
    for day in days:
        if runs and runs[-1][1] == day - 1:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return tuple(runs)


@dataclass(frozen=True)
class Use:
    """Be minutes in which so much of something is taken."""

    begins: int
    ends: int
    load: int


def free(found: Spans, uses: Iterable[Use], capacity: int, load: int) -> Spans:
    """Return the minutes in which `load` can be taken besides what is taken already."""
    if load > capacity:
        return ()
    known = list(uses)
    marks = sorted({mark for use in known for mark in (use.begins, use.ends)})
    full = [
        (begins, ends)
        for begins, ends in pairwise(marks)
        if sum(use.load for use in known if use.begins <= begins < use.ends) + load > capacity
    ]
    return without(found, joined(full))


def dates(
    found: Spans, first: date, days_off: frozenset[date], *, holidays: bool
) -> Iterator[tuple[date, int, int]]:
    """Yield the next days with their hours, from a day on, for a year at most.

    :param days_off: public holidays, which are left out unless `holidays`.
    """
    week = slots(found)
    for step in range(366):
        day = first + timedelta(days=step)
        if not holidays and day in days_off:
            continue
        for slot in week:
            if slot.day == day.weekday():
                yield day, slot.begins, slot.ends
