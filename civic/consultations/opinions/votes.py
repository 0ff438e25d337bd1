"""Hold answers as a matrix of people and statements, in an order of its own (pure)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Id: TypeAlias = int | str
Floats: TypeAlias = NDArray[np.float64]
Whole: TypeAlias = NDArray[np.int64]

AGREE, PASS, DISAGREE = 1, 0, -1
#: Answers from which somebody is on the map, where there are that many statements.
ENOUGH = 7
#: People that are filled up to with the most active ones.
FILL = 15
MOST_PEOPLE, MOST_STATEMENTS = 100_000, 10_000
#: Cells of the matrix, 8 bytes each; some five such matrices are held at once.
MOST_CELLS = 25_000_000


class TooLargeError(ValueError):
    """Say that there are more answers than are computed here."""


def order(name: Id) -> tuple[int, int, str]:
    """Return what ids are sorted by: numbers by size, before words."""
    if isinstance(name, int):
        return 0, name, ""
    return 1, 0, name


@dataclass(frozen=True)
class Votes:
    """Hold the latest answer of each person to each statement.

    :ivar matrix: a row for each person, a column for each statement; 1 agrees, 0 passes, -1
        disagrees, and what was not seen is not a number.
    """

    people: tuple[Id, ...]
    statements: tuple[Id, ...]
    matrix: Floats

    def only(self, people: Sequence[Id]) -> "Votes":
        """Return the answers of some people alone, given in order."""
        rows = {name: row for row, name in enumerate(self.people)}
        return Votes(
            tuple(people), self.statements, self.matrix[[rows[name] for name in people], :]
        )


def gather(answers: Iterable[tuple[Id, Id, int]], statements: Iterable[Id]) -> Votes:
    """Make the matrix of answers (person, statement, choice) to the given statements.

    Answers to other statements are left out, and so is whoever gave no others; neither the order of
    answers nor that of statements makes a difference.

    :param answers: one for each person and statement.
    :raises ValueError: for a second answer of somebody to a statement, or one that is none.
    :raises TooLargeError: where it would not fit.
    """
    columns = {name: column for column, name in enumerate(sorted(set(statements), key=order))}
    kept = [answer for answer in answers if answer[1] in columns]
    people = sorted({answer[0] for answer in kept}, key=order)
    size = (len(people), len(columns))
    if size[0] > MOST_PEOPLE or size[1] > MOST_STATEMENTS or size[0] * size[1] > MOST_CELLS:
        message = f"{size[0]} people and {size[1]} statements are too many for a map"
        raise TooLargeError(message)
    rows = {name: row for row, name in enumerate(people)}
    matrix = np.full(size, np.nan)
    for person, statement, choice in kept:
        if choice not in {AGREE, PASS, DISAGREE}:
            message = f"{choice} is no answer"
            raise ValueError(message)
        place = rows[person], columns[statement]
        if not np.isnan(matrix[place]):
            message = f"{person} has two answers to statement {statement}"
            raise ValueError(message)
        matrix[place] = choice
    return Votes(tuple(people), tuple(columns), matrix)


def taken_in(votes: Votes, before: Iterable[Id] = ()) -> tuple[Id, ...]:
    """Return who is on the map: who answered enough, and who was on it before.

    :param before: who was on it; who is once, stays, as long as an answer of theirs is there.
    """
    answered = (~np.isnan(votes.matrix)).sum(axis=1)
    counts = dict(zip(votes.people, answered.tolist(), strict=True))
    earlier = set(before)
    needed = min(ENOUGH, len(votes.statements))
    found = {name for name, count in counts.items() if count >= needed or name in earlier}
    if len(found) < FILL:
        rest = [name for name in counts if name not in found]
        rest.sort(key=lambda name: (-counts[name], order(name)))
        found.update(rest[: FILL - len(found)])
    return tuple(name for name in votes.people if name in found)
