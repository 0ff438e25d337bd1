"""The administrator's page: the first steps of a street, and what it lacks, in few statements."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask, g

from benchmarks import inside
from civic.admin import missing
from civic.admin.beginning import Beginning, begin
from civic.communities import kinds, services
from civic.identities import codes
from civic.identities.models import Appointment, Person
from civic.identities.services import appoint
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.phones import Identifier
from tests import factories
from tests.factories import World, scalars


def lacks(app: Flask, street) -> dict[str, missing.Lack]:
    found = missing.lacks(street, app.config["SETTINGS"])
    db.session.commit()
    return {lack.code: lack for lack in found}


def test_a_street_lacks_what_it_lacks(app: Flask, world: World):
    found = lacks(app, world.street)
    assert [one.title for one in found["secretary"].named] == ["京畿道社区"]
    assert found["telephone"].count == 2
    assert found["hours"].count == 2
    assert found["bodies"].count == 2
    assert "vacant" not in found
    assert "ending" not in found
    assert found["one_administrator"].count == 1
    assert found["second_factor"].count == 1
    assert found["holidays"].named[0].title == str(clock.local(clock.now()).year)
    assert "buildings" not in found  # somebody lives there


def test_terms_that_end_soon_are_named_unless_somebody_follows(app, world):
    [held] = scalars(db.select(Appointment).filter_by(person_id=world.secretary.id))
    held.valid_from = clock.now() - factories.LONG_AGO
    held.valid_to = clock.now() + timedelta(days=59)
    db.session.commit()
    assert [one.id for one in lacks(app, world.street)["ending"].named] == [held.id]
    after = appoint(world.deputy, held.post_id)
    after.valid_from = held.valid_to
    db.session.commit()
    assert "ending" not in lacks(app, world.street)
    after.valid_from = clock.now() - timedelta(days=9)
    held.valid_to = clock.now() - timedelta(days=1)
    after.valid_to = clock.now() - timedelta(hours=1)
    db.session.commit()
    found = lacks(app, world.street)
    assert found["vacant"].named[0].id == held.post_id
    assert {one.title for one in found["secretary"].named} == {"二龙路社区", "京畿道社区"}


def test_a_building_counts_as_reached_by_a_code_or_somebody_at_its_gate(app, world):
    bare = services.add_node(kinds.BUILDING, "8号楼", world.erlong.node)
    gate = services.add_node(kinds.GATE, "1单元", bare)
    db.session.commit()
    assert [one.title for one in lacks(app, world.street)["buildings"].named] == ["8号楼"]
    codes.make(world.actor("secretary"), gate, "resident_living", 1, community_id=world.erlong.id)
    db.session.commit()
    assert "buildings" not in lacks(app, world.street)


@pytest.fixture
def fresh(app: Flask) -> Person:
    with app.test_request_context(method="POST"):
        begin(
            Beginning(
                street="新街街道",
                slug="xinjie",
                administrator="吴刚",
                identifier=Identifier("phone", "+8613800138000"),
                password_hash="-",
                office="街道办事处",
                language="zh-Hans",
            )
        )
        db.session.commit()
    return scalars(db.select(Person))[0]


def test_an_empty_street_is_led_through_its_first_steps(app: Flask, fresh: Person, login):
    def current() -> str:
        g.pop("_login_user", None)
        page = login(fresh).get("/admin/").text
        found = re.search(r'<li class="current"[^>]*>.*?<b>(.*?)</b>', page, re.DOTALL)
        return found[1] if found else ""

    assert current() == "地点"
    [street] = scalars(db.select(services.Community))
    node = services.add_node(kinds.COMMUNITY, "一社区", street.node)
    services.found(node, "yi")
    db.session.commit()
    assert current() == "组织和岗位"
    post = services.add_post(node, "secretary", "书记", "党委")
    db.session.commit()
    assert current() == "任命"
    appoint(factories.person(), post.id)
    db.session.commit()
    assert current() == "邀请"
    codes.make(factories.actor(fresh), node, "resident_living", 1, community_id=node.id)
    db.session.commit()
    assert current() == ""


def _more(world: World, number: int) -> None:
    for n in range(number):
        node = services.add_node(kinds.COMMUNITY, f"社区{n}", world.street.node)
        services.found(node, f"more-{n}")
        services.add_node(kinds.BUILDING, "1号楼", node)
        services.add_post(node, "secretary", "书记", "党委")
    db.session.commit()


def test_statements_do_not_grow_with_the_street(
    app: Flask, world: World, login: Callable[[Person | None], object]
):
    client = login(world.administrator)
    pages = ("/admin/", "/c/jinrongjie/desk/posts/", "/c/jinrongjie/desk/posts/new")
    bounds = dict(zip(pages, (17, 6, 6), strict=True))

    def counted(page: str) -> int:
        client.get(page)
        with inside.statements(app) as seen:
            assert client.get(page).status_code == 200
        return len(seen)

    few = {page: counted(page) for page in pages}
    assert {page: n for page, n in few.items() if n > bounds[page]} == {}
    _more(world, 30)
    assert {page: counted(page) for page in pages} == few
    page = client.get("/admin/").text
    assert "另有" in page
