"""What triage weighs, as data; and the machine of states."""

from datetime import UTC, datetime

import pytest

from civic.kernel import holidays
from civic.kernel.periods import Holidays, HolidayTable
from civic.topics import scales, states

HOLIDAYS = Holidays((HolidayTable(year=2026, off=frozenset(), work=frozenset()),))


def test_each_scale_has_levels_in_both_languages() -> None:
    assert list(scales.scales()) == list(scales.NAMES)
    for scale in scales.scales().values():
        assert sorted(scale.levels) == [1, 2, 3]
        assert all(words.zh and words.en for words in scale.levels.values())


def test_what_weighs_more_comes_first_and_what_is_not_weighed_before_all() -> None:
    ranks = [scales.rank(u, r, a) for u in (1, 2, 3) for r in (1, 2, 3) for a in (1, 2, 3)]
    assert max(ranks) == scales.rank(3, 3, 3) < scales.UNTRIAGED
    assert scales.rank(3, 2, 2) > scales.rank(2, 2, 2) > scales.rank(1, 2, 2)


def test_an_answer_is_owed_after_working_days() -> None:
    monday = datetime(2026, 11, 23, 4, tzinfo=UTC)
    due = holidays.end_of(monday, scales.clocks().first_answer, HOLIDAYS)
    assert due is not None
    assert due.isoformat() == "2026-12-01T00:00:00+08:00"
    assert (
        holidays.end_of(datetime(2027, 1, 4, tzinfo=UTC), scales.clocks().first_answer, HOLIDAYS)
        is None
    )


def test_codes_of_the_data_are_those_of_the_machine() -> None:
    assert set(scales.lanes()) == set(states.LANES)
    assert "other" in scales.reasons()
    assert {"police", "court", "petition", "office"} <= set(scales.channels())
    assert set(scales.exclusions()) == {"decided", "legal_procedure", "privacy"}


def test_every_state_is_reached_and_every_open_one_is_left() -> None:
    reached = {states.HANDED_IN}
    while True:
        more = {
            rule.target for rule in states.ACTS.values() if rule.target and rule.sources & reached
        }
        if more <= reached:
            break
        reached |= more
    assert reached == set(states.STATES)
    for state in states.OPEN:
        assert any(
            state in rule.sources and rule.target in states.CLOSED for rule in states.ACTS.values()
        )


@pytest.mark.parametrize("state", states.STATES)
@pytest.mark.parametrize("act", states.ACTS)
def test_an_act_is_possible_in_its_states_and_lane_alone(act: str, state: str) -> None:
    rule = states.ACTS[act]
    for lane in (None, *states.LANES):
        expected = state in rule.sources and (rule.lane is None or rule.lane == lane)
        assert states.possible(act, state, lane) == expected
