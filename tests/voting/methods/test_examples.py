"""Worked examples that were published, and small ones made by hand."""

from fractions import Fraction

import pytest

from civic.voting.methods import METHODS, PAPER_ORDER, Count, Paper, count


def ranked(method: str, options: str, ballots: dict[str, int], seats: int = 1) -> Count:
    paper = Paper(tuple(options))
    return count(
        method,
        "ranking",
        paper,
        [(tuple(order), times) for order, times in ballots.items()],
        seats=seats,
        tie_rule=PAPER_ORDER,
    )


# The capital of Tennessee, a textbook example: Memphis, Nashville, Chattanooga, Knoxville.
TENNESSEE = {"MNCK": 42, "NCKM": 26, "CKNM": 15, "KCNM": 17}


@pytest.mark.parametrize(
    ("method", "winner"),
    [
        ("plurality", "M"),
        ("borda", "N"),
        ("irv", "K"),
        ("schulze", "N"),
        ("ranked-pairs", "N"),
        ("stv", "K"),
    ],
)
def test_the_capital_of_tennessee(method: str, winner: str):
    assert ranked(method, "MNCK", TENNESSEE).winners == ((winner,),)


def test_the_points_of_tennessee():
    counts = ranked("borda", "MNCK", TENNESSEE).rounds[0]["counts"]
    assert counts == {"M": 126, "N": 194, "C": 173, "K": 107}


def test_the_example_of_schulze():
    """Schulze 2011, example 1: the order is E, A, C, B, D."""
    ballots = {
        "ACBED": 5,
        "ADECB": 5,
        "BEDAC": 8,
        "CABED": 3,
        "CAEBD": 7,
        "CBADE": 2,
        "DCEBA": 7,
        "EBADC": 8,
    }
    found = ranked("schulze", "ABCDE", ballots)
    assert found.order == (("E",), ("A",), ("C",), ("B",), ("D",))
    assert ranked("schulze", "ABCDE", ballots, seats=2).winners == (("A", "E"),)


def test_a_surplus_goes_over_in_fractions():
    """Two seats, 57 ballots, quota 20: half of each of Andrea's forty ballots goes on."""
    ballots = {"ABCD": 16, "ACBD": 24, "DABC": 17}
    found = ranked("stv", "ABCD", ballots, seats=2)
    first, second, third = found.rounds
    assert first["quota"] == 20
    assert first["elected"] == ["A"]
    assert first["surplus"] == 20
    assert second["counts"] == {"A": 20, "B": 8, "C": 12, "D": 17}
    assert second["option"] == "B"
    assert third["counts"]["C"] == 20
    assert found.winners == (("A", "C"),)
    assert found.order == (("A",), ("C",), ("D",), ("B",))


def test_a_ballot_is_worth_what_it_came_with():
    """A ballot that came with a surplus goes on at its value times the next one's fraction."""
    # Quota 4: A has 6, its surplus of 2 goes to B as six ballots of a third; B has 5, of which a
    # fifth goes on: of A's ballots 1/15 each.
    found = ranked("stv", "ABCDE", {"ABC": 6, "BD": 3, "E": 2, "D": 1, "C": 2}, seats=3)
    counts = [one["counts"] for one in found.rounds]
    assert found.rounds[0]["quota"] == 4
    assert counts[1] == {"A": 4, "B": 5, "C": 2, "D": 1, "E": 2}
    assert counts[2] == {
        "A": 4,
        "B": 4,
        "C": 2 + Fraction(6, 15),
        "D": 1 + Fraction(3, 5),
        "E": 2,
    }
    assert sum(counts[2].values()) == 14


def test_what_nobody_is_left_to_take_is_lost():
    found = ranked("stv", "ABC", {"A": 6, "B": 2, "C": 1}, seats=2)
    assert found.rounds[0]["quota"] == 4
    assert found.rounds[1]["exhausted"] == 2
    assert found.winners == (("A", "B"),)


def test_an_earlier_stage_decides_before_a_lot_does():
    """B and C are equal in the second stage, and B had more in the first."""
    found = ranked("stv", "ABCDE", {"A": 5, "B": 3, "C": 2, "DC": 1, "EA": 5}, seats=1)
    assert found.rounds[1]["counts"] == {"A": 5, "B": 3, "C": 3, "E": 5}
    assert found.rounds[1]["option"] == "C"
    assert not any(tie.round == 2 for tie in found.ties)


def test_equal_ranks_share_a_ballot():
    paper = Paper(("A", "B", "C"))
    ballots = [((("A", "B"), "C"), 1), ((("C",),), 1)]
    found = count("irv", "ranking", paper, ballots)
    assert found.rounds[0]["counts"] == {"A": Fraction(1, 2), "B": Fraction(1, 2), "C": 1}
    assert found.winners == (("A",), ("B",), ("C",))
    assert count("borda", "ranking", paper, ballots).rounds[0]["counts"] == {
        "A": 2,
        "B": 2,
        "C": 2,
    }


def _shares(options: str, ballots: dict[str, int], budget: int) -> Count:
    paper = Paper(tuple(options), costs=(1,) * len(options), budget=budget)
    return count(
        "equal-shares",
        "budget",
        paper,
        [(tuple(approved), times) for approved, times in ballots.items()],
    )


def test_equal_shares_of_lackner_and_skowron():
    """Lackner and Skowron, "Multi-Winner Voting with Approval Preferences", examples 11 and 12."""
    found = _shares("abcdefg", {"ab": 3, "ac": 3, "ad": 2, "bcf": 1, "e": 1, "f": 1, "g": 1}, 4)
    assert found.winners == (("a",),)
    assert found.rounds[0]["price"] == Fraction(1, 8)
    assert found.rounds[0]["endowment"] == Fraction(1, 3)
    found = _shares("abcd", {"cd": 3, "ab": 2, "ac": 2, "bd": 1}, 3)
    assert found.winners == (("a", "c"),)
    assert [one["price"] for one in found.rounds] == [Fraction(1, 5), Fraction(13, 40)]


def test_a_free_project_costs_nobody_anything():
    paper = Paper(("A", "B", "C"), costs=(0, 5, 0), budget=5)
    for method, completion in (("greedy", "none"), ("equal-shares", "add1")):
        found = count(method, "budget", paper, [(("A", "B"), 1)], completion=completion)
        assert found.winners == (("A", "B"),)
        assert found.spent == 5


def test_every_method_says_what_it_counts():
    assert set(METHODS) == {
        "plurality",
        "approval",
        "score",
        "borda",
        "irv",
        "stv",
        "schulze",
        "ranked-pairs",
        "greedy",
        "equal-shares",
        "dots",
    }
    for name, method in METHODS.items():
        with pytest.raises(ValueError, match="counts ballots of the kind"):
            count(name, "none", Paper(("A",)), [])
        assert method.name == name
