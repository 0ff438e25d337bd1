"""Joining with an invitation code."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import select, update

from civic.identities import codes, collected
from civic.identities.models import Contact, InviteCode, Person, Standing
from civic.identities.names import masked
from civic.kernel import clock, own_data
from civic.kernel.db import db
from civic.kernel.errors import Refused
from tests.factories import World, fresh_code, scalars, sign_ins

FORM = {
    "agree": "y",
    "name": "欧阳小兰",
    "who": "138 0013 8000",
    "password": "three words here",
    "again": "three words here",
    "adult": "yes",
}


def join(client: FlaskClient, code: str, **changes: str) -> tuple[int, str]:
    response = client.post("/sign-up", data=FORM | {"code": code} | changes)
    return response.status_code, response.get_data(as_text=True)


def newest() -> Person:
    return scalars(select(Person).order_by(Person.id.desc()).limit(1))[0]


def test_the_way_from_code_to_home(app: Flask, world: World, client: FlaskClient) -> None:
    code = fresh_code(world)
    entered = client.post("/join", data={"code": code})
    assert (entered.status_code, entered.location) == (303, "/sign-up")
    page = client.get("/sign-up").get_data(as_text=True)
    told = [str(escape(str(item.purpose))) for item in own_data.notice()]
    assert all(purpose in page for purpose in told)
    assert page.index(told[0]) < page.index('name="name"')
    assert join(client, code)[0] == 303
    assert client.get("/").location == "/c/erlonglu/"
    person = newest()
    assert (person.name, person.public_name, person.adult) == ("欧阳小兰", "欧阳*", True)
    assert (person.agreed, person.agreed_at <= clock.now()) == (collected.VERSION, True)
    assert sign_ins(person) == ["+8613800138000"]
    assert scalars(select(Contact.proven_at).filter_by(person_id=person.id)) == [None]
    held = scalars(select(Standing).filter_by(person_id=person.id))
    assert [(row.kind, row.node_id, row.level) for row in held] == [
        ("resident_living", world.gate.id, 2)
    ]
    assert "three words here" not in person.password_hash


@pytest.mark.parametrize("adult", ["yes", "no"])
def test_whoever_is_younger_is_marked_so(
    app: Flask, world: World, client: FlaskClient, adult: str
) -> None:
    assert join(client, fresh_code(world), adult=adult)[0] == 303
    assert newest().adult == (adult == "yes")


def test_a_code_is_used_once(app: Flask, world: World) -> None:
    code = fresh_code(world)
    before = len(scalars(select(Person.id)))
    assert join(app.test_client(), code)[0] == 303
    status, page = join(app.test_client(), code, who="other@example.com")
    assert status == 422
    assert "<html" in page
    assert len(scalars(select(Person.id))) == before + 1
    with pytest.raises(Refused) as refused:
        codes.look_up(code)
    assert refused.value.code == "code_used"


def test_the_second_of_two_at_once_gets_nothing(app: Flask, world: World) -> None:
    row = codes.look_up(fresh_code(world))
    codes.redeem(row, world.elsewhere.id)
    with pytest.raises(Refused) as refused:
        codes.redeem(row, world.worker.id)
    assert refused.value.code == "code_used"
    db.session.rollback()


def test_a_code_is_read_however_it_is_written(app: Flask, world: World) -> None:
    code = fresh_code(world)
    plain = code.replace("-", "")
    for written in (
        code,
        code.lower(),
        plain,
        f" {plain[:5]} {plain[5:]} ",
        code.replace("-", "–"),
    ):
        assert codes.look_up(written).hint == plain[-2:]
    with pytest.raises(Refused) as refused:
        codes.look_up(plain[:-1] + ("A" if plain[-1] != "A" else "B"))
    assert refused.value.code == "code_unknown"
    db.session.rollback()


def test_a_code_ends_after_thirty_days(app: Flask, world: World) -> None:
    code = fresh_code(world)
    clock.shift(codes.VALID - timedelta(minutes=1))
    row = codes.look_up(code)
    clock.shift(codes.VALID + timedelta(minutes=1))
    for act in (lambda: codes.look_up(code), lambda: codes.redeem(row, world.worker.id)):
        with pytest.raises(Refused):
            act()
        db.session.rollback()


def test_no_code_is_kept_as_it_is(app: Flask, world: World) -> None:
    code = fresh_code(world)
    row = scalars(select(InviteCode).order_by(InviteCode.id.desc()))[0]
    kept = f"{row.digest} {row.hint}".upper()
    assert code not in kept
    assert code.replace("-", "") not in kept


def test_a_contact_that_is_taken_is_a_field_error_and_nothing_is_lost(
    app: Flask, world: World, client: FlaskClient
) -> None:
    code = fresh_code(world)
    taken = sign_ins(world.resident)[0]
    before = len(scalars(select(Person.id)))
    status, page = join(client, code, who=taken.upper(), public_name="六号楼老王")
    assert status == 409
    assert 'id="who-error"' in page
    for typed in ('value="欧阳小兰"', 'value="六号楼老王"', f'value="{taken.upper()}"'):
        assert typed in page
    assert f'value="{code}"' in page
    assert "three words here" not in page
    assert len(scalars(select(Person.id))) == before
    assert join(client, code)[0] == 303


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"agree": ""}, "agree"),
        ({"name": ""}, "name"),
        ({"who": "138"}, "who"),
        ({"password": "short", "again": "short"}, "password"),
        ({"again": "different words"}, "again"),
        ({"adult": ""}, "adult"),
    ],
)
def test_what_is_missing_is_said_at_its_field(
    app: Flask, world: World, client: FlaskClient, change: dict[str, str], field: str
) -> None:
    code = fresh_code(world)
    sent = {key: value for key, value in change.items() if value}
    form = {key: value for key, value in FORM.items() if key not in change}
    response = client.post("/sign-up", data=form | {"code": code} | sent)
    page = response.get_data(as_text=True)
    assert response.status_code == 422
    assert f'id="{field}-error"' in page
    if "name" not in change:
        assert 'value="欧阳小兰"' in page
    codes.look_up(code)
    db.session.rollback()


def test_the_page_of_a_wrong_code_keeps_it(app: Flask, world: World, client: FlaskClient) -> None:
    response = client.post("/join", data={"code": "abcd-efg-hjk"})
    page = response.get_data(as_text=True)
    assert response.status_code == 422
    assert 'value="abcd-efg-hjk"' in page
    assert 'id="code-error"' in page


def test_somebody_known_adds_a_place(app: Flask, world: World, login) -> None:
    code = fresh_code(world, world.building)
    client = login(world.worker)
    response = client.post("/join", data={"code": code})
    assert (response.status_code, response.location) == (303, "/me")
    assert "6号楼" in client.get("/me").get_data(as_text=True)
    held = scalars(select(Standing.kind).filter_by(person_id=world.worker.id))
    assert sorted(held) == ["resident_living", "worker"]
    again = login(world.elsewhere).post("/join", data={"code": code})
    assert again.status_code == 422


def test_an_expired_code_says_until_when(app: Flask, world: World, client: FlaskClient) -> None:
    code = fresh_code(world)
    day = clock.local(clock.now() - timedelta(days=1))
    earlier = {"made_at": day - timedelta(days=9), "expires_at": day}
    db.session.execute(update(InviteCode).values(earlier))
    db.session.commit()
    page = client.post("/join", data={"code": code}).get_data(as_text=True)
    assert day.date().isoformat() in page


@pytest.mark.parametrize(
    ("name", "shown"),
    [("张桂兰", "张*"), ("欧阳修", "欧阳*"), ("Jane Doe", "J*"), (" 李 明 ", "李*"), ("王", "王*")],
)
def test_a_name_is_masked(name: str, shown: str) -> None:
    assert masked(name) == shown


def test_a_code_grants_only_what_codes_may(app: Flask, world: World) -> None:
    for standing, count, code in (
        ("owner", 1, "standing"),
        ("secretary", 1, "standing"),
        ("worker", 0, "count"),
        ("worker", codes.MOST + 1, "count"),
    ):
        with pytest.raises(Refused) as refused:
            codes.make(
                world.actor("secretary"), world.gate, standing, count, community_id=world.erlong.id
            )
        assert refused.value.code == code
    db.session.rollback()
