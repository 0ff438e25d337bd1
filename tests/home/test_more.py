"""The ways of plugins: one stands in the bar itself, several stand behind one."""

from pathlib import Path

import pytest
from flask import Flask

from civic.kernel import migrate
from civic.kernel.activations import Activation
from civic.kernel.db import db
from tests.databases import make_app
from tests.factories import build_world
from tests.pages import text_of
from tests.sample import point

BAR = '<nav class="tabs"'


def bar(page: str) -> str:
    return page.partition(BAR)[2].partition("</nav>")[0]


@pytest.fixture
def bundled(tmp_path: Path) -> Flask:
    app = make_app(tmp_path / "instance", found=[point("events"), point("incubator")])
    with app.app_context():
        migrate.upgrade()
        build_world()
        db.session.commit()
        db.session.remove()
    return app


def switch_on(app: Flask, *names: str) -> None:
    with app.app_context():
        from civic.communities import services

        found = services.find("erlonglu")
        db.session.add_all(Activation(community_id=found.id, plugin=n, on=True) for n in names)
        db.session.commit()


def test_one_stands_in_the_bar_and_several_behind_one(bundled: Flask) -> None:
    client = bundled.test_client()
    home, more = "/c/erlonglu/", "/c/erlonglu/more/"
    assert more not in bar(text_of(client.get(home)))
    assert "这里还没有其他服务" in text_of(client.get(more))
    switch_on(bundled, "events")
    shown = bar(text_of(client.get(home)))
    assert "/c/erlonglu/events/" in shown
    assert more not in shown
    switch_on(bundled, "incubator")
    shown = bar(text_of(client.get(home)))
    assert more in shown
    assert "/c/erlonglu/events/" not in shown
    page = text_of(client.get(more))
    assert "/c/erlonglu/events/" in page
    assert "/c/erlonglu/incubator/" in page
    assert 'aria-current="page"' in bar(page)
    assert 'aria-current="page"' in bar(text_of(client.get("/c/erlonglu/events/")))
