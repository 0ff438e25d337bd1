"""Who is called next, what a show of hands comes to, and the limits as data."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.halls.counting import Majority, carried
from civic.halls.queue import Hand, order
from civic.halls.rules import FILE, read, rules
from civic.procedures.strict import Wrong

START = datetime(2026, 3, 1, tzinfo=UTC)
HALF = Majority(num=1, den=2, more=True)

hands = st.lists(st.tuples(st.integers(1, 8), st.integers(0, 5)), max_size=12).map(
    lambda rows: [
        Hand(number, who, START + timedelta(seconds=second))
        for number, (who, second) in enumerate(rows, 1)
    ]
)
spoken = st.dictionaries(st.integers(1, 8), st.integers(0, 3)).map(Counter)


@given(hands, spoken, st.randoms())
def test_whoever_has_spoken_less_comes_first_then_whoever_waits_longer(
    raised: list[Hand], said: Counter[int], random
) -> None:
    called = order(raised, said)
    assert sorted(called, key=lambda one: one.id) == raised
    for before, after in pairwise(called):
        assert said[before.who] <= said[after.who]
        if said[before.who] == said[after.who]:
            assert before.raised_at <= after.raised_at
    shuffled = list(raised)
    random.shuffle(shuffled)
    assert order(shuffled, said) == called


@given(hands, spoken, st.integers(1, 8))
def test_another_hand_changes_no_order_among_the_others(
    raised: list[Hand], said: Counter[int], who: int
) -> None:
    more = Hand(len(raised) + 1, who, START + timedelta(seconds=9))
    assert [one for one in order([*raised, more], said) if one is not more] == order(raised, said)


@given(
    st.integers(0, 500), st.integers(0, 500), st.integers(1, 5), st.integers(1, 5), st.booleans()
)
def test_a_share_is_compared_exactly(
    in_favour: int, against: int, num: int, den: int, more: bool
) -> None:
    num = min(num, den)
    found = carried(Majority(num=num, den=den, more=more), in_favour, against)
    if not in_favour:
        assert not found
        return
    share, needed = Fraction(in_favour, in_favour + against), Fraction(num, den)
    assert found == (share > needed if more else share >= needed)


@pytest.mark.parametrize(
    ("majority", "in_favour", "against", "passes"),
    [
        (HALF, 1, 0, True),
        (HALF, 5, 5, False),
        (HALF, 6, 5, True),
        (HALF, 0, 0, False),
        (Majority(num=2, den=3, more=False), 20, 10, True),
        (Majority(num=2, den=3, more=False), 19, 10, False),
    ],
)
def test_a_tie_does_not_carry(majority, in_favour, against, passes) -> None:
    assert carried(majority, in_favour, against) is passes


def test_the_rules_of_the_platform() -> None:
    found = rules()
    assert next(iter(found.majorities)) == "half"
    assert found.majorities["half"][0] == HALF
    assert found.seconds <= found.most_seconds
    assert (found.fewest_parts, found.most_parts) == (2, 10)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("seconds = 180", "seconds = 0", "at least 1"),
        ("seconds = 180", "seconds = 9999", "more than `most_seconds`"),
        ("deepest = 2", "deepest = 2\ndepth = 1", "unknown key"),
        ("fewest_parts = 2", "fewest_parts = 11", "more than `most_parts`"),
        ("most_parts = 10", "", "`most_parts` is missing"),
        ("den = 2", "den = 0", "at least 1"),
        ("num = 2", "num = 4", "at most the whole"),
        ('code = "two_thirds"', 'code = "half"', "the same code"),
        ('code = "half"', "", "`code` is missing"),
        ("[minutes]", "[protocol]", "`minutes` is missing"),
    ],
)
def test_wrong_rules_are_refused_with_their_place(old: str, new: str, reason: str) -> None:
    text = FILE.read_text("utf-8")
    assert old in text
    with pytest.raises(Wrong) as caught:
        read(text.replace(old, new, 1))
    assert reason in str(caught.value)
