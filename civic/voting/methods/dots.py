"""Dot voting: the options with the most dots win, as many as there are places (top-k).

Definition: each participant has a fixed number of dots to give, several on one option where the
paper allows it, and the k options with the most are taken (cumulative voting; Skowron et al.,
"Participatory budgeting with cumulative votes", 2020, for the ballot). An approval is one dot.
Nobody wins without a dot.

Ties: options with equally many dots for the last place are tied; the tie rule favours one.
"""

from civic.voting.methods import approval, score
from civic.voting.methods.counts import Found
from civic.voting.methods.filling import fill_by_value
from civic.voting.methods.profiles import Profile
from civic.voting.methods.ties import TieRule


def count(profile: Profile, seats: int, rule: TieRule) -> Found:
    """Count dots."""
    by_approval = profile.kind in {"approval", "budget"}
    dots = approval.approvals(profile) if by_approval else score.sums(profile)
    return fill_by_value(dots, seats, rule, profile)
