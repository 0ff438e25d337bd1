"""What one signs in with: added, proven by a code that was sent, removed."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from civic.identities import contacts, services
from civic.identities.models import Contact, Person
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.mail import Mail
from civic.kernel.phones import identify
from tests.factories import World, scalars, session_key, sign_ins
from tests.mailbox import sending
from tests.pages import plain, text_of

pytestmark = pytest.mark.usefixtures("mails")
Login = Callable[[Person | None], FlaskClient]
MAIL = "guilan@example.org"


def sent() -> list[Mail]:
    return scalars(select(Mail).order_by(Mail.id))


def code_in(mail: Mail) -> str:
    return re.search(r"^(\d{4} \d{4})$", mail.body, re.MULTILINE)[1]


def proven(who: Person) -> dict[str, bool]:
    rows = scalars(select(Contact).filter_by(person_id=who.id))
    return {row.value: row.proven_at is not None for row in rows}


def add(client: FlaskClient, what: str = MAIL) -> Mail:
    answer = client.post("/me/contacts", data={"who": what})
    assert (answer.status_code, answer.location) == (303, "/me/contacts/code")
    return sent()[-1]


def test_an_address_is_added_when_its_code_comes_back(
    app: Flask, world: World, login: Login
) -> None:
    client = login(world.resident)
    mail = add(client)
    assert mail.address == MAIL
    assert code_in(mail) in mail.subject
    assert MAIL not in proven(world.resident)
    assert MAIL in text_of(client.get("/me/contacts/code"))
    assert client.post("/me/contacts/code", data={"code": "1234"}).status_code == 422
    assert client.post("/me/contacts/code", data={"code": code_in(mail)}).status_code == 303
    assert proven(world.resident)[MAIL]


def test_one_s_address_of_before_is_proven_likewise(app: Flask, world: World, login: Login) -> None:
    client, mine = login(world.resident), sign_ins(world.resident)[0]
    assert proven(world.resident) == {mine: False}
    client.post("/me/contacts/code", data={"code": code_in(add(client, mine))})
    assert proven(world.resident) == {mine: True}


@pytest.mark.parametrize(("minutes", "good"), [(29, True), (61, False)])
def test_a_code_is_good_for_half_an_hour(
    app: Flask, world: World, *, minutes: int, good: bool
) -> None:
    contacts.send_code(world.resident.id, MAIL)
    db.session.commit()
    code = code_in(sent()[-1])
    clock.shift(timedelta(minutes=minutes))
    if good:
        contacts.prove(world.resident.id, MAIL, code)
        return
    with pytest.raises(Refused):
        contacts.prove(world.resident.id, MAIL, code)


def test_a_code_is_good_for_one_person_and_address(app: Flask, world: World) -> None:
    contacts.send_code(world.resident.id, MAIL)
    db.session.commit()
    code = code_in(sent()[-1])
    for who, what in ((world.elsewhere, MAIL), (world.resident, "other@example.org")):
        with pytest.raises(Refused):
            contacts.prove(who.id, what, code)
        db.session.rollback()


def test_guessing_the_code_is_slowed(app: Flask, world: World, login: Login) -> None:
    client = login(world.resident)
    code = code_in(add(client))
    for _ in range(5):
        assert client.post("/me/contacts/code", data={"code": "1"}).status_code == 422
    assert client.post("/me/contacts/code", data={"code": code}).status_code == 429


def test_nobody_fills_another_s_mailbox(app: Flask, world: World, login: Login) -> None:
    for role in ("resident", "neighbour", "worker", "elsewhere", "minor"):
        add(login(world.people[role]))
    assert login(world.secretary).post("/me/contacts", data={"who": MAIL}).status_code == 429


def test_whether_somebody_has_an_address_is_told_to_its_reader_alone(
    app: Flask, world: World, login: Login
) -> None:
    theirs = sign_ins(world.elsewhere)[0]
    services.prove(world.actor("administrator"), world.jingji, world.elsewhere, identify(theirs))
    db.session.commit()
    pages = []
    for what in (theirs, MAIL):
        client = login(world.resident)
        mail = add(client, what)
        pages.append(plain(client.get("/me/contacts/code"), what))
    assert pages[0] == pages[1]
    client = login(world.resident)
    mail = add(client, theirs)
    taken = client.post("/me/contacts/code", data={"code": code_in(mail)})
    assert taken.status_code == 409
    assert theirs in proven(world.elsewhere)


def test_an_unproven_address_goes_to_whoever_proves_it(
    app: Flask, world: World, login: Login
) -> None:
    services.add_contact(world.elsewhere, identify(MAIL))
    db.session.commit()
    client = login(world.resident)
    client.post("/me/contacts/code", data={"code": code_in(add(client))})
    assert MAIL not in proven(world.elsewhere)
    assert proven(world.resident)[MAIL]


def test_a_number_waits_for_the_desk(app: Flask, world: World, login: Login) -> None:
    client = login(world.resident)
    assert client.post("/me/contacts", data={"who": "139 0013 9000"}).location == "/me/contacts"
    assert proven(world.resident)["+8613900139000"] is False
    taken = login(world.worker).post("/me/contacts", data={"who": "139 0013 9000"})
    assert taken.status_code == 409
    assert sent() == []


def test_one_stays_to_sign_in_with(app: Flask, world: World, login: Login) -> None:
    client = login(world.resident)
    [only] = scalars(select(Contact.id).filter_by(person_id=world.resident.id))
    assert client.post(f"/me/contacts/{only}/remove").status_code == 409
    client.post("/me/contacts/code", data={"code": code_in(add(client))})
    assert client.post(f"/me/contacts/{only}/remove").status_code == 303
    assert list(proven(world.resident)) == [MAIL]


def test_a_proven_address_hears_that_it_was_removed(app: Flask, world: World, login: Login) -> None:
    client = login(world.resident)
    client.post("/me/contacts/code", data={"code": code_in(add(client))})
    mine = scalars(select(Contact.id).filter_by(value=MAIL))[0]
    client.post(f"/me/contacts/{mine}/remove")
    assert sent()[-1].address == MAIL
    assert not re.search(r"\d{4}", sent()[-1].body)


def test_nobody_removes_another_s(app: Flask, world: World, login: Login) -> None:
    services.add_contact(world.elsewhere, identify(MAIL))
    db.session.commit()
    theirs = scalars(select(Contact.id).filter_by(value=MAIL))[0]
    assert login(world.resident).post(f"/me/contacts/{theirs}/remove").status_code == 404
    assert MAIL in proven(world.elsewhere)


def test_five_at_most(app: Flask, world: World, login: Login) -> None:
    client = login(world.resident)
    for number in range(4):
        client.post("/me/contacts", data={"who": f"139001390{number:02}"})
    assert len(proven(world.resident)) == 5
    assert client.post("/me/contacts", data={"who": "13900139009"}).status_code == 422
    assert client.post("/me/contacts", data={"who": MAIL}).status_code == 422


def test_changing_them_is_an_act_of_weight(app: Flask, world: World) -> None:
    client = app.test_client()
    key = session_key(world.resident, confirmed=False)
    with client.session_transaction() as session:
        session["_user_id"] = key
    for path in ("/me/contacts", "/me/contacts/1/remove"):
        asked = client.post(path, data={"who": MAIL})
        assert "confirm_password" in text_of(asked)
    assert f'name="who" value="{MAIL}"' in text_of(client.post("/me/contacts", data={"who": MAIL}))
    assert sent() == []


def test_without_mail_an_address_waits_for_the_desk(app: Flask, world: World, login: Login) -> None:
    client = login(world.resident)
    with sending(app, ""):
        assert client.post("/me/contacts", data={"who": MAIL}).location == "/me/contacts"
        assert "发验证码核验" not in text_of(client.get("/me/contacts"))
    assert proven(world.resident)[MAIL] is False
    assert sent() == []
    assert "发验证码核验" in text_of(client.get("/me/contacts"))
