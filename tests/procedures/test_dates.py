"""Legal dates of a case: exactly enough days, and what cannot be reckoned is said."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.kernel import clock
from civic.kernel.periods import Holidays, HolidayTable, Period, TableMissing
from civic.procedures import dates
from civic.procedures.schema import Times
from tests.procedures.samples import shipped

NATIONAL = frozenset(date(2027, 10, day) for day in range(1, 8))
TABLES = Holidays(
    (HolidayTable(year=2027, off=NATIONAL, work=frozenset({date(2027, 9, 26), date(2027, 10, 9)})),)
)
NONE = Holidays()


def at(day: date, hour: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=clock.ZONE)


def test_a_notice_of_fifteen_days_before_a_meeting() -> None:
    (due,) = dates.before(shipped("owner_special"), at(date(2027, 9, 20), 14), NONE)
    # From the day after the notice to the day before the meeting, fifteen whole days.
    assert (due.code, due.day) == ("notice", date(2027, 9, 4))
    assert due.ends_at == at(date(2027, 9, 5))


def test_a_vote_may_begin_when_the_whole_notice_has_passed() -> None:
    procedure = shipped("owner_special")
    opening = dates.earliest_opening(procedure, at(date(2027, 9, 4), 23), NONE)
    assert opening == at(date(2027, 9, 20))
    assert dates.earliest_opening(shipped("dot_vote"), at(date(2027, 9, 4)), NONE) == at(
        date(2027, 9, 4)
    )


def test_who_is_told_and_what_is_handed_in_before() -> None:
    (told,) = dates.before(shipped("oc_meeting", "CN-BJ"), at(date(2027, 9, 20)), NONE)
    assert (told.code, told.day, told.whom.zh) == ("told", date(2027, 9, 14), "居民委员会")
    (topics,) = dates.before(shipped("joint_meeting"), at(date(2027, 9, 20)), NONE)
    assert (topics.code, topics.day) == ("topics", date(2027, 9, 4))


def test_a_result_is_shown_within_three_days_and_hangs_ten_working_ones() -> None:
    procedure = shipped("pmc_meeting", "CN-BJ")
    (result,) = dates.after_close(procedure, at(date(2027, 9, 20), 18), TABLES)
    assert result.day == date(2027, 9, 23)
    (display,) = dates.after_result(procedure, at(date(2027, 9, 23), 9), TABLES)
    # 24, 26 (worked), 27–30 September, 8, 9 (worked), 11, 12 October.
    assert display.day == date(2027, 10, 12)
    assert display.ends_at == at(date(2027, 10, 13))


def test_a_last_day_that_is_off_moves_to_the_next_that_is_not() -> None:
    (result,) = dates.after_close(shipped("owner_special", "CN-BJ"), at(date(2027, 9, 29)), TABLES)
    assert result.day == date(2027, 10, 8)


def test_a_missing_table_is_said_and_never_guessed() -> None:
    for found in (
        dates.after_close(shipped("owner_special", "CN-BJ"), at(date(2028, 3, 1)), TABLES),
        dates.after_result(shipped("pmc_meeting", "CN-BJ"), at(date(2027, 12, 25)), TABLES),
        dates.after_objection(shipped("household_poll"), at(date(2026, 12, 30)), TABLES),
    ):
        (due,) = found
        assert due.day is None
        assert due.ends_at is None
        assert due.missing in {2026, 2028}
    working = replace(shipped("owner_special"), times=Times(notice=Period(n=5, kind="working")))
    with pytest.raises(TableMissing):
        dates.earliest_opening(working, at(date(2028, 3, 1)), TABLES)


def test_what_follows_a_call() -> None:
    found = dates.after_call(shipped("owner_found", "CN-BJ"), at(date(2027, 3, 1)), TABLES)
    assert [(due.code, due.day) for due in found] == [
        ("check", date(2027, 3, 31)),
        ("posted", date(2027, 3, 8)),
        ("meeting", date(2027, 4, 30)),
    ]


@given(
    st.dates(date(2027, 1, 1), date(2027, 10, 1)),
    st.integers(1, 30),
    st.sampled_from(["calendar", "working"]),
)
def test_the_earliest_opening_is_the_first_day_for_which_the_notice_is_early_enough(
    day, length, kind
) -> None:
    period = Period(n=length, kind=kind)
    procedure = replace(shipped("owner_special"), times=Times(notice=period))
    opening = dates.earliest_opening(procedure, at(day, 12), TABLES)
    (due,) = dates.before(procedure, opening, TABLES)
    assert due.day >= day
    (sooner,) = dates.before(procedure, opening - timedelta(days=1), TABLES)
    assert sooner.day < day
