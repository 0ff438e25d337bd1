"""Approval voting: the options that most ballots approve win.

Definition: Brams and Fishburn, "Approval Voting", American Political Science Review 72 (1978); for
several seats the options with the most approvals (multi-winner approval voting, AV). Nobody wins
without an approval.

Ties: options with equally many approvals for the last seat are tied; the tie rule favours one.
"""

from civic.voting.methods.counts import Found
from civic.voting.methods.filling import fill_by_value
from civic.voting.methods.papers import Number
from civic.voting.methods.profiles import Profile
from civic.voting.methods.ties import TieRule


def approvals(profile: Profile) -> list[Number]:
    """Return how many ballots approve each option."""
    votes: list[Number] = [0] * len(profile.paper.options)
    for content, weight in profile.counts.items():
        for option in content:
            votes[option] += weight
    return votes


def count(profile: Profile, seats: int, rule: TieRule) -> Found:
    """Count approvals."""
    return fill_by_value(approvals(profile), seats, rule, profile)
