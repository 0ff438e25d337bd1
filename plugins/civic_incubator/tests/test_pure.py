"""What only computes: phases, ranking, money, answers."""

import copy
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from civic_incubator import phases, questions
from civic_incubator.ranking import Entry, Rules, rank, score, shown
from civic_incubator.words import data

RULES = Rules({"a": 50, "b": 30, "c": 20}, 5, {"expert": 60, "resident": 40})


def workflow(**changed):
    (row,) = copy.deepcopy(data("phases")["workflow"])
    return row | changed


def phase(row, code):
    return next(each for each in row["phase"] if each["code"] == code)


def test_the_phases_of_the_data_hold():
    flow = phases.parse(workflow())
    assert flow.first == "preparing"
    assert [code for code, each in flow.phases.items() if each.end] == ["closed", "cancelled"]
    assert flow.may("open", "edit", ["applicant"])
    assert not flow.may("open", "see", ["staff", "reviewer"])
    assert not flow.may("review", "edit", ["applicant", "staff", "reviewer"])
    assert flow.may("review", "review", ["reviewer"])


def unreached(row):
    phase(row, "deciding")["moves"] = [{"to": "closed", "by": ["staff"]}]


def endless(row):
    phase(row, "closed")["end"] = False
    phase(row, "closed")["moves"] = [{"to": "running", "by": ["staff"]}]


def stranger(row):
    phase(row, "review")["see"] = ["mayor"]


def nobody(row):
    phase(row, "review")["moves"] = [{"to": "deciding", "by": []}]


def nowhere(row):
    phase(row, "review")["moves"] = [{"to": "party", "by": ["staff"]}]


def onwards(row):
    phase(row, "closed")["moves"] = [{"to": "running", "by": ["staff"]}]


def silent(row):
    del phase(row, "review")["edit"]


def twice(row):
    row["phase"].append(phase(row, "review"))


def lost(row):
    row["first"] = "begin"


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (unreached, "never reached"),
        (endless, "no way to an end"),
        (stranger, "no party"),
        (nobody, "who makes it"),
        (nowhere, "no such phase"),
        (onwards, "leads on"),
        (silent, "who may edit"),
        (twice, "one code"),
        (lost, "no such phase"),
    ],
)
def test_phases_that_do_not_hold_stop_the_loading(spoil, sentence):
    row = workflow()
    spoil(row)
    with pytest.raises(ValueError, match=sentence):
        phases.parse(row)


def test_what_does_not_apply_is_dropped_with_its_weight():
    assert score({"a": 5, "b": 5, "c": 5}, RULES) == 100
    assert score({"a": 5, "b": None, "c": None}, RULES) == 100
    assert score({"a": 0, "b": 5, "c": None}, RULES) == Fraction(300, 8)
    assert score({"a": None, "b": None, "c": None}, RULES) is None


def test_both_sides_stay_apart_and_are_combined_by_their_weights():
    marks = {"expert": [{"a": 5, "b": 5, "c": 5}, {"a": 0, "b": 0, "c": 0}], "resident": []}
    (row,) = rank([Entry(1, marks)], RULES)
    assert (row.total, row.sides["resident"], row.counts["expert"]) == (50, None, 2)
    marks["resident"] = [{"a": 5, "b": 5, "c": 5}]
    (row,) = rank([Entry(1, marks)], RULES)
    assert row.total == Fraction(60 * 50 + 40 * 100, 100)


def full(mark):
    return {"a": mark, "b": mark, "c": mark}


def test_ties_go_to_the_experts_then_to_who_came_first():
    equal = [Entry(n, {"expert": [full(3)], "resident": [full(3)]}) for n in (3, 1, 2)]
    assert [row.number for row in rank(equal, RULES)] == [1, 2, 3]
    rules = Rules(RULES.weights, 5, {"expert": 50, "resident": 50})
    tied = [
        Entry(1, {"expert": [full(2)], "resident": [full(4)]}),
        Entry(2, {"expert": [full(4)], "resident": [full(2)]}),
        Entry(3, {}),
    ]
    found = rank(tied, rules)
    assert [(row.number, row.rank) for row in found] == [(2, 1), (1, 2), (3, None)]


MARKS = st.fixed_dictionaries({code: st.none() | st.integers(0, 5) for code in "abc"})
#: Machines that do much else at a time are no failure of ours.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
SIDES = st.fixed_dictionaries(
    {"expert": st.lists(MARKS, max_size=4), "resident": st.lists(MARKS, max_size=4)}
)


@PATIENT
@given(st.lists(SIDES, max_size=6))
def test_a_ranking_is_whole_and_falls(sides):
    entries = [Entry(number, each) for number, each in enumerate(sides, 1)]
    found = rank(entries, RULES)
    assert sorted(row.number for row in found) == [entry.number for entry in entries]
    assert found == rank(entries[::-1], RULES)
    for above, below in pairwise(found):
        assert below.total is None or (above.total is not None and above.total >= below.total)
    assert all(row.total is None or 0 <= row.total <= 100 for row in found)


def test_scores_are_shown_rounded():
    assert shown(Fraction(200, 3)) == "66.67"
    assert shown(Fraction(1, 200)) == "0.01"
    assert shown(Fraction(100)) == "100.00"
    assert shown(None) == "–"


@pytest.mark.parametrize(
    ("question", "text", "wrong"),
    [
        ({"kind": "text", "limit": 3}, "三个字", None),
        ({"kind": "text", "limit": 3}, "四个字了", "long"),
        ({"kind": "number", "least": 1, "limit": 9}, "1", None),
        ({"kind": "number", "least": 1, "limit": 9}, "0", "number"),
        ({"kind": "number", "least": 1, "limit": 9}, "9", None),
        ({"kind": "number", "least": 1, "limit": 9}, "10", "number"),
        ({"kind": "number"}, "²", "number"),
        ({"kind": "number"}, "9" * 500, "number"),
        ({"kind": "date"}, "2026-02-29", "date"),
        ({"kind": "date"}, "2028-02-29", None),
        ({"kind": "yesno"}, "maybe", "choice"),
        ({"kind": "choice", "options": [{"code": "a"}]}, "a", None),
        ({"kind": "choice", "options": [{"code": "a"}]}, "b", "choice"),
        ({"kind": "number"}, "", None),
    ],
)
def test_answers_are_checked_by_their_kind(question, text, wrong):
    found = questions.wrong({"code": "q"} | question, text)
    assert (found and found[0]) == wrong
