"""Back into an account with a code that went to a proven address."""

import re
from collections.abc import Callable
from datetime import timedelta
from time import monotonic

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from benchmarks import inside
from civic.identities import sign_in_views
from civic.identities.credentials import RecoveryCode
from civic.identities.models import Contact, Person
from civic.kernel import clock
from civic.kernel.audit import AuditEntry
from civic.kernel.db import db
from civic.kernel.mail import Mail
from tests.factories import World, closed, code_of, scalars, second_factor, sign_ins
from tests.mailbox import sending
from tests.pages import text_of

pytestmark = pytest.mark.usefixtures("mails")
Login = Callable[[Person | None], FlaskClient]
NEW = "three new words"


def prove(who: Person) -> str:
    """Let somebody's address count as proven, and return it."""
    db.session.execute(update(Contact).filter_by(person_id=who.id).values(proven_at=clock.now()))
    db.session.commit()
    return sign_ins(who)[0]


def ask(app: Flask, address: str) -> TestResponse:
    return app.test_client().post("/recover/mail", data={"mail": address})


def codes() -> list[str]:
    bodies = scalars(select(Mail.body).order_by(Mail.id))
    return [
        re.search(r"^([A-Z2-9]{4}-[A-Z2-9]{3}-[A-Z2-9]{3})$", b, re.MULTILINE)[1] for b in bodies
    ]


def reset(client: FlaskClient, code: str) -> TestResponse:
    return client.post("/recover", data={"code": code, "password": NEW, "again": NEW})


def test_a_code_by_mail_gives_a_new_password(app: Flask, world: World, login: Login) -> None:
    old = login(world.resident)
    ask(app, f" {prove(world.resident).upper()} ")
    [code] = codes()
    client = app.test_client()
    assert reset(client, code).status_code == 303
    assert client.get("/me").status_code == 200
    assert old.get("/me").status_code == 302
    assert reset(app.test_client(), code).status_code == 422, "once"
    assert code not in str(scalars(select(AuditEntry.data)))
    assert code.replace("-", "") not in str(scalars(select(RecoveryCode.digest)))


def test_the_answer_is_the_same_and_so_is_the_work_before_it(app: Flask, world: World) -> None:
    unproven = sign_ins(world.worker)[0]
    answers, asked = [], []
    ask(app, "somebody@example.com")  # what a process asks once
    for address in (prove(world.resident), unproven, "nobody@example.com"):
        client = app.test_client()
        with inside.statements(app) as seen:
            answer = client.post("/recover/mail", data={"mail": address}, buffered=False)
            # What is done for it is done after the answer, when it is closed.
            asked.append(list(seen))
            answer.close()
        answers.append((answer.status_code, answer.location, text_of(client.get("/recover"))))
    assert asked[0] == asked[1] == asked[2]
    strip = [re.sub(r'name="csrf_token" value="[^"]*"', "", page) for _, _, page in answers]
    assert strip[0] == strip[1] == strip[2]
    assert {answer[:2] for answer in answers} == {(303, "/recover")}
    assert len(codes()) == 1


def test_no_code_for_whoever_closed_their_account(app: Flask, world: World) -> None:
    address = prove(world.resident)
    closed(db.session.get_one(Person, world.resident.id))
    db.session.commit()
    ask(app, address)
    assert codes() == []


@pytest.mark.parametrize(("minutes", "status"), [(59, 303), (60, 422)])
def test_it_is_valid_for_an_hour(app: Flask, world: World, *, minutes: int, status: int) -> None:
    ask(app, prove(world.resident))
    clock.shift(timedelta(minutes=minutes))
    assert reset(app.test_client(), codes()[0]).status_code == status


def test_asking_again_spoils_nothing_and_the_new_password_ends_all(
    app: Flask, world: World
) -> None:
    address = prove(world.resident)
    ask(app, address)
    ask(app, address)
    first, second = codes()
    assert reset(app.test_client(), first).status_code == 303
    assert reset(app.test_client(), second).status_code == 422


def test_nobody_fills_another_s_mailbox(app: Flask, world: World) -> None:
    address = prove(world.resident)
    assert [ask(app, address).status_code for _ in range(6)] == [303] * 5 + [429]
    assert len(codes()) == 5
    assert ask(app, "nobody@example.com").status_code == 303


def test_a_post_holder_gets_one_only_with_a_second_factor(app: Flask, world: World) -> None:
    address = prove(world.secretary)
    ask(app, address)
    assert codes() == []
    secret = second_factor(world.secretary)
    ask(app, address)
    client = app.test_client()
    assert reset(client, codes()[0]).location == "/sign-in/code"
    assert client.get("/me").status_code == 302
    assert client.post("/sign-in/code", data={"code": code_of(secret)}).status_code == 303
    assert client.get("/c/erlonglu/codes/").status_code == 200


def test_the_mail_speaks_its_reader_s_language_and_leads_nowhere(app: Flask, world: World) -> None:
    address = prove(world.resident)
    db.session.execute(update(Person).filter_by(id=world.resident.id).values(language="en"))
    db.session.commit()
    ask(app, address)
    [body] = scalars(select(Mail.body))
    assert body.startswith("Hello")
    # A link would carry the name of the host that whoever asked made up.
    assert "http" not in body


def test_codes_to_join_are_slowed_on_the_form_too(app: Flask, world: World) -> None:
    client = app.test_client()
    got = [client.post("/sign-up", data={"code": "AAAA-AAA-AAA"}).status_code for _ in range(6)]
    assert got == [422] * 5 + [429]


def test_it_takes_as_long_for_every_address(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_in_views, "EVEN_SECONDS", 0.2)
    known, took = prove(world.resident), []
    for address in (known, "nobody@example.com"):
        begun = monotonic()
        ask(app, address)
        took.append(monotonic() - begun)
    assert min(took) >= 0.2


def test_a_site_without_mail_says_so(app: Flask, world: World) -> None:
    address = prove(world.resident)
    assert "/recover/mail" in text_of(app.test_client().get("/recover"))
    with sending(app, ""):
        assert "/recover/mail" not in text_of(app.test_client().get("/recover"))
        assert ask(app, address).status_code == 409
        assert "尚未开通邮件发送" in text_of(app.test_client().get("/recover/mail"))
    assert codes() == []
