"""Plugins: switched per community, kept apart when they fail, named when they do not load."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from civic.kernel import migrate, permissions, plugins
from civic.kernel.audit import AuditEntry
from civic.kernel.db import db
from civic.kernel.events import EventRow
from civic.kernel.installation import Installation
from tests.databases import make_app
from tests.factories import World, build_world, rows, scalars, session_key
from tests.pages import text_of
from tests.sample import HELLO, point

PAGE = "/c/erlonglu/hello/"


@pytest.fixture
def hello(tmp_path: Path) -> Iterator[Flask]:
    """An app with the sample plugin."""
    app = make_app(tmp_path / "instance", found=[HELLO])
    with app.app_context():
        assert plugins.registry().failed == {}
        migrate.upgrade()
        yield app
        db.session.rollback()
        db.engine.dispose()


@pytest.fixture
def town(hello: Flask) -> World:
    return build_world()


@pytest.fixture
def enter(hello: Flask, town: World) -> Callable[[str], FlaskClient]:
    def as_role(role: str) -> FlaskClient:
        client = hello.test_client()
        if role != "anonymous":
            key = session_key(town.people[role])
            with client.session_transaction() as session:
                session["_user_id"] = key
        return client

    return as_role


Enter = Callable[[str], FlaskClient]


def switch(enter: Enter, state: str, community: str = "erlonglu") -> None:
    address = f"/c/{community}/desk/plugins/hello/{state}"
    assert enter("administrator").post(address).status_code == 303


def test_off_it_is_not_there(enter: Enter) -> None:
    home = text_of(enter("resident").get("/c/erlonglu/"))
    assert enter("resident").get(PAGE).status_code == 404
    assert enter("resident").post(PAGE, data={"words": "好"}).status_code == 404
    assert PAGE not in home
    assert "hello-panel" not in home


def test_on_it_is_there_and_nowhere_else(enter: Enter) -> None:
    switch(enter, "on")
    home = text_of(enter("anonymous").get("/c/erlonglu/"))
    assert f'href="{PAGE}"' in home
    assert '<p id="hello-panel">二龙路社区</p>' in home
    page = text_of(enter("anonymous").get(PAGE))
    assert '<p id="count">0</p>' in page
    assert 'aria-current="page"' in page[page.index(f'href="{PAGE}"') :].partition(">")[0]
    elsewhere = text_of(enter("anonymous").get("/c/jingjidao/"))
    assert "hello" not in elsewhere
    assert enter("anonymous").get("/c/jingjidao/hello/").status_code == 404
    switch(enter, "off")
    assert enter("anonymous").get(PAGE).status_code == 404


def test_switching_is_an_official_act_and_keeps_the_data(enter: Enter) -> None:
    switch(enter, "on")
    enter("resident").post(PAGE, data={"words": "好"})
    for state in ("off", "on", "on"):
        switch(enter, state)
    assert '<p id="count">1</p>' in text_of(enter("resident").get(PAGE))
    acts = scalars(select(AuditEntry.act).order_by(AuditEntry.id))
    assert acts == ["plugin.on", "plugin.off", "plugin.on"]


@pytest.mark.parametrize(
    ("role", "status"),
    [("anonymous", 401), ("resident", 303), ("elsewhere", 403), ("worker", 403)],
)
def test_its_permission_is_asked(enter: Enter, role: str, status: int) -> None:
    switch(enter, "on")
    assert "hello.greet" in permissions.registry().known
    assert enter(role).post(PAGE, data={"words": "好"}).status_code == status


def test_it_hears_events_where_it_is_on(enter: Enter, town: World) -> None:
    import civic_hello
    from civic.kernel import events

    switch(enter, "on")
    assert enter("resident").post(PAGE, data={"words": "好"}).status_code == 303
    # Delivered after the answer, without anybody asking.
    assert scalars(select(civic_hello.Greeting.heard)) == [True]
    deaf = civic_hello.Greeting(community_id=town.jingji.id, words="喂", heard=False)
    db.session.add(deaf)
    db.session.flush()
    events.publish(civic_hello.Greeted(community_id=town.jingji.id, greeting_id=deaf.id))
    db.session.commit()
    events.deliver()
    assert scalars(select(civic_hello.Greeting.heard).filter_by(id=deaf.id)) == [False]
    assert all(scalars(select(EventRow.delivered_at)))


def test_a_panel_that_fails_leaves_the_page(
    enter: Enter, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    import civic_hello

    switch(enter, "on")
    monkeypatch.setattr(civic_hello, "panel", lambda _community: 1 / 0)
    response = enter("resident").get("/c/erlonglu/")
    assert response.status_code == 200
    assert "hello-panel" not in text_of(response)
    assert "二龙路社区" in text_of(response)
    assert "plugin hello failed in home_panel" in caplog.text


def test_what_a_failing_hook_wrote_is_undone_and_what_its_caller_wrote_is_not(
    enter: Enter, town: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    import civic_hello
    from civic.communities.services import find

    def writes_and_fails(_community: object) -> None:
        db.session.add(Installation(name="hook", value="half"))
        db.session.flush()
        raise ZeroDivisionError

    switch(enter, "on")
    monkeypatch.setattr(civic_hello, "panel", writes_and_fails)
    community = find("erlonglu")
    db.session.add(Installation(name="caller", value="pending"))
    assert plugins.registry().home_panel(community, permissions.VISITOR) == ""
    db.session.commit()
    assert rows(select(Installation.name, Installation.value)) == [("caller", "pending")]


def test_a_page_that_fails_is_a_page(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    import civic_hello

    switch(enter, "on")
    monkeypatch.setattr(civic_hello, "count", lambda _community: 1 / 0)
    response = enter("resident").get(PAGE)
    assert response.status_code == 500
    assert "<html" in text_of(response)
    assert "ZeroDivision" not in text_of(response)
    assert enter("resident").get("/c/erlonglu/").status_code == 200


GOOD = """
from civic.api import Plugin
plugin = Plugin("{name}", __name__, title="x", api="{api}")
"""
HOOK = """
from civic.api import hookimpl
@hookimpl
def no_such_hook(community):
    return None
"""


def package(folder: Path, name: str, code: str, template: str = "") -> None:
    (folder / name).mkdir(parents=True)
    (folder / name / "__init__.py").write_text(code)
    if template:
        path = folder / name / "templates" / template
        path.parent.mkdir(parents=True)
        path.write_text("shadow")


def test_those_that_do_not_load_are_named_and_the_site_is_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = GOOD.format
    package(tmp_path, "civic_broken", "raise RuntimeError('not today')")
    package(tmp_path, "civic_nothing", "")
    package(tmp_path, "civic_future", code(name="future", api=">=2"))
    package(tmp_path, "civic_muddled", code(name="muddled", api="new enough"))
    package(tmp_path, "civic_other", code(name="different", api=">=1"))
    package(tmp_path, "civic_desk", code(name="desk", api=">=1"))
    package(tmp_path, "elsewhere", code(name="misnamed", api=">=1"))
    package(tmp_path, "civic_shadow", code(name="shadow", api=">=1"), "base.html")
    package(tmp_path, "civic_eager", code(name="eager", api=">=1") + HOOK)
    monkeypatch.syspath_prepend(tmp_path)
    reasons = {
        "broken": "not today",
        "missing": "civic_missing",
        "nothing": "plugin = Plugin",
        "future": "it needs civic.api >=2",
        "muddled": "cannot be read",
        "other": "differs",
        "desk": "taken",
        "misnamed": "its package is elsewhere",
        "shadow": "base.html",
        "eager": "no_such_hook",
    }
    packages = {"misnamed": "elsewhere"}
    found = [point(name, packages.get(name, "")) for name in reasons]
    app = make_app(tmp_path / "instance", found=[*found, HELLO])
    registry = app.extensions["civic_plugins"]
    assert list(registry.loaded) == ["hello"]
    assert registry.failed.keys() == reasons.keys()
    for name, reason in reasons.items():
        assert reason in registry.failed[name].reason
    with app.app_context():
        migrate.upgrade()
        world = build_world()
        key = session_key(world.administrator)
    client = app.test_client()
    assert client.get("/").status_code == 200
    with client.session_transaction() as session:
        session["_user_id"] = key
    page = text_of(client.get("/admin/plugins/"))
    assert all(name in page for name in reasons)
    assert "broken" in text_of(client.get("/admin/"))
    assert client.post("/c/erlonglu/desk/plugins/broken/on").status_code == 404
    assert client.post("/c/erlonglu/desk/plugins/hello/on").status_code == 303
    with app.app_context():
        db.engine.dispose()
