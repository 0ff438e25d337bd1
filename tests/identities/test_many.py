"""Two thousand places and people: lists stay short, pages light, statements few."""

from datetime import timedelta

import pytest
from flask import Flask

from benchmarks import inside
from civic.communities import kinds
from civic.communities.models import Node
from civic.communities.services import add_node
from civic.identities import choosing, people
from civic.identities.models import Person, Standing
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from tests.factories import World
from tests.pages import text_of

HOUSES, GATES = 60, 33
HERE = "/c/erlonglu/claims/new"
PEOPLE = "/c/erlonglu/desk/people/"
DAY = timedelta(days=1)


@pytest.fixture
def app(request: pytest.FixtureRequest) -> Flask:
    """The app on SQLite alone: no database decides this."""
    return request.getfixturevalue("sqlite_app")


@pytest.fixture
def large(world: World) -> World:
    """A community of two thousand places."""
    houses = [add_node(kinds.BUILDING, f"{n}号院", world.erlong.node) for n in range(HOUSES)]
    for house in houses:
        for n in range(GATES):
            add_node(kinds.GATE, f"{n}门", house)
    db.session.commit()
    return world


def test_a_small_community_is_one_list(world: World) -> None:
    offer = choosing.offer(world.erlong)
    assert offer.final
    assert {world.erlong.id, world.building.id, world.gate.id} <= offer.options.keys()
    assert not {world.jingji.id, world.street.id} & offer.options.keys()


def test_two_steps_reach_every_gate(large: World) -> None:
    first = choosing.offer(large.erlong)
    assert not first.final
    assert len(first.options) <= HOUSES + 10
    gates = set()
    for near in first.options:
        second = choosing.offer(large.erlong, near)
        assert second.final
        assert near in second.options
        gates |= second.options.keys()
    known = db.session.query(Node.id).filter(
        Node.kind == kinds.GATE, Node.ids.startswith(large.erlong.node.ids)
    )
    assert {row.id for row in known} <= gates


def test_the_pages_of_both_steps_stay_light(large: World, login) -> None:
    client = login(large.resident)
    house = next(iter(choosing.offer(large.erlong).options))
    db.session.commit()
    for path in (HERE, f"{HERE}?near={house}", f"{HERE}?near={large.erlong.id}&whole=1"):
        page = client.get(path)
        assert page.status_code == 200
        assert len(page.data) < 40_000
    assert 'name="near"' in text_of(client.get(HERE))
    form = {"near": house, "node": 0, "kind": "owner", "words": "我的房子。"}
    assert client.post(HERE, data=form).status_code == 422
    assert client.post(HERE, data=form | {"node": house}).status_code == 303


def test_a_street_is_asked_for_its_community_first(large: World) -> None:
    offer = choosing.offer(large.street)
    assert set(offer.options) == {large.erlong.id, large.jingji.id, large.tower.id}
    inner = choosing.offer(large.street, large.erlong.id)
    assert not inner.final
    assert large.building.id in inner.options


def test_an_ended_place_or_one_of_elsewhere_is_not_offered(world: World) -> None:
    world.gate.valid_to = clock.now()
    party = add_node(kinds.PARTY_COMMITTEE, "街道党工委", world.street.node)
    db.session.commit()
    assert world.gate.id not in choosing.offer(world.erlong).options
    assert party.id not in choosing.offer(world.street).options
    for node_id in (world.gate.id, world.jingji.id, world.street.id, 999_999):
        with pytest.raises(Refused):
            choosing.find(world.erlong, node_id)
    with pytest.raises(Refused):
        choosing.offer(world.erlong, world.jingji.id)


def test_of_two_thousand_a_page_takes_few_statements(app: Flask, world: World, login) -> None:
    first = client_count(app, login(world.secretary))
    made = [
        Person(
            name=f"张{number}",
            public_name="张*",
            password_hash="-",
            adult=True,
            agreed="test",
            agreed_at=clock.now(),
            created_at=clock.now(),
        )
        for number in range(2000)
    ]
    db.session.add_all(made)
    db.session.flush()
    db.session.add_all(
        Standing(
            person_id=who.id,
            kind="resident_living",
            node_id=world.gate.id,
            level=2,
            source="test",
            valid_from=clock.now() - DAY,
        )
        for who in made
    )
    db.session.commit()
    client = login(world.secretary)
    assert client_count(app, client) == first <= 6
    seen, after = [], 0
    while True:
        entries, after = people.page(world.erlong, "张", after=after)
        assert len(entries) <= people.PAGE
        seen += [entry.id for entry in entries]
        if not after:
            break
    assert len(seen) == len(set(seen)) == 2000
    assert seen == sorted(seen, reverse=True)
    page = client.get(PEOPLE, query_string={"q": "张"})
    assert len(page.data) < 60_000


def client_count(app: Flask, client) -> int:
    client.get(PEOPLE)
    with inside.statements(app) as seen:
        assert client.get(PEOPLE).status_code == 200
    return len(seen)
