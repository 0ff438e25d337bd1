"""Figures that people read of a count, and what came of it by the procedure (pure)."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from civic.voting import kinds

PASSED, FAILED, INQUORATE, COUNTED = "passed", "failed", "inquorate", "counted"
#: The whole ballot, where no option is for or against something.
ALL = "all"


def figures(kind: str, ids: Sequence[int], votes: Sequence[tuple[Any, int]]) -> dict[str, Any]:
    """Return votes, marks, points, first places, or who agreed, by option."""
    if kind == kinds.ITEMS:
        answers: dict[str, dict[str, int]] = {
            str(one): {"agree": 0, "oppose": 0, "abstain": 0} for one in ids
        }
        for choice, weight in votes:
            for one, answer in choice.items():
                answers[one][answer] += weight
        return answers
    found = {str(one): 0 for one in ids}
    for choice, weight in votes:
        for one, value in _shares(kind, choice):
            found[one] += value * weight
    return found


def _shares(kind: str, choice: Any) -> list[tuple[str, int]]:  # noqa: ANN401 - a JSON value
    if kind == kinds.ONE:
        return [(str(choice), 1)]
    if isinstance(choice, dict):
        return list(choice.items())
    return [(str(one), 1) for one in (choice[0] if kind == kinds.RANKING else choice)]


def reached(
    rules: Mapping[str, Any],
    heads: Mapping[str, int],
    area: Mapping[str, int] | None,
    roll: Mapping[str, Any],
) -> dict[str, str] | None:
    """Return what came of each option or item; of the ballot where nothing is for or against.

    None without a procedure.
    """
    data = rules["procedure"].get("data") if rules["procedure"] else None
    if data is None:
        return None
    part = rules.get("part", "")
    sizes = {part or "heads": heads} | ({"area_cm2": area} if area is not None else {})
    everybody = {measure: roll["heads" if measure == part else measure] for measure in sizes}
    present = {measure: sum(counts.values()) for measure, counts in sizes.items()}
    quorum, bar = data.get("quorum"), data.get("pass")
    if part and quorum:
        # What is asked of the other groups is asked of their ballots.
        own = [{part: one[part]} for one in quorum.get("any", [quorum]) if part in one]
        quorum = {"any": own} if own else None
    enough = quorum is None or _met(quorum, "all", present, (present, everybody))
    threshold = bar is not None and bar.get("kind", "threshold") == "threshold"
    if rules["kind"] not in {kinds.ONE, kinds.ITEMS} or not threshold:
        return {ALL: COUNTED if enough else INQUORATE}
    if not enough:
        return {str(option["id"]): INQUORATE for option in rules["options"]}
    found = {}
    for option in rules["options"]:
        agreed = {
            measure: _agreed(rules["kind"], option["id"], counts)
            for measure, counts in sizes.items()
        }
        passed = _met(bar, "", agreed, (present, everybody))
        found[str(option["id"])] = PASSED if passed else FAILED
    return found


def _agreed(kind: str, one: int, counts: Mapping[str, int]) -> int:
    votes = [(json.loads(text), weight) for text, weight in counts.items()]
    if kind == kinds.ONE:
        return sum(weight for choice, weight in votes if choice == one)
    return sum(weight for choice, weight in votes if choice and choice[str(one)] == "agree")


def _met(
    bar: Mapping[str, Any],
    base: str,
    counts: Mapping[str, int],
    bases: tuple[Mapping[str, int], Mapping[str, int]],
) -> bool:
    present, everybody = bases
    for alternative in bar.get("any", [bar]):
        of = everybody if alternative.get("of", base) == "all" else present
        asked = {
            measure: demand
            for measure, demand in alternative.items()
            if isinstance(demand, dict) and ("num" in demand or "least" in demand)
        }
        known = asked.keys() <= counts.keys()
        if known and all(_enough(counts[name], of[name], asked[name]) for name in asked):
            return True
    return False


def _enough(count: int, base: int, demand: Mapping[str, Any]) -> bool:
    if "least" in demand:
        odd: bool = demand.get("odd", False)
        return bool(count >= demand["least"]) and (not odd or count % 2 == 1)
    have, need = count * demand["den"], base * demand["num"]
    return base > 0 and bool(have >= need if demand["op"] == "ge" else have > need)
