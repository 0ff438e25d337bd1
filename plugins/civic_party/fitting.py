"""Whether a resource fits a need (pure): one finding per criterion, each of which can be said.

Nothing is weighed against anything else and no number stands for how good a match is: a resource
fits or it does not, and people decide. What people say by hand can overrule the way and the kind,
never the hours, the places, or that two sides are needed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from civic_party import weekly
from civic_party.weekly import Spans, Use

KIND, SIDES, WALK, TIMES, TAKEN = "kind", "sides", "walk", "times", "taken"
HOLIDAYS, CAPACITY, UNTIL = "holidays", "capacity", "until"
#: What people can overrule by hand, with a reason that both sides read.
SOFT = frozenset({KIND, WALK, HOLIDAYS})


@dataclass(frozen=True)
class Kind:
    """Say what counts for a kind of need and resource.

    :ivar timed: whether hours matter; `placed` whether the way does, `counted` whether numbers do.
    :ivar exclusive: whether one side alone has it at a time, however many places it has.
    :ivar serves: other kinds that it can stand for.
    """

    code: str
    timed: bool
    placed: bool
    counted: bool
    exclusive: bool
    serves: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Limits:
    """Hold the numbers that a fit rests on.

    :ivar walk: minutes on foot up to which it is near enough.
    :ivar least: minutes in one piece that are worth coming for, where less than all hours lie in
        its hours.
    """

    walk: int
    least: int


@dataclass(frozen=True)
class Wanted:
    """Be what a need asks for.

    :ivar unit: whose need it is; nothing for a group of residents.
    :ivar by: the last day on which it is needed.
    """

    kind: str
    heads: int
    times: Spans
    holidays: bool
    by: date
    unit: int | None = None


@dataclass(frozen=True)
class Offered:
    """Be what a resource offers, and what of it is taken.

    :ivar until: the last day on which it is offered; nothing where no end is known.
    """

    kind: str
    capacity: int
    times: Spans
    holidays: bool
    unit: int
    until: date | None = None
    uses: tuple[Use, ...] = ()


@dataclass(frozen=True)
class Finding:
    """Be what one criterion comes to, with the values its sentence is made of."""

    code: str
    fits: bool
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Fit:
    """Be all findings of a pair.

    :ivar times: the minutes of the week that both have, and that are free.
    :ivar load: how much of the capacity would be taken.
    """

    findings: tuple[Finding, ...]
    times: Spans
    load: int

    @property
    def fits(self) -> bool:
        """Tell whether every criterion is met."""
        return all(each.fits for each in self.findings)

    @property
    def missing(self) -> tuple[Finding, ...]:
        """Return the findings that are not met."""
        return tuple(each for each in self.findings if not each.fits)

    @property
    def near_miss(self) -> bool:
        """Tell whether one criterion alone is not met, and it is another than the kind."""
        return len(self.missing) == 1 and self.missing[0].code not in {KIND, SIDES}

    @property
    def by_hand(self) -> bool:
        """Tell whether people may propose it all the same."""
        return all(each.code in SOFT for each in self.missing)


def fit(
    wanted: Wanted,
    offered: Offered,
    kinds: Mapping[str, Kind],
    limits: Limits,
    walk: int | None,
    today: date,
) -> Fit:
    """Return what each criterion comes to, in a fixed order.

    :param walk: minutes on foot from one to the other; None where nobody has measured them.
    """
    need, kind = kinds[wanted.kind], kinds[offered.kind]
    load = offered.capacity if need.exclusive else wanted.heads if need.counted else 0
    common = weekly.both(wanted.times, offered.times) if need.timed else weekly.WHOLE_WEEK
    left = weekly.free(common, offered.uses, offered.capacity, load) if need.counted else common
    found = [
        Finding(
            KIND,
            wanted.kind == offered.kind or wanted.kind in kind.serves,
            {"need": wanted.kind, "resource": offered.kind},
        ),
        Finding(SIDES, wanted.unit != offered.unit),
    ]
    if need.placed:
        near = walk is not None and walk <= limits.walk
        found.append(Finding(WALK, near, {"minutes": walk, "limit": limits.walk}))
    if need.timed:
        found += _hours(wanted, offered, common, left, limits)
    if need.counted:
        enough = wanted.heads <= offered.capacity
        values = {"heads": wanted.heads, "capacity": offered.capacity, "kind": offered.kind}
        found.append(Finding(CAPACITY, enough, values))
        if not need.timed:
            found += _taken(left, weekly.WHOLE_WEEK, wanted.times)
    until = offered.until
    there = until is None or until >= today
    found.append(Finding(UNTIL, there, {"until": until, "by": wanted.by}))
    return Fit(tuple(found), left, load)


def _hours(
    wanted: Wanted, offered: Offered, common: Spans, left: Spans, limits: Limits
) -> Iterable[Finding]:
    """Yield whether hours lie in hours, whether they are free, and whether holidays count."""
    least = min(limits.least, weekly.longest(wanted.times))
    fits = bool(common) and weekly.longest(common) >= least
    values = {"need": wanted.times, "resource": offered.times, "common": common}
    yield Finding(TIMES, fits, values)
    if fits and wanted.heads <= offered.capacity:
        yield from _taken(left, common, wanted.times, least)
    if wanted.holidays:
        yield Finding(HOLIDAYS, offered.holidays)


def _taken(left: Spans, common: Spans, asked: Spans, least: int = 1) -> Iterable[Finding]:
    """Yield that hours are taken by others, where they are."""
    if left != common:
        free = weekly.longest(left) >= least
        yield Finding(TAKEN, free, {"left": left, "common": common, "need": asked})
