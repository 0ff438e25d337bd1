"""A verdict stands exactly where no way of voting of those concerned could change it."""

from collections import Counter
from itertools import combinations_with_replacement
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civic.corrections.bounds import CHANGES, STANDS, UNKNOWN, Errors, verdict
from civic.voting import canonical, counting

PASS = {"of": "participating", "heads": {"op": "gt", "num": 1, "den": 2}}
QUORUM = {"heads": {"op": "ge", "num": 2, "den": 3}}


def rules(kind: str, options: int, **data: Any) -> dict[str, Any]:
    method = "items" if kind == "items" else "plurality"
    return {
        "kind": kind,
        "method": method,
        "seats": 1,
        "tie": "show_all",
        "limits": {},
        "options": [{"id": one, "text": str(one), "cost": 0} for one in range(1, options + 1)],
        "roll": {"measures": ["heads"]},
        "procedure": {"data": data} if data else {},
    }


def choices(kind: str, options: int) -> list[str]:
    if kind == "one":
        return [*(str(one) for one in range(1, options + 1)), "null"]
    return [canonical.text({"1": answer}) for answer in ("agree", "oppose", "abstain")]


def every_way(
    ruled: dict[str, Any], heads: dict[str, int], base: int, errors: Errors, known: list[str]
) -> set[str]:
    """Count each way in which the votes concerned could have been cast."""
    found = set()
    total = {"heads": base - errors.admitted + errors.excluded}
    for gone in combinations_with_replacement(known, errors.used):
        left = Counter(heads)
        left.subtract(gone)
        if min(left.values(), default=0) < 0:
            continue
        for came in range(errors.excluded + 1):
            for votes in combinations_with_replacement(known, came):
                cast = {key: count for key, count in (left + Counter(votes)).items() if count}
                result = counting.count(ruled, cast, None, "", total)
                found.add(canonical.text([result["outcome"], result["winners"]]))
    return found


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["one", "items"]),
    st.lists(st.integers(0, 6), min_size=3, max_size=3),
    st.integers(0, 2),
    st.integers(0, 2),
    st.integers(0, 4),
    st.booleans(),
)
def test_it_is_as_counting_every_way_says(
    kind: str, numbers: list[int], used: int, excluded: int, silent: int, ruled_: bool
) -> None:
    known = choices(kind, 2 if kind == "one" else 1)
    heads = {key: count for key, count in zip(known, numbers, strict=True) if count}
    used = min(used, sum(heads.values()))
    base = sum(heads.values()) + silent
    data = {"quorum": QUORUM, "pass": PASS} if ruled_ else {}
    ruled = rules(kind, 2 if kind == "one" else 1, **data)
    errors = Errors(admitted=used, used=used, excluded=excluded)
    roll = {"heads": base}
    before = counting.count(ruled, heads, None, "", roll)
    ways = every_way(ruled, heads, base, errors, known)
    same = ways == {canonical.text([before["outcome"], before["winners"]])}
    found = verdict(ruled, heads, "", roll, errors)
    assert found in {STANDS, CHANGES}
    if found == STANDS:
        assert same
    elif kind == "items" or (before["winners"] and len(before["winners"]) == 1):
        assert not same


def test_of_a_named_vote_it_is_known_what_is_taken_away() -> None:
    heads = {"1": 5, "2": 4}
    roll = {"heads": 12}
    of_second = Errors(admitted=1, known=("2",))
    of_first = Errors(admitted=2, known=("1", "1"))
    assert verdict(rules("one", 2), heads, "", roll, of_second) == STANDS
    assert verdict(rules("one", 2), heads, "", roll, of_first) == CHANGES
    assert verdict(rules("one", 2), heads, "", roll, Errors(admitted=1, known=("9",))) == UNKNOWN


@pytest.mark.parametrize(
    "change", [{"kind": "approval", "method": "approval"}, {"roll": {"measures": ["area_cm2"]}}]
)
def test_what_cannot_be_reckoned_is_not_claimed(change: dict[str, Any]) -> None:
    heads = {"[1]": 3} if "kind" in change else {"1": 3}
    ruled = rules("one", 2) | change
    assert verdict(ruled, heads, "", {"heads": 9}, Errors(admitted=1, used=1)) == UNKNOWN
