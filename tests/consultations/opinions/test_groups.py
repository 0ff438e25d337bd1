"""Clusters, their number, their size, and the names they keep."""

import numpy as np
import pytest

from civic.consultations.opinions.clusters import first_distinct, k_means, silhouette
from civic.consultations.opinions.groups import Kept, join_small, label, settle, smallest


def line(*places: float) -> np.ndarray:
    return np.array([[place, 0.0] for place in places])


def test_silhouettes_by_hand():
    # 0: (5 − 1)/5; 1: (4 − 1)/4; 4: (3.5 − 2)/3.5; 6: (5.5 − 2)/5.5
    found = silhouette(line(0, 1, 4, 6), np.array([0, 0, 1, 1]))
    assert found == pytest.approx((4 / 5 + 3 / 4 + 3 / 7 + 7 / 11) / 4)
    # 0: (4 − 1)/4; 1: (3 − 1)/3; 4 is alone: 0
    assert silhouette(line(0, 1, 4), np.array([0, 0, 1])) == pytest.approx((3 / 4 + 2 / 3) / 3)


def test_clusters_by_weight():
    places, weights = line(0, 1, 10), np.array([3.0, 1.0, 2.0])
    found, centres = k_means(places, weights, line(0, 10))
    assert found.tolist() == [0, 0, 1]
    assert centres == pytest.approx(line(0.25, 10))


def test_a_cluster_that_nobody_is_near_vanishes():
    found, centres = k_means(line(0, 1), np.ones(2), line(0, 100, 1))
    assert found.tolist() == [0, 1]
    assert centres == pytest.approx(line(0, 1))


def test_starts_are_the_first_points_that_differ():
    assert first_distinct(line(3, 3, 1, 3, 2, 0), 3) == pytest.approx(line(3, 1, 2))


@pytest.mark.parametrize(
    ("people", "least"), [(20, 5), (62, 5), (63, 6), (100, 8), (101, 9), (1218, 98)]
)
def test_no_group_in_which_somebody_is_recognised(people: int, least: int):
    assert smallest(people) == least


def test_a_group_that_is_too_small_joins_the_nearest():
    places = line(0, 1, 10, 11)
    weights = np.array([8.0, 2.0, 8.0, 3.0])
    four = np.array([0, 1, 2, 3])
    assert join_small(places, weights, four, 5).tolist() == [0, 0, 1, 1]
    assert join_small(places, weights, four, 3).tolist() == [0, 0, 1, 2]
    assert join_small(places, weights, four, 50).tolist() == [0, 0, 0, 0]


TWO, THREE = np.array([0, 0, 0, 0, 1, 1]), np.array([0, 0, 1, 1, 2, 2])


def test_another_number_of_groups_wins_four_rounds_before_it_is_taken():
    places = line(0, 0.1, 5, 5.1, 20, 20.1)  # three clusters are clearer than two
    candidates = {2: TWO, 3: THREE}
    assert settle(places, candidates, Kept()) == (3, 0, 0)
    state, seen = (2, 0, 0), []
    for _ in range(4):
        state = settle(places, candidates, Kept({}, {}, *state))
        seen.append(state)
    assert seen == [(2, 3, 1), (2, 3, 2), (2, 3, 3), (3, 0, 0)]


def test_a_round_lost_in_between_begins_the_count_anew():
    clear_two, clear_three = line(0, 0.1, 0.2, 0.3, 20, 20.1), line(0, 0.1, 5, 5.1, 20, 20.1)
    candidates = {2: TWO, 3: THREE}
    assert settle(clear_two, candidates, Kept({}, {}, 2, 3, 3)) == (2, 0, 0)
    assert settle(clear_three, candidates, Kept({}, {}, 2, 4, 3)) == (2, 3, 1)


def test_groups_that_would_be_too_small_go_at_once():
    places = line(0, 0.1, 5, 5.1, 20, 20.1)
    assert settle(places, {2: TWO}, Kept({}, {}, 3)) == (2, 0, 0)
    assert settle(places, {}, Kept({}, {}, 3)) == (1, 0, 0)


def test_groups_are_named_by_size_then_by_id():
    assert label((1, 2, 3, 4, 5), np.array([0, 1, 1, 0, 1]), {}) == {"A": (2, 3, 5), "B": (1, 4)}
    assert label((1, 2, 3, 4), np.array([1, 0, 0, 1]), {}) == {"A": (1, 4), "B": (2, 3)}


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ([0, 0, 0, 1, 1, 1, 1], {"A": (1, 2, 3), "B": (4, 5, 6, 7)}),  # B has grown
        ([0, 0, 0, 0, 0, 0, 0], {"A": (1, 2, 3, 4, 5, 6, 7)}),
        ([0, 2, 2, 2, 1, 1, 1], {"A": (2, 3, 4), "B": (5, 6, 7), "C": (1,)}),
        ([0, 1, 1, 1, 1, 1, 1], {"A": (1,), "B": (2, 3, 4, 5, 6, 7)}),
    ],
)
def test_groups_keep_the_name_of_those_they_share_most_with(
    chosen: list[int], expected: dict[str, tuple[int, ...]]
):
    before = {"A": (1, 2, 3), "B": (4, 5, 6)}
    assert label((1, 2, 3, 4, 5, 6, 7), np.array(chosen), before) == expected


def test_a_name_outlives_a_larger_one():
    before = {"A": (1, 2), "B": (3, 4), "C": (5, 6, 7)}
    assert label((1, 2, 5, 6, 7), np.array([0, 0, 1, 1, 1]), before) == {
        "A": (1, 2),
        "C": (5, 6, 7),
    }
