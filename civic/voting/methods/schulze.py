"""Schulze: the option that beats every other along paths of majorities, or is not beaten so.

Definition: Schulze, "A new monotonic, clone-independent, reversal symmetric, and Condorcet-
consistent single-winner election method", Social Choice and Welfare 36 (2011). The strength of a
path is its weakest link, that of a link its margin: by how many more ballots prefer the one than
the other. (With complete rankings winning votes give the same order of links; with unranked options
they may differ, and margins do not reward leaving options out.) Unranked options share the last
rank. Options that nobody beats win; without them again those that nobody beats are next, and
several seats are filled in that order.

Ties: options that do not beat each other are tied; the tie rule favours one.
"""

from civic.voting.methods import pairwise
from civic.voting.methods.counts import Found
from civic.voting.methods.filling import fill
from civic.voting.methods.profiles import Profile
from civic.voting.methods.ties import TieRule


def strengths(margin: pairwise.Matrix) -> pairwise.Matrix:
    """Return the strength of the strongest path from one to another; 0 where there is none."""
    size = range(len(margin))
    path = [[max(0, value) for value in row] for row in margin]
    for middle in size:
        through = path[middle]
        for one in size:
            row, first = path[one], path[one][middle]
            if one == middle or not first:
                continue
            for other in size:
                if other != one:
                    row[other] = max(row[other], min(first, through[other]))
    return path


def unbeaten_first(beats: list[list[bool]]) -> tuple[tuple[int, ...], ...]:
    """Return options in tiers: those that none beats, then those that none of the rest does."""
    left = list(range(len(beats)))
    tiers = []
    while left:
        tier = tuple(one for one in left if not any(beats[other][one] for other in left))
        tiers.append(tier)
        left = [one for one in left if one not in tier]
    return tuple(tiers)


def count(profile: Profile, seats: int, rule: TieRule) -> Found:
    """Count rankings by strongest paths."""
    options = profile.paper.options
    margin = pairwise.margins(profile)
    path = strengths(margin)
    size = range(len(options))
    beats = [[path[one][other] > path[other][one] for other in size] for one in size]
    shown = {
        "round": 1,
        "action": "compare",
        "margins": pairwise.shown(margin, options),
        "paths": pairwise.shown(path, options),
    }
    return fill(unbeaten_first(beats), seats, rule, profile, [shown])
