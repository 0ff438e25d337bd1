"""Signing in, and being slowed after many failures."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from civic.identities import passwords, sessions
from civic.identities.models import Contact, Person
from civic.kernel.db import db
from tests.factories import World, person, sign_ins
from tests.pages import plain

PASSWORD = "three words here"
PHONE = "+8613800138000"


@pytest.fixture
def known(app: Flask, world: World) -> Person:
    """Somebody with a password, an e-mail address, and a telephone number."""
    who = world.resident
    who.password_hash = passwords.hashed(PASSWORD)
    db.session.add(Contact(person_id=who.id, kind="phone", value=PHONE))
    db.session.commit()
    return who


def sign_in(
    client: FlaskClient, who: str, password: str = PASSWORD, *, at: str = "10.0.0.1", **data: str
) -> TestResponse:
    return client.post(
        "/sign-in",
        data={"who": who, "password": password, **data},
        environ_base={"REMOTE_ADDR": at},
    )


def is_in(client: FlaskClient) -> bool:
    return client.get("/me").status_code == 200


@pytest.mark.parametrize(
    "spelling",
    [
        "13800138000",
        "138 0013 8000",
        "+86 138-0013-8000",
        "0086 13800138000",
        "１３８００１３８０００",
    ],
)
def test_a_number_fits_however_it_is_written(known: Person, app: Flask, spelling: str) -> None:
    client = app.test_client()
    assert sign_in(client, spelling).status_code == 303
    assert is_in(client)


def test_an_address_fits_in_any_case(known: Person, app: Flask) -> None:
    client = app.test_client()
    assert sign_in(client, f" {sign_ins(known)[0].upper()} ").status_code == 303
    assert is_in(client)


def test_a_wrong_password_and_an_unknown_account_look_the_same(known: Person, app: Flask) -> None:
    wrong = sign_in(app.test_client(), PHONE, "wrong words here")
    unknown = sign_in(app.test_client(), "+8613800138001")
    assert wrong.status_code == unknown.status_code == 422
    assert plain(wrong, PHONE) == plain(unknown, "+8613800138001")
    assert PHONE in wrong.get_data(as_text=True)
    assert "wrong words here" not in wrong.get_data(as_text=True)
    client = app.test_client()
    sign_in(client, PHONE, "wrong words here")
    assert not is_in(client)


def test_an_unknown_account_takes_the_time_of_a_password(
    known: Person, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = []
    real = passwords.fits

    def fits(password: str, hashed: str | None) -> bool:
        looked.append(hashed)
        return real(password, hashed)

    monkeypatch.setattr(passwords, "fits", fits)
    verified = []
    hasher = passwords._hasher
    verify = type(hasher).verify
    monkeypatch.setattr(type(hasher), "verify", lambda *a: verified.append(1) or verify(*a))
    sign_in(app.test_client(), "+8613800138001")
    assert looked == [None]
    assert verified == [1]


def test_five_failures_slow_the_account_and_nobody_else(known: Person, app: Flask) -> None:
    for number in range(5):
        assert sign_in(app.test_client(), PHONE, "wrong words", at=f"10.0.1.{number}") is not None
    right = sign_in(app.test_client(), PHONE, at="10.0.2.1")
    assert right.status_code == 429
    assert 0 < int(right.headers["Retry-After"]) <= 15 * 60
    assert "15" in right.get_data(as_text=True)
    assert PHONE in right.get_data(as_text=True)
    # The other way to the same person is another account to whoever guesses.
    client = app.test_client()
    assert sign_in(client, sign_ins(known)[0], at="10.0.2.1").status_code == 303


def test_a_success_forgives(known: Person, app: Flask) -> None:
    for _ in range(3):
        for _ in range(4):
            assert sign_in(app.test_client(), PHONE, "wrong words").status_code == 422
        assert sign_in(app.test_client(), PHONE).status_code == 303


def test_a_hundred_failures_slow_an_address(known: Person, app: Flask) -> None:
    for number in range(100):
        response = sign_in(app.test_client(), f"guess{number}@example.com", "wrong words")
        assert response.status_code == 422
    slowed = sign_in(app.test_client(), PHONE)
    assert slowed.status_code == 429
    assert int(slowed.headers["Retry-After"]) > 0
    assert sign_in(app.test_client(), PHONE, at="10.0.0.2").status_code == 303


def test_sixty_neighbours_behind_one_address_pass(app: Flask, world: World) -> None:
    hashed = passwords.hashed(PASSWORD)
    people = [person(f"邻居{number}", password_hash=hashed) for number in range(60)]
    db.session.commit()
    for one in people:
        address = sign_ins(one)[0]
        assert sign_in(app.test_client(), address).status_code == 303
        # Each third one mistypes once, too.
        if one.id % 3 == 0:
            assert sign_in(app.test_client(), address, "wrong words").status_code == 422


@pytest.mark.parametrize(
    "evil",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "/\t/evil.example/",
        "/\n/evil.example/",
        " //evil.example/",
        "javascript:alert(1)",
        "evil.example",
    ],
)
def test_nobody_is_sent_elsewhere(known: Person, app: Flask, evil: str) -> None:
    for response in (
        sign_in(app.test_client(), PHONE, next=evil),
        app.test_client().post("/display", data={"size": "1", "next": evil}),
    ):
        assert response.status_code == 303
        # Browsers drop tabs and line ends, and read a backslash as a slash.
        location = re.sub(r"[\t\r\n]", "", response.location).replace("\\", "/")
        parts = urlsplit(location)
        assert (parts.scheme, parts.netloc) == ("", "")
        assert not location.startswith("//")


def test_one_returns_to_where_one_was(
    known: Person, app: Flask, login: Callable[[Person | None], FlaskClient]
) -> None:
    client = app.test_client()
    asked = client.get("/c/erlonglu/consultations/new?x=1")
    assert asked.location == "/sign-in?next=/c/erlonglu/consultations/new?x%3D1"
    page = client.get(asked.location).get_data(as_text=True)
    assert 'value="/c/erlonglu/consultations/new?x=1"' in page
    response = sign_in(client, PHONE, next="/c/erlonglu/consultations/new?x=1")
    assert response.location == "/c/erlonglu/consultations/new?x=1"


def test_a_session_ends_when_its_row_does(known: Person, app: Flask) -> None:
    client, other = app.test_client(), app.test_client()
    sign_in(client, PHONE)
    sign_in(other, PHONE)
    assert is_in(client)
    sessions.end_all(known.id)
    db.session.commit()
    assert not is_in(client)
    assert not is_in(other)
    assert sign_in(client, PHONE).status_code == 303
    assert is_in(client)


def test_signing_out_ends_the_session(known: Person, app: Flask) -> None:
    client = app.test_client()
    sign_in(client, PHONE)
    assert is_in(client)
    assert client.post("/sign-out").status_code == 303
    assert not is_in(client)


def test_a_session_begun_before_is_dropped(known: Person, app: Flask) -> None:
    client = app.test_client()
    with client.session_transaction() as session:
        session["code"] = "left behind"
    sign_in(client, PHONE)
    with client.session_transaction() as session:
        assert "code" not in session
