"""Sessions: listed, ended here and elsewhere, bounded, and told of."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from benchmarks import inside
from civic.identities import devices, passwords, sessions, told
from civic.identities.credentials import SignIn
from civic.identities.models import Person
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.tell import News, telling
from tests.factories import World, closed, scalars, session_key, sign_ins
from tests.pages import text_of

Login = Callable[[Person | None], FlaskClient]
PASSWORD, NEW = "three words here", "three other words"
PHONE = "Mozilla/5.0 (Linux; Android 14; V2307A) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537"
OFFICE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126 Safari/537 Edg/126"
)


@pytest.fixture
def known(world: World) -> Person:
    world.resident.password_hash = passwords.hashed(PASSWORD)
    db.session.commit()
    return world.resident


@pytest.fixture
def news(app: Flask) -> Iterator[list[News]]:
    """What people are told."""
    said: list[News] = []
    before, telling().teller = telling().teller, said.append
    yield said
    telling().teller = before


def enters(app: Flask, who: Person, agent: str = PHONE, password: str = PASSWORD) -> FlaskClient:
    client = app.test_client()
    client.environ_base["HTTP_USER_AGENT"] = agent
    answer = client.post("/sign-in", data={"who": sign_ins(who)[0], "password": password})
    assert answer.status_code == 303
    return client


def is_in(client: FlaskClient) -> bool:
    return client.get("/me").status_code == 200


def id_of(device: str) -> int:
    return scalars(select(SignIn.id).filter_by(device=device))[0]


@pytest.mark.parametrize(
    ("agent", "label"),
    [
        (PHONE, "Chrome · Android"),
        (OFFICE, "Edge · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17) Mobile MicroMessenger/8.0", "WeChat · iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Version/17 Safari/605", "Safari · macOS"),
        ("curl/8.5.0", "unknown"),
        ("", "unknown"),
    ],
)
def test_a_device_is_called_as_its_owner_knows_it(agent: str, label: str) -> None:
    assert devices.device(agent) == label


@given(st.text())
def test_a_label_is_short_and_of_our_own_words(agent: str) -> None:
    ours = {name for _part, name in (*devices.BROWSERS, *devices.SYSTEMS)} | {devices.UNKNOWN}
    assert set(devices.device(agent).split(devices.BETWEEN)) <= ours


def test_the_cookie_s_secret_is_kept_nowhere(app: Flask, known: Person) -> None:
    client = enters(app, known)
    with client.session_transaction() as session:
        person_id, _, secret = session["_user_id"].partition(".")
    assert int(person_id) == known.id
    kept = scalars(select(SignIn.digest))
    assert kept == [sessions.digest(secret)]
    assert secret not in kept[0]


def test_a_session_ended_elsewhere_is_out_at_the_next_request(app: Flask, known: Person) -> None:
    phone, office = enters(app, known), enters(app, known, OFFICE)
    page = text_of(office.get("/me/security"))
    assert "Chrome · Android" in page
    assert "Edge · Windows" in page
    assert page.count("本机") == 1
    there = id_of("Chrome · Android")
    assert f"/sessions/{there}/end" in page
    assert f"/sessions/{id_of('Edge · Windows')}/end" not in page
    assert office.post(f"/me/security/sessions/{there}/end").status_code == 303
    assert not is_in(phone)
    assert is_in(office)


def test_all_others_end_at_once(app: Flask, known: Person) -> None:
    others = [enters(app, known) for _ in range(3)]
    mine = enters(app, known, OFFICE)
    assert mine.post("/me/security/sessions/end").status_code == 303
    assert is_in(mine)
    assert not any(is_in(other) for other in others)


def test_nobody_ends_another_s_session(app: Flask, world: World, known: Person) -> None:
    mine = enters(app, known)
    theirs = app.test_client()
    key = session_key(world.elsewhere)
    with theirs.session_transaction() as session:
        session["_user_id"] = key
    theirs.post(f"/me/security/sessions/{id_of('Chrome · Android')}/end")
    theirs.post("/me/security/sessions/end")
    assert is_in(mine)


def test_a_session_lasts_thirty_days(app: Flask, known: Person) -> None:
    client = enters(app, known)
    clock.shift(timedelta(days=29, hours=23))
    assert is_in(client)
    clock.shift(timedelta(days=30))
    assert not is_in(client)
    assert len(scalars(select(SignIn.id))) == 1
    enters(app, known, OFFICE)
    assert scalars(select(SignIn.device)) == ["Edge · Windows"], "the expired one is deleted"


def test_twenty_sessions_are_kept(app: Flask, known: Person) -> None:
    first = enters(app, known)
    for _ in range(sessions.MOST):
        sessions.begin(known.id, "test")
        db.session.commit()
    assert not is_in(first)
    assert scalars(select(func.count()).select_from(SignIn)) == [sessions.MOST]


def test_signing_in_anew_ends_the_session_of_before(app: Flask, known: Person) -> None:
    client = enters(app, known)
    with client.session_transaction() as session:
        before = session["_user_id"]
    client.post("/sign-in", data={"who": sign_ins(known)[0], "password": PASSWORD})
    with client.session_transaction() as session:
        assert session["_user_id"] != before
    other = app.test_client()
    with other.session_transaction() as session:
        session["_user_id"] = before
    assert not is_in(other)
    assert is_in(client)


def test_whoever_closed_their_account_is_out(app: Flask, known: Person) -> None:
    client = enters(app, known)
    closed(db.session.get_one(Person, known.id))
    db.session.commit()
    db.session.expire_all()
    assert not is_in(client)
    db.session.rollback()
    answer = client.post("/sign-in", data={"who": sign_ins(known)[0], "password": PASSWORD})
    assert answer.status_code == 422


def what(news: list[News]) -> list[Any]:
    return [(item.values["what"], item.values.get("device")) for item in news]


def test_a_new_device_is_told_once(app: Flask, known: Person, news: list[News]) -> None:
    enters(app, known)
    enters(app, known).post("/sign-out")
    enters(app, known)
    assert what(news) == [("device", "Chrome · Android")]
    assert list(news[0].people) == [known.id]
    enters(app, known, OFFICE)
    assert what(news)[1:] == [("device", "Edge · Windows")]
    with app.test_request_context():
        assert "Edge · Windows" in told.KIND.sentence(news[1].values)


def test_a_new_password_ends_the_other_sessions(
    app: Flask, known: Person, news: list[News]
) -> None:
    other, mine = enters(app, known), enters(app, known, OFFICE)
    form = {"current": PASSWORD, "password": NEW, "again": NEW}
    wrong = mine.post("/me/security/password", data=form | {"current": "wrong words"})
    assert wrong.status_code == 422
    assert "wrong words" not in text_of(wrong)
    assert mine.post("/me/security/password", data=form | {"again": "x"}).status_code == 422
    assert is_in(other)
    assert mine.post("/me/security/password", data=form).status_code == 303
    assert is_in(mine)
    assert not is_in(other)
    enters(app, known, password=NEW)
    assert ("password", None) in what(news)


def test_guessing_the_password_of_now_is_slowed(app: Flask, known: Person) -> None:
    mine = enters(app, known)
    form = {"current": "wrong words", "password": NEW, "again": NEW}
    got = [mine.post("/me/security/password", data=form).status_code for _ in range(6)]
    assert got == [422] * 5 + [429]


@pytest.mark.parametrize("path", ["/me/security", "/me/contacts", "/me/second-factor"])
def test_pages_of_security_write_nothing_and_ask_little(
    app: Flask, world: World, login: Login, path: str
) -> None:
    client = login(world.resident)
    client.get(path)
    for _ in range(12):
        session_key(world.resident)
    with inside.statements(app) as seen:
        assert client.get(path).status_code == 200
    asked = [one for one in seen if not one.startswith(("BEGIN", "PRAGMA", "ROLLBACK"))]
    assert len(asked) <= 4, asked
    assert all(one.lstrip("( ").startswith(("SELECT", "WITH")) for one in asked)
