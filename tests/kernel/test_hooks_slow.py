"""Plugins that are slow: logged with their time, paused after three in a row, resumed by staff."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from civic.communities.services import find
from civic.kernel.activations import Activation
from civic.kernel.audit import AuditEntry
from civic.kernel.hookspecs import PAUSED
from tests import asked
from tests.asked import ASKED, Site
from tests.factories import rows, scalars
from tests.pages import text_of

HOME = "/c/erlonglu/"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    yield from asked.apps(request, tmp_path_factory.mktemp("sleeps"), ["sleeps"])


@pytest.fixture
def slow(database: Any) -> Iterator[set[str]]:
    import civic_sleeps

    database.app.extensions["civic_plugins"].slow = civic_sleeps.seconds / 2
    yield civic_sleeps.failing
    civic_sleeps.failing.clear()


@pytest.fixture
def app(database: Any) -> Iterator[Flask]:
    yield from asked.fresh(database)


@pytest.fixture
def site(app: Flask, slow: set[str]) -> Site:
    return asked.site(app, "sleeps")


def paused() -> list[str]:
    return scalars(select(Activation.paused_hook).where(Activation.paused_at.is_not(None)))


def test_a_slow_hook_is_logged_with_its_time(
    site: Site, slow: set[str], caplog: pytest.LogCaptureFixture
) -> None:
    slow.add("home_panel")
    site.get(HOME)
    assert "plugin sleeps took 0.0" in caplog.text
    assert "in home_panel" in caplog.text
    assert paused() == []


def test_three_in_a_row_pause_it_here_until_staff_let_it_go_on(
    site: Site, slow: set[str], caplog: pytest.LogCaptureFixture
) -> None:
    site.switch("sleeps", community="jingjidao")
    slow.add("home_panel")
    for _ in range(3):
        assert paused() == []
        site.get(HOME)
    assert paused() == ["home_panel"]
    assert rows(select(AuditEntry.act, AuditEntry.actor).filter_by(act="plugin.paused")) == [
        ("plugin.paused", "civic")
    ]
    caplog.clear()
    site.get(HOME)
    assert "took" not in caplog.text
    assert find("erlonglu").plugins == {"sleeps"}
    page = text_of(site.get("/admin/plugins/", "administrator"))
    assert "已暂停" in page
    assert "home_panel 连续三次" in page
    assert "sleeps" in text_of(site.get("/admin/", "administrator"))
    # Elsewhere it is asked as before.
    site.get("/c/jingjidao/")
    assert "took" in caplog.text
    site.post("/c/erlonglu/desk/plugins/sleeps/resume", "administrator")
    assert paused() == []
    assert scalars(select(AuditEntry.act).order_by(AuditEntry.id.desc()))[0] == "plugin.resumed"
    caplog.clear()
    site.get(HOME)
    assert "took" in caplog.text


def test_a_quick_call_begins_the_count_anew(site: Site, slow: set[str]) -> None:
    for turn in (True, True, False, True, True):
        if turn:
            slow.add("home_panel")
        else:
            slow.clear()
        site.get(HOME)
    assert paused() == []


@pytest.mark.parametrize("hook", sorted({"visible", "veto", "render_text"}))
def test_what_guards_or_writes_is_never_paused(site: Site, slow: set[str], hook: str) -> None:
    assert hook not in PAUSED
    slow.add(hook)
    for _ in range(4):
        ASKED[hook](site)
    assert paused() == []


def test_one_that_is_slow_before_stages_holds_up_no_case_for_long(
    site: Site, slow: set[str]
) -> None:
    slow.add("check_stage")
    for _ in range(4):
        assert ASKED["check_stage"](site).status_code == 303
    assert paused() == ["check_stage"]
