"""An app with sample plugins on each database, and the ways by which the core asks each hook."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.communities import switching
from civic.communities.services import find
from civic.consultations.models import Consultation
from civic.identities import passwords
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.tell import Kind, News, tell, telling
from civic.notices.models import Notice
from civic.notifications import mailing
from civic.voting.models import BallotOption
from tests.databases import Postgresql, Sqlite
from tests.factories import World, build_world, case_by_process, consultation, scalars, session_key
from tests.notices.conftest import submitted
from tests.sample import point

PASSWORD = "three words here"
CASES = "/c/erlonglu/consultations"


def apps(request: pytest.FixtureRequest, folder: Path, names: Sequence[str]) -> Iterator[Any]:
    """Yield a database whose app has the named plugins, for the parametrised kind."""
    found = [point(name) for name in names]
    if request.param == "sqlite":
        database: Any = Sqlite(folder, found)
        yield database
        return
    server = request.getfixturevalue("postgresql").server
    database = Postgresql(folder, server, found, name="civic_plugged")
    yield database
    database.close()


def fresh(database: Any) -> Iterator[Flask]:
    """Yield its app with an empty database and nothing remembered."""
    app = database.fresh()
    watch = app.extensions["civic_faults"]
    for known in (watch.waiting, watch.written, watch.slow, watch.pauses):
        known.clear()
    app.extensions["civic_throttle"]._windows.storage.reset()
    with app.app_context():
        yield app
        db.session.rollback()
    clock.shift(timedelta())


@dataclass
class Site:
    """A street with plugins that are on in 二龙路, and what its pages are about."""

    app: Flask
    world: World
    case: Consultation
    voting: Consultation
    draft: Consultation
    notice: Notice

    def client(self, role: str = "anonymous") -> FlaskClient:
        client = self.app.test_client()
        if role != "anonymous":
            key = session_key(self.world.people[role])
            with client.session_transaction() as session:
                session["_user_id"] = key
        return client

    def get(self, path: str, role: str = "anonymous") -> TestResponse:
        return self.client(role).get(path)

    def post(self, path: str, role: str, **data: Any) -> TestResponse:
        return self.client(role).post(path, data=data)

    def switch(self, name: str, *, on: bool = True, community: str = "erlonglu") -> None:
        switching.switch(find(community), name, on=on, actor=self.world.actor("administrator"))
        db.session.commit()


def site(app: Flask, *names: str) -> Site:
    """Build a street, and switch plugins on in one community."""
    world = build_world()
    world.resident.password_hash = passwords.hashed(PASSWORD)
    made = Site(
        app,
        world,
        case=consultation(world.erlong),
        voting=consultation(world.erlong, stage="voting"),
        draft=consultation(world.erlong, published=False),
        notice=submitted(world),
    )
    for name in names:
        made.switch(name)
    return made


def at(site: Site) -> str:
    return f"{CASES}/{site.case.id}/"


def comment(site: Site, words: str = "好主意", role: str = "resident") -> TestResponse:
    return site.post(f"{at(site)}comments", role, words=words, form_key="a" * 32)


def vote(site: Site) -> TestResponse:
    [option, *_] = scalars(select(BallotOption.id).filter_by(ballot_id=site.voting.ballot_id))
    return site.post(f"{CASES}/{site.voting.id}/vote", "resident", option=option)


def publish(site: Site) -> TestResponse:
    return site.post(f"{CASES}/{site.draft.id}/publish", "secretary")


def issue(site: Site) -> TestResponse:
    path = f"/c/erlonglu/notices/{site.notice.id}/issue"
    return site.post(path, "deputy", revision=site.notice.revision)


def moved(site: Site, case_id: int = 0, role: str = "secretary") -> TestResponse:
    """Propose to withdraw a case, a new one unless told, or confirm it."""
    if not case_id:
        case_id = case_by_process(site.world.erlong, stage="drafting").id
    data = {"reason": "提出人撤回", "stage": "drafting"}
    return site.post(f"{CASES}/{case_id}/way/withdraw", role, **data)


def close(site: Site) -> TestResponse:
    return site.post("/me/close", "resident", word="注销账户", confirm_password=PASSWORD)


def news(site: Site, code: str = "test.news") -> None:
    """Tell the resident something of the community, and let the job mail it."""
    if code not in telling().kinds:
        kind = Kind(
            code=code, title="t", sentence=lambda v: f"消息{v['n']}", address=lambda _v: "/c/x"
        )
        telling().declare(kind)
    who = [site.world.resident.id]
    home = site.world.erlong
    values = {"n": 1, "community": "erlonglu"}
    tell(News(kind=code, subject="x:1", people=who, community_id=home.id, values=values))
    db.session.commit()
    with site.app.app_context():  # as jobs run
        mailing.at_once()


def turn(site: Site, community: str, state: str) -> TestResponse:
    [name] = site.app.extensions["civic_plugins"].loaded
    return site.post(f"/c/{community}/desk/plugins/{name}/{state}", "administrator")


#: How the core comes to ask each hook.
ASKED: dict[str, Callable[[Site], Any]] = {
    "home_panel": lambda site: site.get("/c/erlonglu/", "resident"),
    "profile_panel": lambda site: site.get("/me", "resident"),
    "page_head": lambda site: site.get("/c/erlonglu/", "resident"),
    "actions": lambda site: site.get(at(site), "resident"),
    "dashboard": lambda site: site.get("/c/erlonglu/", "resident"),
    "visible": lambda site: site.get(f"{CASES}/", "resident"),
    "veto": comment,
    "check_ballot": publish,
    "check_stage": moved,
    "render_text": comment,
    "deliver": news,
    "export_member": lambda site: site.get("/me/data", "resident"),
    "forget_member": close,
    "plugin_enabled": lambda site: turn(site, "jingjidao", "on"),
    "plugin_disabled": lambda site: turn(site, "erlonglu", "off"),
}
