"""Greedy budget: projects in the order of their votes or points, skipping what no longer fits.

Definition: "utilitarian greedy" of participatory budgeting (Talmon and Faliszewski, "A framework
for approval-based budgeting methods", AAAI 2019; the rule `greedy` of Pabulib). A project that no
longer fits is passed over, and cheaper ones after it may still be taken. Votes are approvals, or
points: those of the ballot, or for rankings the most places that a ballot may rank for the first,
one less for each further place (3, 2, 1). Projects of one rank share the points of their places. A
project that nobody chose is not taken.

Ties: projects with equally many are tied where what is taken next depends on the order; the
outcomes are those of all orders, and the tie rule prefers the first in its order.
"""

from fractions import Fraction
from typing import TYPE_CHECKING

from civic.voting.methods import approval, score
from civic.voting.methods.counts import Found
from civic.voting.methods.filling import by_value
from civic.voting.methods.papers import Number
from civic.voting.methods.profiles import Profile
from civic.voting.methods.ties import TieRule
from civic.voting.methods.walking import End, Fork, find

if TYPE_CHECKING:
    from collections.abc import Hashable

Taken = frozenset[int]


def place_points(profile: Profile) -> list[Number]:
    """Return the points of each option by its places, equal ranks sharing those of theirs."""
    paper = profile.paper
    longest = max((sum(map(len, tiers)) for tiers in profile.counts), default=0)
    first = paper.places or paper.most or longest
    found: list[Number] = [0] * len(paper.options)
    for tiers, weight in profile.counts.items():
        points = first
        for tier in tiers:
            places = [max(0, points - place) for place in range(len(tier))]
            for option in tier:
                found[option] += weight * Fraction(sum(places), len(tier))
            points -= len(tier)
    return found


def support(profile: Profile) -> list[Number]:
    """Return the votes or points of each project."""
    if profile.kind == "ranking":
        return place_points(profile)
    if profile.kind in {"score", "dots"}:
        return score.sums(profile)
    return approval.approvals(profile)


class _Greedy:
    def __init__(self, profile: Profile, taken: Taken, values: list[Number]) -> None:
        self.paper = profile.paper
        self.values = values
        self.start: Hashable = (taken, frozenset(range(len(values))) - taken)

    def step(self, state: tuple[Taken, frozenset[int]]) -> Fork | End:
        """Take one of the projects with the most votes that still fit."""
        taken, waiting = state
        money = self.paper.budget - sum(self.paper.costs[one] for one in taken)
        fitting = [
            one for one in waiting if self.values[one] > 0 and self.paper.costs[one] <= money
        ]
        if not fitting:
            return End((tuple(sorted(taken)),), len(taken))
        most = max(self.values[one] for one in fitting)
        best = tuple(sorted(one for one in fitting if self.values[one] == most))
        names = self.paper.options
        shown = {"action": "select", "counts": {names[one]: most for one in best}, "money": money}
        if sum(self.paper.costs[one] for one in best) <= money:
            # All of them fit, in whatever order.
            one = best[0]
            return Fork(shown, (one,), lambda one: (taken | {one}, waiting - {one}))
        return Fork(shown, best, lambda one: (taken | {one}, waiting - {one}))


def complete(profile: Profile, taken: frozenset[int], rule: TieRule) -> Found:
    """Spend what is left of the budget on further projects, in the order of their votes."""
    return find(_Greedy(profile, taken, support(profile)), rule, profile)


def count(profile: Profile, rule: TieRule) -> Found:
    """Choose projects by votes or points."""
    values = support(profile)
    found = find(_Greedy(profile, frozenset(), values), rule, profile)
    outcomes = found.outcomes if any(found.outcomes) else ()
    return Found(
        outcomes,
        found.chosen or None,
        by_value(values),
        found.rounds,
        found.ties,
        found.complete,
    )
