"""Plurality: most first choices win.

Definition: each ballot counts for its one option, and the options with the most ballots win (for
several seats the single non-transferable vote; Brandt et al., "Handbook of Computational Social
Choice", 2016, section 2.2). A ranking counts for its first place; where several share that place,
each gets an equal part, as in split instant runoff. Nobody wins without a vote.

Ties: options with equally many votes for the last seat are tied; the tie rule favours one.
"""

from fractions import Fraction

from civic.voting.methods.counts import Found
from civic.voting.methods.filling import fill_by_value
from civic.voting.methods.papers import Number
from civic.voting.methods.profiles import Profile
from civic.voting.methods.ties import TieRule


def first_choices(profile: Profile) -> list[Number]:
    """Return the votes of each option."""
    votes: list[Number] = [0] * len(profile.paper.options)
    for content, weight in profile.counts.items():
        if profile.kind == "single":
            votes[content] += weight
        elif len(content[0]) == 1:
            votes[content[0][0]] += weight
        else:
            for option in content[0]:
                votes[option] += Fraction(weight) / len(content[0])
    return votes


def count(profile: Profile, seats: int, rule: TieRule) -> Found:
    """Count ballots of one option, or the first places of rankings."""
    return fill_by_value(first_choices(profile), seats, rule, profile)
