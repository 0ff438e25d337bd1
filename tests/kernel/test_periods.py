"""Legal periods end on the right day, in years with moved weekends too (domain.md §3.7)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from civic.kernel.daysoff import TableWrong, read_table
from civic.kernel.periods import (
    Holidays,
    HolidayTable,
    Period,
    TableMissing,
    end_of,
    is_working_day,
    last_day,
    latest_act_before,
)
from civic.kernel.sheets import Row

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)


def days(year: int, *spans: str) -> frozenset[date]:
    """Read `1.28-2.4` and `5.9` as days of a year."""
    found = set()
    for span in spans:
        ends = [tuple(map(int, end.split("."))) for end in span.split("-")]
        first, last = date(year, *ends[0]), date(year, *ends[-1])
        found |= {first + n * DAY for n in range((last - first).days + 1)}
    return frozenset(found)


# 国办发明电〔2024〕12号
Y2025 = HolidayTable(
    year=2025,
    off=days(2025, "1.1", "1.28-2.4", "4.4-4.6", "5.1-5.5", "5.31-6.2", "10.1-10.8"),
    work=days(2025, "1.26", "2.8", "4.27", "9.28", "10.11"),
)
# 国办发明电〔2025〕7号
Y2026 = HolidayTable(
    year=2026,
    off=days(
        2026, "1.1-1.3", "2.15-2.23", "4.4-4.6", "5.1-5.5", "6.19-6.21", "9.25-9.27", "10.1-10.7"
    ),
    work=days(2026, "1.4", "2.14", "2.28", "5.9", "9.20", "10.10"),
)
KNOWN = Holidays([Y2025, Y2026])

moments = st.datetimes(
    datetime.fromisoformat("2025-01-01"),
    datetime.fromisoformat("2026-06-30"),
    timezones=st.sampled_from([SHANGHAI, UTC]),
)
calendar_days = st.builds(lambda n: Period(n=n), st.integers(1, 150))
working_days = st.builds(lambda n: Period(n=n, kind="working"), st.integers(1, 100))
months = st.builds(lambda n: Period(n=n, unit="month"), st.integers(1, 5))
periods = st.one_of(calendar_days, working_days, months)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def of(text: str) -> Period:
    n, unit, *_ = text.split()
    kind = "working" if "working" in text else "calendar"
    return Period(n=int(n), unit=unit if unit in {"month", "year"} else "day", kind=kind)


@pytest.mark.parametrize(
    ("act", "period", "last", "why"),
    [
        (
            "2025-03-03 10:00",
            "7 day",
            "2025-03-10",
            "四议 display; the day of the act is not counted",
        ),
        ("2025-03-03 10:00", "3 day", "2025-03-06", "result display within three days"),
        ("2025-03-05 10:00", "3 day", "2025-03-10", "a Saturday moves to Monday"),
        ("2025-04-01 10:00", "3 day", "2025-04-07", "清明 ends on a Sunday"),
        ("2025-09-24 10:00", "7 day", "2025-10-09", "a last day in National Day week"),
        ("2025-04-24 10:00", "3 day", "2025-04-27", "a Sunday that is worked keeps its last day"),
        ("2025-01-23 10:00", "3 day", "2025-01-26", "worked before Spring Festival"),
        ("2025-01-21 10:00", "7 day", "2025-02-05", "Spring Festival"),
        ("2025-05-24 10:00", "7 day", "2025-06-03", "端午 on a weekend and a Monday"),
        ("2025-09-29 10:00", "10 day", "2025-10-09", "the day after the holiday itself"),
        ("2025-10-02 10:00", "9 day", "2025-10-11", "the worked Saturday after it"),
        ("2026-02-05 10:00", "10 day", "2026-02-24", "the nine days of 2026"),
        ("2026-02-04 10:00", "10 day", "2026-02-14", "the worked Saturday before them"),
        ("2025-01-31 10:00", "1 month", "2025-02-28", "no matching day: the end of the month"),
        ("2025-08-31 10:00", "6 month", "2026-02-28", "a worked Saturday at the end of a month"),
        ("2025-02-28 10:00", "1 month", "2025-03-28", "the matching day, not the end"),
        ("2025-04-30 10:00", "1 month", "2025-05-30", "the matching day, not the end"),
        ("2025-11-01 10:00", "6 month", "2026-05-06", "a month that ends in a holiday"),
        ("2025-03-04 10:00", "1 year", "2026-03-04", "an owner sues within a year"),
        ("2025-05-01 10:00", "1 year", "2026-05-06", "a year that ends in a holiday"),
        ("2025-03-03 10:00", "5 working", "2025-03-10", "street replies to a filing"),
        ("2025-03-03 10:00", "7 working", "2025-03-12", "project award display"),
        ("2025-03-03 10:00", "10 working", "2025-03-17", "物管会 display"),
        ("2025-09-26 10:00", "5 working", "2025-10-10", "28 September is worked, the week is off"),
        ("2025-09-26 10:00", "6 working", "2025-10-11", "so is the Saturday after it"),
        ("2025-01-24 10:00", "5 working", "2025-02-07", "Spring Festival and its moved Sunday"),
        ("2025-12-29 10:00", "5 working", "2026-01-06", "over the end of a year"),
        ("2026-02-12 10:00", "20 working", "2026-03-18", "the file for a big event"),
        ("2025-02-28 23:59:59", "1 day", "2025-03-03", "the act is on Friday"),
        ("2025-02-27 23:59:59", "1 day", "2025-02-28", "the last second of a day"),
        ("2025-02-28 00:00", "3 day", "2025-03-03", "the first moment of a day"),
    ],
)
def test_the_last_day(act, period, last, why):
    assert last_day(at(act), of(period), KNOWN) == date.fromisoformat(last), why


def test_the_day_is_that_of_shanghai():
    # 16:00 UTC is midnight in Shanghai.
    assert last_day(datetime(2025, 3, 3, 15, 59, 59, tzinfo=UTC), Period(n=1), KNOWN) == date(
        2025, 3, 4
    )
    assert last_day(datetime(2025, 3, 3, 16, tzinfo=UTC), Period(n=1), KNOWN) == date(2025, 3, 5)


def test_the_last_day_ends_at_24_or_when_the_office_closes():
    act = at("2025-03-03 10:00")
    end = end_of(act, Period(n=7), KNOWN)
    assert end == at("2025-03-11 00:00") == datetime(2025, 3, 10, 16, tzinfo=UTC)
    assert end_of(act, Period(n=7), KNOWN, closing=time(17, 30)) == at("2025-03-10 17:30")


@pytest.mark.parametrize(
    ("deadline", "period", "latest", "why"),
    [
        ("2025-06-20 19:00", "15 day", "2025-06-04", "fifteen whole days lie between"),
        ("2025-06-20 00:00", "15 day", "2025-06-04", "at any hour of the day"),
        ("2025-10-10 09:00", "15 day", "2025-09-24", "a holiday in between changes nothing"),
        ("2025-10-20 09:00", "15 day", "2025-10-04", "nor does one at its beginning"),
        ("2025-06-20 19:00", "5 day", "2025-06-14", "topics to the 居委会"),
        ("2025-10-13 09:00", "5 working", "2025-09-28", "three days since the 9th, two before"),
        ("2025-10-09 09:00", "1 working", "2025-09-29", "the week off does not count"),
        ("2026-03-02 09:00", "20 working", "2026-01-26", "over the nine days off"),
        ("2025-03-17 09:00", "5 working", "2025-03-09", "a Sunday is early enough"),
        ("2025-08-31 09:00", "6 month", "2025-02-28", "matches the 28th, before the 30th"),
        ("2025-03-01 09:00", "1 month", "2025-01-31", "31 January matches 28 February"),
        ("2026-03-01 09:00", "1 year", "2025-02-28", "a year before"),
    ],
)
def test_the_latest_day_for_an_act(deadline, period, latest, why):
    assert latest_act_before(at(deadline), of(period), KNOWN) == date.fromisoformat(latest), why


def test_calendar_days_before_a_deadline_need_no_table():
    assert latest_act_before(at("2031-06-20 19:00"), Period(n=15), Holidays()) == date(2031, 6, 4)


@given(moments, moments, periods)
def test_a_later_start_never_ends_earlier(one, other, period):
    early, late = sorted([one, other])
    assert end_of(early, period, KNOWN) <= end_of(late, period, KNOWN)


@given(moments, st.sampled_from([calendar_days, working_days, months]), st.data())
def test_a_longer_period_never_ends_earlier(start, kind, data):
    short, long = sorted([data.draw(kind), data.draw(kind)], key=lambda period: period.n)
    assert last_day(start, short, KNOWN) <= last_day(start, long, KNOWN)


@given(moments, periods)
def test_a_period_ends_on_a_day_that_is_worked_after_the_day_of_the_act(start, period):
    last = last_day(start, period, KNOWN)
    assert is_working_day(last, KNOWN)
    assert last > start.astimezone(SHANGHAI).date()


@given(moments, working_days)
def test_working_days_are_counted_one_by_one(start, period):
    last, first = last_day(start, period, KNOWN), start.astimezone(SHANGHAI).date()
    between = [first + n * DAY for n in range(1, (last - first).days + 1)]
    assert sum(is_working_day(day, KNOWN) for day in between) == period.n


@given(moments, calendar_days)
def test_calendar_days_end_on_their_day_or_the_next_that_is_worked(start, period):
    exact = start.astimezone(SHANGHAI).date() + period.n * DAY
    last = last_day(start, period, KNOWN)
    assert last >= exact
    assert not any(is_working_day(exact + n * DAY, KNOWN) for n in range((last - exact).days))


@given(moments, months)
def test_months_match_or_end_with_the_month(start, period):
    first = start.astimezone(SHANGHAI).date()
    month = date(first.year, first.month, 1)
    for _ in range(period.n):
        month = (month + 31 * DAY).replace(day=1)
    try:
        exact = month.replace(day=first.day)
    except ValueError:
        exact = (month + 31 * DAY).replace(day=1) - DAY
    last = last_day(start, period, KNOWN)
    assert last >= exact
    assert not any(is_working_day(exact + n * DAY, KNOWN) for n in range((last - exact).days))


@given(moments, periods)
def test_an_act_on_the_latest_day_is_early_enough_and_one_a_day_later_is_not(deadline, period):
    assume(deadline > datetime(2025, 9, 1, tzinfo=UTC))
    latest = latest_act_before(deadline, period, KNOWN)
    midnight = datetime.combine(deadline.astimezone(SHANGHAI).date(), time(), SHANGHAI)
    assert end_of(noon(latest + DAY), period, KNOWN) > midnight
    if period.kind == "working":
        assert end_of(noon(latest), period, KNOWN) <= midnight
    elif period.unit == "day":
        assert (midnight.date() - latest).days == period.n + 1


@given(moments, working_days)
def test_the_two_ways_of_counting_working_days_undo_each_other(start, period):
    assume(start < datetime(2026, 1, 1, tzinfo=UTC))
    latest = latest_act_before(end_of(start, period, KNOWN), period, KNOWN)
    first = start.astimezone(SHANGHAI).date()
    # Only days that do not count can lie between: an act on any of them sets the same period going.
    assert latest >= first
    assert not any(
        is_working_day(first + n * DAY, KNOWN) for n in range(1, (latest - first).days + 1)
    )


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), SHANGHAI)


@pytest.mark.parametrize(
    ("act", "period", "year"),
    [
        ("2026-12-30 10:00", "5 working", 2027),
        ("2026-12-20 10:00", "15 day", 2027),
        ("2026-03-04 10:00", "1 year", 2027),
        ("2024-12-27 10:00", "3 working", 2024),
    ],
)
def test_a_year_without_a_table_is_never_guessed(act, period, year):
    with pytest.raises(TableMissing) as refused:
        last_day(at(act), of(period), KNOWN)
    assert refused.value.year == year
    assert refused.value.values == {"year": year}


def test_a_weekday_and_a_weekend_need_the_table_alike():
    for day in (date(2027, 3, 3), date(2027, 3, 6)):
        with pytest.raises(TableMissing):
            is_working_day(day, KNOWN)


def test_working_days_before_a_deadline_need_the_tables():
    with pytest.raises(TableMissing):
        latest_act_before(at("2025-01-10 10:00"), Period(n=20, kind="working"), KNOWN)


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        last_day(datetime.fromisoformat("2025-03-03"), Period(n=1), KNOWN)


@given(periods)
def test_a_period_is_written_as_it_is_read(period):
    assert Period.parse(period.as_dict()) == period


def test_the_short_form_means_days():
    assert Period.parse({"n": 15, "kind": "calendar"}) == Period(n=15)
    assert Period.parse({"n": 6, "unit": "month", "kind": "calendar"}).as_dict() == {
        "n": 6,
        "unit": "month",
        "kind": "calendar",
    }


@pytest.mark.parametrize(
    "data",
    [
        {},
        None,
        15,
        {"n": 15},
        {"kind": "calendar"},
        {"n": 15, "kind": "calendar", "days": 1},
        {"n": "15", "kind": "calendar"},
        {"n": True, "kind": "calendar"},
        {"n": 1.5, "kind": "calendar"},
        {"n": 0, "kind": "calendar"},
        {"n": -1, "kind": "working"},
        {"n": 15, "kind": "lunar"},
        {"n": 15, "kind": "calendar", "unit": "week"},
        {"n": 1, "kind": "working", "unit": "month"},
        {"n": 1, "kind": "working", "unit": "year"},
    ],
)
def test_a_wrong_period_is_refused(data):
    with pytest.raises(ValueError, match=r".+"):
        Period.parse(data)


def rows(*texts: str) -> list[Row]:
    return [
        Row(number=number, values=dict(zip(("date", "kind"), text.split(), strict=True)))
        for number, text in enumerate(texts, 2)
    ]


def test_a_table_is_read():
    table = read_table(
        rows("2026-01-01 休", "2026/1/2 off", "2026年1月3日 放假", "20260104 上班"), "x"
    )
    assert table == HolidayTable(
        year=2026, off=days(2026, "1.1-1.3"), work=days(2026, "1.4"), source="x"
    )


def test_a_weekend_may_be_off_and_a_row_may_be_there_twice():
    table = read_table(rows("2026-10-03 休", "2026-10-03 休", "2026-10-10 班"))
    assert table.off == days(2026, "10.3")


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([], [("no_rows", None)]),
        (["2026-01-01 休", "2026-13-01 休"], [("date", 3)]),
        (["2026-01-01 ?", "2026-01-02 休"], [("day_kind", 2)]),
        (["2026-01-01 休", "2027-01-01 休"], [("day_year", 3)]),
        (["2026-01-04 班", "2026-01-04 休"], [("day_twice", 3)]),
        (["2026-01-05 班"], [("day_weekday", 2)]),
        (["2026-01-05 班", "x 休", "2026-01-01 休"], [("day_weekday", 2), ("date", 3)]),
    ],
)
def test_a_wrong_table_is_refused_row_by_row(texts, expected):
    with pytest.raises(TableWrong) as refused:
        read_table(rows(*texts))
    assert [(problem.code, problem.row) for problem in refused.value.problems] == expected


@pytest.mark.parametrize(
    "wrong",
    [
        {"off": days(2026, "1.4"), "work": days(2026, "1.4")},
        {"off": days(2025, "1.4"), "work": frozenset()},
        {"off": frozenset(), "work": days(2026, "1.5")},
    ],
)
def test_a_table_cannot_contradict_itself(wrong):
    with pytest.raises(ValueError, match=r".+"):
        HolidayTable(year=2026, **wrong)


def test_a_later_table_stands_for_an_earlier_one():
    later = HolidayTable(year=2026, off=frozenset(), work=frozenset())
    known = Holidays([Y2026, later])
    assert known.of(2026) == later
    assert known.years == {2026}
