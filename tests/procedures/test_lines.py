"""Lines of keys in TOML: every value that `tomllib` finds has one, and it is the right one."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.procedures import bundles
from civic.procedures.lines import index, line_of

TEXT = '''
# a comment = [not, a, key]
title = "a = b" # one
text = """
inside = 1
[not.a.table]
"""
raw = \'\'\'
also = """inside
\'\'\'
a.b."c d" = 2
list = [
    {x = 1, y = [1, 2]},  # {z = 3}
    {x = 2},
    "]",
]

[table]
day = 2026-01-31
[table.under]
deep = true
[[many]]
n = 1
[[many]]
n = 2
[many.under]
m = 3
'''


def ways(value: object, key: tuple = ()) -> list[tuple]:
    """Return the way to every value below one."""
    items = []
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
    return [key] * bool(key) + [way for name, inner in items for way in ways(inner, (*key, name))]


@pytest.mark.parametrize(
    ("key", "line"),
    [
        (("title",), 3),
        (("text",), 4),
        (("raw",), 8),
        (("a", "b", "c d"), 11),
        (("list",), 12),
        (("list", 0, "y"), 13),
        (("list", 0, "y", 1), 13),
        (("list", 1, "x"), 14),
        (("list", 2), 15),
        (("table", "day"), 19),
        (("table", "under"), 20),
        (("table", "under", "deep"), 21),
        (("many", 0, "n"), 23),
        (("many", 1), 24),
        (("many", 1, "under", "m"), 27),
    ],
)
def test_a_key_stands_where_it_stands(key, line) -> None:
    assert index(TEXT)[key] == line


def test_nothing_is_found_where_nothing_is() -> None:
    lines = index(TEXT)
    assert set(ways(tomllib.loads(TEXT))) == set(lines)
    assert line_of(lines, ("table", "missing", "deeper")) == 18
    assert line_of(lines, ("nowhere",)) == 1


@pytest.mark.parametrize("file", sorted(bundles.SHIPPED.glob("*.toml")), ids=lambda file: file.stem)
def test_each_value_of_the_bundle_has_its_line(file) -> None:
    text = file.read_text("utf-8")
    lines = index(text)
    assert set(ways(tomllib.loads(text))) == set(lines)
    for key, line in lines.items():
        if isinstance(key[-1], str):
            assert key[-1] in text.splitlines()[line - 1]


@given(st.lists(st.text(max_size=20), max_size=6), st.integers(0, 3))
def test_texts_of_any_kind_move_no_line(texts, blank) -> None:
    quoted = [
        '"'
        + "".join(f"\\U{ord(sign):08x}" for sign in text if not 0xD800 <= ord(sign) < 0xE000)
        + '"'
        for text in texts
    ]
    text = "\n" * blank + "first = [" + ",\n".join(quoted) + "]\nlast = 1\n"
    tomllib.loads(text)
    assert index(text)["last",] == blank + max(len(texts), 1) + 1
