"""Whatever a ballot holds, it is counted, an abstention, or invalid for a reason with a name."""

import tracemalloc
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civic.voting.methods import Paper, collect
from civic.voting.methods.papers import KINDS, REASONS, Invalid, canonical

PAPER = Paper(("A", "B", "C"), fewest=1, most=2, highest=5, dots=6, costs=(1, 2, 3), most_cost=4)
NAMES = st.sampled_from(["A", "B", "C", "D", ""])
JSON = st.recursive(
    NAMES | st.integers(-9, 9) | st.none() | st.booleans() | st.floats(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=150, deadline=None)
@given(content=JSON)
def test_anything_may_be_in_a_ballot(kind, content):
    code = ""
    try:
        hash(canonical(kind, PAPER, content))
    except Invalid as invalid:
        code = invalid.code
    assert code in {"", *REASONS}
    profile = collect(kind, PAPER, [(content, 1), (content, 2)])
    assert profile.valid + profile.invalid == 3


def test_memory_grows_with_different_ballots_only():
    """A recount of many ballots needs no more room than one of few."""
    names = PAPER.options
    contents = [tuple(one) for one in product(names, repeat=2) if one[0] < one[1]]

    def peak(ballots: int) -> int:
        stream = ((contents[number % 3], 1) for number in range(ballots))
        tracemalloc.start()
        profile = collect("approval", PAPER, stream)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert profile.valid + profile.invalid == ballots
        return most

    few = peak(1_000)
    assert peak(50_000) < few + 10_000
