"""Each statistic against values worked out by hand, with fractions and roots as they come."""

from math import sqrt

import pytest

from civic.consultations.opinions.statistics import (
    Tally,
    across_groups,
    one_proportion,
    share,
    side,
    sides,
    two_proportions,
)


def test_a_share_is_drawn_to_a_half():
    assert share(0, 0) == 1 / 2
    assert share(3, 3) == 4 / 5
    assert share(0, 3) == 1 / 5


@pytest.mark.parametrize(
    ("successes", "total", "expected"),
    [
        (0, 0, 1.0),  # 2·√1·(1/1 − 1/2)
        (3, 3, 2.0),  # 2·√4·(4/4 − 1/2)
        (1, 3, 0.0),  # 2·√4·(2/4 − 1/2)
        (0, 8, -7 / 3),  # 2·√9·(1/9 − 1/2)
        (1, 1, sqrt(2)),  # 2·√2·(2/2 − 1/2)
    ],
)
def test_one_proportion(successes: int, total: int, expected: float):
    assert one_proportion(successes, total) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((2, 5, 2, 5), 0.0),
        ((3, 3, 5, 5), 0.0),  # everybody in both: (4 + 6)/(4 + 6) = 1
        # 4/4 and 1/4, pooled 5/8: 3/4 : √(5/8·3/8·1/2) = √(9/16·128/15) = √4.8
        ((3, 3, 0, 3), sqrt(4.8)),
        ((0, 3, 3, 3), -sqrt(4.8)),
        # 2/4 and 1/1, pooled 3/5: −1/2 : √(6/25·5/4) = −1/2 : √(3/10)
        ((1, 3, 0, 0), -0.5 / sqrt(0.3)),
    ],
)
def test_two_proportions(given: tuple[int, int, int, int], expected: float):
    assert two_proportions(*given) == pytest.approx(expected)


def test_figures_of_one_answer():
    found = side(3, 3, 0, 3)
    assert (found.count, found.share, found.test) == (3, 4 / 5, 2.0)
    assert found.ratio == pytest.approx(4)  # 4/5 : 1/5
    assert found.ratio_test == pytest.approx(sqrt(4.8))
    assert found.weight == pytest.approx(6.4 * sqrt(4.8))  # 4 · √4.8 · 4/5 · 2
    assert found.sufficient
    assert not side(1, 1, 1, 1).sufficient  # 2·√2·1/2 is significant, 0 is not


def test_passes_are_answers():
    agree, disagree = sides(Tally(1, 1, 2), Tally(0, 0, 2))
    assert agree.share == disagree.share == 2 / 6
    assert agree.ratio == pytest.approx(4 / 3)  # 2/6 : 1/4
    assert Tally(1, 1, 2).seen == 4


def test_all_groups_must_agree():
    yes, no, unseen = Tally(3, 0, 0), Tally(0, 3, 0), Tally()
    assert across_groups([yes, no]) == pytest.approx(0.4)  # √(4/5 · 1/5)
    assert across_groups([yes, unseen]) == pytest.approx(sqrt(0.4))  # √(4/5 · 1/2)
    # Comparable between numbers of groups, as the product of the peers is not.
    for number in (1, 2, 5):
        assert across_groups([yes] * number) == pytest.approx(4 / 5)
