"""Who is on the map, and where: against values worked out by hand."""

from math import hypot, nan, sqrt

import numpy as np
import pytest

from civic.consultations.opinions import plane
from civic.consultations.opinions.votes import TooLargeError, gather, taken_in

#: Four people, two statements; the last did not see the second, whose mean is 1/3.
SMALL = np.array([[1, 1], [1, 1], [-1, -1], [-1, nan]])
#: Centred products are 4, 8/3 and 8/3; the larger root of their characteristic equation:
ROOT = (20 + sqrt(272)) / 6
LENGTH = hypot(ROOT - 8 / 3, 8 / 3)
FIRST, SECOND = (ROOT - 8 / 3) / LENGTH, (8 / 3) / LENGTH


def test_components_of_centred_answers():
    found = plane.plane(SMALL, 1)
    assert found.centre == pytest.approx([0, 1 / 3])
    assert found.axes[0] == pytest.approx([FIRST, SECOND])
    assert found.axes[1] == pytest.approx([-SECOND, FIRST])  # its heaviest weight is positive


def test_few_answers_do_not_draw_to_the_middle():
    where = plane.people(plane.plane(SMALL, 1), SMALL)[:, 0]
    assert where[0] == where[1] == pytest.approx(FIRST + 2 / 3 * SECOND)
    assert where[2] == pytest.approx(-FIRST - 4 / 3 * SECOND)
    assert where[3] == pytest.approx(-FIRST * sqrt(2))  # one answer of two


def test_statements_stand_where_one_agreeing_answer_would():
    found = plane.plane(SMALL, 1)
    expected = [
        (FIRST * sqrt(2), -SECOND * sqrt(2)),
        (2 / 3 * SECOND * sqrt(2), 2 / 3 * FIRST * sqrt(2)),
    ]
    assert plane.statements(found) == pytest.approx(np.array(expected))
    assert plane.extremities(found) == pytest.approx([sqrt(2), 2 / 3 * sqrt(2)])


def test_where_all_answer_alike_all_stand_in_the_middle():
    matrix = np.ones((6, 4))
    found = plane.plane(matrix, 1)
    assert not found.axes.any()
    assert not plane.people(found, matrix).any()


@pytest.mark.parametrize("shape", [(40, 12), (12, 40)])
def test_exact_and_iterated_components_agree(
    monkeypatch: pytest.MonkeyPatch, shape: tuple[int, int]
):
    matrix = np.random.default_rng(4).choice([-1.0, 0.0, 1.0, nan], shape)
    matrix[: shape[0] // 3, : shape[1] // 2] = 1
    exact = plane.plane(matrix, 1).axes
    assert exact @ exact.T == pytest.approx(np.eye(2), abs=1e-9)
    monkeypatch.setattr(plane, "EXACT", 1)
    assert plane.plane(matrix, 1).axes == pytest.approx(exact, abs=1e-3)


def answers(counts: dict[int, int]) -> list[tuple[int, int, int]]:
    """Let each person answer so many statements, the first ones."""
    return [(person, column, 1) for person, count in counts.items() for column in range(count)]


def test_seven_answers_or_all_there_are():
    many = dict.fromkeys(range(20), 7) | {30: 6, 31: 1}
    assert taken_in(gather(answers(many), range(10))) == tuple(range(20))
    assert taken_in(gather(answers(dict.fromkeys(range(20), 3)), range(3))) == tuple(range(20))


def test_who_was_on_the_map_stays():
    votes = gather(answers(dict.fromkeys(range(20), 7) | {30: 1}), range(10))
    assert taken_in(votes, [30, 99]) == (*range(20), 30)


def test_filled_up_to_fifteen_with_the_most_active_by_id_where_equal():
    counts = {1: 8, 2: 1, **dict.fromkeys(range(10, 30), 4), 3: 5}
    assert taken_in(gather(answers(counts), range(10))) == (1, 3, *range(10, 23))


def test_rows_and_columns_stand_in_the_order_of_ids():
    votes = gather([(10, 2, 1), (9, 10, 0), (9, 2, -1), (9, 77, 1), (5, 77, 1)], [10, 2])
    assert (votes.people, votes.statements) == ((9, 10), (2, 10))
    assert np.array_equal(votes.matrix, [[-1, 0], [1, nan]], equal_nan=True)


@pytest.mark.parametrize("given", [[(1, 1, 1), (1, 1, 1)], [(1, 1, 2)]])
def test_answers_that_cannot_be_are_refused(given: list[tuple[int, int, int]]):
    with pytest.raises(ValueError, match="answer"):
        gather(given, [1])


def test_what_would_not_fit_is_refused():
    with pytest.raises(TooLargeError):
        gather([(1, 1, 1)], range(10_001))
