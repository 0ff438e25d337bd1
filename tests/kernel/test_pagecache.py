"""Kept pages: the same for every visitor, never older than a write, never for who is signed in."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, update
from werkzeug.test import Client, TestResponse

from benchmarks.inside import statements
from civic.communities.models import Community
from civic.kernel import clock, pagecache
from civic.kernel.db import db
from civic.kernel.pagecache import SECONDS
from tests.factories import World

HOME = "/c/erlonglu/"


class Kept:
    """An app behind a cache, and browsers that ask it, each request in a context of its own."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        inner = app.wsgi_app
        self.cache = pagecache.attach(app)
        app.wsgi_app = inner

    def get(self, path: str = HOME, method: str = "GET", **kwargs: Any) -> TestResponse:
        cookies = kwargs.pop("cookies", {})
        client = Client(self.cache)
        for name, value in cookies.items():
            client.set_cookie(name, value)
        with self.app.app_context():
            return client.open(path, method=method, buffered=True, **kwargs)


@pytest.fixture
def site(app: Flask, world: World) -> Iterator[Kept]:
    assert world
    made = Kept(app)
    yield made
    made.cache.version.close()


def _number(telephone: str) -> None:
    db.session.execute(update(Community).filter_by(slug="erlonglu").values(telephone=telephone))
    db.session.commit()


def test_the_second_visitor_costs_no_statement(app: Flask, site: Kept) -> None:
    first = site.get()
    with statements(app) as found:
        second = site.get()
    assert found == [] or all("pg_current_snapshot" in text or text == "COMMIT" for text in found)
    assert second.status_code == 200
    assert second.get_data() == first.get_data()
    assert second.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]


def test_every_write_is_seen_at_once(site: Kept) -> None:
    for number in ("010-1111-1111", "010-2222-2222", "010-3333-3333"):
        site.get()
        _number(number)
        assert number in site.get().get_data(as_text=True)


def test_a_write_under_way_is_seen_when_it_commits(app: Flask, site: Kept) -> None:
    site.get()
    engine = create_engine(app.config["SQLALCHEMY_DATABASE_URI"])
    with engine.connect() as other:
        other.execute(
            update(Community).filter_by(slug="erlonglu").values(telephone="010-4444-4444")
        )
        assert "010-4444-4444" not in site.get().get_data(as_text=True)
        other.commit()
    assert "010-4444-4444" in site.get().get_data(as_text=True)
    engine.dispose()


def test_what_time_changes_is_taken_up(app: Flask, site: Kept) -> None:
    site.get()
    for offset in (timedelta(seconds=SECONDS + 1), timedelta()):
        clock.shift(offset)
        with statements(app) as found:
            site.get()
        assert any("community" in text for text in found)


def test_whoever_is_signed_in_gets_their_own_page(
    app: Flask, site: Kept, world: World, login
) -> None:
    site.get()
    client = login(world.resident)
    client.get(HOME)
    cookie = client.get_cookie("session")
    assert cookie is not None
    for _ in range(2):
        page = site.get(cookies={"session": cookie.value})
        assert world.resident.name in page.get_data(as_text=True)
    assert world.resident.name not in site.get().get_data(as_text=True)


def test_choices_have_pages_of_their_own(site: Kept) -> None:
    for _ in range(2):
        assert '<html lang="zh-Hans"' in site.get().get_data(as_text=True)
        english, large = site.get(cookies={"lang": "en"}), site.get(cookies={"size": "3"})
        assert '<html lang="en"' in english.get_data(as_text=True)
        assert 'data-size="3"' in large.get_data(as_text=True)
    packed = site.get(headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in site.get().headers


def test_an_unchanged_page_is_not_sent_again(site: Kept) -> None:
    tag = site.get().headers["ETag"]
    again = site.get(headers={"If-None-Match": tag})
    assert again.status_code == 304
    assert again.get_data() == b""
    assert again.headers["ETag"] == tag
    assert site.get(headers={"If-None-Match": '"other"'}).status_code == 200
    _number("010-5555-5555")
    changed = site.get(headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert "010-5555-5555" in changed.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/sign-in", "/c/nowhere/", "/static/nowhere.css"])
def test_what_is_no_page_of_everybody_is_not_kept(site: Kept, path: str) -> None:
    site.get(path)
    site.get(method="HEAD")
    site.get("/display", method="POST", data={"lang": "en"})
    assert not site.cache.pages


def test_what_is_kept_is_bounded(site: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pagecache, "MOST", 3)
    for number in range(6):
        site.get(f"{HOME}?n={number}")
    assert len(site.cache.pages) == 3
    assert site.cache.bytes == sum(len(page.body) for page in site.cache.pages.values())
