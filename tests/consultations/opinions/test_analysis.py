"""Whole analyses: a real export as published, shuffled, again, and what must always hold."""

import csv
import json
import random
from collections import Counter
from collections.abc import Sequence
from math import comb
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import civic
from civic.consultations import polis
from civic.consultations.opinions import analysis
from civic.consultations.opinions.groups import smallest
from civic.consultations.opinions.votes import Id, gather

UBER = Path(civic.__file__).parent / "data" / "polis" / "vtaiwan-uberx"
Answer = tuple[Id, Id, int]


def rand_index(one: Sequence[object], other: Sequence[object]) -> float:
    """Return the adjusted Rand index of two labellings of the same people."""

    def pairs(labels: Sequence[object]) -> int:
        return sum(comb(count, 2) for count in Counter(labels).values())

    both, ours, theirs = pairs(list(zip(one, other, strict=True))), pairs(one), pairs(other)
    expected = ours * theirs / comb(len(one), 2)
    return (both - expected) / ((ours + theirs) / 2 - expected)


def test_the_index_itself():
    assert rand_index("aabb", "xxyy") == 1
    # 1 pair together in both, 2 and 3 in each: (1 − 6/6) / (2.5 − 6/6)
    assert rand_index("aabb", "xxxy") == 0


@pytest.fixture(scope="module")
def uber() -> tuple[list[Answer], list[int]]:
    """Return the answers and the statements that are shown."""
    export = polis.read(UBER)
    answers: list[Answer] = [(int(v.voter), int(v.statement), v.choice) for v in export.votes]
    return answers, [int(item.id) for item in export.statements if not item.hidden]


def test_two_groups_as_published(uber: tuple[list[Answer], list[int]]):
    found = analysis.analyse(gather(*uber), seed=1)
    with (UBER / "participants-votes.csv").open(encoding="utf-8") as file:
        rows = [(int(row["participant"]), row["group-id"]) for row in csv.DictReader(file)]
    published = {person: group for person, group in rows if group}
    ours = {member: group.label for group in found.groups for member in group.members}
    both = sorted(published.keys() & ours.keys())
    assert len(found.groups) == 2
    assert len(both) > 0.99 * len(published)
    assert rand_index([published[name] for name in both], [ours[name] for name in both]) >= 0.8


def test_the_same_ten_times_in_any_order(uber: tuple[list[Answer], list[int]]):
    answers, statements = uber
    runs = set()
    for turn in range(10):
        chance = random.Random(turn)
        shuffled, columns = answers.copy(), statements.copy()
        chance.shuffle(shuffled)
        chance.shuffle(columns)
        found = analysis.analyse(gather(shuffled, columns), seed=1)
        runs.add(json.dumps([analysis.as_json(found), found.state.as_json()]))
    assert len(runs) == 1


def two_camps(people: int, statements: int = 8) -> list[Answer]:
    """Let even people agree where odd ones disagree; all agree with the last statement."""
    return [
        (person, column, 1 if column == statements - 1 or person % 2 == 0 else -1)
        for person in range(people)
        for column in range(statements)
    ]


def test_two_camps_and_what_unites_them():
    found = analysis.analyse(gather(two_camps(40), range(8)), seed=1)
    assert [group.members for group in found.groups] == [
        tuple(range(0, 40, 2)),
        tuple(range(1, 40, 2)),
    ]
    assert [(item.id, item.answer) for item in found.consensus] == [(7, "agree")]
    assert max(found.across, key=lambda name: found.across[name]) == 7
    assert found.across[7] == pytest.approx(21 / 22)
    assert found.across[0] == pytest.approx((21 / 22 * 1 / 22) ** 0.5)
    first, second = found.groups
    assert {(item.id, item.answer) for item in first.representative} <= {
        (n, "agree") for n in range(7)
    }
    # The last one has ratio 1 and is not among them: the first, which was best, has more weight.
    assert [(item.id, item.answer) for item in second.representative][1:] == [
        (n, "disagree") for n in range(4)
    ]


@pytest.mark.parametrize(("people", "groups"), [(19, 0), (20, 2)])
def test_no_map_below_twenty(people: int, groups: int):
    found = analysis.analyse(gather(two_camps(people), range(8)), seed=1)
    assert len(found.groups) == groups
    assert bool(found.across) == bool(groups)
    assert [item.id for item in found.consensus] == [7]


def test_an_outlier_is_no_group():
    answers = [(person, column, 1) for person in range(40) for column in range(8)]
    answers += [(99, column, -1) for column in range(8)]
    found = analysis.analyse(gather(answers, range(8)), seed=1)
    assert [len(group.members) for group in found.groups] == [41]
    assert found.groups[0].representative == ()


def test_names_stay_when_people_come():
    first = analysis.analyse(gather(two_camps(40), range(8)), seed=1)
    more = two_camps(40) + [
        (person, column, -1 if column < 7 else 1)
        for person in range(100, 140)
        for column in range(8)
    ]
    stored = analysis.State.of(json.loads(json.dumps(first.state.as_json())))
    second = analysis.analyse(gather(more, range(8)), seed=2, before=stored)
    named = {group.label: set(group.members) for group in second.groups}
    assert set(range(0, 40, 2)) == named["A"]
    assert set(range(1, 40, 2)) < named["B"]  # now the larger one, and still B


def test_a_seed_is_of_a_consultation_and_a_round():
    assert analysis.seed_of("7", 1) == analysis.seed_of("7", 1)
    assert len({analysis.seed_of(case, number) for case in "78" for number in (1, 2)}) == 4


towns = st.integers(20, 45).flatmap(
    lambda people: st.lists(
        st.lists(st.sampled_from([1, 0, -1, None]), min_size=9, max_size=9),
        min_size=people,
        max_size=people,
    )
)


@settings(max_examples=40, deadline=None)
@given(town=towns)
def test_what_must_always_hold(town: list[list[int | None]]):
    answers = [
        (person, column, choice)
        for person, row in enumerate(town)
        for column, choice in enumerate(row)
        if choice is not None
    ]
    votes = gather(answers, range(9))
    if not votes.people:
        return
    found = analysis.analyse(votes, seed=3)
    members = [member for group in found.groups for member in group.members]
    if len(found.people) >= 20:
        assert sorted(members) == list(found.people)
        assert all(len(g.members) >= smallest(len(found.people)) for g in found.groups)
        assert all(0 < value < 1 for value in found.across.values())
    else:
        assert members == []
    assert len(found.people) + found.left_out == len(votes.people)
    again = analysis.analyse(gather(reversed(answers), reversed(range(9))), seed=3)
    assert analysis.as_json(again) == analysis.as_json(found)
    stored = analysis.State.of(json.loads(json.dumps(found.state.as_json())))
    assert stored == found.state
    after = analysis.analyse(votes, seed=4, before=stored)
    assert set(after.people) >= set(found.people)
    json.dumps(analysis.as_json(after), allow_nan=False)
