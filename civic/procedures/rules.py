"""Decide whether enough took part and enough agreed, on exact numbers (domain.md §3.5; pure)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from civic.procedures import terms
from civic.procedures.schema import Procedure
from civic.procedures.thresholds import Alternative, Bar, Demand, Least, Share

AGREE, OPPOSE, NEITHER = "agree", "oppose", "neither"


class Code(StrEnum):
    """What came of it.

    `counted` is said where nothing passes or fails, and the order is the result.
    """

    PASSED = "passed"
    FAILED = "failed"
    INQUORATE = "inquorate"
    COUNTED = "counted"


@dataclass(frozen=True, kw_only=True)
class Count:
    """Hold what was counted in one measure: votes, or square centimetres.

    :ivar entitled: all of the roll.
    :ivar participating: whose valid ballot is in the box, abstentions among them; invalid ballots
        are listed, and take no part.
    :ivar agreeing: of these, who agreed.
    :ivar opposing: of these, who opposed.
    :ivar attending: who was present at a meeting; whoever took part, unless given.
    :ivar reached: of those who kept silent, who is proved to have got the ballot; counted only
        where `silence_follows_majority` is on.
    """

    entitled: int
    participating: int
    agreeing: int = 0
    opposing: int = 0
    attending: int | None = None
    reached: int = 0

    def __post_init__(self) -> None:
        """Refuse figures that cannot be; raise `ValueError`."""
        parts = (self.agreeing, self.opposing, self.reached, self.present - self.participating)
        silent = self.entitled - self.participating
        if (
            min(parts) < 0
            or self.agreeing + self.opposing > self.participating
            or self.present > self.entitled
            or self.reached > silent
        ):
            message = f"these figures do not fit each other: {self}"
            raise ValueError(message)

    @property
    def present(self) -> int:
        """Return how many were there."""
        return self.participating if self.attending is None else self.attending

    def base(self, of: str) -> int:
        """Return what shares are taken of."""
        return {
            terms.ALL: self.entitled,
            terms.PARTICIPATING: self.participating,
            terms.ATTENDING: self.present,
        }[of]


@dataclass(frozen=True)
class Check:
    """Say whether one demand is met.

    :ivar count: how many there are, of how many (`base`); `needed` is the smallest that is enough.
    :ivar of: what the base is, as `terms.BASES` names it.
    """

    measure: str
    of: str
    count: int
    base: int
    needed: int
    threshold: Share | Least
    met: bool


@dataclass(frozen=True)
class Test:
    """Hold the checks of one alternative; all of them must be met."""

    checks: tuple[Check, ...]

    @property
    def met(self) -> bool:
        """Tell whether all is met."""
        return all(check.met for check in self.checks)


@dataclass(frozen=True)
class Outcome:
    """Say what came of a ballot, and why.

    :ivar quorum: the alternatives of the quorum that could be counted; none where nothing is asked.
    :ivar passing: those of passing; none where nothing passes or fails.
    :ivar followed: where silent ones were counted with the majority, `agree` or `oppose`; `neither`
        where there was none, so that they only took part.
    """

    code: Code
    quorum: tuple[Test, ...]
    passing: tuple[Test, ...]
    unit: str
    followed: str = ""

    @property
    def quorum_met(self) -> bool:
        """Tell whether enough took part."""
        return not self.quorum or any(test.met for test in self.quorum)

    @property
    def passed(self) -> bool:
        """Tell whether it passed."""
        return self.code is Code.PASSED


def decide(procedure: Procedure, counts: Mapping[str, Count]) -> Outcome:
    """Decide what came of a ballot.

    :param counts: what was counted, by measure. Alternatives that rest on a measure nobody counted
        are left out; `ValueError` where none is left.
    """
    followed = _majority(counts) if procedure.silence_follows_majority else ""
    if followed:
        counts = {measure: _joined(count, followed) for measure, count in counts.items()}
    quorum = _tests(procedure.quorum, counts, lambda count: count.present)
    passing = _tests(procedure.decision.bar, counts, lambda count: count.agreeing)
    if quorum and not any(test.met for test in quorum):
        code = Code.INQUORATE
    elif procedure.decision.kind != terms.THRESHOLD:
        code = Code.COUNTED
    else:
        code = Code.PASSED if any(test.met for test in passing) else Code.FAILED
    return Outcome(code, quorum, passing, procedure.unit, followed)


def petitioned(bar: Bar, counts: Mapping[str, Count]) -> bool:
    """Tell whether enough asked for it: `participating` are those who did."""
    return any(test.met for test in _tests(bar, counts, lambda count: count.participating))


def _tests(
    bar: Bar | None, counts: Mapping[str, Count], of_whom: Callable[[Count], int]
) -> tuple[Test, ...]:
    if bar is None:
        return ()
    found = tuple(
        Test(tuple(_check(demand, alternative, counts, of_whom) for demand in alternative.demands))
        for alternative in bar.alternatives
        if all(demand.measure in counts for demand in alternative.demands)
    )
    if not found:
        asked = ", ".join(sorted({demand.measure for demand in bar.demands()}))
        message = f"nobody counted what is asked for here: {asked}"
        raise ValueError(message)
    return found


def _check(
    demand: Demand,
    alternative: Alternative,
    counts: Mapping[str, Count],
    of_whom: Callable[[Count], int],
) -> Check:
    count = counts[demand.measure]
    number, base = of_whom(count), count.base(alternative.of)
    return Check(
        demand.measure,
        alternative.of,
        number,
        base,
        demand.threshold.needed(base),
        demand.threshold,
        demand.threshold.met(number, base),
    )


def _majority(counts: Mapping[str, Count]) -> str:
    """Return which side has the majority in every measure.

    Where none has, those who are silent still take part: or else one who agrees could end a
    majority, and the quorum with it.
    """
    measures = list(counts.values())
    if all(count.agreeing > count.opposing for count in measures):
        return AGREE
    if all(count.opposing > count.agreeing for count in measures):
        return OPPOSE
    return NEITHER


def _joined(count: Count, side: str) -> Count:
    """Return a count in which those who were reached and kept silent stand with a side."""
    more = count.reached
    return replace(
        count,
        participating=count.participating + more,
        agreeing=count.agreeing + (more if side == AGREE else 0),
        opposing=count.opposing + (more if side == OPPOSE else 0),
        attending=None if count.attending is None else count.attending + more,
        reached=0,
    )
