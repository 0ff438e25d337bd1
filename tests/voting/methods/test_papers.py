"""Invalid ballots are listed with their reason, abstentions apart, and neither is chosen for."""

from fractions import Fraction

import pytest

from civic.voting.methods import Paper, collect, count
from civic.voting.methods.papers import KINDS, REASONS, Invalid, canonical

PAPER = Paper(("A", "B", "C"))

VALID = [
    ("single", "B", 1),
    ("single", ["B"], 1),
    ("approval", {"C", "A"}, (0, 2)),
    ("approval", ["C", "A"], (0, 2)),
    ("budget", ("B",), (1,)),
    ("score", {"B": 3, "A": 0}, ((1, 3),)),
    ("dots", [["C", 2], ["A", 1]], ((0, 1), (2, 2))),
    ("ranking", ["C", ["B", "A"]], ((2,), (0, 1))),
    ("ranking", ["C", [], "B"], ((2,), (1,))),
]


@pytest.mark.parametrize(("kind", "content", "expected"), VALID)
def test_what_says_the_same_is_the_same(kind, content, expected):
    assert canonical(kind, PAPER, content) == expected


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("content", [None, (), []])
def test_a_blank_ballot_is_an_abstention(kind, content):
    assert canonical(kind, PAPER, content) is None


TIGHT = Paper(
    ("A", "B", "C"),
    fewest=2,
    most=2,
    highest=4,
    dots=5,
    fewest_dots=3,
    equal_ranks=False,
    costs=(3, Fraction(7, 2), 10),
    budget=12,
    most_cost=12,
    least_cost=7,
)

INVALID = [
    (PAPER, "single", ("A", "B"), "several"),
    (PAPER, "single", "D", "unknown_option"),
    (PAPER, "single", 7, "malformed"),
    (PAPER, "approval", "A", "malformed"),
    (PAPER, "approval", ["A", "A"], "repeated"),
    (PAPER, "approval", ["A", 1], "unknown_option"),
    (PAPER, "approval", ["A", ["B"]], "unknown_option"),
    (PAPER, "score", {"A": -1}, "out_of_range"),
    (PAPER, "score", {"A": True}, "not_whole"),
    (PAPER, "score", {"A": 1.5}, "not_whole"),
    (PAPER, "score", {"A": "1"}, "not_whole"),
    (PAPER, "score", [("A", 1), ("A", 2)], "repeated"),
    (PAPER, "score", ["A", "B"], "malformed"),
    (PAPER, "score", "AB", "malformed"),
    (PAPER, "score", {"D": 1}, "unknown_option"),
    (PAPER, "dots", {"A": -1}, "out_of_range"),
    (PAPER, "ranking", ["A", "B", "A"], "repeated"),
    (PAPER, "ranking", [["A", "A"]], "repeated"),
    (PAPER, "ranking", {"A": 1}, "malformed"),
    (PAPER, "ranking", [1], "malformed"),
    (TIGHT, "approval", ["A"], "too_few"),
    (TIGHT, "approval", ["A", "B", "C"], "too_many"),
    (TIGHT, "budget", ["A", "C"], "too_costly"),
    (TIGHT, "budget", ["A", "B"], "too_cheap"),
    (TIGHT, "score", {"A": 5, "B": 1}, "out_of_range"),
    (TIGHT, "dots", {"A": 4, "B": 2}, "too_many_dots"),
    (TIGHT, "dots", {"A": 1, "B": 1}, "too_few_dots"),
    (TIGHT, "ranking", [["A", "B"]], "equal_ranks"),
]


@pytest.mark.parametrize(("paper", "kind", "content", "code"), INVALID)
def test_an_invalid_ballot_has_a_reason(paper, kind, content, code):
    with pytest.raises(Invalid) as caught:
        canonical(kind, paper, content)
    assert caught.value.code == code


def test_every_reason_occurs():
    assert {code for _, _, _, code in INVALID} == set(REASONS)


def test_abstentions_took_part_and_invalid_ballots_are_listed():
    ballots = [("A", 1), (None, 2), ("X", 1), ("B", 1), ("X", 3), (("A", "B"), 1)]
    found = count("plurality", "single", PAPER, ballots)
    profile = found.profile
    assert (profile.valid, profile.cast, profile.abstained, profile.invalid) == (4, 2, 2, 5)
    assert [(one.first, one.ballots, one.code) for one in profile.rejected] == [
        (4, 4, "unknown_option"),
        (9, 1, "several"),
    ]
    assert found.to_json()["ballots"] == {"read": 9, "valid": 4, "invalid": 5, "blank": 2}
    assert found.winners == (("A",), ("B",))


@pytest.mark.parametrize("weight", [0, -1, Fraction(-1, 2)])
def test_a_weight_is_positive(weight):
    with pytest.raises(ValueError, match="weight"):
        collect("single", PAPER, [("A", weight)])


def test_a_paper_names_each_option_once():
    with pytest.raises(ValueError, match="same name"):
        Paper(("A", "A"))
    with pytest.raises(ValueError, match="cost"):
        Paper(("A", "B"), costs=(1,))
    with pytest.raises(ValueError, match="negative"):
        Paper(("A",), costs=(-1,))


@pytest.mark.parametrize(
    ("method", "kind"),
    [
        ("plurality", "single"),
        ("approval", "approval"),
        ("score", "score"),
        ("dots", "dots"),
        *((method, "ranking") for method in ("borda", "irv", "stv", "schulze", "ranked-pairs")),
        ("greedy", "budget"),
        ("equal-shares", "budget"),
    ],
)
def test_nobody_wins_without_a_ballot(method, kind):
    paper = Paper(("A", "B"), costs=(1, 1), budget=2)
    for ballots in ([], [(None, 3)], [(["Z"], 1)]):
        found = count(method, kind, paper, ballots)
        assert (found.winners, found.elected) == ((), None)
        assert found.to_json()["winners"] == []


def test_who_has_no_vote_is_not_elected():
    found = count("approval", "approval", PAPER, [(("A",), 2)], seats=2)
    assert found.winners == (("A",),)
    assert found.order == (("A",), ("B", "C"))
