"""A roll through its life over pages: drawn, frozen by another, objected to, changed by two."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from benchmarks import inside
from civic.identities.models import Person
from civic.kernel import clock
from civic.kernel.audit import AuditEntry
from civic.kernel.db import db
from civic.voting.rolls import Roll, RollChange, RollObjection, VotingRight
from tests.factories import World, home, rows, scalars, sign_ins, standing
from tests.pages import text_of

ROLLS = "/c/erlonglu/desk/rolls/"
Login = Callable[[Person | None], FlaskClient]


@pytest.fixture
def street(world: World) -> World:
    """Two homes, one resident on the roll."""
    home(world.erlong, world.gate)
    home(world.erlong, world.gate, "303")
    standing(world.resident, world.gate, "resident_registered", level=4)
    db.session.commit()
    return world


def until() -> str:
    return clock.local(clock.now() + timedelta(days=7)).strftime("%Y-%m-%dT%H:%M")


def drawn(client: FlaskClient, world: World, whose: str) -> str:
    sent = client.post(f"{ROLLS}new", data={"whose": whose, "node": world.erlong.id, "level": "4"})
    assert sent.status_code == 303, text_of(sent)
    return str(sent.location)


def test_a_roll_of_owners_is_drawn_frozen_objected_to_and_changed(
    street: World, login: Login
) -> None:
    secretary, deputy = login(street.secretary), login(street.deputy)
    page = drawn(secretary, street, "owners")
    shown = text_of(secretary.get(page))
    assert "178.7" in shown
    assert "孙" not in shown
    # Whoever drew it cannot freeze it.
    assert secretary.post(f"{page}/freeze", data={"until": until()}).status_code == 403
    assert deputy.post(f"{page}/freeze", data={"until": "morgen"}).status_code == 422
    assert deputy.post(f"{page}/freeze", data={"until": until()}).status_code == 303
    assert rows(select(Roll.state, Roll.heads, Roll.area_cm2)) == [("frozen", 2, 1_787_000)]

    public = page.replace("/desk/rolls/", "/rolls/")
    resident = login(street.resident)
    seen = text_of(resident.get(public))
    assert "303" in seen
    assert "孙" not in seen
    wrong = resident.post(f"{public}/objections", data={"words": "303已卖掉", "number": "9"})
    assert wrong.status_code == 422
    assert "303已卖掉" in text_of(wrong)
    sent = resident.post(f"{public}/objections", data={"words": "303已卖掉", "number": "2"})
    assert sent.status_code == 303
    (objection,) = scalars(select(RollObjection.id))
    data = {"outcome": "upheld", "words": "已核实"}
    assert deputy.post(f"{page}/objections/{objection}", data=data).status_code == 303
    assert "已核实" in text_of(resident.get(public))

    assert secretary.post(f"{page}/strike", data={"number": "2"}).status_code == 422
    sent = secretary.post(f"{page}/strike", data={"number": "2", "reason": "产权已转移"})
    assert sent.status_code == 303
    (change,) = scalars(select(RollChange.id))
    assert secretary.post(f"{page}/changes/{change}").status_code == 403
    assert deputy.post(f"{page}/changes/{change}").status_code == 303
    assert rows(select(Roll.heads, Roll.area_cm2)) == [(1, 893_500)]
    assert deputy.post(f"{page}/changes/{change}").status_code == 409
    acts = scalars(select(AuditEntry.act).order_by(AuditEntry.id))
    assert acts == ["roll.frozen", "roll.objection_answered", "roll.changed"]


def test_a_vote_is_added_with_its_holder(street: World, login: Login) -> None:
    secretary, deputy = login(street.secretary), login(street.deputy)
    page = drawn(secretary, street, "owners")
    deputy.post(f"{page}/freeze", data={"until": until()})
    good = {
        "label": "6号楼 2单元 304",
        "area": "60.5",
        "account": sign_ins(street.resident)[0],
        "why": "漏登",
    }
    for field, value in (("area", "big"), ("account", "x"), ("label", ""), ("why", "")):
        wrong = secretary.post(f"{page}/add", data=good | {field: value})
        assert wrong.status_code == 422, field
        assert "漏登" in text_of(wrong) or field == "why"
    assert secretary.post(f"{page}/add", data=good).status_code == 303
    (change,) = scalars(select(RollChange.id))
    assert deputy.post(f"{page}/changes/{change}").status_code == 303
    assert rows(select(Roll.heads, Roll.area_cm2)) == [(3, 1_787_000 + 605_000)]
    seen = text_of(login(street.resident).get(page.replace("/desk/rolls/", "/rolls/")))
    assert "6号楼 2单元 304" in seen


def test_names_of_residents_are_on_no_public_roll(street: World, login: Login) -> None:
    page = drawn(login(street.secretary), street, "residents")
    assert rows(select(VotingRight.label)) == [("王*",)]
    login(street.deputy).post(f"{page}/freeze", data={"until": until()})
    public = page.replace("/desk/rolls/", "/rolls/")
    assert "王*" in text_of(login(street.resident).get(public))
    other = text_of(login(street.neighbour).get(public))
    assert "王" not in other
    assert login(street.elsewhere).get(public).status_code == 403


def test_what_is_missing_elsewhere_or_a_draft_looks_the_same(street: World, login: Login) -> None:
    secretary = login(street.secretary)
    page = drawn(secretary, street, "households")
    public = page.replace("/desk/rolls/", "/rolls/")
    assert login(street.resident).get(public).status_code == 404
    assert secretary.get(f"{ROLLS}999999").status_code == 404
    officer = login(street.officer)  # with rights in every community of the street
    assert officer.get(page).status_code == 200
    assert officer.get(page.replace("erlonglu", "jingjidao")).status_code == 404
    assert secretary.post(f"{page}/changes/999").status_code == 404
    assert secretary.post(f"{page}/objections/999", data={}).status_code == 404


@pytest.mark.parametrize(
    "whose", ["residents", "everybody", "households", "owners", "representatives", "units"]
)
def test_each_kind_of_roll_is_drawn(street: World, login: Login, whose: str) -> None:
    page = drawn(login(street.secretary), street, whose)
    assert login(street.deputy).get(page).status_code == 200
    assert "名册" in text_of(login(street.deputy).get(ROLLS))


def test_a_long_roll_takes_as_many_statements(app: Flask, street: World, login: Login) -> None:
    client = login(street.deputy)

    def count() -> int:
        page = drawn(login(street.secretary), street, "owners")
        client.get(page)
        with inside.statements(app) as seen:
            assert client.get(page).status_code == 200
        return len(seen)

    few = count()
    for number in range(120):
        home(street.erlong, street.gate, f"{number}")
    db.session.commit()
    assert count() == few
    assert few <= 12
