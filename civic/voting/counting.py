"""Count what lies in a box by the rules of its ballot, as the closing record says it (pure).

`civic/data/verify.py` counts again without any of this code; a test lets them meet on many ballots.
"""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from civic.voting import canonical, kinds, methods
from civic.voting.counted import figures, reached

#: How a choice is called where ballots are counted.
CONTENTS = {kinds.ONE: "single"}


def count(
    rules: Mapping[str, Any],
    heads: Mapping[str, int],
    area: Mapping[str, int] | None,
    head: str,
    roll: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the result of a ballot.

    :param heads: how many chose what, by the choice in canonical JSON.
    :param area: the same in square centimetres, where that is a measure.
    :param head: of the chain of receipts, from which lots are drawn.
    :param roll: figures of the roll, for quorum and share.
    """
    ids = [option["id"] for option in rules["options"]]
    chosen = [(json.loads(text), weight) for text, weight in sorted(heads.items())]
    chosen = [one for one in chosen if one[0] is not None]
    cast = sum(heads.values())
    shown = figures(rules["kind"], ids, chosen)
    winners, elected = _elect(rules, ids, chosen, shown, (cast, head))
    result: dict[str, Any] = {
        "method": rules["method"],
        "seats": rules["seats"],
        "cast": cast,
        "abstained": heads.get("null", 0),
        "figures": shown,
        "winners": winners,
        "elected": elected,
        "outcome": reached(rules, heads, area, roll),
    }
    if area is not None:
        sized = [(json.loads(text), size) for text, size in sorted(area.items())]
        sized = [one for one in sized if one[0] is not None]
        result["area_cm2"] = figures(rules["kind"], ids, sized)
    return result


Ids = list[int]


def _elect(
    rules: Mapping[str, Any],
    ids: Ids,
    votes: Sequence[tuple[Any, int]],
    shown: Mapping[str, Any],
    drawn: tuple[int, str],
) -> tuple[list[Ids] | None, Ids | None]:
    """Return every tied outcome, none where they are too many, and the one that stands."""
    cast, head = drawn
    if rules["kind"] == kinds.ITEMS:
        more = [one for one in ids if shown[str(one)]["agree"] > shown[str(one)]["oppose"]]
        return [more], more
    content = CONTENTS.get(rules["kind"], rules["kind"])
    ballots = [(_named(rules["kind"], choice), weight) for choice, weight in votes]
    blank = cast - sum(weight for _choice, weight in votes)
    if blank:
        ballots.append((None, blank))
    completion = "exhaustive" if rules["method"] == "equal-shares" else "none"
    found = methods.count(
        rules["method"],
        content,
        _paper(rules, ids),
        ballots,
        seats=rules["seats"],
        tie_rule=_tie_rule(rules, head),
        completion=completion,
    )
    winners = [[int(one) for one in outcome] for outcome in found.winners]
    elected = None if found.elected is None else [int(one) for one in found.elected]
    return (winners if found.complete else None), elected


def _tie_rule(rules: Mapping[str, Any], head: str) -> methods.TieRule:
    if rules["tie"] == kinds.LOT:
        seed = canonical.fingerprint(rules) + head
        return methods.TieRule("lot", sha256(seed.encode()).digest())
    return methods.PAPER_ORDER if rules["tie"] == kinds.PAPER_ORDER else methods.SHOW_ALL


def _paper(rules: Mapping[str, Any], ids: Ids) -> methods.Paper:
    limits = rules["limits"]
    costs: tuple[methods.Number, ...] = ()
    if rules["kind"] == kinds.BUDGET:
        costs = tuple(option["cost"] for option in rules["options"])
    return methods.Paper(
        tuple(str(one) for one in ids),
        lowest=limits.get("low", 0),
        costs=costs,
        budget=limits.get("total", 0),
    )


def _named(kind: str, choice: Any) -> Any:  # noqa: ANN401 - JSON values
    if kind == kinds.ONE:
        return str(choice)
    if kind == kinds.RANKING:
        return [[str(one) for one in tier] for tier in choice]
    return choice if isinstance(choice, dict) else [str(one) for one in choice]
