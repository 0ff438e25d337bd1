"""What a procedure is: frozen values, read from data by `reading` (domain.md §3.4; pure)."""

from dataclasses import dataclass
from datetime import date

from civic.kernel.periods import Period
from civic.procedures import terms
from civic.procedures.thresholds import Bar, Decision, Least, Share


@dataclass(frozen=True)
class Text:
    """Hold words in both languages."""

    zh: str
    en: str

    def words(self, language: str) -> str:
        """Return the words in a language, as HTML names it."""
        return self.en if language.startswith("en") else self.zh


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
    :ivar scans_of_secret: whether papers of a secret ballot are scanned, too; a scan shows a hand.
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
    scans_of_secret: bool = False
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
