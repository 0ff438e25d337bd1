"""Find the groups: how many, none too small, and each under the name it had (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import permutations
from math import ceil
from string import ascii_uppercase

import numpy as np

from civic.consultations.opinions.clusters import (
    BASE,
    distances,
    first_distinct,
    k_means,
    silhouette,
    started,
)
from civic.consultations.opinions.votes import Floats, Id, Whole, order

#: Nobody is to be recognised in a group (B3: our repair of the peers' practice).
SMALLEST, SMALLEST_SHARE = 5, 0.08
FEWEST_GROUPS, MOST_GROUPS = 2, 5
#: Dots that it takes for each further group that is tried.
DOTS = 12
#: Rounds in a row that another number of groups must win before it is taken.
PATIENCE = 4


@dataclass(frozen=True)
class Kept:
    """Hold what one round leaves to the next.

    :ivar groups: members of each group by its label.
    :ivar centres: centres of the clustering into each number of groups.
    :ivar k: number of groups that is shown; 0 before the first map.
    :ivar rival: number of groups that won last without being shown, or 0.
    :ivar wins: rounds in a row that it has won.
    """

    groups: Mapping[str, tuple[Id, ...]] = field(default_factory=dict)
    centres: Mapping[int, list[list[float]]] = field(default_factory=dict)
    k: int = 0
    rival: int = 0
    wins: int = 0


def smallest(people: int) -> int:
    """Return how many people the smallest group must have."""
    return max(SMALLEST, ceil(SMALLEST_SHARE * people - 1e-9))


def base(points: Floats) -> tuple[Whole, Floats]:
    """Gather people into dots: which dot each belongs to, and where the dots are."""
    weights = np.ones(len(points))
    return k_means(points, weights, first_distinct(points, BASE))


def divide(people: tuple[Id, ...], points: Floats, seed: int, before: Kept) -> tuple[Whole, Kept]:
    """Divide people into groups by where they stand.

    :returns: the number of the group of each person, and what the next round needs.
    """
    dots, places = base(points)
    weights = np.bincount(dots, minlength=len(places)).astype(np.float64)
    most = min(MOST_GROUPS, FEWEST_GROUPS + len(places) // DOTS)
    random = np.random.default_rng(seed)
    centres: dict[int, list[list[float]]] = {}
    whole: dict[int, Whole] = {}
    merged: dict[int, Whole] = {}
    for number in range(FEWEST_GROUPS, most + 1):
        if number > len(places):
            break
        warm = before.centres.get(number)
        if warm is not None:
            found, middle = k_means(places, weights, np.asarray(warm, dtype=np.float64))
        if warm is None or len(middle) < number:
            found, middle = started(places, weights, number, random)
        centres[number] = np.round(middle, 9).tolist()
        joined = join_small(places, weights, found, smallest(len(people)))
        groups = int(joined.max()) + 1
        (whole if groups == number else merged).setdefault(groups, joined)
    candidates = {k: found for k, found in {**merged, **whole}.items() if k >= FEWEST_GROUPS}
    k, rival, wins = settle(places, candidates, before)
    chosen = candidates.get(k, np.zeros(len(places), dtype=np.int64))[dots]
    named = label(people, chosen, before.groups)
    return chosen, Kept(named, centres, k, rival, wins)


def join_small(places: Floats, weights: Floats, found: Whole, least: int) -> Whole:
    """Join each group that is too small to the nearest other one, the smallest first."""
    found = found.copy()
    while True:
        names = np.unique(found)
        mass = np.array([weights[found == name].sum() for name in names])
        if len(names) == 1 or mass.min() >= least:
            return np.asarray(np.searchsorted(names, found), dtype=np.int64)
        middles = np.stack(
            [
                np.average(places[found == one], axis=0, weights=weights[found == one])
                for one in names
            ]
        )
        small = int(np.argmin(mass))
        gaps = distances(middles[small : small + 1], middles)[0]
        gaps[small] = np.inf
        found[found == names[small]] = names[int(np.argmin(gaps))]


def settle(places: Floats, candidates: Mapping[int, Whole], before: Kept) -> tuple[int, int, int]:
    """Return how many groups are shown, which number would rather be, and for how long.

    A number that is shown gives way when another has won four rounds in a row, or at once when
    groups of that number would be too small.
    """
    if not candidates:
        return 1, 0, 0
    scores = {k: round(silhouette(places, found), 9) for k, found in candidates.items()}
    best = max(sorted(scores), key=lambda k: scores[k])
    if before.k not in candidates or best == before.k:
        return best, 0, 0
    wins = before.wins + 1 if best == before.rival else 1
    if wins >= PATIENCE:
        return best, 0, 0
    return before.k, best, wins


def label(
    people: tuple[Id, ...], chosen: Whole, before: Mapping[str, tuple[Id, ...]]
) -> dict[str, tuple[Id, ...]]:
    """Name groups A, B, …; a group keeps the name of the one that it shares most members with."""
    members = [
        tuple(name for name, group in zip(people, chosen.tolist(), strict=True) if group == number)
        for number in range(int(chosen.max()) + 1)
    ]
    members.sort(key=lambda group: (-len(group), order(group[0])))
    # Every letter that a group can have: those there were, and the first ones that were free.
    free = [letter for letter in ascii_uppercase if letter not in before]
    letters = sorted(before) + free[: len(members)]
    sets = {letter: frozenset(before.get(letter, ())) for letter in letters}
    overlaps = [[len(sets[letter] & set(group)) for letter in letters] for group in members]

    def kept(places: tuple[int, ...]) -> tuple[int, tuple[int, ...]]:
        total = sum(overlaps[row][place] for row, place in enumerate(places))
        return -total, places

    # Where no member is shared, the first letters win, in the order of size.
    best = min(permutations(range(len(letters)), len(members)), key=kept)
    named = {letters[place]: group for place, group in zip(best, members, strict=True)}
    return dict(sorted(named.items()))
