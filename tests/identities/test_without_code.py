"""Joining without a code: an account that holds nothing, and may claim."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from civic.identities.models import Person, Standing
from tests.factories import World, consultation, fresh_code, scalars
from tests.identities.test_joining import FORM
from tests.pages import text_of

HERE = "/join/without-code"


def test_the_way_from_no_code_to_a_claim(world: World, client: FlaskClient) -> None:
    case = consultation(world.erlong, stage="deliberating")
    assert HERE in text_of(client.get("/join"))
    assert client.get(HERE).status_code == 200
    joined = client.post(HERE, data=FORM)
    assert (joined.status_code, joined.location) == (303, "/claim")
    assert "/c/erlonglu/claims/new" in text_of(client.get("/claim"))
    claimed = {"kind": "resident_living", "node": world.gate.id, "words": "我租住301室。"}
    sent = client.post("/c/erlonglu/claims/new", data=claimed)
    assert sent.status_code == 303
    assert "我租住301室。" in text_of(client.get(sent.location))
    address = f"/c/erlonglu/consultations/{case.id}/"
    assert client.get(address).status_code == 200
    said = client.post(f"{address}comments", data={"words": "好", "form_key": "f"})
    assert said.status_code == 403
    newest = scalars(select(Person).order_by(Person.id.desc()).limit(1))[0]
    assert scalars(select(Standing).filter_by(person_id=newest.id)) == []


@pytest.mark.parametrize("way", [HERE, "/sign-up"])
def test_a_child_comes_with_a_guardian(world: World, client: FlaskClient, way: str) -> None:
    before = len(scalars(select(Person.id)))
    client.set_cookie("lang", "en")
    sent = client.post(way, data=FORM | {"adult": "child", "code": fresh_code(world)})
    assert sent.status_code == 422
    assert "with a parent or guardian" in text_of(sent)
    assert len(scalars(select(Person.id))) == before


def test_an_address_that_makes_many_waits(app: Flask, world: World) -> None:
    found = []
    for number in range(7):
        form = FORM | {"who": f"n{number}@example.com"}
        found.append(app.test_client().post(HERE, data=form))
    assert [answer.status_code for answer in found] == [303] * 5 + [429] * 2
    assert int(found[-1].headers["Retry-After"]) > 0
    assert "欧阳小兰" in text_of(found[-1])
    # Whoever has a code is not kept waiting.
    assert app.test_client().post("/join", data={"code": fresh_code(world)}).status_code == 303


def test_a_taken_number_is_said_at_its_field(world: World, client: FlaskClient, app: Flask) -> None:
    assert client.post(HERE, data=FORM).status_code == 303
    again = app.test_client().post(HERE, data=FORM)
    assert again.status_code == 409
    assert 'id="who-error"' in text_of(again)
