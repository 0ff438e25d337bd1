"""Gather points of the plane into clusters: k-means with weights, and how good they are (pure).

Polis: clusters.clj.
"""

import numpy as np

from civic.consultations.opinions.votes import Floats, Whole

#: Clusters into which many people are gathered first.
BASE = 100
STEPS = 200
#: Starts that are drawn beside the first one; the tightest clustering is taken.
DRAWN = 8


def distances(points: Floats, centres: Floats) -> Floats:
    """Return the squared distance of each point from each centre."""
    gaps = points[:, None, :] - centres[None, :, :]
    return np.asarray(np.einsum("ijk,ijk->ij", gaps, gaps), dtype=np.float64)


def first_distinct(points: Floats, number: int) -> Floats:
    """Return the first points that differ from each other."""
    _, places = np.unique(np.round(points, 9), axis=0, return_index=True)
    return points[np.sort(places)[:number]]


def nearest(points: Floats, centres: Floats) -> Whole:
    """Return the number of the nearest centre of each point, the first of equals."""
    return np.asarray(np.argmin(distances(points, centres), axis=1), dtype=np.int64)


def k_means(points: Floats, weights: Floats, centres: Floats) -> tuple[Whole, Floats]:
    """Return which cluster each point belongs to, and their centres; empty clusters vanish."""
    centres = centres.copy()
    found = nearest(points, centres)
    for _ in range(STEPS):
        mass = np.bincount(found, weights, minlength=len(centres))
        sums = [np.bincount(found, weights * axis, minlength=len(centres)) for axis in points.T]
        held = mass > 0
        centres = np.stack(sums, axis=1)[held] / mass[held, None]
        following = nearest(points, centres)
        if held.all() and np.array_equal(following, found):
            break
        found = following
    held = np.bincount(found, minlength=len(centres)) > 0
    return (np.cumsum(held) - 1)[found], centres[held]


def tightness(points: Floats, weights: Floats, found: Whole, centres: Floats) -> float:
    """Return the sum of squared distances from the own centre; less is tighter."""
    gaps = points - centres[found]
    return float((weights * np.einsum("ij,ij->i", gaps, gaps)).sum())


def started(
    points: Floats, weights: Floats, number: int, random: np.random.Generator
) -> tuple[Whole, Floats]:
    """Cluster from the first distinct points and from drawn starts; return the tightest."""
    starts = [first_distinct(points, number)]
    starts += [_spread(points, weights, number, random) for _ in range(DRAWN)]
    best: tuple[Whole, Floats] | None = None
    least = np.inf
    for start in starts:
        found, centres = k_means(points, weights, start)
        tight = tightness(points, weights, found, centres)
        if best is None or tight < least - 1e-9 * (1 + abs(least)):
            best, least = (found, centres), tight
    assert best is not None  # noqa: S101 - there is at least one start
    return best


def _spread(points: Floats, weights: Floats, number: int, random: np.random.Generator) -> Floats:
    """Draw starting points, those far from the earlier ones more likely (k-means++)."""
    chosen = [int(random.choice(len(points), p=weights / weights.sum()))]
    while len(chosen) < number:
        far = weights * distances(points, points[chosen]).min(axis=1)
        if far.sum() <= 0:
            break
        chosen.append(int(random.choice(len(points), p=far / far.sum())))
    return points[chosen]


def silhouette(points: Floats, found: Whole) -> float:
    """Return the mean silhouette of points in clusters; one that is alone counts as 0."""
    number = int(found.max()) + 1
    gaps = np.sqrt(distances(points, points))
    sizes = np.bincount(found, minlength=number)
    sums = np.stack([gaps[:, found == one].sum(axis=1) for one in range(number)], axis=1)
    rows = np.arange(len(points))
    own = sums[rows, found] / np.maximum(sizes[found] - 1, 1)
    others = sums / sizes
    others[rows, found] = np.inf
    other = others.min(axis=1)
    largest = np.maximum(own, other)
    values = np.divide(other - own, largest, out=np.zeros(len(points)), where=largest > 0)
    return float(np.where(sizes[found] > 1, values, 0.0).mean())
