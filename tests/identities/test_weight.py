"""Acts of weight ask for the password again, and lose nothing that was typed."""

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask, g, request
from flask.testing import FlaskClient
from sqlalchemy import select

from civic.identities import passwords
from civic.identities.credentials import SignIn
from civic.identities.models import Person
from civic.identities.weight import of_weight
from civic.kernel import clock
from civic.kernel.db import db
from tests.databases import make_app
from tests.factories import scalars, session_key
from tests.pages import text_of

PASSWORD = "three words here"
SENT = {"title": "停车 “东侧”\n第二行", "node": ["3", "5"], "empty": "", "against": "2"}


@pytest.fixture
def house(sqlite_app: Flask, tmp_path) -> Iterator[Flask]:
    """An app of its own with one more view, that takes an act of weight."""
    del sqlite_app
    app = make_app(tmp_path / "instance")
    app.config["done"] = []

    @app.post("/act")
    @of_weight
    def act() -> str:
        app.config["done"].append((g.actor.person_id, request.form.to_dict(flat=False)))
        return "done"

    with app.app_context():
        from civic.kernel import migrate

        migrate.upgrade()
        yield app
        db.session.rollback()
        db.engine.dispose()
    clock.shift(timedelta())


@pytest.fixture
def who(house: Flask) -> Person:
    from tests.factories import person

    made = person("周红", password_hash=passwords.hashed(PASSWORD))
    db.session.commit()
    return made


def client_of(app: Flask, who: Person, *, confirmed: bool = False) -> FlaskClient:
    client = app.test_client()
    key = session_key(who, confirmed=confirmed)
    with client.session_transaction() as session:
        session["_user_id"] = key
    return client


def hidden(page: str) -> list[tuple[str, str]]:
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page, re.DOTALL)
    return [(unescape(name), unescape(value)) for name, value in found if name != "csrf_token"]


def test_with_a_password_given_lately_the_act_is_done(house: Flask, who: Person) -> None:
    assert text_of(client_of(house, who, confirmed=True).post("/act", data=SENT)) == "done"
    assert house.config["done"] == [
        (who.id, {"title": [SENT["title"]], "node": ["3", "5"], "empty": [""], "against": ["2"]})
    ]


def test_without_it_the_page_asks_and_keeps_each_field(house: Flask, who: Person) -> None:
    client = client_of(house, who)
    asked = client.post("/act?from=3", data=SENT)
    page = text_of(asked)
    assert asked.status_code == 422
    assert house.config["done"] == []
    fields = [
        ("title", SENT["title"]),
        ("node", "3"),
        ("node", "5"),
        ("empty", ""),
        ("against", "2"),
    ]
    main = page[page.index("<main") :]
    kept = hidden(main[: main.index("</main>")])
    assert kept == fields
    assert 'action="/act?from=3"' in page
    again: dict[str, list[str]] = {}
    for name, value in kept:
        again.setdefault(name, []).append(value)
    done = client.post("/act?from=3", data=again | {"confirm_password": PASSWORD})
    assert text_of(done) == "done"
    [(person_id, form)] = house.config["done"]
    assert person_id == who.id
    assert form | {"confirm_password": None} == again | {"confirm_password": None}
    # Once given, it counts for a while.
    assert text_of(client.post("/act", data=SENT)) == "done"
    clock.shift(timedelta(minutes=15))
    assert client.post("/act", data=SENT).status_code == 422


@pytest.mark.parametrize("typed", ["", "wrong words"])
def test_a_wrong_password_keeps_the_fields_and_never_itself(
    house: Flask, who: Person, typed: str
) -> None:
    client = client_of(house, who)
    before = scalars(select(SignIn.confirmed_at))
    asked = client.post("/act", data=SENT | {"confirm_password": typed})
    page = text_of(asked)
    assert asked.status_code == 422
    assert "confirm_password-error" in page
    assert ("node", "5") in hidden(page)
    assert "wrong words" not in page
    assert house.config["done"] == []
    assert scalars(select(SignIn.confirmed_at)) == before


def test_guessing_is_slowed_whatever_the_act(house: Flask, who: Person) -> None:
    client = client_of(house, who)
    for _ in range(5):
        client.post("/act", data={"confirm_password": "wrong words"})
    slowed = client.post("/act", data=SENT | {"confirm_password": PASSWORD})
    assert slowed.status_code == 422
    assert int(slowed.headers["Retry-After"]) > 0
    assert ("node", "5") in hidden(text_of(slowed))
    assert house.config["done"] == []


@pytest.mark.parametrize("field", ["file", "password", "again"])
def test_files_and_passwords_are_not_kept(house: Flask, who: Person, field: str) -> None:
    client = client_of(house, who)
    value = (io.BytesIO(b"x"), "x.pdf") if field == "file" else "a new secret"
    asked = client.post(
        "/act",
        data={"title": "x", field: value},
        headers={"Referer": "http://localhost/me/security?a=1"},
    )
    page = text_of(asked)
    assert asked.status_code == 422
    assert "a new secret" not in page
    assert ("next", "/me/security?a=1") in hidden(page)
    assert 'action="/me/confirm"' in page
    form = {"confirm_password": PASSWORD, "next": "/me/security?a=1"}
    wrong = client.post("/me/confirm", data=form | {"confirm_password": "wrong words"})
    assert wrong.status_code == 422
    done = client.post("/me/confirm", data=form)
    assert (done.status_code, done.location) == (303, "/me/security?a=1")
    assert text_of(client.post("/act", data={"title": "x", field: "a new secret"})) == "done"


def test_htmx_swaps_the_whole_page(house: Flask, who: Person) -> None:
    asked = client_of(house, who).post("/act", data=SENT, headers={"HX-Request": "true"})
    assert asked.status_code == 422
    assert asked.headers["HX-Retarget"] == "body"
    assert ("node", "3") in hidden(text_of(asked))


def test_a_visitor_signs_in_first(house: Flask) -> None:
    assert house.test_client().post("/act", data=SENT).status_code == 401
    assert house.config["done"] == []


def test_the_page_a_form_came_from_is_one_of_ours(house: Flask, who: Person) -> None:
    client = client_of(house, who)
    headers = {"Referer": "http://evil.example/me"}
    page = text_of(client.post("/act", data={"password": "x"}, headers=headers))
    assert "evil" not in page
    assert ("next", "/") in hidden(page)
