"""Measure how long a map of opinions takes: `python -m benchmarks.opinions`.

The baseline is one singular value decomposition of the same matrix with its gaps filled, in the
same run; both are processor seconds, the shortest of some rounds.
"""

import argparse
import time
from collections.abc import Callable

import numpy as np

from civic.consultations.opinions.analysis import analyse
from civic.consultations.opinions.votes import Votes, gather

ROUNDS = 5
SIZES = ((500, 100), (2_000, 200), (10_000, 200), (2_000, 2_000))


def town(people: int, statements: int) -> Votes:
    """Return invented answers of three camps; each person saw three of five statements."""
    chance = np.random.default_rng(7)
    leaning = chance.normal(size=(3, statements))[chance.integers(3, size=people)]
    drawn = leaning + chance.normal(scale=1.2, size=leaning.shape)
    choices = np.where(np.abs(drawn) < 0.3, 0, np.sign(drawn)).astype(int)
    seen = chance.random(choices.shape) < 0.6
    answers = [
        (int(row), int(column), int(choices[row, column])) for row, column in np.argwhere(seen)
    ]
    return gather(answers, range(statements))


def shortest(work: Callable[[], object]) -> float:
    """Return the least processor seconds of some rounds."""
    found = []
    for _ in range(ROUNDS):
        before = time.process_time()
        work()
        found.append(time.process_time() - before)
    return min(found)


def main() -> None:
    """Measure and print."""
    argparse.ArgumentParser(prog="python -m benchmarks.opinions", description=__doc__).parse_args()
    print("| people × statements | one SVD | map | ratio |")
    print("|---|---|---|---|")
    for people, statements in SIZES:
        votes = town(people, statements)
        filled = np.nan_to_num(votes.matrix)
        base = shortest(lambda filled=filled: np.linalg.svd(filled, full_matrices=False))
        taken = shortest(lambda votes=votes: analyse(votes, seed=1))
        size = f"{people:,} × {statements:,}"
        print(f"| {size} | {base:.3f} s | {taken:.3f} s | {taken / base:.2f} |", flush=True)


if __name__ == "__main__":
    main()
