"""Rolls are drawn from what the site knows: owners, households, people and seats of a place."""

import pytest
from flask import Flask

from benchmarks import inside
from civic.communities import kinds
from civic.communities.models import Body, NodeLink
from civic.communities.services import add_node, add_post
from civic.identities import owners, property_lists
from civic.identities.dwellings import Dwelling, Owner
from civic.identities.models import Organisation
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.phones import identify
from civic.voting.drawing import Rule, draw
from civic.voting.electorate import Capacity, Right, Total, total
from tests.factories import LONG_AGO, World, person, sign_ins, standing
from tests.identities.test_property_lists import line, listed

M2 = 10_000


def account(world: World, role: str):
    return identify(sign_ins(world.people[role])[0])


@pytest.fixture
def estate(world: World) -> World:
    """Four parts of building 6: two of one owner, one of a couple, one unsold."""
    found, _problems = listed(
        line("301", "王桂兰", "0001", 登记面积="60"),
        line("302", "王桂兰", "0001", 登记面积="40"),
        line("303", "李明、赵敏", "0002、0003", 登记面积="80"),
        line("B1", "", "", 用途="车位", 状态="未售", 登记面积="20"),
    )
    plan = property_lists.plan(world.erlong, found)
    property_lists.apply(world.actor("secretary"), world.erlong, plan)
    db.session.flush()
    return world


def by_label(rights: list[Right]) -> dict[str, Right]:
    return {right.label: right for right in rights}


def home(number: str) -> int:
    return db.session.query(Dwelling.id).filter_by(number=number).scalar()


def owner(name: str) -> int:
    return db.session.query(Owner.id).filter_by(name=name).scalar()


def test_owners_with_heads_and_area(estate: World) -> None:
    rights = draw(estate.erlong, Rule(unit="owner", node_id=estate.erlong.id))
    assert total(rights) == Total(3, 200 * M2)
    labels = by_label(rights)
    assert labels.keys() == {
        "二龙路社区 6号楼 2单元 301、二龙路社区 6号楼 2单元 302",
        "二龙路社区 6号楼 2单元 303",
        "二龙路社区 6号楼 2单元 B1",
    }
    assert all(not right.holders for right in rights)
    assert not [right for right in rights if "王" in right.label]
    homes = draw(estate.erlong, Rule(unit="owner", node_id=estate.building.id, uses=("dwelling",)))
    assert total(homes) == Total(2, 180 * M2)


def test_matched_owners_hold_their_right(estate: World) -> None:
    secretary = estate.actor("secretary")
    owners.match(
        secretary, estate.erlong, home("301"), owner("王桂兰"), account(estate, "resident")
    )
    owners.guard(secretary, estate.erlong, home("303"), owner("李明"), account(estate, "neighbour"))
    labels = by_label(draw(estate.erlong, Rule(unit="owner", node_id=estate.gate.id)))
    (first,) = labels["二龙路社区 6号楼 2单元 301、二龙路社区 6号楼 2单元 302"].holders
    assert (first.person_id, first.capacity) == (estate.resident.id, Capacity.SELF)
    (second,) = labels["二龙路社区 6号楼 2单元 303"].holders
    assert (second.person_id, second.capacity, second.for_name) == (
        estate.neighbour.id,
        Capacity.GUARDIAN,
        "李*",
    )


def test_a_property_area_is_what_it_covers(estate: World) -> None:
    area = add_node(kinds.PROPERTY_AREA, "二龙路物业管理区域", estate.street.node)
    rule = Rule(unit="owner", node_id=area.id)
    with pytest.raises(Refused) as refused:
        draw(estate.erlong, rule)
    assert refused.value.status == 404
    db.session.add(
        NodeLink(
            kind=kinds.COVERS,
            source_id=area.id,
            target_id=estate.building.id,
            valid_from=clock.now() - LONG_AGO,
        )
    )
    db.session.flush()
    assert total(draw(estate.erlong, rule)).heads == 3
    with pytest.raises(Refused):
        draw(estate.jingji, rule)


def test_households_count_with_and_without_a_voice(estate: World) -> None:
    owners.choose(
        estate.actor("secretary"),
        estate.erlong,
        home("302"),
        account(estate, "resident"),
        "全家同意",
    )
    rights = draw(estate.erlong, Rule(unit="household", node_id=estate.building.id))
    assert total(rights) == Total(3, 0)
    held = {right.label: [holder.person_id for holder in right.holders] for right in rights}
    assert held["二龙路社区 6号楼 2单元 302"] == [estate.resident.id]
    assert held["二龙路社区 6号楼 2单元 301"] == []


def test_people_of_standings_from_a_level_and_of_age(world: World) -> None:
    on_roll = person("周海")
    standing(on_roll, world.gate, "resident_registered", level=4)
    standing(on_roll, world.building, "resident_living", level=4)
    child = person("小周", adult=False)
    standing(child, world.gate, "resident_registered", level=4)
    rule = Rule(unit="person", node_id=world.erlong.id, standings=("resident",))
    assert [right.key for right in draw(world.erlong, rule)] == [f"person:{on_roll.id}"]
    lower = Rule.load(rule.data() | {"level": 2})
    assert {right.key for right in draw(world.erlong, lower)} >= {
        f"person:{world.resident.id}",
        f"person:{on_roll.id}",
    }
    assert f"person:{world.minor.id}" not in {right.key for right in draw(world.erlong, lower)}


def test_seats_of_representatives_organisations_and_bodies(world: World) -> None:
    standing(world.neighbour, world.erlong.node, "resident_rep", level=4)
    of_standing = Rule(unit="seat", node_id=world.erlong.id, standings=("resident_rep",))
    (seat,) = draw(world.erlong, of_standing)
    assert seat.holders[0].person_id == world.neighbour.id
    units = [
        Organisation(
            node_id=world.tower.id,
            kind="resident_unit",
            name=name,
            valid_from=clock.now() - LONG_AGO,
        )
        for name in ("银行甲", "银行乙")
    ]
    db.session.add_all(units)
    db.session.flush()
    held = standing(world.worker, world.tower.node, "resident_unit", level=4)
    held.organisation_id = units[0].id
    of_units = Rule(
        unit="seat", node_id=world.tower.id, standings=("resident_unit",), seats="organisation"
    )
    rights = draw(world.tower, of_units)
    assert [(right.label, len(right.holders)) for right in rights] == [("银行甲", 1), ("银行乙", 0)]
    body = Body(
        node_id=world.erlong.id, kind="owners_committee", title="业委会", valid_from=clock.now()
    )
    db.session.add(body)
    db.session.flush()
    add_post(world.erlong.node, "committee_member", "委员甲", "业委会").body_id = body.id
    of_body = Rule(unit="seat", node_id=world.erlong.id, seats="body", body_id=body.id)
    assert [right.label for right in draw(world.erlong, of_body)] == ["委员甲"]
    assert draw(world.jingji, Rule.load(of_body.data() | {"node_id": world.jingji.id})) == []


def test_statements_do_not_grow(app: Flask, estate: World) -> None:
    rule = Rule(unit="owner", node_id=estate.erlong.id)

    def count() -> int:
        with inside.statements(app) as seen:
            draw(estate.erlong, rule)
        return len(seen)

    few = count()
    found, _problems = listed(*(line(f"{n}", f"业主{n}", f"A{n:04}") for n in range(400, 500)))
    plan = property_lists.plan(estate.erlong, found)
    property_lists.apply(estate.actor("secretary"), estate.erlong, plan)
    assert count() == few
