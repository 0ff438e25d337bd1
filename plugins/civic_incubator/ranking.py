"""Rank applications by what reviewers gave: exact fractions, nothing rounded (pure).

A reviewer's score of an application is the weighted mean of the marks, in hundredths of full marks;
a criterion marked as not applicable is left out together with its weight. The score of a side is
the mean over its reviewers, and the whole is the mean of both sides by their weights; a side that
gave nothing is left out together with its weight. Ties are broken by the experts' score, then by
the residents', then the application that came in first stands first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

EXPERT, RESIDENT = "expert", "resident"
SIDES = (EXPERT, RESIDENT)
FULL = 100
Marks = Mapping[str, int | None]


@dataclass(frozen=True)
class Rules:
    """Fix how marks become scores.

    :ivar weights: of the criteria.
    :ivar most: what full marks are.
    :ivar sides: weights of experts and of residents.
    """

    weights: Mapping[str, int]
    most: int
    sides: Mapping[str, int]


@dataclass(frozen=True)
class Entry:
    """Be an application with all marks that it was given: by side, one map for each reviewer.

    :ivar number: in the order in which they came in.
    """

    number: int
    marks: Mapping[str, Sequence[Marks]]


@dataclass(frozen=True)
class Ranked:
    """Be an application in its place.

    :ivar total: 0 to 100; nothing where nobody scored it, and then it has no rank.
    :ivar sides: the score of each side, or nothing.
    :ivar counts: how many scored it on each side.
    """

    number: int
    rank: int | None
    total: Fraction | None
    sides: Mapping[str, Fraction | None]
    counts: Mapping[str, int]


def score(marks: Marks, rules: Rules) -> Fraction | None:
    """Return what one reviewer gave, 0 to 100; nothing where no criterion applies."""
    given = {code: mark for code, mark in marks.items() if mark is not None}
    weight = sum(rules.weights[code] for code in given)
    if not weight:
        return None
    points = sum(rules.weights[code] * mark for code, mark in given.items())
    return Fraction(points * FULL, weight * rules.most)


def mean(values: Sequence[Fraction]) -> Fraction | None:
    """Return the mean of some values, or nothing where there are none."""
    return sum(values, Fraction()) / len(values) if values else None


def combined(sides: Mapping[str, Fraction | None], weights: Mapping[str, int]) -> Fraction | None:
    """Return the mean of both sides by their weights."""
    given = {side: value for side, value in sides.items() if value is not None}
    weight = sum(weights[side] for side in given)
    if not weight:
        return None
    return sum((weights[side] * value for side, value in given.items()), Fraction()) / weight


def _key(row: Ranked) -> tuple[bool, Fraction, Fraction, Fraction, int]:
    """Return what rows are sorted by: what is missing stands behind what is there."""
    none = Fraction(-1)
    values = (row.total, row.sides[EXPERT], row.sides[RESIDENT])
    total, expert, resident = (none if value is None else value for value in values)
    return row.total is None, -total, -expert, -resident, row.number


def rank(entries: Sequence[Entry], rules: Rules) -> list[Ranked]:
    """Return the applications in their order; those that nobody scored stand last, unranked."""
    found = []
    for entry in entries:
        scores = {
            side: [
                value
                for marks in entry.marks.get(side, ())
                if (value := score(marks, rules)) is not None
            ]
            for side in SIDES
        }
        sides = {side: mean(values) for side, values in scores.items()}
        counts = {side: len(values) for side, values in scores.items()}
        found.append(Ranked(entry.number, None, combined(sides, rules.sides), sides, counts))
    found.sort(key=_key)
    return [
        Ranked(
            row.number,
            None if row.total is None else place,
            row.total,
            row.sides,
            row.counts,
        )
        for place, row in enumerate(found, 1)
    ]


def shown(value: Fraction | None, digits: int = 2) -> str:
    """Return a score as pages show it, rounded half up; the order never rests on it."""
    if value is None:
        return "–"
    scale = 10**digits
    whole = (2 * value * scale + 1) // 2
    return f"{whole // scale}.{whole % scale:0{digits}}"
