"""The rules of correcting are read strictly, and shares are exact."""

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civic.corrections import rules, written
from civic.procedures import bundles
from civic.procedures.strict import Wrong

TEXT = rules.FILE.read_text("utf-8")


def test_every_kind_can_be_decided_wherever_it_can_be_said() -> None:
    known = rules.rules()
    for code, kind in known.kinds.items():
        for target in kind.on:
            effects = known.effects_of(code, target)
            assert rules.UNFOUNDED in effects
            assert len(effects) > 1


def test_a_fifth_of_voters_or_a_third_of_representatives_is_enough_and_no_less() -> None:
    known = rules.rules()
    bases = {"voters": 101, "representatives": 10}
    for voters, representatives, enough in ((20, 3, False), (21, 0, True), (0, 4, True)):
        signed = {"voters": voters, "representatives": representatives}
        assert known.supported(signed, bases) is enough
    nobody = {"voters": 0, "representatives": 0}
    assert not known.supported(nobody, nobody)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('op = "ge"', 'op = "about"'),
        ("den = 5", "den = 0"),
        ("num = 1\nden = 3", "num = 4\nden = 3"),
        ("[kinds.typo]", "[kinds.slip]"),
        ('"recount", "revote", "annul", "unfounded"', '"recount", "forget"'),
        ('effects = ["amend_rule", "unfounded"]', 'effects = ["unfounded"]'),
        ("gathering = {n = 30", "gathering = {m = 30"),
        ("petition = false", 'petition = "no"'),
    ],
)
def test_what_does_not_do_is_refused(before: str, after: str) -> None:
    assert before in TEXT
    with pytest.raises(Wrong):
        rules.read(TEXT.replace(before, after))


def test_a_rule_written_as_text_reads_back_to_the_same() -> None:
    drafts, problems = bundles.load(bundles.Source(bundles.CORE, bundles.SHIPPED))
    assert not problems
    for draft in drafts:
        text = written.toml(draft.data)
        again, faults = bundles.check_text(text, draft.file)
        assert faults == []
        assert again is not None
        assert again.data == draft.data


@settings(max_examples=40)
@given(st.text(max_size=80))
def test_hostile_words_stay_words(words: str) -> None:
    clean = words.encode("utf-8", "ignore").decode()
    assert tomllib.loads(written.toml({"a": clean, "b": [{"c": clean}]})) == {
        "a": clean,
        "b": [{"c": clean}],
    }
