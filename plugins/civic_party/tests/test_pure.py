"""What only computes: the rota, dates, quorum, majorities, the way of a meeting."""

import copy
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.api import clock, meeting_rules_from, periods
from civic_party import deciding, flow, quarters, roll
from civic_party.quarters import Order
from civic_party.words import data

QUARTER = st.integers(4 * 2020, 4 * 2040)
SEATS = st.lists(st.integers(1, 50), min_size=1, max_size=9, unique=True)
BETWEEN = tuple(datetime(year, 1, 1) for year in (2020, 2100))  # noqa: DTZ001 - local
WORKED = periods.Holidays(())


@given(st.dates(date(2000, 1, 1), date(2199, 12, 31)))
def test_each_day_lies_in_its_quarter_alone(day):
    quarter = quarters.quarter_of(day)
    assert quarters.first_day(quarter) <= day <= quarters.last_day(quarter)
    assert quarters.first_day(quarter + 1) == quarters.last_day(quarter) + timedelta(days=1)
    year, part = quarters.year_and_part(quarter)
    assert year == day.year
    assert 1 <= part <= 4


@given(QUARTER, SEATS, st.integers(0, 60))
def test_the_rota_gives_each_seat_its_turn_once_in_a_round(starts, seats, later):
    order = Order(starts, tuple(seats))
    round_ = [quarters.turn_of(starts + later + n, [order]) for n in range(len(seats))]
    assert sorted(round_) == sorted(seats)
    assert quarters.turn_of(starts, [order]) == seats[0]
    assert quarters.turn_of(starts - 1, [order]) is None


@given(QUARTER, SEATS, SEATS, st.integers(1, 8))
def test_a_later_order_takes_over_and_changes_nothing_before(starts, first, second, gap):
    old, new = Order(starts, tuple(first)), Order(starts + gap, tuple(second))
    for quarter in range(starts, starts + gap):
        assert quarters.turn_of(quarter, [new, old]) == quarters.turn_of(quarter, [old])
    assert quarters.turn_of(starts + gap, [old, new]) == second[0]


@given(SEATS, st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=8))
def test_swaps_change_who_has_which_quarter_and_nobody_loses_a_turn(seats, pairs):
    starts = 4 * 2026
    swaps = [(starts + a, starts + b) for a, b in pairs if a != b]
    order = [Order(starts, tuple(seats))]
    before = [quarters.turn_of(starts + n, order) for n in range(12)]
    expected = list(before)
    for first, second in swaps:
        a, b = first - starts, second - starts
        expected[a], expected[b] = expected[b], expected[a]
    found = [quarters.chair_of(starts + n, order, swaps) for n in range(12)]
    assert found == expected
    assert sorted(found) == sorted(before)


@given(st.datetimes(*BETWEEN))
def test_whole_days_lie_between_each_date_and_the_meeting(local):
    starts_at = local.replace(tzinfo=clock.ZONE)
    found = flow.schedule(starts_at, flow.TIMES_OF_MEETINGS, WORKED)
    day = starts_at.date()
    times = flow.TIMES_OF_MEETINGS
    assert (day - found.agenda_by).days == times.agenda.n + 1
    assert (day - found.notice_by).days == times.notice.n + 1
    over = clock.local(found.topics_until)
    assert (day - over.date()).days == times.topics.n
    assert over.time().hour == 0
    assert over.date() <= found.agenda_by <= found.notice_by


def rules():
    return meeting_rules_from(
        {
            "code": "joint_meeting",
            "number": 1,
            "quorum": {"op": "ge", "num": 2, "den": 3},
            "majority": {"op": "gt", "num": 1, "den": 2},
            "of": "attending",
            "consensus_first": True,
            "topics": None,
        }
    )


@given(st.lists(st.sampled_from([*flow.ATTENDANCE, None]), max_size=60))
def test_two_thirds_of_the_seats_are_enough_and_not_one_less(attendance):
    found = roll.count(attendance, rules())
    there = sum(each in {"present", "represented"} for each in attendance)
    assert (found.attending, found.seats) == (there, len(attendance))
    assert found.met == (len(attendance) > 0 and 3 * there >= 2 * len(attendance))


@pytest.mark.parametrize(
    ("attendance", "met"), [(["present"] * 2, False), (["present"] * 3 + ["absent"], True)]
)
def test_of_four_units_three_are_needed(attendance, met):
    listed = attendance + [None] * (4 - len(attendance))
    assert roll.count(listed, rules()).met is met


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))
def test_a_vote_carries_with_more_than_half_of_those_there_never_without_quorum(a, b, c):
    votes = deciding.Votes(a, b, c)
    here = roll.Quorum(votes.total, votes.total, 1)
    assert deciding.carries(votes, here, rules()) == (votes.total > 0 and 2 * a > votes.total)
    short = roll.Quorum(votes.total, votes.total + 1, votes.total + 1)
    assert not deciding.carries(votes, short, rules())


def test_the_way_of_a_meeting_is_checked_when_it_is_read():
    table = data("meeting")["flow"]
    assert flow.read_flow(table, flow.GUARDS).first == flow.CALL


def _without(table, code):
    table["state"] = [row for row in table["state"] if row["code"] != code]


def _first(table):
    return table["state"][0]["moves"][0]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda table: _without(table, "signed"),
        lambda table: table["state"].append(dict(table["state"][0])),
        lambda table: _first(table).update(to="nowhere"),
        lambda table: _first(table).update(by=["nobody"]),
        lambda table: _first(table).update(by=[]),
        lambda table: _first(table).update(guard="unknown"),
        lambda table: table["state"][0].update(moves=[]),
        lambda table: table["state"][-1].update(moves=[{"to": "call", "by": ["office"]}]),
        lambda table: table.update(first="open"),
    ],
)
def test_a_way_that_does_not_do_is_refused(spoil):
    table = copy.deepcopy(data("meeting")["flow"])
    spoil(table)
    with pytest.raises(ValueError, match=r"\w"):
        flow.read_flow(table, flow.GUARDS)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda times: times.pop("notice"),
        lambda times: times["notice"].pop("source"),
        lambda times: times["notice"].update(n=0),
        lambda times: times["notice"].update(n=8),
        lambda times: times["agenda"].update(n=15),
        lambda times: times["topics"].update(unit="month"),
        lambda times: times["agenda"].update(kind="moon"),
    ],
)
def test_periods_that_do_not_do_are_refused(spoil):
    times = copy.deepcopy(data("meeting")["times"])
    spoil(times)
    with pytest.raises(ValueError, match=r"\w"):
        flow.read_times(times)
