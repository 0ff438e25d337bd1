"""Draw people on the map of opinions as shapes of their groups (pure)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

#: Units of the drawing for each field, and around all of it.
FIELD, EDGE = 22, 30
#: Half the width of the mark of one person, and of the largest one.
SMALL, LARGE = 7.0, 13.0
#: Shapes by which groups differ besides their letter and colour.
SHAPES = ("circle", "square", "triangle", "diamond", "cross")


@dataclass(frozen=True)
class Drawn:
    """Be one group on the drawing.

    :ivar path: all its marks, as the data of one path.
    :ivar x: where its letter stands; likewise `y`.
    """

    label: str
    shape: str
    path: str
    x: int
    y: int


def shapes(labels: Iterable[str]) -> dict[str, str]:
    """Give each group a shape of its own, the same as long as the letters are."""
    found: dict[str, str] = {}
    for label in sorted(labels):
        wanted = (ord(label[0]) - ord("A")) % len(SHAPES)
        turns = (SHAPES[(wanted + step) % len(SHAPES)] for step in range(len(SHAPES)))
        found[label] = next(
            (shape for shape in turns if shape not in found.values()), SHAPES[wanted]
        )
    return found


def mark(shape: str, x: float, y: float, half: float = SMALL) -> str:
    """Return the outline of a mark around a point."""
    r, d = _number(half), _number(2 * half)
    left, top, right, bottom = (
        _number(value) for value in (x - half, y - half, x + half, y + half)
    )
    if shape == "square":
        return f"M{left} {top}h{d}v{d}h-{d}z"
    if shape == "triangle":
        return f"M{_number(x)} {top}L{right} {bottom}H{left}z"
    if shape == "diamond":
        return f"M{_number(x)} {top}l{r} {r}l-{r} {r}l-{r} -{r}z"
    if shape == "cross":
        third = _number(2 * half / 3)
        start = _number(x - half / 3)
        return (
            f"M{start} {top}h{third}v{third}h{third}v{third}h-{third}v{third}"
            f"h-{third}v-{third}h-{third}v-{third}h{third}z"
        )
    return f"M{left} {_number(y)}a{r} {r} 0 1 0 {d} 0a{r} {r} 0 1 0 -{d} 0z"


def point(column: int, row: int) -> tuple[int, int]:
    """Return where a field is on the drawing."""
    return EDGE + column * FIELD, EDGE + row * FIELD


def drawing(dots: Sequence[tuple[str, int, int, int]]) -> tuple[list[Drawn], int, int]:
    """Draw all people.

    :param dots: letter of the group, field from the left and from the top, people there.
    :returns: each group, and width and height of the drawing.
    """
    labels = shapes({dot[0] for dot in dots})
    most = max((dot[3] for dot in dots), default=1)
    found = []
    for label, shape in labels.items():
        own = [dot for dot in dots if dot[0] == label]
        marks = [mark(shape, *point(dot[1], dot[2]), _half(dot[3], most)) for dot in own]
        people = sum(dot[3] for dot in own)
        x, y = (
            round(sum(point(dot[1], dot[2])[axis] * dot[3] for dot in own) / people)
            for axis in (0, 1)
        )
        found.append(Drawn(label, shape, "".join(marks), x, y))
    columns = max((dot[1] for dot in dots), default=0)
    rows = max((dot[2] for dot in dots), default=0)
    right, bottom = point(columns, rows)
    return found, right + EDGE, bottom + EDGE


def cropped(
    dots: Iterable[Sequence[Any]],
) -> tuple[list[tuple[str, int, int, int]], int, int]:
    """Move the dots to the corner, where fields at the edge are empty.

    :returns: the dots, and by how many columns and rows they were moved.
    """
    rows = [(str(dot[0]), int(dot[1]), int(dot[2]), int(dot[3])) for dot in dots]
    left = min((dot[1] for dot in rows), default=0)
    top = min((dot[2] for dot in rows), default=0)
    return [(label, x - left, y - top, number) for label, x, y, number in rows], left, top


def _half(people: int, most: int) -> float:
    if most <= 1:
        return SMALL
    return SMALL + (LARGE - SMALL) * (sqrt(people) - 1) / (sqrt(most) - 1 or 1)


def _number(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
