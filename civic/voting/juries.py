"""Weigh the scores of groups of judges that score apart from each other, exactly (pure).

`civic/data/verify.py` weighs them again without any of this code.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

FORM = 1


@dataclass(frozen=True)
class Part:
    """Be what one group scored.

    :ivar rules: of its ballot.
    :ivar heads: how many chose what, by the choice in canonical JSON.
    :ivar closing: its closing record; `closing_hash` is over it.
    """

    rules: Mapping[str, Any]
    heads: Mapping[str, int]
    closing: Mapping[str, Any]
    closing_hash: str


def combine(parts: Sequence[Part]) -> dict[str, Any]:
    """Return the record of what groups of judges gave together.

    Each group gives an option the mean of its scores; who gave an option none is left out of its
    mean, as is who abstained. The means are weighted as the procedure says. An option to which a
    group gave no score at all has no place in the order.

    :raises ValueError: where these are not the groups of one procedure with one list of options.
    """
    data = parts[0].rules["procedure"]["data"]
    weights = data["pass"]["weights"]
    texts = [option["text"] for option in parts[0].rules["options"]]
    for part in parts:
        if part.rules["procedure"]["data"] != data:
            message = "the groups scored by different procedures"
            raise ValueError(message)
        if [option["text"] for option in part.rules["options"]] != texts:
            message = "the groups scored different options"
            raise ValueError(message)
    named = {part.rules["part"]: part for part in parts}
    if len(parts) != len(weights) or named.keys() != {one["measure"] for one in weights}:
        message = "a group of the procedure is missing or was added"
        raise ValueError(message)
    means = {name: _means(part) for name, part in named.items()}
    scores: dict[int, Fraction] = {}
    for place in range(len(texts)):
        found = [(one, means[one["measure"]][place]) for one in weights]
        given = [Fraction(one["num"], one["den"]) * mean for one, mean in found if mean is not None]
        if len(given) == len(weights):
            scores[place] = sum(given, Fraction(0))
    return {
        "form": FORM,
        "procedure": data["id"],
        "parts": [
            {
                "part": one["measure"],
                "num": one["num"],
                "den": one["den"],
                "ballot": named[one["measure"]].rules["ballot"],
                "closing": named[one["measure"]].closing_hash,
            }
            for one in weights
        ],
        "valid": all(part.closing["result"]["outcome"] == {"all": "counted"} for part in parts),
        "options": [
            {
                "text": words,
                "means": {name: _text(found[place]) for name, found in means.items()},
                "score": _text(scores.get(place)),
            }
            for place, words in enumerate(texts)
        ],
        "order": [
            [texts[place] for place, score in scores.items() if score == value]
            for value in sorted(set(scores.values()), reverse=True)
        ],
    }


def _means(part: Part) -> list[Fraction | None]:
    """Return by place the mean of the scores that an option was given; none where it got none."""
    sums: dict[str, int] = {}
    counts: dict[str, int] = {}
    for text, times in part.heads.items():
        for number, value in (json.loads(text) or {}).items():
            sums[number] = sums.get(number, 0) + value * times
            counts[number] = counts.get(number, 0) + times
    numbers = [str(option["id"]) for option in part.rules["options"]]
    return [Fraction(sums[one], counts[one]) if counts.get(one) else None for one in numbers]


def _text(value: Fraction | None) -> str | None:
    """Write a number exactly: as a whole one, or as a/b."""
    return None if value is None else str(value)
