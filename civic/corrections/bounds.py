"""Tell whether an error of the roll could change what a vote decided (pure).

Of a secret vote nobody knows which choice came from a right that should not have been, nor how
those would have chosen who were left out. A verdict stands only where it is the same for every way
in which they could have. Where that cannot be reckoned exactly, nothing is claimed.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from civic.voting import canonical, counting, kinds
from civic.voting.counted import reached

#: Nobody may learn that a verdict stands where it is not reckoned.
STANDS, CHANGES, UNKNOWN = "stands", "changes", "unknown"


@dataclass(frozen=True, kw_only=True)
class Errors:
    """Be what was wrong with a roll, in numbers.

    :ivar admitted: rights that should not have been on it.
    :ivar used: of these, how many were used; it is not known how.
    :ivar known: what was chosen with the others of these, in canonical JSON, where a vote is named.
    :ivar excluded: rights that were left out.
    """

    admitted: int = 0
    used: int = 0
    known: tuple[str, ...] = ()
    excluded: int = 0


def verdict(
    rules: Mapping[str, Any],
    heads: Mapping[str, int],
    head: str,
    roll: Mapping[str, Any],
    errors: Errors,
) -> str:
    """Return whether a verdict stands whatever those chose; of votes counted by heads alone.

    :param heads: how many chose what, by the choice in canonical JSON.
    """
    if "area_cm2" in rules["roll"]["measures"]:
        return UNKNOWN
    before = counting.count(rules, heads, None, head, roll)
    left = dict(heads)
    for choice in errors.known:
        left[choice] = left.get(choice, 0) - 1
    if any(count < 0 for count in left.values()):
        return UNKNOWN
    left = {choice: count for choice, count in left.items() if count}
    base = roll["heads"] - errors.admitted + errors.excluded
    total = {**roll, "heads": base}
    if not errors.used:
        # That nobody who was left out would have come is one of the ways.
        after = counting.count(rules, left, None, head, total)
        if (after["outcome"], after["winners"]) != (before["outcome"], before["winners"]):
            return CHANGES
        if not errors.excluded:
            return STANDS
    if rules["kind"] not in {kinds.ONE, kinds.ITEMS} or rules["seats"] != 1:
        return UNKNOWN
    same = _bars(rules, left, total, errors, before["outcome"])
    same = same and _leads(rules, left, errors, before["winners"])
    return STANDS if same else CHANGES


def _agreed(rules: Mapping[str, Any], heads: Mapping[str, int]) -> dict[int, tuple[int, int]]:
    """Return for each option how many chose it, and how many opposed it."""
    found = {}
    kind = rules["kind"]
    for option in rules["options"]:
        one = option["id"]
        if kind == kinds.ONE:
            found[one] = (heads.get(str(one), 0), 0)
            continue
        answers = [(json.loads(text), count) for text, count in heads.items()]
        votes = [(choice[str(one)], count) for choice, count in answers if choice]
        found[one] = (
            sum(count for answer, count in votes if answer == "agree"),
            sum(count for answer, count in votes if answer == "oppose"),
        )
    return found


def _bars(
    rules: Mapping[str, Any],
    heads: Mapping[str, int],
    roll: Mapping[str, Any],
    errors: Errors,
    outcome: Mapping[str, str] | None,
) -> bool:
    """Tell whether each option meets its bar, or misses it, as before."""
    if outcome is None:
        return True
    cast = sum(heads.values())
    for one, (agreed, _opposed) in _agreed(rules, heads).items():
        fewest = agreed - min(errors.used, agreed)
        most = agreed - max(0, errors.used - (cast - agreed))
        for came in range(errors.excluded + 1):
            present = cast - errors.used + came
            # With more who agree a bar is met sooner: what holds at both ends holds between.
            for count in (fewest, most + came):
                found = reached(rules, _votes(rules, one, count, present), None, roll)
                key = str(one) if str(one) in outcome else "all"
                if found is None or found[key] != outcome[key]:
                    return False
    return True


def _votes(rules: Mapping[str, Any], one: int, count: int, present: int) -> dict[str, int]:
    if rules["kind"] == kinds.ONE:
        return {str(one): count, "null": present - count}
    every = [option["id"] for option in rules["options"]]
    return {
        canonical.text({str(option): "agree" for option in every}): count,
        canonical.text({str(option): "oppose" for option in every}): present - count,
    }


def _leads(
    rules: Mapping[str, Any],
    heads: Mapping[str, int],
    errors: Errors,
    winners: list[list[int]] | None,
) -> bool:
    """Tell whether those who lead do so whatever is taken away and added."""
    cast, counts = sum(heads.values()), _agreed(rules, heads)
    if rules["kind"] == kinds.ITEMS:
        leading = set(winners[0]) if winners else set()
        return all(
            _lead(agreed, opposed, cast, errors) > 0
            if one in leading
            else _lead(opposed, agreed, cast, errors) >= 0
            for one, (agreed, opposed) in counts.items()
        )
    if not winners or len(winners) != 1 or len(winners[0]) != 1:
        return False
    [first] = winners[0]
    return all(
        _lead(counts[first][0], count, cast, errors) > 0
        for one, (count, _none) in counts.items()
        if one != first
    )


def _lead(ours: int, theirs: int, cast: int, errors: Errors) -> int:
    """Return the smallest lead of one side over another."""
    neither = cast - ours - theirs
    lost = min(errors.used, ours)
    forced = max(0, errors.used - ours - neither)
    return ours - lost - (theirs - forced) - errors.excluded
