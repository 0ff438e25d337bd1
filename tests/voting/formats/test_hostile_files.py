"""A file that was damaged is read, or refused in one line; nothing else happens."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civic.voting.formats import BadFile, pabulib, preflib

SAMPLES = Path(__file__).parents[1] / "samples"
NAMES = sorted(path.name for path in SAMPLES.iterdir())


def test_there_is_a_sample_of_each_format():
    assert {name.partition(".")[2] for name in NAMES} == {"soc", "soi", "toc", "toi", "cat", "pb"}


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_damage(name: str, data: st.DataObject):
    text = (SAMPLES / name).read_text("utf-8")
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 12)))
        put = data.draw(st.text('#:{}0123456789,;."-\n\r\0 AＡ９', max_size=4))
        text = text[:start] + put + text[end:]
    lines = iter(text.splitlines(keepends=True))
    said = name
    try:
        if name.endswith(".pb"):
            election = pabulib.parse(name, lines)
        else:
            election = preflib.parse(name, name.partition(".")[2], lines)
        assert all(times > 0 for _, times in election.ballots)
        assert election.paper.options
    except BadFile as bad:
        said = str(bad)
    assert said.startswith(name)
    assert "\n" not in said
