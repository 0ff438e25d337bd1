"""Plain words: every procedure reads in both languages, and says each thing it sets."""

import re
from dataclasses import replace

import pytest

from civic.kernel import i18n
from civic.kernel.periods import Period
from civic.procedures.schema import BallotForm, Times
from civic.procedures.words import describe
from tests.procedures.samples import shipped
from tests.procedures.test_bundles import ROWS

#: Words that are the same in Chinese.
LATIN = re.compile(r"[A-Za-z]{2,}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def reading(sqlite_app):
    def read(procedure, language: str, *, confirmed: bool = False) -> dict[str, str]:
        with i18n.speaking(i18n.LANGUAGES[language]):
            lines = describe(procedure, confirmed=confirmed)
            return {line.code: f"{line.title} {' '.join(line.texts)}" for line in lines}

    return read


@pytest.mark.parametrize("code", ROWS)
def test_each_reads_in_both_languages(reading, code) -> None:
    procedure = shipped(code, "CN-BJ")
    chinese, english = (reading(procedure, language) for language in ("zh-Hans", "en"))
    assert list(chinese) == list(english)
    for what, text in chinese.items():
        assert LATIN.findall(text) == [], what
        assert "%" not in text
    for what, text in english.items():
        if what not in {"basis", "binding"}:  # sources and systems have Chinese names
            assert CHINESE.findall(text) == [], what
        assert "%(" not in text


def test_what_is_set_is_said(reading) -> None:
    procedure = replace(
        shipped("owner_special"),
        proxy_most=3,
        silence_follows_majority=True,
        silence_basis="议事规则 §9",
        secrecy="detached",
        results_shown="published",
        ballot=BallotForm(kind="approval", changeable=False, most=2),
        times=Times(notice=Period(n=2, unit="year"), topics=Period(n=1), every=Period(n=1)),
    )
    said = reading(procedure, "en")
    assert "votes for 3 others at most" in said["unit"]
    assert "contested; it rests on: 议事规则 §9" in said["pass"]
    assert "Keeping silent" not in said["pass"]
    assert "never linked" in said["secrecy"]
    assert "when the result is published" in said["secrecy"]
    assert "At most 2 options" in said["ballot"]
    assert "changed" not in said["ballot"]
    assert "at least 2 years before" in said["times"]
    assert "1 day before" in said["times"]


def test_why_it_does_not_bind_yet(reading) -> None:
    procedure = shipped("ra_2026_person")
    before = reading(procedure, "en")["binding"]
    assert before.startswith("What the result is Self-governance")
    assert "has not confirmed" in before
    assert "To be settled" in before
    after = reading(procedure, "en", confirmed=True)["binding"]
    assert after == "What the result is A binding decision under the law."
    mirror = reading(shipped("owner_general", "CN-BJ"), "en", confirmed=True)["binding"]
    assert mirror == (
        "What the result is A copy of a result that another system holds officially. "
        "The official result is held by: 北京业主."
    )
    advice = reading(shipped("owner_general"), "en")["binding"]
    assert advice.startswith("What the result is Advice")
