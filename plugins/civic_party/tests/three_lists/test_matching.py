"""Hours of a week, and whether a resource fits a need."""

from datetime import date
from itertools import pairwise

import pytest
from flask_babel import force_locale
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from civic_party import fitting, weekly
from civic_party.fit_words import hours, sentence
from civic_party.fitting import Offered, Wanted, fit
from civic_party.list_rules import read, rules
from civic_party.weekly import DAY, HOUR, WEEK, Slot, Use, spans
from civic_party.words import data

TODAY = date(2026, 11, 23)
MON, TUE, WED, THU, FRI, SAT, SUN = range(7)


def at(days, begins, ends):
    return spans([Slot(day, begins, ends) for day in days])


THURSDAY = at([THU], 14 * HOUR, 16 * HOUR)
AFTERNOONS = at([MON, TUE, WED, THU, FRI], 14 * HOUR, 17 * HOUR)

slots = st.builds(Slot, st.integers(0, 6), st.integers(0, DAY - 1), st.integers(0, DAY - 1))
weeks = st.lists(slots, max_size=6).map(spans)
uses = st.lists(
    st.builds(
        lambda pair, load: Use(min(pair), max(pair) + 1, load),
        st.tuples(st.integers(0, WEEK - 1), st.integers(0, WEEK - 1)),
        st.integers(1, 40),
    ),
    max_size=4,
)
#: One minute in many, and the edges; enough to see what is where.
MARKS = sorted({*range(0, WEEK, 97), 0, DAY - 1, DAY, WEEK - 1})


def minutes(found):
    return {mark for mark in MARKS if any(a <= mark < b for a, b in found)}


@given(weeks, weeks)
def test_common_and_left_hours_are_those_of_every_minute(one, other):
    assert minutes(weekly.both(one, other)) == minutes(one) & minutes(other)
    assert minutes(weekly.without(one, other)) == minutes(one) - minutes(other)
    assert weekly.length(weekly.both(one, other)) + weekly.length(
        weekly.without(one, other)
    ) == weekly.length(one)


@given(weeks)
def test_hours_stay_the_same_when_they_are_said_and_typed_again(found):
    assert spans(weekly.slots(found)) == found
    for begins, ends in found:
        assert 0 <= begins < ends <= WEEK
    assert all(one[1] < other[0] for one, other in pairwise(found))


@given(weeks, uses, st.integers(0, 60), st.integers(0, 60))
def test_what_is_free_never_holds_more_than_there_is(found, taken, capacity, load):
    left = weekly.free(found, taken, capacity, load)
    for mark in minutes(found):
        used = sum(use.load for use in taken if use.begins <= mark < use.ends)
        assert (mark in minutes(left)) == (load <= capacity and used + load <= capacity)


@pytest.mark.parametrize(
    ("slot", "expected"),
    [
        (Slot(MON, 0, 0), ((0, DAY),)),
        (Slot(MON, 9 * HOUR, 0), ((9 * HOUR, DAY),)),
        (Slot(SUN, 22 * HOUR, 6 * HOUR), ((0, 6 * HOUR), (WEEK - 2 * HOUR, WEEK))),
        (Slot(SUN, 0, 0), ((WEEK - DAY, WEEK),)),
        (Slot(SUN, 12 * HOUR, 12 * HOUR), ((0, 12 * HOUR), (WEEK - 12 * HOUR, WEEK))),
        (Slot(TUE, 23 * HOUR + 59, 0), ((2 * DAY - 1, 2 * DAY),)),
    ],
)
def test_midnight_and_whole_days(slot, expected):
    assert spans([slot]) == expected
    assert spans(weekly.slots(expected)) == expected


def test_a_night_from_sunday_on_is_one_stretch():
    night = at([SUN], 22 * HOUR, 6 * HOUR)
    assert weekly.longest(night) == 8 * HOUR
    assert weekly.slots(night) == [Slot(SUN, 22 * HOUR, 6 * HOUR)]
    assert weekly.longest(at(range(7), 0, 0)) == WEEK


@pytest.mark.parametrize("wrong", [(7, 0, 60), (-1, 0, 60), (0, DAY, 0), (0, 0, DAY), (0, -1, 5)])
def test_what_is_no_time_of_day_is_refused(wrong):
    with pytest.raises(ValueError, match="no"):
        Slot(*wrong)


def test_days_are_left_out_where_they_are_holidays():
    day_off = date(2026, 11, 26)
    found = weekly.dates(THURSDAY, TODAY, frozenset({day_off}), holidays=False)
    assert next(found) == (date(2026, 12, 3), 14 * HOUR, 16 * HOUR)
    assert next(weekly.dates(THURSDAY, TODAY, frozenset({day_off}), holidays=True))[0] == day_off
    assert list(weekly.dates((), TODAY, frozenset(), holidays=True)) == []


def wanted(**changed):
    values = {"kind": "venue", "heads": 20, "times": THURSDAY, "holidays": False}
    return Wanted(**(values | {"by": date(2026, 12, 31)} | changed))


def offered(**changed):
    values = {"kind": "canteen", "capacity": 60, "times": AFTERNOONS, "holidays": False, "unit": 7}
    return Offered(**(values | changed))


def fitted(need, resource, walk=6):
    known = rules()
    return fit(need, resource, known.kinds, known.limits, walk, TODAY)


def codes(found):
    return [each.code for each in found.missing]


def test_the_canteen_fits_the_club_on_thursdays():
    found = fitted(wanted(), offered())
    assert found.fits
    assert found.times == THURSDAY
    assert found.load == 60, "one group has a room for itself"


@pytest.mark.parametrize(
    ("need", "resource", "walk", "code"),
    [
        ({"heads": 61}, {}, 6, fitting.CAPACITY),
        ({}, {}, 11, fitting.WALK),
        ({}, {}, None, fitting.WALK),
        ({"times": at([THU], 9 * HOUR, 11 * HOUR)}, {}, 6, fitting.TIMES),
        ({"times": at([SAT], 14 * HOUR, 16 * HOUR)}, {}, 6, fitting.TIMES),
        ({"times": at([THU], 16 * HOUR + 1, 18 * HOUR)}, {}, 6, fitting.TIMES),
        ({"times": at([THU], 17 * HOUR, 18 * HOUR)}, {}, 6, fitting.TIMES),
        ({"holidays": True}, {}, 6, fitting.HOLIDAYS),
        ({}, {"until": date(2026, 11, 22)}, 6, fitting.UNTIL),
        ({}, {"uses": (Use(*THURSDAY[0], 1),)}, 6, fitting.TAKEN),
    ],
)
def test_one_thing_that_does_not_fit_makes_a_near_miss(need, resource, walk, code):
    found = fitted(wanted(**need), offered(**resource), walk)
    assert codes(found) == [code]
    assert found.near_miss


@pytest.mark.parametrize(
    ("need", "resource"),
    [
        ({"heads": 60}, {}),
        ({"times": at([THU], 14 * HOUR, 17 * HOUR)}, {}),
        ({"times": at([THU], 16 * HOUR, 18 * HOUR)}, {}),
        ({"times": at([THU], 16 * HOUR + 30, 17 * HOUR)}, {}),
        ({"holidays": True}, {"holidays": True}),
        ({}, {"until": TODAY}),
        ({}, {"uses": (Use(THURSDAY[0][1], THURSDAY[0][1] + 60, 60),)}),
    ],
)
def test_what_lies_on_the_edge_fits(need, resource):
    found = fitted(wanted(**need), offered(**resource), 10)
    assert found.fits, codes(found)


def test_the_same_unit_is_no_two_sides_and_cannot_be_overruled():
    found = fitted(wanted(unit=7), offered())
    assert codes(found) == [fitting.SIDES]
    assert not found.near_miss
    assert not found.by_hand


def test_another_kind_can_be_proposed_by_hand_alone():
    found = fitted(wanted(kind="parking"), offered())
    assert codes(found) == [fitting.KIND]
    assert found.by_hand
    assert not found.near_miss


def test_meals_share_a_canteen_and_a_club_takes_all_of_it():
    meals = wanted(kind="canteen", heads=30)
    busy = offered(uses=(Use(*THURSDAY[0], 30),))
    assert fitted(meals, busy).fits
    assert not fitted(wanted(), busy).fits
    assert not fitted(meals, offered(uses=(Use(*THURSDAY[0], 31),))).fits


def test_money_knows_no_hours_and_no_way():
    need = wanted(kind="funds", heads=3000, times=())
    assert fitted(need, offered(kind="funds", capacity=3000, times=()), None).fits
    used = offered(kind="funds", capacity=3000, times=(), uses=(Use(0, WEEK, 1),))
    assert codes(fitted(need, used, None)) == [fitting.TAKEN]


def test_information_is_never_used_up():
    need = wanted(kind="information", heads=500, times=())
    assert fitted(need, offered(kind="information", capacity=0, times=()), None).fits


@given(weeks, weeks, uses, st.integers(1, 70), st.sampled_from(sorted(rules().kinds)))
def test_a_fit_never_promises_hours_that_are_not_there(need_times, times, taken, heads, kind):
    need = wanted(kind=kind, heads=heads, times=need_times)
    found = fitted(need, offered(kind=kind, times=times, uses=tuple(taken)))
    known = rules().kinds[kind]
    assert len({each.code for each in found.findings}) == len(found.findings)
    if found.fits and known.timed:
        assert found.times
        assert minutes(found.times) <= minutes(need_times) & minutes(times)
    if found.fits and known.counted:
        assert heads <= 60
        for mark in minutes(found.times):
            used = sum(use.load for use in taken if use.begins <= mark < use.ends)
            assert used + found.load <= 60


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    max_examples=40,
)
@given(weeks, weeks, uses, st.integers(1, 70), st.sampled_from(sorted(rules().kinds)))
def test_every_finding_has_its_sentence(app, need_times, times, taken, heads, kind):
    need = wanted(kind=kind, heads=heads, times=need_times, holidays=True)
    found = fitted(need, offered(kind=kind, times=times, uses=tuple(taken)), None)
    assert all(sentence(each) for each in found.findings)


def test_the_sentences_say_the_hours(app):
    with app.test_request_context(), force_locale("en"):
        said = [sentence(each) for each in fitted(wanted(), offered()).findings]
        assert "Thursday 14:00–16:00 lies in its hours Monday to Friday 14:00–17:00." in said
        assert hours(at([FRI], 18 * HOUR, 8 * HOUR)) == "Friday 18:00 to 08:00 of the next day"
        assert hours(at([SAT, SUN], 0, 0)) == "Saturday, Sunday the whole day"
        assert hours(at(range(7), 9 * HOUR, 0)) == "every day 09:00–24:00"
        assert hours(weekly.WHOLE_WEEK) == "at any time"


@pytest.mark.parametrize(
    "change",
    [
        {"walk": 0},
        {"least": "60"},
        {"day": []},
        {"line": []},
        {"state": [{"code": "planned", "uses": True}, {"code": "lost", "uses": False}]},
        {"move": [{"act": "x", "from": ["planned"], "to": "?", "by": ["lead"], "words": ""}]},
        {"move": [{"act": "x", "from": ["planned"], "to": "running", "by": ["king"], "words": ""}]},
    ],
)
def test_rules_that_cannot_be_meant_are_not_read(change):
    raw = dict(data("lists"))
    assert read(raw)
    with pytest.raises((KeyError, ValueError)):
        read(raw | change)
