"""The value that every count returns (pure)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from civic.voting.methods.papers import REASONS, Number
from civic.voting.methods.profiles import Profile
from civic.voting.methods.ties import Tie

Names = tuple[str, ...]

#: So many tied outcomes are listed at most; more are never a list that anybody reads.
MOST_OUTCOMES = 1000


@dataclass(frozen=True)
class Found:
    """Hold what a method finds, with numbers of options instead of names.

    :ivar outcomes: every tied outcome, each the winners in the order of the paper.
    :ivar chosen: the outcome that the tie rule picks, or the only one; None where the rule decides
        nothing and there are several, or where nobody wins.
    :ivar order: options from the best down, equal ones together, along the path that is shown.
    :ivar rounds: for display; values are names, numbers, or mappings and lists of them.
    :ivar complete: whether `outcomes` holds all of them.
    """

    outcomes: tuple[tuple[int, ...], ...]
    chosen: tuple[int, ...] | None
    order: tuple[tuple[int, ...], ...]
    rounds: tuple[Mapping[str, Any], ...]
    ties: tuple[Tie, ...]
    complete: bool = True


@dataclass(frozen=True)
class Count:
    """Hold a counted vote.

    :ivar winners: every tied outcome, each the names of those who win.
    :ivar elected: the outcome that stands: the only one, or the one that the tie rule picks.
    :ivar order: names from the best down, equal ones together.
    :ivar complete: whether `winners` holds every tied outcome, or the search was cut.
    :ivar spent: for budgets, what the elected cost.
    """

    method: str
    seats: int | None
    winners: tuple[Names, ...]
    elected: Names | None
    order: tuple[Names, ...]
    rounds: tuple[Mapping[str, Any], ...]
    ties: tuple[Tie, ...]
    profile: Profile = field(repr=False)
    complete: bool = True
    spent: Number | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the count in values of JSON; fractions are written "a/b"."""
        profile = self.profile
        found: dict[str, Any] = {
            "method": self.method,
            "seats": self.seats,
            "winners": self.winners,
            "order": self.order,
            "rounds": self.rounds,
            "ties": [
                {
                    "round": tie.round,
                    "between": tie.between,
                    "rule": tie.rule,
                    "chosen": tie.chosen,
                }
                for tie in self.ties
            ],
            "ballots": {
                "read": profile.valid + profile.invalid,
                "valid": profile.valid,
                "invalid": profile.invalid,
            },
        }
        if self.spent is not None:
            found["selected"] = self.elected or ()
            found["spent"] = self.spent
        # What is not the rule is said where there is something to say.
        if profile.abstained:
            found["ballots"]["blank"] = profile.abstained
        if profile.rejected:
            found["rejected"] = [
                {"first": one.first, "ballots": one.ballots, "reason": REASONS[one.code]}
                for one in profile.rejected
            ]
        if not self.complete:
            found["complete"] = False
        plain: dict[str, Any] = _plain(found)
        return plain


def _plain(value: Any) -> Any:  # noqa: ANN401 - any value of JSON
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else str(value)
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, str) or not isinstance(value, Iterable):
        return value
    return [_plain(one) for one in value]
