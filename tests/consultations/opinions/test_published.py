"""What everybody may see of a map, and how it is drawn."""

import re

import numpy as np
import pytest

from civic.consultations import opinion_figure as figure
from civic.consultations.opinions import analysis, published
from civic.consultations.opinions.votes import Votes

CAMPS = np.array([[1.0, 1, 1, -1, 1, 0, 1], [-1.0, -1, -1, 1, 1, 0, 1]])


def camps(first: int, second: int) -> analysis.Opinions:
    matrix = np.vstack([np.tile(CAMPS[0], (first, 1)), np.tile(CAMPS[1], (second, 1))])
    votes = Votes(tuple(range(101, 101 + first + second)), tuple(range(1, 8)), matrix)
    return analysis.analyse(votes, seed=1)


def test_people_stand_in_fields_from_edge_to_edge() -> None:
    found = published.fields(camps(12, 10))
    assert len(found) == 22
    assert {place[0] for place in found.values()} == {0, published.FIELDS}
    # Nobody differs in the second direction: all in the middle of it.
    assert {place[1] for place in found.values()} == {published.FIELDS // 2}


def test_nobody_is_named_and_numbers_are_those_of_groups() -> None:
    shown = published.published(camps(12, 10), seen=5, most=5)
    assert sorted(dot[3] for dot in shown["dots"]) == [10, 12]
    assert [row["id"] for row in shown["unites"]] == [5, 7]
    assert shown["unites"][0]["groups"] == {"A": [12, 12], "B": [10, 10]}
    first = shown["groups"][0]["representative"][0]
    assert (first["count"], first["seen"]) == (12, 12)
    assert (first["others"], first["others_seen"]) == (0, 10)
    assert not re.search(r"\b1(0[1-9]|1\d|2[0-2])\b", repr(shown))


def test_what_few_of_a_group_have_seen_unites_nobody() -> None:
    assert published.published(camps(12, 10), seen=11, most=5)["unites"] == []
    assert len(published.published(camps(12, 10), seen=5, most=1)["unites"]) == 1


@pytest.mark.parametrize(("first", "second"), [(10, 9), (25, 0), (20, 4)])
def test_no_group_is_shown_that_is_too_small(first: int, second: int) -> None:
    shown = published.published(camps(first, second), seen=5, most=5)
    assert all(group["people"] >= 5 for group in shown["groups"])
    assert len(shown["groups"]) <= 1
    assert shown["unites"] == []


def test_groups_differ_in_shape_whatever_their_letters() -> None:
    assert figure.shapes("AB") == {"A": "circle", "B": "square"}
    assert set(figure.shapes("ABCDE").values()) == set(figure.SHAPES)
    found = figure.shapes("AF")
    assert found == {"A": "circle", "F": "square"}


@pytest.mark.parametrize("shape", figure.SHAPES)
def test_a_mark_is_a_closed_outline(shape: str) -> None:
    assert re.fullmatch(r"M[-\d. ahvlLHVzM]+z", figure.mark(shape, 20, 20))


def test_more_people_are_a_larger_mark_within_bounds() -> None:
    dots = [("A", 3, 2, 1), ("A", 4, 2, 100), ("B", 5, 6, 4)]
    moved, left, top = figure.cropped(dots)
    assert (left, top) == (3, 2)
    assert moved[0] == ("A", 0, 0, 1)
    groups, width, height = figure.drawing(moved)
    assert [group.label for group in groups] == ["A", "B"]
    assert (width, height) == (2 * figure.EDGE + 2 * figure.FIELD, 2 * figure.EDGE + 88)
    assert "a7 7" in groups[0].path
    assert "a13 13" in groups[0].path
    # The letter stands where most of its people are.
    assert groups[0].x == figure.point(1, 0)[0]
    assert figure.drawing([]) == ([], 2 * figure.EDGE, 2 * figure.EDGE)
