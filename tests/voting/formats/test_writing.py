"""What is written is read again as it was."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civic.voting import formats
from civic.voting.formats import pabulib, preflib, writing
from civic.voting.methods import Paper, collect

OPTIONS = ("春 天", "Summer; or so", 'The "fall"', "4")
PAPER = Paper(
    OPTIONS, highest=5, dots=9, costs=(100, Fraction(1999, 100), 0, Fraction(1, 8)), budget=120
)


def again(election: formats.Election):
    return collect(election.kind, election.paper, election.ballots)


def orders(*, ties: bool):
    def tiers(order):
        return tuple((one,) for one in order) if not ties else (tuple(order[:2]), *zip(order[2:]))

    return st.permutations(OPTIONS).flatmap(
        lambda order: st.integers(1, 4).map(lambda size: tiers(order[:size]))
    )


@pytest.mark.parametrize("ties", [True, False])
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_rankings(ties, data):
    ballots = data.draw(
        st.lists(st.tuples(orders(ties=ties), st.integers(1, 3)), min_size=1, max_size=5)
    )
    profile = collect("ranking", PAPER, [*ballots, (None, 2)])
    written = writing.preflib(profile, "Seasons\nof the year")
    election = preflib.parse("x", writing.ranking_type(profile), iter(written.splitlines(True)))
    assert election.title == "Seasons of the year"
    assert election.paper.options == OPTIONS
    assert again(election).counts == profile.counts


@pytest.mark.parametrize(
    ("kind", "ballots"),
    [
        ("budget", [(("春 天", "4"), 2), ((), 1), (("Summer; or so",), 1)]),
        ("dots", [({"春 天": 3, "4": 5}, 2), (None, 1), ({'The "fall"': 1}, 1)]),
        ("score", [({"春 天": 3, "4": 5}, 1), ({'The "fall"': 1}, 1)]),
        ("ranking", [(("4", "春 天"), 2), (('The "fall"',), 1)]),
    ],
)
def test_budgets(kind, ballots):
    profile = collect(kind, PAPER, ballots)
    written = writing.pabulib_file(
        profile, "A; budget", {"4": "Four;\n4"}, frozenset({"4"}), "greedy"
    )
    election = pabulib.parse("x", iter(written.splitlines(True)))
    assert election.title == "A; budget"
    assert election.paper.costs == PAPER.costs
    assert election.titles["4"] == "Four; 4"
    assert election.selected == ("4",)
    read = again(election)
    assert (read.kind, read.counts, read.abstained) == (kind, profile.counts, profile.abstained)


def test_what_has_no_such_form():
    halves = collect("ranking", PAPER, [(("4",), Fraction(1, 2))])
    with pytest.raises(ValueError, match="weight"):
        writing.preflib(halves, "")
    singles = collect("single", PAPER, [("4", 1)])
    with pytest.raises(ValueError, match="rankings"):
        writing.preflib(singles, "")
    with pytest.raises(ValueError, match="single"):
        writing.pabulib_file(singles, "", {}, frozenset(), "greedy")
    comma = collect("budget", Paper(("A,B",), costs=(1,), budget=1), [(("A,B",), 1)])
    with pytest.raises(ValueError, match="comma"):
        writing.pabulib_file(comma, "", {}, frozenset(), "greedy")
    thirds = collect("budget", Paper(("A",), costs=(Fraction(1, 3),), budget=1), [(("A",), 1)])
    with pytest.raises(ValueError, match="decimal"):
        writing.pabulib_file(thirds, "", {}, frozenset(), "greedy")
