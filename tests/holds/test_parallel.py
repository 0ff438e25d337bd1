"""Many at one moment, over HTTP, through a sample plugin: the last place goes to one."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from civic import holds
from civic.holds.models import HoldClaim, HoldPool
from civic.kernel import clock
from civic.kernel.activations import Activation
from civic.kernel.db import db
from tests import factories
from tests.factories import World, build_world
from tests.installed import install
from tests.server import database_url, own_postgresql, own_sqlite, serving
from tests.visitors import Visitor, at_once, signed_in

MANY = 64
PAGE = "/c/erlonglu/seats/"


@dataclass
class Hall:
    app: Flask
    world: World
    port: int

    def provide(self, capacity: int, subject: str = "seats.hall") -> None:
        pool = db.session.scalar(select(HoldPool).filter_by(subject=subject))
        if pool is None:
            pool = HoldPool(community_id=self.world.erlong.id, subject=subject, title="礼堂")
            pool.path, pool.offer_minutes, pool.taken, pool.last = PAGE, 60, 0, 0
            db.session.add(pool)
        pool.capacity = capacity
        db.session.commit()

    def visitors(self, count: int) -> list[tuple[int, Visitor, dict[str, str]]]:
        found = []
        for _ in range(count):
            who = factories.person("马丽")
            factories.standing(who, self.world.gate)
            db.session.commit()
            visitor = signed_in(self.app, self.port, who)
            token = visitor.hidden("/c/erlonglu/notices/")["csrf_token"]
            found.append((who.id, visitor, {"csrf_token": token}))
        return found


@pytest.fixture(params=["sqlite", "postgresql"])
def hall(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Hall]:
    template = request.getfixturevalue(request.param)
    own = own_sqlite if request.param == "sqlite" else own_postgresql
    path = install(tmp_path / "environment", "seats")
    with own(template, tmp_path / "hall") as app, app.app_context():
        world = build_world()
        db.session.add(Activation(community_id=world.erlong.id, plugin="seats"))
        db.session.commit()
        instance = Path(app.config["SETTINGS"].instance)
        with serving(instance, database_url=database_url(app), PYTHONPATH=path) as server:
            yield Hall(app, world, server.port)
            db.session.commit()
            said = server.said()
            assert "Traceback" not in said, said


def count(state: str) -> int:
    found = db.session.scalar(select(func.count()).select_from(HoldClaim).filter_by(state=state))
    db.session.commit()
    return found or 0


def taken() -> int:
    found = db.session.scalar(select(HoldPool.taken))
    db.session.commit()
    assert found is not None
    return found


def test_the_last_place_goes_to_one_of_many(hall: Hall):
    hall.provide(1)
    acts = [
        lambda wait, visitor=visitor, token=token: visitor.post(PAGE, token | {"places": "1"}, wait)
        for _who, visitor, token in hall.visitors(MANY)
    ]
    answers = at_once(acts)
    assert Counter(answer.status for answer in answers) == {303: MANY}
    assert (count("held"), count("waiting"), taken()) == (1, MANY - 1, 1)
    positions = list(db.session.scalars(select(HoldClaim.position).order_by(HoldClaim.position)))
    assert positions == list(range(1, MANY + 1))


def test_one_who_clicks_many_times_claims_once(hall: Hall):
    hall.provide(10)
    [(_who, visitor, token)] = hall.visitors(1)
    tabs = [visitor.copy() for _ in range(16)]
    acts = [lambda wait, tab=tab: tab.post(PAGE, token | {"places": "2"}, wait) for tab in tabs]
    assert Counter(answer.status for answer in at_once(acts)) == {303: 16}
    assert (count("held"), taken()) == (1, 2)


def test_leaving_and_accepting_meet_and_no_place_is_lost_or_given_twice(hall: Hall):
    hall.provide(8)
    people = hall.visitors(16)
    for who, _visitor, _token in people:
        holds.claim("seats.hall", who)
    db.session.commit()
    mine = {who: holds.mine(who, ["seats.hall"])["seats.hall"].id for who, _, _ in people}
    db.session.commit()
    acts = []
    for number, (who, visitor, token) in enumerate(people):
        act = "leave" if number < 8 else "accept"
        address = f"{PAGE}{mine[who]}/{act}"
        acts.append(
            lambda wait, visitor=visitor, address=address, token=token: visitor.post(
                address, token, wait
            )
        )
    answers = at_once(acts)
    found = Counter(answer.status for answer in answers)
    assert found[303] >= 8
    assert set(found) <= {303, 409}
    assert (count("left"), count("waiting"), taken()) == (8, 0, 8)
    assert count("held") + count("offered") == 8
    assert clock.now()
