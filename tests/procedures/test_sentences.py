"""Outcomes in one plain sentence: the base of each percentage is named, and none lies."""

from dataclasses import replace
from fractions import Fraction

import pytest
from flask_babel import force_locale
from hypothesis import given
from hypothesis import strategies as st

from civic.procedures.rules import Check, Count, decide
from civic.procedures.sentences import area, percent, sentence
from civic.procedures.thresholds import Share
from tests.procedures.samples import shipped
from tests.procedures.test_rules import owners


@pytest.fixture
def say(sqlite_app):
    def in_language(outcome, language: str) -> str:
        with sqlite_app.test_request_context(), force_locale(language):
            return sentence(outcome)

    return in_language


def households(took: int, agreed: int, entitled: int = 900):
    counts = {"heads": Count(entitled=entitled, participating=took, agreeing=agreed)}
    return decide(shipped("household_poll"), counts)


def test_one_sentence_with_the_base_of_the_percentage(say) -> None:
    assert say(households(612, 373), "en") == (
        "Passed: 612 of 900 households took part, 600 were needed; "
        "61 % of those voting agreed, more than half were needed."
    )
    assert say(households(612, 373), "zh_Hans_CN") == (
        "通过：住户应参加 900，实际参加 612，须达到 600；参加表决者中 61 % 同意，须超过半数。"
    )
    assert say(households(212, 212), "en") == (
        "Not valid, because too few took part: 212 of 900 households took part, 600 were needed."
    )


def test_both_measures_are_said(say) -> None:
    outcome = decide(shipped("owner_special"), owners(60, 6000, agree=(44, 5900)))
    assert say(outcome, "en") == (
        "Not passed: 60 of 90 owners took part, 60 were needed; "
        "they hold 6,000 m² of 9,000 m², 6,000 m² were needed; "
        "73 % of those voting agreed, at least three quarters were needed; "
        "they hold 98 % of the area of those voting, at least three quarters were needed."
    )
    outcome = decide(shipped("owner_special"), owners(80, 5999.99, agree=(80, 5999.99)))
    assert "5,999.99 m² of 9,000 m², 6,000 m² were needed" in say(outcome, "en")


def test_what_only_orders_is_counted(say) -> None:
    counts = {"heads": Count(entitled=9, participating=3)}
    assert say(decide(shipped("street_advisory"), counts), "en") == "Counted."
    counts = {
        "experts": Count(entitled=9, participating=6),
        "residents": Count(entitled=50, participating=31),
    }
    assert say(decide(shipped("project_score"), counts), "en") == (
        "Not valid, because too few took part: "
        "6 experts took part, 5 and an odd number were needed; "
        "31 residents took part, 30 were needed."
    )


def test_the_alternative_that_was_met_is_said(say) -> None:
    counts = {
        "heads": Count(entitled=2000, participating=600, agreeing=400),
        "household_reps": Count(entitled=900, participating=700),
    }
    said = say(decide(shipped("ra_2026_person"), counts), "en")
    assert said.startswith("Passed: 700 of 900 household representatives took part, 600")
    assert "of those present" in said


@pytest.mark.parametrize(
    ("agreeing", "opposing", "said"),
    [(30, 5, "with those who agreed."), (5, 30, "with those who opposed."), (9, 9, "taking part.")],
)
def test_silent_ones_that_were_counted_are_named(say, agreeing, opposing, said) -> None:
    procedure = replace(
        shipped("household_poll"), silence_follows_majority=True, silence_basis="公约 §9"
    )
    counts = Count(entitled=90, participating=40, agreeing=agreeing, opposing=opposing, reached=30)
    assert say(decide(procedure, {"heads": counts}), "en").endswith(said)


def test_areas_never_say_more_than_is_true() -> None:
    assert area(666_699) == "66.66 m²"
    assert area(666_667, up=True) == "66.67 m²"
    assert area(90_000_000) == "9,000 m²"


def check(count: int, base: int, share: Share) -> Check:
    met = share.met(count, base)
    return Check("heads", "participating", count, base, share.needed(base), share, met)


@pytest.mark.parametrize(
    ("count", "base", "share", "shown"),
    [
        (30, 60, Share("gt", 1, 2), "50 %"),
        (5001, 10_000, Share("gt", 1, 2), "50.01 %"),
        (4999, 10_000, Share("gt", 1, 2), "50 %"),
        (2, 3, Share("ge", 2, 3), "67 %"),
        (2, 3, Share("gt", 2, 3), "66 %"),
        (373, 612, Share("gt", 1, 2), "61 %"),
        (0, 0, Share("gt", 1, 2), "0 %"),
    ],
)
def test_percentages(count, base, share, shown) -> None:
    assert percent(check(count, base, share)) == shown


@given(st.integers(1, 20_000), st.data())
def test_a_percentage_never_contradicts_the_verdict(base, data) -> None:
    share = data.draw(st.sampled_from([Share("gt", 1, 2), Share("ge", 2, 3), Share("gt", 1, 3)]))
    found = check(data.draw(st.integers(0, base)), base, share)
    shown = Fraction(percent(found).removesuffix(" %"))
    goal = 100 * share.fraction
    assert (shown > goal if share.op == "gt" else shown >= goal) is found.met
