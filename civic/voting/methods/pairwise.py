"""How many ballots prefer one option to another (pure)."""

from civic.voting.methods.papers import Number
from civic.voting.methods.profiles import Profile

Matrix = list[list[Number]]


def preferring(profile: Profile) -> Matrix:
    """Return how many ballots rank one above another; unranked options share the last rank."""
    size = len(profile.paper.options)
    found: Matrix = [[0] * size for _ in range(size)]
    for tiers, weight in profile.counts.items():
        below = set(range(size))
        for tier in tiers:
            below.difference_update(tier)
            for winner in tier:
                row = found[winner]
                for loser in below:
                    row[loser] += weight
    return found


def margins(profile: Profile) -> Matrix:
    """Return by how many more ballots the one is preferred than the other."""
    over = preferring(profile)
    size = range(len(over))
    return [[over[one][other] - over[other][one] for other in size] for one in size]


def shown(matrix: Matrix, options: tuple[str, ...]) -> dict[str, dict[str, Number]]:
    """Return the matrix with names, for display."""
    return {
        options[one]: {options[other]: value for other, value in enumerate(row) if other != one}
        for one, row in enumerate(matrix)
    }
