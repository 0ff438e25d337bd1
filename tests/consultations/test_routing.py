"""Which statement comes next: the weights, computed by hand, and the draw."""

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.consultations.routing import Candidate, choose, priority


def item(agrees: int = 0, passes: int = 0, seen: int = 0, extremity: float = 0.0) -> Candidate:
    return Candidate(1, agrees, passes, seen, extremity)


@pytest.mark.parametrize(
    ("candidate", "expected"),
    [
        # Unseen: importance (1 - 1/2) * 1/2 = 1/4; newness 1 + 8 = 9.
        (item(), (0.25 * 9) ** 2),
        # Five agree: (1 - 1/7) * 6/7 = 36/49; newness 1 + 8/2 = 5.
        (item(agrees=5, seen=5), (36 / 49 * 5) ** 2),
        # Two agree, one passes, two disagree: (1 - 2/7) * 3/7 = 15/49; newness 5.
        (item(agrees=2, passes=1, seen=5), (15 / 49 * 5) ** 2),
        # Ten pass: (1 - 11/12) * 1/12 = 1/144; newness 1 + 8/4 = 3.
        (item(passes=10, seen=10), (1 / 144 * 3) ** 2),
        # Far from the centre counts more: half of it twice as much, before squaring.
        (item(extremity=1.0), (0.25 * 2 * 9) ** 2),
    ],
)
def test_weights(candidate: Candidate, expected: float) -> None:
    assert priority(candidate) == pytest.approx(expected)


def test_nothing_is_left() -> None:
    assert choose([], Random(1)) is None


counts = st.integers(0, 500)


@given(counts, counts, counts, st.floats(0, 10))
def test_every_statement_can_come(agrees: int, passes: int, others: int, extremity: float) -> None:
    candidate = item(agrees, passes, agrees + passes + others, extremity)
    assert priority(candidate) > 0


@given(counts, counts, counts)
def test_agreement_helps_and_passing_does_not(agrees: int, passes: int, others: int) -> None:
    seen = agrees + passes + others + 1
    plain = priority(item(agrees, passes, seen))
    assert priority(item(agrees + 1, passes, seen)) > plain
    assert priority(item(agrees, passes + 1, seen)) < plain


def test_the_draw_follows_the_weights() -> None:
    candidates = [
        Candidate(1, 0, 0, 0),
        Candidate(2, 5, 0, 5),
        Candidate(3, 2, 1, 5),
        Candidate(4, 0, 10, 10),
    ]
    total = sum(priority(candidate) for candidate in candidates)
    random = Random(20260301)
    draws = 20_000
    drawn = Counter(choose(candidates, random) for _ in range(draws))
    for candidate in candidates:
        expected = priority(candidate) / total
        # Four standard deviations of a share of 20,000 draws.
        margin = 4 * (expected * (1 - expected) / draws) ** 0.5
        assert drawn[candidate.id] / draws == pytest.approx(expected, abs=margin)
