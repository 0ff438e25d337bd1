"""What a procedure is: frozen values, read from data by `reading` (domain.md §3.4; pure)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from civic.kernel.periods import Period
from civic.procedures import terms


@dataclass(frozen=True)
class Text:
    """Hold words in both languages."""

    zh: str
    en: str

    def words(self, language: str) -> str:
        """Return the words in a language, as HTML names it."""
        return self.en if language.startswith("en") else self.zh


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


@dataclass(frozen=True)
class Condition:
    """Ask for something besides the vote, as a share of women in a body."""

    what: Text
    threshold: Share | Least


@dataclass(frozen=True, kw_only=True)
class Electorate:
    """Say who has a vote.

    :ivar standings: codes of standings, or of groups of them, one of which is enough.
    :ivar scope: kind of place, or `body` or `meeting`, to which they belong.
    :ivar min_age: age from which they vote; None where age is not asked.
    :ivar level: level of identity that is needed (domain.md §1).
    :ivar as_of: at what moment the roll is closed.
    :ivar apart: whether groups are counted apart from each other.
    :ivar conditions: what else is asked of the body.
    """

    standings: tuple[str, ...]
    scope: str
    min_age: int | None = None
    level: int
    as_of: str
    apart: bool = False
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, kw_only=True)
class BallotForm:
    """Say what a ballot looks like.

    :ivar dots: how many dots one person has.
    :ivar most: how many options one may choose at most.
    :ivar score_to: the highest score.
    """

    kind: str
    changeable: bool
    dots: int | None = None
    most: int | None = None
    score_to: int | None = None


@dataclass(frozen=True, kw_only=True)
class Told:
    """Say who is told, and how long before."""

    whom: Text
    before: Period


@dataclass(frozen=True, kw_only=True)
class Times:
    """Hold the periods of a procedure.

    :ivar notice: at least so long before, the notice hangs.
    :ivar notice_most: at most so long it hangs.
    :ivar topics: so long before, topics are handed in.
    :ivar told: who is told before, and when.
    :ivar result: within this time the result is shown.
    :ivar display: for so long it is shown.
    :ivar objections: for so long objections are answered or taken.
    :ivar meeting: within this time after it was called the meeting is held.
    :ivar check: within this time the street checks what it was asked.
    :ivar posted: within this time the names of those who prepare it are posted.
    :ivar every: at least so often it meets.
    """

    notice: Period | None = None
    notice_most: Period | None = None
    topics: Period | None = None
    told: tuple[Told, ...] = ()
    result: Period | None = None
    display: Period | None = None
    objections: Period | None = None
    meeting: Period | None = None
    check: Period | None = None
    posted: Period | None = None
    every: Period | None = None


@dataclass(frozen=True, kw_only=True)
class Procedure:
    """Be a rule of participation, of one jurisdiction, as its data say it.

    :ivar version: number that the bundle gives it.
    :ivar about: what it is for, in a sentence.
    :ivar basis: what it rests on; at least one source.
    :ivar doubts: what has to be settled before it is confirmed.
    :ivar binding: what a result is, once the procedure is confirmed.
    :ivar until_confirmed: what a result is before that.
    :ivar convener: who may call it.
    :ivar petition: who else may, by their number; None where nobody can.
    :ivar silence_follows_majority: whether those who were reached and did not answer are counted
        with the majority; contested, so that it needs `silence_basis`.
    :ivar duplicates: which counts where one vote comes in twice.
    :ivar proxy_most: how many others one person may vote for.
    :ivar external_system: the system that holds the official result.
    """

    id: str
    version: int
    title: Text
    about: Text
    jurisdiction: str
    valid_from: date | None = None
    valid_to: date | None = None
    review_on: date | None = None
    basis: tuple[str, ...]
    doubts: tuple[Text, ...] = ()
    binding: str
    until_confirmed: str
    convener: tuple[Text, ...]
    petition: Bar | None = None
    electorate: Electorate
    unit: str
    measures: tuple[str, ...]
    quorum: Bar | None = None
    decision: Decision
    abstain: str
    ballot: BallotForm
    secrecy: str
    results_shown: str
    times: Times
    agenda_locked: bool = False
    silence_follows_majority: bool = False
    silence_basis: str = ""
    duplicates: str
    proxy: str
    proxy_most: int | None = None
    external_system: str = ""

    def in_force(self, day: date) -> bool:
        """Tell whether the validity covers a day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )

    def effective_binding(self, *, confirmed: bool) -> str:
        """Return what a result is now: what is not confirmed binds nobody by law."""
        if confirmed or self.binding in terms.UNCONFIRMED | {terms.MIRROR}:
            return self.binding
        return self.until_confirmed
