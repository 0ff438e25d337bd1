"""Borda: an option gets a point for each option that a ballot ranks below it.

Definition: Borda (1784) as extended to equal ranks and unranked options by Black ("Partial
justification of the Borda count", Public Choice 28, 1976): half a point for each other option of
the same rank, those that a ballot does not rank sharing the last. Up to a constant that is the
number of options below less the number above ("symmetric Borda").

Ties: options with equal points for the last seat are tied; the tie rule favours one.
"""

from fractions import Fraction

from civic.voting.methods.counts import Found
from civic.voting.methods.filling import fill_by_value
from civic.voting.methods.papers import Number
from civic.voting.methods.profiles import Profile
from civic.voting.methods.ties import TieRule


def points(profile: Profile) -> list[Number]:
    """Return the points of each option."""
    options = range(len(profile.paper.options))
    double: list[Number] = [0] * len(options)
    for tiers, weight in profile.counts.items():
        ranked = {option for tier in tiers for option in tier}
        last = tuple(option for option in options if option not in ranked)
        below = len(options)
        for tier in (*tiers, last):
            below -= len(tier)
            for option in tier:
                double[option] += (2 * below + len(tier) - 1) * weight
    return [Fraction(value) / 2 for value in double]


def count(profile: Profile, seats: int, rule: TieRule) -> Found:
    """Count rankings by points."""
    return fill_by_value(points(profile), seats, rule, profile, unsupported=True)
