"""The program for strangers and the site count alike: random ballots by every method, ties too."""

import json
import random
from typing import Any

import pytest

from civic.voting import kinds
from civic.voting.counting import count
from civic.voting.verifying import program

IDS = [31, 7, 12, 40]
SINGLE = {"irv", "greedy", "equal-shares", "items"}


def rules_of(method: str, tie: str, chance: random.Random) -> dict[str, Any]:
    kind = next(name for name, kind in kinds.KINDS.items() if method in kind.methods)
    costs = [chance.choice([0, 10, 20, 25, 30]) for _ in IDS]
    limits = kinds.KINDS[kind].limits | ({"total": 50} if kind == "budget" else {})
    if kind == "score" and chance.random() < 0.3:
        limits = limits | {"low": -2}
    return {
        "kind": kind,
        "method": method,
        "tie": tie,
        "seats": 1 if method in SINGLE else chance.randint(1, 3),
        "options": [
            {"id": one, "text": str(one), "cost": cost}
            for one, cost in zip(IDS, costs, strict=True)
        ],
        "limits": limits,
        "procedure": {},
    }


def choice_of(rules: dict[str, Any], chance: random.Random) -> Any:
    if chance.random() < 0.1:
        return None
    some = sorted(chance.sample(IDS, chance.randint(1, len(IDS))), key=IDS.index)
    kind, low = rules["kind"], rules["limits"].get("low", 0)
    values = {
        "items": lambda: chance.choice(["agree", "oppose", "abstain"]),
        "score": lambda: chance.randint(low, 3),
        "dots": lambda: chance.choice([0, 1, 2]),
    }
    if kind in values:
        return {str(one): values[kind]() for one in IDS}
    if kind == "ranking":
        ranks: dict[int, list[int]] = {}
        for one in some:
            ranks.setdefault(chance.randint(1, 3), []).append(one)
        return [sorted(ranks[rank], key=IDS.index) for rank in sorted(ranks)]
    return some[0] if kind == "one" else some


@pytest.mark.parametrize("tie", list(kinds.TIES))
@pytest.mark.parametrize("method", kinds.METHODS)
def test_both_count_alike(method: str, tie: str) -> None:
    chance = random.Random(method + tie)
    roll = {"rights": 100, "used": 10, "heads": 100, "area_cm2": None}
    for _ in range(60):
        rules = rules_of(method, tie, chance)
        heads: dict[str, int] = {}
        for _ in range(chance.choice([0, 1, 2, 3, 5, 9])):
            text = program().canonical(choice_of(rules, chance))
            heads[text] = heads.get(text, 0) + chance.choice([1, 1, 2])
        ours = count(rules, heads, None, "f" * 64, roll)
        theirs = program().recount(rules, heads, None, "f" * 64, roll)
        assert theirs == ours, (rules, heads)


HEADS, AREA = 90, 90_000_000
RULE = {
    "quorum": {
        "of": "all",
        "heads": {"op": "ge", "num": 2, "den": 3},
        "area_cm2": {"op": "ge", "num": 2, "den": 3},
    },
}
SPECIAL = {
    "of": "participating",
    "heads": {"op": "ge", "num": 3, "den": 4},
    "area_cm2": {"op": "ge", "num": 3, "den": 4},
}
GENERAL = {
    "of": "participating",
    "heads": {"op": "gt", "num": 1, "den": 2},
    "area_cm2": {"op": "gt", "num": 1, "den": 2},
}


@pytest.mark.parametrize(
    ("bar", "took_part", "agreed", "outcome"),
    [
        (SPECIAL, (60, 60_000_000), (45, 45_000_000), "passed"),
        (SPECIAL, (60, 60_000_000), (44, 59_000_000), "failed"),
        (GENERAL, (60, 60_000_000), (30, 40_000_000), "failed"),
        (GENERAL, (60, 60_000_000), (31, 30_010_000), "passed"),
        (GENERAL, (80, 59_999_900), (80, 59_999_900), "inquorate"),
    ],
)
def test_the_vectors_of_owners(bar, took_part, agreed, outcome) -> None:
    """domain.md §3.9: 90 heads, 9,000 m²."""
    rules = rules_of("items", "show-all", random.Random(1))
    rules["options"] = rules["options"][:1]
    rules["procedure"] = {"data": RULE | {"pass": bar}}
    yes, no = (json.dumps({"31": answer}, separators=(",", ":")) for answer in ("agree", "oppose"))
    heads = {yes: agreed[0], no: took_part[0] - agreed[0]}
    area = {yes: agreed[1], no: took_part[1] - agreed[1]}
    roll = {"rights": HEADS, "used": took_part[0], "heads": HEADS, "area_cm2": AREA}
    for counting in (count, program().recount):
        assert counting(rules, heads, area, "0" * 64, roll)["outcome"] == {"31": outcome}
