"""What a person may do ends with what it rests on; and numbers proven at the desk."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from civic.identities import services, sessions
from civic.identities.actors import actor_for, signed_in
from civic.identities.models import Appointment, Contact, Person, Standing
from civic.kernel import clock
from civic.kernel.audit import AuditEntry
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import allowed
from civic.kernel.phones import identify
from tests.factories import (
    World,
    actor,
    consultation,
    person,
    scalars,
    session_key,
    sign_ins,
    standing,
)
from tests.pages import plain

Login = Callable[[Person | None], FlaskClient]
HOUR = timedelta(hours=1)
NUMBER = "13900139000"


def test_a_post_ends_with_its_term(app: Flask, world: World, login: Login) -> None:
    client = login(world.secretary)
    assert client.get("/c/erlonglu/codes/").status_code == 200
    end = clock.now() + HOUR
    mine = Appointment.person_id == world.secretary.id
    db.session.execute(update(Appointment).where(mine).values(valid_to=end))
    db.session.commit()
    assert client.get("/c/erlonglu/codes/").status_code == 200
    clock.shift(HOUR)
    assert client.get("/c/erlonglu/codes/").status_code == 403


def test_a_standing_ends_with_its_validity(app: Flask, world: World, login: Login) -> None:
    case = consultation(world.erlong, stage="voting")
    address = f"/c/erlonglu/consultations/{case.id}/vote"
    client = login(world.resident)
    assert client.post(address, data={"option": "abstain"}).status_code == 303
    mine = Standing.person_id == world.resident.id
    db.session.execute(update(Standing).where(mine).values(valid_to=clock.now() + HOUR))
    db.session.commit()
    assert client.post(address, data={"option": "abstain"}).status_code == 303
    clock.shift(HOUR)
    assert client.post(address, data={"option": "abstain"}).status_code == 403


@pytest.mark.parametrize("hours", [-1, 1])
def test_what_has_not_begun_gives_nothing(app: Flask, world: World, hours: int) -> None:
    begins = clock.now() + hours * HOUR
    for model, who in ((Appointment, world.secretary), (Standing, world.resident)):
        mine = model.person_id == who.id
        db.session.execute(update(model).where(mine).values(valid_from=begins))
    db.session.commit()
    begun = hours < 0
    assert bool(world.actor("secretary").posts) == begun
    assert bool(world.actor("resident").standings) == begun


def test_standings_count_upwards_and_posts_downwards(app: Flask, world: World) -> None:
    resident, officer, secretary = (
        world.actor(role) for role in ("resident", "officer", "secretary")
    )
    below, here = world.gate.path, world.erlong.path
    street, beside = world.street.path, world.jingji.path
    for path, belongs in ((below, True), (here, True), (street, True), (beside, False)):
        assert ("resident" in resident.groups(path)) == belongs
        assert allowed(officer, "consultations.manage", path)
    for path, belongs in ((below, True), (here, True), (street, False), (beside, False)):
        assert allowed(secretary, "consultations.manage", path) == belongs


def test_a_low_level_participates_nowhere(app: Flask, world: World) -> None:
    for level in range(5):
        who = person(f"人{level}")
        standing(who, world.gate, level=level)
        db.session.commit()
        may = allowed(actor(who), "consultations.speak", world.erlong.path)
        assert may == (level >= 2)


def test_there_is_no_actor_without_the_right_key(app: Flask, world: World) -> None:
    who = world.resident
    secret = session_key(who).partition(".")[2]
    assert signed_in(who.id, sessions.digest(secret)) is not None
    assert signed_in(who.id, sessions.digest("other")) is None
    assert signed_in(who.id, secret) is None
    assert signed_in(world.elsewhere.id, sessions.digest(secret)) is None
    assert signed_in(10**6, sessions.digest(secret)) is None
    assert actor_for(10**6) is None


def prove(world: World, who: Person, what: str) -> Contact:
    held = services.prove(world.actor("secretary"), world.erlong, who, identify(what))
    db.session.commit()
    return held


def test_a_number_is_marked_until_it_is_proven(app: Flask, world: World, login: Login) -> None:
    client = login(world.resident)
    before = client.get("/me").get_data(as_text=True)
    desk = login(world.secretary)
    form = {"account": sign_ins(world.resident)[0], "who": sign_ins(world.resident)[0]}
    assert desk.post("/c/erlonglu/desk/contact", data=form).status_code == 422
    still = client.get("/me").get_data(as_text=True)
    assert ("tag-warn" in still, "tag-done" in still) == (True, False)
    assert desk.post("/c/erlonglu/desk/contact", data=form | {"seen": "y"}).status_code == 200
    after = client.get("/me").get_data(as_text=True)
    proven = scalars(select(Contact.proven_at).filter_by(person_id=world.resident.id))
    assert all(proven)
    assert ("tag-warn" in before, "tag-warn" in after) == (True, False)
    assert ("tag-done" in before, "tag-done" in after) == (False, True)


def test_a_number_goes_from_whoever_claimed_it_to_whoever_proves_it(
    app: Flask, world: World
) -> None:
    services.add_contact(world.elsewhere, identify(NUMBER))
    db.session.commit()
    prove(world, world.resident, NUMBER)
    assert "+8613900139000" in sign_ins(world.resident)
    assert "+8613900139000" not in sign_ins(world.elsewhere)
    told = scalars(select(AuditEntry).filter_by(act="contact.proven"))
    assert [entry.subject for entry in told] == [f"person:{world.resident.id}"]
    assert "139" not in str(told[0].data)


def test_a_proven_number_stays_with_its_owner(app: Flask, world: World, login: Login) -> None:
    prove(world, world.elsewhere, NUMBER)
    with pytest.raises(Refused) as refused:
        prove(world, world.resident, NUMBER)
    assert refused.value.code == "contact_proven"
    db.session.rollback()
    response = login(world.secretary).post(
        "/c/erlonglu/desk/contact",
        data={"account": sign_ins(world.resident)[0], "who": NUMBER, "seen": "y"},
    )
    page = response.get_data(as_text=True)
    assert response.status_code == 409
    assert 'id="who-error"' in page
    assert f'value="{NUMBER}"' in page
    assert "+8613900139000" in sign_ins(world.elsewhere)


def test_proving_twice_changes_nothing(app: Flask, world: World) -> None:
    first = prove(world, world.resident, NUMBER).proven_at
    clock.shift(HOUR)
    assert prove(world, world.resident, NUMBER).proven_at == first


def test_the_desk_finds_only_people_of_its_community(
    app: Flask, world: World, login: Login
) -> None:
    desk = login(world.secretary)
    pages = []
    for account in (sign_ins(world.elsewhere)[0], "nobody@example.com"):
        response = desk.post(
            "/c/erlonglu/desk/contact", data={"account": account, "who": NUMBER, "seen": "y"}
        )
        assert 'id="account-error"' in response.get_data(as_text=True)
        pages.append((response.status_code, plain(response, account)))
    assert pages[0] == pages[1]
    assert scalars(select(Contact.id).filter_by(value="+8613900139000")) == []
