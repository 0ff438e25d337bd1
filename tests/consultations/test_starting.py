"""A secretary begins a case in three steps and sees its calendar before anything is kept."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from civic.consultations import calendars, starting
from civic.consultations.models import Consultation
from civic.identities.models import Person
from civic.kernel import clock, holidays
from civic.kernel.db import db
from civic.kernel.periods import Holidays, HolidayTable
from civic.procedures import loading
from civic.procedures import services as procedures
from civic.processes import bundles, terms
from tests import factories
from tests.factories import World
from tests.pages import text_of

Login = Callable[[Person | None], FlaskClient]
START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
TABLE = HolidayTable(year=2026, off=frozenset({date(2026, 4, 6)}), work=frozenset())
NEW = "/c/erlonglu/desk/cases/new"
ENTERED = {
    "process": "five_people",
    "title": "自行车停在哪里？",
    "background": "楼道里停满了。",
    "audience": ["resident"],
    "procedure": "household_poll",
}


@pytest.fixture(autouse=True)
def _in_force(app: Flask) -> None:
    loading.sync()
    db.session.commit()


def test_a_calendar_follows_from_the_periods(app: Flask) -> None:
    process = bundles.shipped()["five_people"].process
    version = procedures.one_in_force("household_poll")
    procedure = procedures.procedure_of(version)
    found = calendars.calendar(process, procedure, START, Holidays((TABLE,)))
    assert {terms.REJECTED, terms.SUSPENDED}.isdisjoint(one.stage.kind for one in found)
    by_code = {one.stage.code: one for one in found}
    # Seven days after the day of the beginning, to the end of the last one.
    ends = by_code["collecting"].ends
    assert ends is not None
    assert clock.local(ends).date() == date(2026, 3, 10)
    assert by_code["screening"].begins == by_code["deliberating"].begins == ends
    notice = procedure.times.notice
    assert notice is not None
    assert (by_code["noticed"].period, by_code["draft"].period) == (notice, None)
    moments = [one.begins for one in found]
    assert all(one is not None for one in moments)
    assert moments == sorted(moments)  # type: ignore[type-var]


def test_what_needs_a_table_of_days_off_is_left_open(app: Flask) -> None:
    process = bundles.shipped()["five_people"].process
    found = calendars.calendar(process, None, START, Holidays(()))
    missing = next(one for one in found if one.missing)
    assert (missing.missing, missing.ends) == (2026, None)
    later = found[found.index(missing) + 1 :]
    assert later
    assert all(one.begins is one.ends is None for one in later)


def test_every_way_can_be_begun(app: Flask, world: World) -> None:
    for code in bundles.shipped():
        _begun(world, code)


def _begun(world: World, code: str) -> None:
    process = bundles.shipped()[code].process
    fitting = starting.procedures_for(process)
    assert bool(fitting) == any(stage.procedures for stage in process.stages)
    beginning = starting.Beginning(
        code=code,
        title="停车",
        background="背景",
        audience=["resident"],
        procedure=fitting[0].code if fitting else "",
    )
    made = starting.begin(world.actor("secretary"), world.erlong, beginning)
    assert (made.stage, made.published_at) == (process.stages[0].code, None)


def test_sent_twice_it_is_begun_once(app: Flask, world: World, login: Login) -> None:
    client = login(world.secretary)
    cases = select(Consultation).where(Consultation.process_code.is_not(None))
    sent = ENTERED | {"begin": "1", "form_key": "once"}
    first, again = client.post(NEW, data=sent), client.post(NEW, data=sent)
    assert (first.status_code, first.location) == (303, again.location)
    assert len(factories.scalars(cases)) == 1
    # Another form, and the same key of somebody else, are other cases.
    client.post(NEW, data=sent | {"form_key": "another"})
    login(world.deputy).post(NEW, data=sent)
    assert len(factories.scalars(cases)) == 3


def test_the_key_of_the_form_goes_through_all_steps(app: Flask, world: World, login: Login) -> None:
    client = login(world.secretary)
    entry = text_of(client.get(f"{NEW}?process=five_people"))
    [key] = re.findall(r'name="form_key"[^>]* value="([^"]+)"', entry)
    calendar = text_of(client.post(NEW, data=ENTERED | {"form_key": key}))
    assert f'name="form_key" value="{key}"' in calendar
    back = text_of(client.post(NEW, data=ENTERED | {"form_key": key, "back": "1"}))
    assert key in back


def test_three_steps(app: Flask, world: World, login: Login) -> None:
    client = login(world.secretary)
    assert "五民工作法" in text_of(client.get(NEW))
    assert 'name="procedure"' in text_of(client.get(f"{NEW}?process=five_people"))
    wrong = client.post(NEW, data=ENTERED | {"audience": []})
    assert (wrong.status_code, ENTERED["title"] in text_of(wrong)) == (422, True)
    calendar = text_of(client.post(NEW, data=ENTERED))
    assert "形成方案" in calendar
    assert holidays.load() is not None
    cases = select(Consultation).where(Consultation.process_code.is_not(None))
    assert factories.scalars(cases) == []
    again = text_of(client.post(NEW, data=ENTERED | {"back": "1"}))
    assert ENTERED["background"] in again
    done = client.post(NEW, data=ENTERED | {"begin": "1"})
    [case] = factories.scalars(cases)
    assert done.location == f"/c/erlonglu/consultations/{case.id}/way"
    assert case.title in text_of(client.get("/c/erlonglu/desk/cases/"))
    assert client.get(f"/c/erlonglu/consultations/{case.id}/edit").status_code == 409
    assert client.get(f"/c/erlonglu/consultations/{case.id}/").status_code == 200
    assert login(world.resident).get(done.location).status_code == 404
