"""Lay people and statements on a plane: principal components of the answers (pure).

Polis: pca.clj. What was not seen is the mean of its column here, and nowhere else.
"""

from dataclasses import dataclass

import numpy as np

from civic.consultations.opinions.votes import AGREE, Floats

AXES = 2
#: Up to this size the components are computed exactly, beyond it by iteration.
EXACT = 1_500
STEPS = 100
#: Below it a length is taken for 0.
TINY = 1e-9


@dataclass(frozen=True)
class Plane:
    """Hold the plane on which answers differ most.

    :ivar centre: mean answer to each statement.
    :ivar axes: two rows with a weight for each statement.
    """

    centre: Floats
    axes: Floats


def plane(matrix: Floats, seed: int) -> Plane:
    """Return the plane of a matrix of answers with what was not seen in it."""
    seen = ~np.isnan(matrix)
    count = seen.sum(axis=0)
    total = np.where(seen, matrix, 0.0).sum(axis=0)
    centre = np.divide(total, count, out=np.zeros(matrix.shape[1]), where=count > 0)
    return Plane(centre, _upright(_axes(np.where(seen, matrix - centre, 0.0), seed)))


def _axes(centred: Floats, seed: int) -> Floats:
    people, statements = centred.shape
    axes = np.zeros((AXES, statements))
    number = min(AXES, people, statements)
    if not number:
        return axes
    if min(people, statements) > EXACT:
        found = _iterated(centred, number, seed)
    elif statements <= people:
        found = np.linalg.eigh(centred.T @ centred)[1][:, ::-1][:, :number].T
    else:
        found = np.linalg.eigh(centred @ centred.T)[1][:, ::-1][:, :number].T @ centred
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    axes[:number] = np.divide(found, lengths, out=np.zeros(found.shape), where=lengths > TINY)
    # A direction in which nobody differs is none.
    spread = np.linalg.norm(centred @ axes.T, axis=0)
    axes[spread < TINY] = 0.0
    return axes


def _iterated(centred: Floats, number: int, seed: int) -> Floats:
    basis = np.random.default_rng(seed).standard_normal((centred.shape[1], number))
    for _ in range(STEPS):
        basis = np.linalg.qr(centred.T @ (centred @ basis))[0]
    # Within the space found, the directions in order of their spread.
    turn = np.linalg.eigh((centred @ basis).T @ (centred @ basis))[1][:, ::-1]
    return np.asarray((basis @ turn).T, dtype=np.float64)


def _upright(axes: Floats) -> Floats:
    """Turn each axis so that its heaviest weight is positive: a mirrored map is the same map."""
    # Rounded, so that of two equal weights it is always the first.
    heaviest = np.argmax(np.round(np.abs(axes), 9), axis=1)
    signs = np.where(axes[np.arange(len(axes)), heaviest] < 0, -1.0, 1.0)
    return np.asarray(axes * signs[:, None], dtype=np.float64)


def people(found: Plane, matrix: Floats) -> Floats:
    """Return where people stand; few answers do not draw them to the middle."""
    seen = ~np.isnan(matrix)
    centred = np.where(seen, matrix - found.centre, 0.0)
    stretch = np.sqrt(matrix.shape[1] / np.maximum(seen.sum(axis=1), 1))
    return np.asarray((centred @ found.axes.T) * stretch[:, None], dtype=np.float64)


def statements(found: Plane) -> Floats:
    """Return where somebody would stand who agrees with one statement and saw no other."""
    stretch = np.sqrt(len(found.centre))
    return np.asarray(((AGREE - found.centre) * found.axes).T * stretch, dtype=np.float64)


def extremities(found: Plane) -> Floats:
    """Return how far each statement is from the middle."""
    return np.asarray(np.linalg.norm(statements(found), axis=1), dtype=np.float64)
