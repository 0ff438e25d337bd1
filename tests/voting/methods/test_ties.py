"""Ties are shown whole, or decided by a rule that was fixed before, and logged."""

from hashlib import sha256

import pytest

from civic.voting.methods import PAPER_ORDER, SHOW_ALL, Paper, count, public_lot
from civic.voting.methods.ties import Tie

PAPER = Paper(("A", "B", "C", "D"))
EVEN = [(one, 1) for one in "ABCD"]


def test_all_tied_outcomes_are_shown():
    found = count("plurality", "single", PAPER, EVEN, seats=2, tie_rule=SHOW_ALL)
    assert len(found.winners) == 6
    assert found.elected is None
    assert found.ties == (Tie(1, ("A", "B", "C", "D"), "show-all", None),)


def test_the_order_of_the_paper_decides():
    found = count("plurality", "single", PAPER, EVEN, seats=2, tie_rule=PAPER_ORDER)
    assert found.elected == ("A", "B")
    assert len(found.winners) == 6
    assert [(tie.between, tie.chosen) for tie in found.ties] == [
        (("A", "B", "C", "D"), "A"),
        (("B", "C", "D"), "B"),
    ]


def test_a_public_lot_can_be_drawn_again_by_anybody():
    commitment, root = sha256(b"before").digest(), sha256(b"after").digest()
    seed = sha256(commitment + root).digest()
    first = min("ABCD", key=lambda name: sha256(seed + name.encode()).digest())
    found = count("plurality", "single", PAPER, EVEN, tie_rule=public_lot(commitment, root))
    assert found.elected == (first,)
    assert found.ties == (Tie(1, ("A", "B", "C", "D"), "lot", first),)


def test_a_lot_depends_on_what_nobody_knew_before_the_close():
    drawn = {
        count(
            "plurality", "single", PAPER, EVEN, tie_rule=public_lot(b"c", bytes([number]))
        ).elected
        for number in range(60)
    }
    assert drawn == {("A",), ("B",), ("C",), ("D",)}


def test_an_exclusion_lets_the_last_of_the_order_go():
    rankings = [((one,), 1) for one in "ABCD"]
    found = count("irv", "ranking", PAPER, rankings, tie_rule=PAPER_ORDER)
    assert [tie.chosen for tie in found.ties] == ["D", "C", "B"]
    assert found.elected == ("A",)
    assert len(found.winners) == 4


def test_equal_majorities_are_locked_by_the_rule():
    circle = [(tuple(order), 1) for order in ("ABC", "BCA", "CAB")]
    paper = Paper(("A", "B", "C"))
    found = count("ranked-pairs", "ranking", paper, circle, tie_rule=PAPER_ORDER)
    assert found.winners == (("A",), ("B",), ("C",))
    assert found.elected == ("A",)
    assert found.ties[0] == Tie(1, ("A > B", "B > C", "C > A"), "paper-order", "A > B")


def test_too_many_outcomes_are_cut_and_said_to_be():
    paper = Paper(tuple(f"o{number}" for number in range(20)))
    ballots = [((name,), 1) for name in paper.options]
    for method, kind in (("approval", "approval"), ("stv", "ranking")):
        found = count(method, kind, paper, ballots, seats=10, tie_rule=PAPER_ORDER)
        assert not found.complete
        assert found.to_json()["complete"] is False
        assert len(found.winners) <= 1001
        assert found.elected in found.winners


def test_a_tie_over_money():
    paper = Paper(("A", "B", "C"), costs=(6, 6, 4), budget=10)
    ballots = [(("A", "B"), 3), (("C",), 1)]
    found = count("greedy", "budget", paper, ballots, tie_rule=PAPER_ORDER)
    assert found.winners == (("A", "C"), ("B", "C"))
    assert found.elected == ("A", "C")
    assert found.spent == 10
    assert found.ties == (Tie(1, ("A", "B"), "paper-order", "A"),)


@pytest.mark.parametrize("method", ["irv", "stv", "ranked-pairs", "schulze", "borda"])
def test_one_universe_of_many_is_among_the_outcomes(method):
    rankings = [(tuple(order), 1) for order in ("ABCD", "BCDA", "CDAB", "DABC")]
    every = count(method, "ranking", PAPER, rankings).winners
    for number in range(12):
        rule = public_lot(b"commitment", bytes([number]))
        assert count(method, "ranking", PAPER, rankings, tie_rule=rule).elected in every
