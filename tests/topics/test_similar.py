"""Which topics say nearly the same."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civic.topics import scales, similar

RULES = scales.duplicates()
BAY = ("6号楼前停车位不够", "晚上回来没地方停，消防通道也占了。")


def alike(one: tuple[str, str], other: tuple[str, str]) -> bool:
    return similar.score(*one, *other) >= RULES["from"]


@pytest.mark.parametrize(
    "other",
    [
        ("6号楼前面的停车位不够用", ""),
        ("停车位不够", "小区晚上停车难"),
        ("六号楼前停车位太少", "回来晚了没地方停车"),
        ("６号楼前停车位不够！", ""),
        ("晚上停车没地方", "6号楼前停车位总是不够，消防通道被占。"),
    ],
)
def test_the_same_in_other_words_is_found(other: tuple[str, str]) -> None:
    assert alike(BAY, other)


@pytest.mark.parametrize(
    "other",
    [
        ("楼道灯坏了", "三层的灯一个月没亮。"),
        ("希望加开早班班车", "七点半那班太挤。"),
        ("垃圾桶要多一些", ""),
        ("楼前的树该修剪了", "挡住了二层的窗户。"),
    ],
)
def test_another_matter_is_not(other: tuple[str, str]) -> None:
    assert not alike(BAY, other)


def test_latin_text_is_compared_too() -> None:
    assert alike(("More bicycle racks at gate 2", ""), ("bicycle racks, GATE 2", ""))
    assert not alike(("More bicycle racks", ""), ("Lift is broken", ""))


def test_the_most_alike_come_first_and_no_more_than_asked() -> None:
    others = [(1, "停车位不够", ""), (2, "6号楼前停车位不够", ""), (3, "楼道灯坏了", "")]
    found = similar.nearest(*BAY, others, at_least=RULES["from"], most=5)
    assert found == [2, 1]
    assert similar.nearest(*BAY, others, at_least=RULES["from"], most=1) == [2]


def test_nothing_is_like_nothing() -> None:
    assert similar.likeness(frozenset(), frozenset()) == 0
    assert similar.score("？", "", "！", "") == 0
    assert similar.pairs("灯") == {"灯"}


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_likeness_is_a_share_and_the_same_from_both_sides(a: str, b: str, c: str, d: str) -> None:
    score = similar.score(a, b, c, d)
    assert 0 <= score <= 1
    assert score == similar.score(c, d, a, b)
    if len(similar.folded(a)) > 2:
        assert similar.score(a, b, a, b) >= 0.7
