"""What has to be met: shares and numbers, alternatives, and ways of deciding (pure)."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from civic.procedures import terms


@dataclass(frozen=True)
class Share:
    """Ask for a share of a base: at least (`ge`) or more than (`gt`) `num` of `den`."""

    op: str
    num: int
    den: int

    @property
    def fraction(self) -> Fraction:
        """Return the share as an exact number."""
        return Fraction(self.num, self.den)

    def met(self, count: int, base: int) -> bool:
        """Tell whether a count reaches the share; of nothing, nothing does."""
        if base <= 0:
            return False
        have, need = count * self.den, base * self.num
        return have >= need if self.op == terms.AT_LEAST else have > need

    def needed(self, base: int) -> int:
        """Return the smallest count that reaches the share of a base."""
        whole, rest = divmod(base * self.num, self.den)
        if self.op == terms.AT_LEAST:
            return max(whole + bool(rest), 1)
        return whole + 1


@dataclass(frozen=True)
class Least:
    """Ask for a number, whatever the base.

    :ivar odd: whether the number must be odd, so that there is no tie.
    """

    count: int
    odd: bool = False

    def met(self, count: int, base: int) -> bool:  # noqa: ARG002 - asked as a share is
        """Tell whether a count is large enough."""
        return count >= self.count and (not self.odd or count % 2 == 1)

    def needed(self, base: int) -> int:  # noqa: ARG002
        """Return the smallest count that is enough."""
        return self.count + (self.odd and self.count % 2 == 0)


@dataclass(frozen=True)
class Demand:
    """Ask something of one measure."""

    measure: str
    threshold: Share | Least


@dataclass(frozen=True)
class Alternative:
    """Ask something of one measure or of several, all of which must be met.

    :ivar of: what shares are taken of.
    """

    of: str
    demands: tuple[Demand, ...]


@dataclass(frozen=True)
class Bar:
    """Be met when one of several alternatives is."""

    alternatives: tuple[Alternative, ...]

    def demands(self) -> Iterator[Demand]:
        """Yield what is asked, of all alternatives."""
        for alternative in self.alternatives:
            yield from alternative.demands


@dataclass(frozen=True)
class Weight:
    """Say how much the scores of one group of judges count."""

    measure: str
    num: int
    den: int


@dataclass(frozen=True)
class Decision:
    """Say how the result is made.

    :ivar bar: what must be met for it to pass; only of the kind `threshold`.
    :ivar consensus_first: whether agreement of all is sought before there is a vote.
    :ivar weights: of the kind `weighted`; they add up to one.
    """

    kind: str
    bar: Bar | None = None
    consensus_first: bool = False
    weights: tuple[Weight, ...] = ()
