"""Plugins that raise or send bad SQL in each hook: the page is there, and what was written too."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from civic.consultations.models import Comment
from civic.identities.models import Person
from civic.kernel.activations import Activation
from civic.kernel.db import db
from civic.kernel.faults import PluginFault
from civic.kernel.installation import Installation
from civic.notifications.models import InboxItem
from tests import asked
from tests.asked import ASKED, CASES, Site
from tests.databases import make_app
from tests.factories import rows, scalars
from tests.pages import text_of
from tests.sample import point

#: What is answered where it is no page: some go on without the plugin, others leave all as it was.
ENDS = {
    "veto": 503,
    "check_ballot": 503,
    "check_stage": 303,
    "forget_member": 500,
    "plugin_enabled": 303,
    "plugin_disabled": 303,
    "render_text": 303,
}


@pytest.fixture(
    scope="module",
    params=[("sqlite", "raises"), ("sqlite", "badsql"), ("postgresql", "badsql")],
    ids="-".join,
)
def database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    kind, name = request.param
    request.param = kind
    for made in asked.apps(request, tmp_path_factory.mktemp(name), [name]):
        made.plugin = name
        yield made


@pytest.fixture
def app(database: Any) -> Iterator[Flask]:
    yield from asked.fresh(database)


@pytest.fixture
def failing(app: Flask) -> Iterator[set[str]]:
    import civic_badsql
    import civic_raises

    found = civic_raises.failing
    civic_badsql.failing = found
    yield found
    found.clear()


@pytest.fixture
def site(app: Flask, database: Any, failing: set[str]) -> Site:
    return asked.site(app, database.plugin)


@pytest.mark.parametrize("hook", ASKED)
def test_a_hook_fails(
    site: Site, database: Any, failing: set[str], hook: str, caplog: pytest.LogCaptureFixture
) -> None:
    failing.add(hook)
    with caplog.at_level(logging.ERROR):
        response = ASKED[hook](site)
    assert f"plugin {database.plugin} failed in {hook}" in caplog.text
    if response is not None:
        assert response.status_code == ENDS.get(hook, 200)
        assert "Traceback" not in text_of(response)
        assert "RuntimeError" not in text_of(response)
    found = scalars(select(PluginFault.count).filter_by(plugin=database.plugin, hook=hook))
    assert len(found) == 1
    page = text_of(site.get("/admin/plugins/", "administrator"))
    assert f"<span>{hook}</span>" in page
    assert "出错" in page


def test_what_the_caller_wrote_stays(site: Site, failing: set[str]) -> None:
    failing |= {"render_text"}
    assert asked.comment(site, "**好**").status_code == 303
    assert scalars(select(Comment.html)) == ["<p><strong>好</strong></p>"]


def test_a_failing_visible_hides_with_a_sentence_and_its_name_for_staff(
    site: Site, database: Any, failing: set[str]
) -> None:
    failing |= {"visible"}
    page = text_of(site.get(f"{CASES}/", "resident"))
    assert site.case.title not in page
    assert "暂时无法显示" in page
    assert database.plugin not in page
    staff = text_of(site.get(f"{CASES}/", "secretary"))
    assert site.case.title not in staff
    assert f"出错的插件：{database.plugin}" in staff
    one = site.get(f"{CASES}/{site.case.id}/", "resident")
    assert one.status_code == 404
    assert "暂时无法显示" in text_of(one)
    # Where it is off, it hides nothing.
    elsewhere = asked.consultation(site.world.jingji)
    other = text_of(site.get("/c/jingjidao/consultations/", "resident"))
    assert elsewhere.title in other
    assert "暂时无法显示" not in other


def test_a_failing_veto_refuses_with_a_sentence_and_its_name_for_staff(
    site: Site, database: Any, failing: set[str]
) -> None:
    failing |= {"veto"}
    for act in (asked.comment, asked.vote):
        response = act(site)
        assert response.status_code == 503
        assert "暂时无法确认是否允许" in text_of(response)
        assert database.plugin not in text_of(response)
    for act in (asked.publish, asked.issue):
        response = act(site)
        assert response.status_code == 503
        assert f"插件“{database.plugin}”检查时出错" in text_of(response)
    assert rows(select(Comment.id)) == []


def test_a_failing_forget_keeps_the_whole_account(
    site: Site, database: Any, failing: set[str]
) -> None:
    failing |= {"forget_member"}
    response = asked.close(site)
    assert response.status_code == 500
    assert "没有" in text_of(response)
    name, closed = rows(select(Person.name, Person.closed_at).filter_by(name="王桂兰"))[0]
    assert (name, closed) == ("王桂兰", None)
    failing.clear()
    assert asked.close(site).status_code == 303


def test_a_failing_export_says_that_a_part_is_missing(site: Site, failing: set[str]) -> None:
    failing |= {"export_member"}
    assert "这部分没能读取" in text_of(site.get("/me/data", "resident"))


def test_a_plugin_that_cannot_prepare_a_community_stays_off(
    site: Site, database: Any, failing: set[str]
) -> None:
    failing |= {"plugin_enabled"}
    client = site.client("administrator")
    client.post(f"/c/jingjidao/desk/plugins/{database.plugin}/on")
    assert "没能为这个社区做好准备" in text_of(client.get("/admin/plugins/"))
    on = select(Activation.on).filter_by(community_id=site.world.jingji.id)
    assert True not in scalars(on)


def test_a_plugin_that_cannot_come_to_rest_is_off(
    site: Site, database: Any, failing: set[str]
) -> None:
    failing |= {"plugin_disabled"}
    site.switch(database.plugin, on=False)
    on = select(Activation.on).filter_by(community_id=site.world.erlong.id)
    assert scalars(on) == [False]


def test_a_failing_channel_leaves_the_message(site: Site, failing: set[str]) -> None:
    failing |= {"deliver"}
    asked.news(site)
    assert None not in scalars(select(InboxItem.mailed_at).where(InboxItem.mail == "at_once"))


def test_in_a_writing_request_pending_rows_survive(
    site: Site, database: Any, failing: set[str]
) -> None:
    from civic.communities.services import find
    from civic.kernel import plugins

    failing |= {"home_panel", "dashboard", "actions"}
    home, actor = find("erlonglu"), site.world.actor("resident")
    db.session.add(Installation(name="caller", value="pending"))
    registry = plugins.registry()
    assert registry.home_panel(home, actor) == ""
    assert registry.dashboard([home], actor, desk=False, limit=3) == []
    assert registry.actions(home, actor, site.case) == []
    db.session.commit()
    assert rows(select(Installation.value)) == [("pending",)]


def test_faults_are_written_once_a_minute_with_their_count(site: Site, failing: set[str]) -> None:
    from datetime import timedelta

    from civic.kernel import clock

    failing |= {"home_panel"}
    counts = []
    for _ in range(5):
        site.get("/c/erlonglu/")
        counts.append(scalars(select(PluginFault.count))[0])
    clock.shift(timedelta(minutes=2))
    site.get("/c/erlonglu/")
    counts.append(scalars(select(PluginFault.count))[0])
    assert counts == [1, 1, 1, 1, 1, 6]


def test_one_that_fails_in_configure_is_not_loaded(tmp_path: Path, failing: set[str]) -> None:
    failing |= {"configure"}
    app = make_app(tmp_path / "instance", found=[point("raises")])
    registry = app.extensions["civic_plugins"]
    assert "raises" not in registry.loaded
    assert "configure fails" in registry.failed["raises"].reason
    assert "raises" not in app.blueprints
