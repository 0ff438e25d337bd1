"""Figures of groups and statements: shares, ratios, tests (pure; Polis: stats.clj, repness.clj)."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod, sqrt

#: A test value above it is significant at 90 %, one-tailed.
SIGNIFICANT = 1.2816


@dataclass(frozen=True)
class Tally:
    """Count the answers of some people to a statement; passes are answers."""

    agrees: int = 0
    disagrees: int = 0
    passes: int = 0

    @property
    def seen(self) -> int:
        """Return how many answered."""
        return self.agrees + self.disagrees + self.passes

    def __add__(self, other: "Tally") -> "Tally":
        """Count the answers of both."""
        return Tally(
            self.agrees + other.agrees,
            self.disagrees + other.disagrees,
            self.passes + other.passes,
        )


def share(successes: int, total: int) -> float:
    """Return the share of successes, drawn to a half where few answered."""
    return (successes + 1) / (total + 2)


def one_proportion(successes: int, total: int) -> float:
    """Test whether more than half succeed: 2·√(n+1)·((s+1)/(n+1) − ½)."""
    return 2 * sqrt(total + 1) * ((successes + 1) / (total + 1) - 0.5)


def two_proportions(first: int, of_first: int, second: int, of_second: int) -> float:
    """Test whether the first share is above the second; one is added to each number."""
    first, of_first, second, of_second = first + 1, of_first + 1, second + 1, of_second + 1
    pooled = (first + second) / (of_first + of_second)
    if pooled == 1:
        return 0.0
    error = sqrt(pooled * (1 - pooled) * (1 / of_first + 1 / of_second))
    return (first / of_first - second / of_second) / error


@dataclass(frozen=True)
class Side:
    """Hold how much a group stands for one answer to a statement, against the other groups.

    :ivar count: how many of the group answered so.
    :ivar share: share of the group, drawn to a half where few answered.
    :ivar test: of one proportion: whether more than half of the group answered so.
    :ivar ratio: the share over that of the others.
    :ivar ratio_test: of two proportions: whether the group's share is above that of the others.
    """

    count: int
    share: float
    test: float
    ratio: float
    ratio_test: float

    @property
    def sufficient(self) -> bool:
        """Tell whether both tests are significant."""
        return self.ratio_test > SIGNIFICANT and self.test > SIGNIFICANT

    @property
    def weight(self) -> float:
        """Return what representative statements are ordered by."""
        return self.ratio * self.ratio_test * self.share * self.test


def side(count: int, seen: int, other_count: int, other_seen: int) -> Side:
    """Return the figures of one answer of a group beside the others."""
    own = share(count, seen)
    return Side(
        count=count,
        share=own,
        test=one_proportion(count, seen),
        ratio=own / share(other_count, other_seen),
        ratio_test=two_proportions(count, seen, other_count, other_seen),
    )


def sides(group: Tally, others: Tally) -> tuple[Side, Side]:
    """Return the figures of agreeing and of disagreeing."""
    return (
        side(group.agrees, group.seen, others.agrees, others.seen),
        side(group.disagrees, group.seen, others.disagrees, others.seen),
    )


def across_groups(groups: Sequence[Tally]) -> float:
    """Return how much all groups agree: the geometric mean of their shares.

    Polis takes the product, which shrinks with the number of groups; the mean is comparable.
    """
    return float(prod(share(group.agrees, group.seen) for group in groups) ** (1 / len(groups)))
