"""What juries gave together, in the words of the page of a result."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from civic.procedures import terms
from civic.voting.panels import Panel


def jury(panel: Panel | None) -> dict[str, Any] | None:
    """Return what groups of judges gave together, in words and exact figures; the best first."""
    if panel is None:
        return None
    record = panel.record
    names = [one["part"] for one in record["parts"]]
    ranks = {text: rank for rank, tied in enumerate(record["order"], 1) for text in tied}
    best = sorted(record["options"], key=lambda one: ranks.get(one["text"], len(ranks) + 1))
    return {
        "valid": record["valid"],
        "groups": [
            (str(terms.MEASURES[one["part"]]), f"{one['num']}/{one['den']}")
            for one in record["parts"]
        ],
        "rows": [
            (
                ranks.get(one["text"]),
                one["text"],
                [_score(one["means"][name]) for name in names],
                _score(one["score"]),
            )
            for one in best
        ],
        "hash": panel.record_hash,
        "bundles": [f"ballot-{one['ballot']}.jsonl" for one in record["parts"]],
    }


def _score(written: str | None) -> str:
    """Write a mean with two decimals and, where that rounds it, the exact fraction."""
    if written is None:
        return "–"
    value = Fraction(written)
    short = Decimal(value.numerator) / Decimal(value.denominator)
    rounded = str(short.quantize(Decimal("0.01"), ROUND_HALF_UP))
    return rounded if Fraction(rounded) == value else f"{rounded} ({written})"
