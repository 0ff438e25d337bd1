"""Back into an account with a code from the desk."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from civic.identities import passwords, recovery
from civic.identities.credentials import RecoveryCode
from civic.identities.models import Person
from civic.kernel import clock
from civic.kernel.audit import AuditEntry
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.phones import identify
from tests.factories import World, scalars, session_key, sign_ins

Login = Callable[[Person | None], FlaskClient]
NEW = "three new words"


def code_for(world: World, role: str, by: str = "secretary") -> str:
    place = world.street if by == "administrator" else world.erlong
    what = identify(sign_ins(world.people[role])[0])
    code = recovery.make(world.actor(by), place, what)
    db.session.commit()
    return code


def test_the_desk_shows_a_code_once_that_signs_its_owner_in(
    app: Flask, world: World, login: Login
) -> None:
    old = login(world.resident)
    form = {"account": sign_ins(world.resident)[0], "seen": "y"}
    shown = login(world.secretary).post("/c/erlonglu/desk/recovery", data=form)
    code = re.search(r'class="letter-code"[^>]*>([^<]+)<', shown.get_data(as_text=True))[1]
    assert code not in str(scalars(select(RecoveryCode.digest)))
    visitor = login(None)
    answer = visitor.post("/recover", data={"code": code.lower(), "password": NEW, "again": NEW})
    assert answer.status_code == 303
    assert world.resident.name in visitor.get("/me").get_data(as_text=True)
    assert old.get("/me").status_code == 302, "sessions of before have ended"
    hashes = scalars(select(Person.password_hash).filter_by(id=world.resident.id))
    assert passwords.fits(NEW, hashes[0])
    entry = db.session.scalars(select(AuditEntry).filter_by(act="recovery.made")).one()
    assert code not in str(entry.data)


@pytest.mark.parametrize("late", [False, True])
def test_a_code_works_once_and_for_a_day(app: Flask, world: World, *, late: bool) -> None:
    code = code_for(world, "resident")
    if late:
        clock.shift(timedelta(hours=24))
    else:
        recovery.reset(code, "first")
        db.session.commit()
    with pytest.raises(Refused) as refused:
        recovery.reset(code, "second")
    assert refused.value.code == "code_unknown"
    db.session.rollback()
    kept = db.session.scalar(select(Person.password_hash).filter_by(id=world.resident.id))
    assert kept == ("-" if late else "first")


def test_a_newer_code_ends_the_older(app: Flask, world: World) -> None:
    older, newer = code_for(world, "resident"), code_for(world, "resident")
    with pytest.raises(Refused):
        recovery.reset(older, "x")
    assert recovery.reset(newer, "x").id == world.resident.id


@pytest.mark.parametrize(
    ("role", "by", "code"),
    [
        ("elsewhere", "secretary", "nobody"),
        ("deputy", "secretary", "post_holder"),
        ("officer", "secretary", "nobody"),
        ("officer", "administrator", None),
        ("secretary", "administrator", None),
    ],
)
def test_an_office_does_not_take_over_another(
    app: Flask, world: World, role: str, by: str, code: str | None
) -> None:
    if code is None:
        assert code_for(world, role, by)
        return
    with pytest.raises(Refused) as refused:
        code_for(world, role, by)
    assert refused.value.code == code


def test_a_wrong_code_keeps_the_page_and_says_what_to_do(app: Flask, login: Login) -> None:
    form = {"code": "WRONG-WRONG", "password": NEW, "again": NEW}
    answer = login(None).post("/recover", data=form)
    assert answer.status_code == 422
    assert "WRONG-WRONG" in answer.get_data(as_text=True)
    differs = login(None).post("/recover", data=form | {"again": "other words"})
    assert differs.status_code == 422


def test_the_desk_s_screen_alone_gives_nobody_a_code(app: Flask, world: World) -> None:
    desk = app.test_client()
    key = session_key(world.secretary, confirmed=False)
    with desk.session_transaction() as session:
        session["_user_id"] = key
    form = {"account": sign_ins(world.resident)[0], "seen": "y"}
    asked = desk.post("/c/erlonglu/desk/recovery", data=form)
    assert asked.status_code == 422
    assert "confirm_password" in asked.get_data(as_text=True)
    assert scalars(select(RecoveryCode.id)) == []
