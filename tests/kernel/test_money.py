"""Amounts: yuan as people write them, fen as whole numbers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civic.kernel import money

PATIENT = settings(deadline=None)


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("12000", 1200000),
        ("12,000.5", 1200050),
        ("¥0.01", 1),
        ("１２元", 1200),
        ("0", 0),
        ("100000000", 10**10),
        ("100000000.01", None),
        ("1.234", None),
        ("-5", None),
        ("1e3", None),
        ("", None),
        ("很多", None),
    ],
)
def test_amounts_are_read_to_the_fen(text, fen):
    assert money.read(text) == fen


@PATIENT
@given(st.integers(0, 10**10))
def test_amounts_come_back(fen):
    assert money.read(money.shown(fen)) == fen
    assert money.read(money.plain(fen)) == fen
    parts = money.parts(fen, [50, 30, 20])
    assert sum(parts) == fen
    assert min(parts) >= 0


@pytest.mark.parametrize("percents", [[50, 40], [100, 0], [-10, 110]])
def test_parts_make_a_whole(percents):
    with pytest.raises(ValueError, match="100"):
        money.parts(100, percents)
