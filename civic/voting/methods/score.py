"""Score voting: the options with the greatest sum of scores win.

Definition: range voting by sums (Smith, "Range voting", 2000; "utilitarian voting", Hillinger,
"The case for utilitarian voting", 2005). What a ballot leaves out counts as 0, so that a few
enthusiasts do not outweigh many, as they would with averages. Where a paper allows scores below 0,
an option may win with a sum that is not above it.

Ties: options with equal sums for the last seat are tied; the tie rule favours one.
"""

from civic.voting.methods.counts import Found
from civic.voting.methods.filling import fill_by_value
from civic.voting.methods.papers import Number
from civic.voting.methods.profiles import Profile
from civic.voting.methods.ties import TieRule


def sums(profile: Profile) -> list[Number]:
    """Return the sum of each option's scores."""
    total: list[Number] = [0] * len(profile.paper.options)
    for content, weight in profile.counts.items():
        for option, value in content:
            total[option] += value * weight
    return total


def count(profile: Profile, seats: int, rule: TieRule) -> Found:
    """Count scores."""
    below = profile.paper.lowest < 0
    return fill_by_value(sums(profile), seats, rule, profile, unsupported=below)
