"""Series, volunteers' shifts, certificates, leagues."""

import itertools
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text

from civic.api import Refused, clock, db
from civic_events import league, recurring, rounds, series
from civic_events.league import Fixture
from civic_events.models import Activity
from civic_events.service import Certificate, Service, Shift

HERE = "/c/erlonglu/events/"
UNITS = [f"单位{number:02}" for number in range(1, 17)]


def test_the_last_monday_of_each_month_at_the_same_hour():
    first = datetime(2026, 11, 30, 19, tzinfo=clock.ZONE)
    found = recurring.dates(
        recurring.read("rrule:freq=monthly; byday=-1mo"), first, first, first + timedelta(days=130)
    )
    assert [f"{moment:%m-%d %H:%M}" for moment in found] == [
        "12-28 19:00",
        "01-25 19:00",
        "02-22 19:00",
        "03-29 19:00",
    ]


@pytest.mark.parametrize("rule", ["", "often", "FREQ=SECONDLY", "FREQ=WEEKLY;BYDAY=XX", "FREQ="])
def test_what_is_no_rule_is_refused(rule):
    with pytest.raises(Refused) as refused:
        recurring.read(rule)
    assert refused.value.code == "rule"


def test_a_series_makes_its_dates_ahead_each_an_event_of_its_own(login, make, community):
    row = make()
    staff = login("staff")
    address = f"{HERE}{row.id}/series"
    assert login("resident").post(address, data={"rule": "FREQ=WEEKLY"}).status_code == 403
    assert staff.post(address, data={"rule": "FREQ=WEEKLY"}).status_code == 303

    def dates():
        query = select(Activity).order_by(Activity.starts_at)
        return db.session.scalars(query).all()

    found = dates()
    assert len(found) == 8
    gaps = {later.starts_at - sooner.starts_at for sooner, later in itertools.pairwise(found[1:])}
    assert gaps == {timedelta(days=7)}
    assert {each.ends_at - each.starts_at for each in found} == {timedelta(hours=2)}
    resident = login("resident")
    assert resident.post(f"{HERE}{found[3].id}/sign-up", data={"places": 2}).status_code == 303
    series.make_dates(community)
    assert len(dates()) == 8
    clock.shift(timedelta(weeks=2))
    series.make_dates(community)
    db.session.commit()
    assert len(dates()) == 10
    staff.post(address, data={"act": "end"})
    clock.shift(timedelta(weeks=5))
    series.make_dates(community)
    assert len(dates()) == 10


def test_a_series_that_cannot_be_is_refused(login, make):
    staff = login("staff")
    draft = make(state="draft", title="草稿")
    staff.post(f"{HERE}{draft.id}/series", data={"rule": "FREQ=WEEKLY"})
    crowd = make(expected=1000, permit_number="7", title="千人")
    staff.post(f"{HERE}{crowd.id}/series", data={"rule": "FREQ=WEEKLY"})
    good = make()
    staff.post(f"{HERE}{good.id}/series", data={"own": "FREQ=SOMETIMES"})
    assert db.session.scalar(select(Activity.id).where(Activity.series_id.is_not(None))) is None


def ask(staff, row, wanted=1):
    begins, ends = clock.local(row.starts_at), clock.local(row.ends_at)
    data = {"task": "引导", "wanted": wanted}
    data |= {"begins": f"{begins:%Y-%m-%dT%H:%M}", "ends": f"{ends:%Y-%m-%dT%H:%M}"}
    return staff.post(f"{HERE}{row.id}/shifts", data=data)


def act(client, row, what, **data):
    shift = db.session.scalars(select(Shift)).one()
    return client.post(f"{HERE}{row.id}/shifts/{shift.id}/{what}", data=data)


def test_hours_count_when_both_sides_say_the_same_and_are_certified(login, make, client):
    row = make()
    staff, resident, other = login("staff"), login("resident"), login("resident", name="赵淑芬")
    assert ask(resident, row).status_code == 403
    assert ask(staff, row).status_code == 303
    assert act(resident, row, "take").status_code == 303
    assert act(resident, row, "take").status_code == 303
    assert act(other, row, "take").status_code == 303
    assert len(db.session.scalars(select(Service)).all()) == 2
    assert act(resident, row, "hours", minutes=120).status_code == 409
    clock.shift(timedelta(days=8))
    assert act(resident, row, "hours", minutes=0).status_code == 422
    assert act(resident, row, "hours", minutes=150).status_code == 303
    assert act(other, row, "hours", minutes=150).status_code == 404
    mine = db.session.scalars(select(Service).filter_by(person_id=login.id("resident"))).one()
    assert act(resident, row, f"hours/{mine.id}", minutes=150).status_code == 403
    assert act(staff, row, f"hours/{mine.id}", minutes=120).status_code == 303
    assert mine.confirmed_at is None
    resident.post(f"{HERE}service")
    assert db.session.scalars(select(Certificate)).all() == []
    assert "社区填写：120分钟" in resident.get(f"{HERE}{row.id}/shifts").text
    assert act(resident, row, "hours", minutes=120).status_code == 303
    assert mine.confirmed_at is not None
    assert act(resident, row, "hours", minutes=600).status_code == 409
    given = resident.post(f"{HERE}service")
    assert resident.post(f"{HERE}service").location == given.location
    page = resident.get(given.location).text
    assert "王桂兰" in page
    assert "120分钟" in page
    login.out()
    checked = client.get(given.location).text
    assert "120分钟" in checked
    assert "王桂兰" not in checked
    assert client.get(f"{HERE}certificates/FFFFFFFFFFFF").status_code == 404
    query = text("SELECT count(*) FROM audit_entry WHERE act = 'events.hours'")
    assert db.session.scalar(query) == 1


def test_a_shift_is_given_back_before_it_begins(login, make):
    row = make()
    staff, resident, other = login("staff"), login("resident"), login("resident", name="赵淑芬")
    ask(staff, row)
    act(resident, row, "take")
    act(other, row, "take")
    assert act(resident, row, "leave").status_code == 303
    assert act(other, row, "accept").status_code == 303
    assert "赵淑芬" in staff.get(f"{HERE}{row.id}/shifts").text
    assert "赵淑芬" not in resident.get(f"{HERE}{row.id}/shifts").text
    clock.shift(timedelta(days=7))
    assert act(other, row, "leave").status_code == 409


@pytest.mark.parametrize("count", [2, 3, 5, 16, 17])
def test_each_meets_each_other_once(count):
    teams = list(range(count))
    made = rounds.fixtures(teams)
    met = [frozenset(pair) for each in made for pair in each]
    assert len(met) == len(set(met)) == count * (count - 1) // 2
    for each in made:
        playing = [team for pair in each for team in pair]
        assert len(playing) == len(set(playing))
    homes = [sum(home == team for each in made for home, _ in each) for team in teams]
    assert max(homes) - min(homes) <= 2


def test_a_league_of_16_units(login, client, community):
    staff = login("staff")
    data = {"title": "金融街足球联赛 2026", "teams": "\n".join(UNITS)}
    assert login("resident").post(f"{HERE}leagues/", data=data).status_code == 403
    made = staff.post(f"{HERE}leagues/", data=data)
    assert made.status_code == 303
    assert staff.post(f"{HERE}leagues/", data=data).status_code == 409
    met = db.session.scalars(select(Fixture).order_by(Fixture.id)).all()
    assert len(met) == 120
    assert {row.round for row in met} == set(range(1, 16))
    first, second = met[0], met[1]

    def record(row, home, away):
        sent = {"home": home, "away": away}
        return staff.post(f"{made.location}{row.id}", data=sent).status_code

    assert [record(first, 3, 1), record(second, 2, 2), record(first, 2, 1)] == [303] * 3
    assert [record(first, -1, 1), record(first, 1000, 1), record(first, "", 1)] == [422] * 3
    found = league.table(league.every(community)[0], league.fixtures(league.every(community)[0]))
    assert [(row.team, row.points, row.place) for row in found[:1]] == [(first.home_id, 3, 1)]
    assert [row.points for row in found[1:3]] == [1, 1]
    assert {row.place for row in found[1:3]} == {2}
    login.out()
    page = client.get(made.location).text
    assert "2 : 1" in page
    assert "单位16" in page
    assert client.get(f"{HERE}leagues/999/").status_code == 404


@pytest.mark.parametrize("teams", ["", "一队", "一队\n一队", "\n".join(map(str, range(33)))])
def test_teams_that_cannot_be_are_refused_and_stay_typed(login, teams):
    data = {"title": "联赛", "teams": teams}
    answer = login("staff").post(f"{HERE}leagues/", data=data)
    assert answer.status_code == 422
    assert "2至32支" in answer.text
    assert "联赛" in answer.text
