"""Instant runoff: the option with the fewest first places goes, again and again, until one is left.

Definition: Hare's method for one seat ("alternative vote"; Robert's Rules of Order, 12th edition,
45:62-69). A ballot counts for the best option on it that is still in the count; one without such
an option is exhausted. Where several share the best place, each gets an equal part of the ballot
("split" instant runoff; Delemazure and Peters, "Generalizing Instant Runoff Voting to Allow
Indifferences", EC 2024). The count goes on to the end, past the round in which one has a majority,
which changes no winner and gives an order of all.

Ties: options tied for the fewest votes are excluded one at a time; the outcomes are the winners in
all parallel universes, and the tie rule lets the last in its order go.
"""

from fractions import Fraction
from typing import TYPE_CHECKING

from civic.voting.methods.counts import Found
from civic.voting.methods.papers import Number
from civic.voting.methods.profiles import Profile
from civic.voting.methods.ties import TieRule
from civic.voting.methods.walking import End, Fork, find

if TYPE_CHECKING:
    from collections.abc import Hashable

#: Options still in the count, and those that went, the last first.
State = tuple[frozenset[int], tuple[int, ...]]


class _Runoff:
    def __init__(self, profile: Profile) -> None:
        self.ballots = tuple(profile.counts.items())
        self.options = profile.paper.options
        self.start: Hashable = frozenset(range(len(self.options)))
        self._votes: dict[frozenset[int], list[Number]] = {}

    def votes(self, left: frozenset[int]) -> list[Number]:
        """Return the votes of each option, and at the end the exhausted ballots."""
        found: list[Number] = [0] * (len(self.options) + 1)
        for tiers, weight in self.ballots:
            for tier in tiers:
                if len(tier) == 1:
                    if tier[0] in left:
                        found[tier[0]] += weight
                        break
                    continue
                best = [option for option in tier if option in left]
                if best:
                    for option in best:
                        found[option] += Fraction(weight) / len(best)
                    break
            else:
                found[-1] += weight
        return found

    def step(self, left: frozenset[int]) -> Fork | End:
        """Exclude the option with the fewest votes, or end with the one that is left."""
        votes = self.votes(left)
        shown = {
            "counts": {self.options[one]: votes[one] for one in sorted(left)},
            "exhausted": votes[-1],
        }
        if len(left) == 1:
            winner = tuple(left)
            return End(
                (winner,), 1, (), {"action": "elect", **shown, "option": self.options[winner[0]]}
            )
        least = min(votes[one] for one in left)
        return Fork(
            {"action": "exclude", **shown},
            tuple(one for one in sorted(left) if votes[one] == least),
            lambda gone: left - {gone},
            favours=False,
        )


def count(profile: Profile, seats: int, rule: TieRule) -> Found:
    """Count rankings for one seat."""
    if seats != 1:
        message = "instant runoff fills one seat; for several, stv does"
        raise ValueError(message)
    if not profile.counts:
        return Found((), None, (), (), ())
    found = find(_Runoff(profile), rule, profile)
    number = profile.paper.number
    gone = [(number[one["option"]],) for one in found.rounds if one["action"] == "exclude"]
    return Found(
        found.outcomes,
        found.chosen,
        (*found.order, *reversed(gone)),
        found.rounds,
        found.ties,
        found.complete,
    )
