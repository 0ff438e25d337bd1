"""Compute the ranking of a call again from its file, with nothing but Python.

    python recompute.py call.json

It prints one line for each application: its rank, its number, and its score as an exact fraction.
Nothing is imported of the site, so that whoever doubts the page needs to trust this file alone.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from fractions import Fraction
from pathlib import Path


def scored(
    marks: Mapping[str, int | None], criteria: Mapping[str, int], most: int
) -> Fraction | None:
    """Return what one reviewer gave; a mark of null does not count, and neither does its weight."""
    given = [(criteria[code], mark) for code, mark in marks.items() if mark is not None]
    whole = sum(weight for weight, _ in given)
    if whole == 0:
        return None
    return Fraction(100 * sum(weight * mark for weight, mark in given), whole * most)


def average(values: Iterable[Fraction | None]) -> Fraction | None:
    """Return the mean of what is there."""
    there = [value for value in values if value is not None]
    return sum(there, Fraction(0)) / len(there) if there else None


def main(path: str) -> None:
    """Print the ranking."""
    call = json.loads(Path(path).read_text("utf-8"))
    criteria = {row["code"]: row["weight"] for row in call["criteria"]}
    rows = []
    for application in call["applications"]:
        sides = {
            side: average(
                scored(review["marks"], criteria, call["most"])
                for review in application["reviews"]
                if review["side"] == side
            )
            for side in call["sides"]
        }
        there = [(call["sides"][side], value) for side, value in sides.items() if value is not None]
        weight = sum(share for share, _ in there)
        total = (
            sum((share * value for share, value in there), Fraction(0)) / weight if weight else None
        )
        low = [
            Fraction(-1) if value is None else value
            for value in (total, sides["expert"], sides["resident"])
        ]
        key = (total is None, *(-value for value in low), application["number"])
        rows.append((key, application["number"], total))
    for place, (_, number, total) in enumerate(sorted(rows), 1):
        rank = "-" if total is None else place
        sys.stdout.write(f"{rank} {number} {'-' if total is None else total}\n")


if __name__ == "__main__":
    main(sys.argv[1])
