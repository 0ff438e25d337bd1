"""Under fourteen not without staff and guardian."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from civic.identities import passwords
from civic.identities.models import Contact, GuardianConsent, Person, Standing
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.phones import Identifier
from civic.records.children import Admission, admit
from tests.factories import World, consultation, fresh_code, scalars, sign_ins
from tests.records.lives import PASSWORD

Login = Callable[[Person | None], FlaskClient]
DESK = "/c/erlonglu/desk/children/"
CHILD = "13700000001"


@pytest.fixture
def form(world: World) -> dict[str, str]:
    world.resident.password_hash = passwords.hashed(PASSWORD)
    db.session.commit()
    return {
        "guardian": sign_ins(world.resident)[0],
        "name": "王小明",
        "who": CHILD,
        "seen_on": clock.local(clock.now()).date().isoformat(),
        "seen": "y",
    }


def child() -> Person:
    return scalars(select(Person).where(Person.name == "王小明"))[0]


def test_a_child_gets_an_account_and_a_code(
    world: World, login: Login, app: Flask, form: dict[str, str]
) -> None:
    response = login(world.secretary).post(DESK, data=form)
    page = response.get_data(as_text=True)
    assert response.status_code == 200
    code = re.search(r'letter-code"[^>]*>([A-Z0-9-]{12})<', page)
    made = child()
    assert (made.adult, made.guardian_id, made.public_name) == (False, world.resident.id, "王*")
    assert scalars(select(Standing.node_id).filter_by(person_id=made.id)) == [world.gate.id]
    assert scalars(select(GuardianConsent.seen_by)) == [world.secretary.id]
    assert "王小明" not in login(world.secretary).get(DESK).get_data(as_text=True)
    client = app.test_client()
    chosen = {"code": code[1], "password": PASSWORD, "again": PASSWORD}
    assert client.post("/recover", data=chosen).status_code == 303
    assert client.get("/me").status_code == 200
    # The child may speak, but not vote.
    case = consultation(world.erlong, stage="voting")
    path = f"/c/erlonglu/consultations/{case.id}/"
    assert client.post(f"{path}vote", data={"option": "abstain"}).status_code == 403
    said = client.post(f"{path}comments", data={"words": "要有秋千。", "form_key": "1"})
    assert said.status_code == 303
    # The guardian reads who asked.
    assert "二龙路社区党委" in login(world.resident).get("/me/looks").get_data(as_text=True)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"seen": ""}, 422),
        ({"seen_on": ""}, 422),
        ({"seen_on": "2099-01-01"}, 422),
        ({"name": ""}, 422),
        ({"guardian": "nobody@example.com"}, 422),
        ({"who": ""}, 422),
    ],
)
def test_what_is_missing_is_said_and_the_rest_kept(
    world: World, login: Login, form: dict[str, str], change: dict[str, str], status: int
) -> None:
    response = login(world.secretary).post(DESK, data=form | change)
    assert response.status_code == status
    if "name" not in change:
        assert "王小明" in response.get_data(as_text=True)
    assert scalars(select(Person.id).where(Person.guardian_id.is_not(None))) == []


@pytest.mark.parametrize("role", ["minor", "elsewhere", "worker", "deputy"])
def test_a_guardian_is_an_adult_who_lives_here(
    world: World, login: Login, form: dict[str, str], role: str
) -> None:
    form["guardian"] = sign_ins(world.people[role])[0]
    response = login(world.secretary).post(DESK, data=form)
    assert response.status_code in {409, 422}
    assert scalars(select(Contact.id).where(Contact.value.contains(CHILD))) == []


def test_a_child_is_no_guardian(world: World, login: Login, form: dict[str, str]) -> None:
    login(world.secretary).post(DESK, data=form)
    made = child()
    admission = Admission(
        guardian=Identifier("phone", f"+86{CHILD}"),
        name="王小小",
        contact=Identifier("phone", "+8613700000002"),
        seen_on=clock.local(clock.now()).date(),
    )
    with pytest.raises(Refused) as refused:
        admit(world.actor("secretary"), world.erlong, admission)
    assert refused.value.code == "not_resident"
    db.session.rollback()
    assert made.guardian_id == world.resident.id


def test_the_database_refuses_an_adult_with_a_guardian(world: World) -> None:
    world.neighbour.guardian_id = world.resident.id
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_the_guardian_sees_takes_along_and_closes(
    world: World, login: Login, form: dict[str, str]
) -> None:
    login(world.secretary).post(DESK, data=form)
    made = child()
    guardian, neighbour = login(world.resident), login(world.neighbour)
    assert "王小明" in guardian.get("/me").get_data(as_text=True)
    own = f"/me/children/{made.id}"
    assert CHILD in guardian.get(own).get_data(as_text=True)
    assert CHILD in guardian.post(f"{own}/export.json").get_data(as_text=True)
    confirmed = {"word": "注销账户", "confirm_password": PASSWORD}
    for client in (neighbour, login(world.secretary)):
        assert client.get(own).status_code == 404
        assert client.get(f"{own}/close").status_code == 404
        assert client.post(f"{own}/export.html").status_code == 404
        assert client.post(f"{own}/close", data=confirmed).status_code == 404
    # A grown-up is nobody's child, whatever the number.
    assert guardian.get(f"/me/children/{world.neighbour.id}").status_code == 404
    wrong = confirmed | {"confirm_password": "another password"}
    assert guardian.post(f"{own}/close", data=wrong).status_code == 422
    assert guardian.post(f"{own}/close", data=confirmed).status_code == 303
    closed = scalars(select(Person).filter_by(id=made.id))[0]
    assert (closed.name, closed.guardian_id, closed.closed_at is None) == ("", None, False)
    assert scalars(select(GuardianConsent.child_id)) == []
    assert guardian.get(own).status_code == 404
    # Now nothing holds the guardian back.
    assert guardian.post("/me/close", data=confirmed).status_code == 303


def test_a_child_grows_up(world: World, login: Login, form: dict[str, str]) -> None:
    login(world.secretary).post(DESK, data=form)
    made = child()
    address = f"{DESK}{made.id}/release"
    assert login(world.secretary).post(address).status_code == 303
    assert child().guardian_id == world.resident.id  # the paper was not confirmed
    assert login(world.secretary).post(address, data={"seen": "y"}).status_code == 303
    assert child().guardian_id is None
    assert scalars(select(GuardianConsent.child_id)) == []
    assert login(world.secretary).post(address, data={"seen": "y"}).status_code == 404
    page = login(world.resident).get("/me").get_data(as_text=True)
    assert "王小明" not in page


def test_nobody_under_fourteen_joins_alone(world: World, app: Flask) -> None:
    code = fresh_code(world)
    client = app.test_client()
    client.post("/join", data={"code": code})
    answers = {
        "code": code,
        "agree": "y",
        "name": "王小明",
        "who": CHILD,
        "password": PASSWORD,
        "again": PASSWORD,
        "adult": "child",
    }
    response = client.post("/sign-up", data=answers)
    assert response.status_code == 422
    assert "监护人" in response.get_data(as_text=True)
    assert scalars(select(Person.id).where(Person.name == "王小明")) == []
    assert client.post("/sign-up", data=answers | {"adult": "no"}).status_code == 303
    assert child().adult is False
