"""What every answer has: headers, cookies, languages, and pages that say what went wrong."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from civic.identities.models import Person
from civic.kernel import migrate
from civic.kernel.db import db
from tests.databases import make_app
from tests.factories import World, build_world, session_key
from tests.pages import text_of

Login = Callable[[Person | None], FlaskClient]


@pytest.fixture
def town(sqlite_app: Flask) -> World:
    return build_world()


@pytest.fixture
def login(sqlite_app: Flask) -> Login:
    def as_person(person: Person | None) -> FlaskClient:
        client = sqlite_app.test_client()
        if person is not None:
            key = session_key(person)
            with client.session_transaction() as session:
                session["_user_id"] = key
        return client

    return as_person


@pytest.fixture
def visitor(sqlite_app: Flask, town: World) -> FlaskClient:
    return sqlite_app.test_client()


def crash(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> str:
        message = "the secret of the house"
        raise RuntimeError(message)

    monkeypatch.setitem(app.view_functions, "identities.privacy", fails)


CASES = [
    ("GET", "/", 200),
    ("GET", "/c/erlonglu/", 200),
    ("GET", "/me", 302),
    ("GET", "/nowhere", 404),
    ("GET", "/c/nowhere/", 404),
    ("GET", "/c/erlonglu/consultations/99/", 404),
    ("PUT", "/sign-in", 405),
    ("POST", "/sign-in", 422),
    ("POST", "/c/erlonglu/codes/", 401),
    ("GET", "/privacy", 500),
]


@pytest.mark.parametrize(("method", "path", "status"), CASES)
def test_every_answer_is_guarded(
    sqlite_app: Flask,
    visitor: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    path: str,
    status: int,
) -> None:
    crash(sqlite_app, monkeypatch)
    response = visitor.open(path, method=method)
    assert response.status_code == status
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    for part in ("object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors"):
        assert part in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert "Server" not in response.headers
    assert "Strict-Transport-Security" not in response.headers
    if response.mimetype == "text/html":
        assert "private" in response.headers["Cache-Control"]
        assert "Cookie" in response.headers["Vary"]


def without_scripts(page: str) -> None:
    assert re.findall(r"<script(?![^>]*\bsrc=)", page) == []
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=|javascript:", page) == []
    assert re.findall(r'(?:src|href)="(?:https?:)?//', page) == []


@pytest.mark.parametrize(("method", "path", "status"), CASES)
@pytest.mark.parametrize("accept", ["application/json", "*/*"])
def test_whoever_asks_gets_a_page_and_a_way_home(
    sqlite_app: Flask,
    visitor: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    path: str,
    status: int,
    accept: str,
) -> None:
    crash(sqlite_app, monkeypatch)
    response = visitor.open(path, method=method, headers={"Accept": accept})
    page = text_of(response)
    assert response.mimetype == "text/html"
    without_scripts(page)
    if status >= 400:
        assert re.search(r'href="/(c/erlonglu/)?"', page)
        assert "<h1" in page
    assert "secret of the house" not in page
    assert "Traceback" not in page


def test_htmx_gets_the_sentence_alone(visitor: FlaskClient) -> None:
    response = visitor.get("/c/erlonglu/consultations/99/", headers={"HX-Request": "true"})
    assert response.status_code == 404
    assert "<html" not in text_of(response)
    assert "HX-Request" in response.headers["Vary"]


def test_static_files_are_kept_for_good(visitor: FlaskClient) -> None:
    page = text_of(visitor.get("/"))
    addresses = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page))
    assert any(address.endswith(".css") for address in addresses)
    assert any(address.endswith(".js") for address in addresses)
    for address in addresses:
        response = visitor.get(address)
        assert response.status_code == 200
        assert "immutable" in response.headers["Cache-Control"]
    assert visitor.get("/static/css/civic.css").status_code == 404


# Forms that come from elsewhere


@pytest.fixture
def guarded(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setitem(sqlite_app.config, "WTF_CSRF_ENABLED", True)
    return sqlite_app


POSTS = [
    "/sign-in",
    "/sign-out",
    "/join",
    "/sign-up",
    "/c/erlonglu/codes/",
    "/c/erlonglu/consultations/new",
    "/c/erlonglu/consultations/1/vote",
    "/c/erlonglu/consultations/1/comments",
    "/c/erlonglu/consultations/1/statements/answer",
    "/me/texts/1/object",
]


@pytest.mark.parametrize("path", POSTS)
def test_a_form_from_elsewhere_is_refused_with_a_page(
    guarded: Flask, town: World, login: Login, path: str
) -> None:
    for who in (None, town.secretary):
        response = login(who).post(path, data={"option": "1"})
        assert response.status_code == 400
        assert "<html" in text_of(response)


def token(response: TestResponse) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text_of(response))
    assert found is not None
    return found[1]


def test_one_s_own_form_passes(guarded: Flask, town: World, login: Login) -> None:
    client = login(town.resident)
    mine = token(client.get("/me"))
    theirs = token(login(town.worker).get("/me"))
    assert client.post("/sign-out", data={"csrf_token": theirs}).status_code == 400
    assert client.get("/me").status_code == 200
    assert client.post("/sign-out", data={"csrf_token": mine}).status_code == 303
    assert client.get("/me").status_code == 302


def test_htmx_sends_the_token_in_a_header(guarded: Flask, town: World, login: Login) -> None:
    client = login(town.resident)
    mine = token(client.get("/me"))
    assert client.post("/sign-out", headers={"X-CSRFToken": mine}).status_code == 303


# Cookies


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[Flask]:
    app = make_app(tmp_path / "instance", https=True)
    with app.app_context():
        migrate.upgrade()
        yield app
        db.session.rollback()
        db.engine.dispose()


def cookies(client: FlaskClient) -> dict[str, str]:
    """Return each cookie that joining and choosing a size set, with its flags."""
    from civic.identities import codes

    world = build_world()
    made = codes.make(
        world.actor("secretary"), world.gate, "worker", 1, community_id=world.erlong.id
    )
    db.session.commit()
    set_ = client.post("/join", data={"code": made[0].code}).headers.getlist("Set-Cookie")
    set_ += client.post("/display", data={"size": "2", "lang": "en"}).headers.getlist("Set-Cookie")
    return {line.partition("=")[0]: line for line in set_}


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(sqlite_app: Flask) -> None:
    found = cookies(sqlite_app.test_client())
    assert found.keys() == {"session", "size", "lang"}
    for line in found.values():
        assert "HttpOnly" in line
        assert "SameSite=Lax" in line
        assert "Domain" not in line
        assert "Secure" not in line


def test_over_https_the_session_stays_there(secure: Flask) -> None:
    client = secure.test_client()
    assert "Secure" in cookies(client)["session"]
    assert "max-age" in client.get("/").headers["Strict-Transport-Security"]


# Language and size


def test_chinese_first_and_english_by_choice(visitor: FlaskClient) -> None:
    assert '<html lang="zh-Hans"' in text_of(visitor.get("/", headers={"Accept-Language": "en"}))
    chosen = visitor.post("/display", data={"lang": "en", "next": "/join"})
    assert (chosen.status_code, chosen.location) == (303, "/join")
    assert '<html lang="en"' in text_of(visitor.get("/join"))
    visitor.post("/display", data={"lang": "zh-Hans"})
    assert '<html lang="zh-Hans"' in text_of(visitor.get("/join"))


@pytest.mark.parametrize("lang", ["fr", "../../etc", "", "en\r\nX: y"])
def test_a_language_we_do_not_speak_changes_nothing(visitor: FlaskClient, lang: str) -> None:
    response = visitor.post("/display", data={"lang": lang})
    assert "Set-Cookie" not in response.headers
    visitor.set_cookie("lang", lang.split("\r", maxsplit=1)[0])
    page = text_of(visitor.get("/"))
    assert f'<html lang="{"en" if lang.startswith("en") else "zh-Hans"}"' in page


@pytest.mark.parametrize(("size", "shown"), [("0", ""), ("3", ' data-size="3"'), ("9", "")])
def test_the_size_of_type_is_kept(visitor: FlaskClient, size: str, shown: str) -> None:
    visitor.set_cookie("size", size)
    assert f'<html lang="zh-Hans"{shown}>' in text_of(visitor.get("/"))
