"""The tree keeps its shape and its history through any sequence of changes."""

import random
from datetime import timedelta

import pytest
from sqlalchemy import select

from civic.communities import bodies, ended, kinds, reform, services, tree
from civic.communities.models import Community, Node, TreeEventNode
from civic.communities.tree import Act
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from tests.factories import World, actor, person, standing


def act(**kwargs: object) -> Act:
    return Act(person_id=None, at=clock.now(), **kwargs)  # type: ignore[arg-type]


def code_of(call, *args: object) -> str:
    with pytest.raises(Refused) as caught:
        call(*args)
    return caught.value.code


def holds() -> None:
    """Check what must hold of the tree at any time."""
    nodes = {node.id: node for node in db.session.scalars(select(Node))}
    current = [node for node in nodes.values() if node.valid_to is None]
    for node in nodes.values():
        above = nodes[node.parent_id].ids if node.parent_id else "/"
        assert node.ids == f"{above}{node.id}/"
        if node.parent_id:
            assert nodes[node.parent_id].kind in kinds.PARENTS[node.kind]
    for node in current:
        if node.parent_id:
            assert nodes[node.parent_id].valid_to is None, "a place stands below one that ended"
    names = [(node.parent_id, node.name) for node in current if node.parent_id]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("seed", range(6))
def test_any_sequence_keeps_the_shape(world: World, seed: int) -> None:
    clock.shift(timedelta(days=1))
    chance = random.Random(seed)
    done = 0
    for step in range(80):
        clock.shift(timedelta(days=1, minutes=step))
        nodes = db.session.scalars(select(Node).order_by(Node.id)).all()
        one, other = chance.choice(nodes), chance.choice(nodes)
        what = chance.choice(["add", "add", "rename", "move", "move", "end", "split", "merge"])
        try:
            with db.session.begin_nested():
                if what == "add":
                    kind = chance.choice(sorted(kinds.PARENTS))
                    tree.add(act(), kind, f"{chance.randrange(4)}号", one.id)
                elif what == "rename":
                    tree.rename(act(), one.id, f"{chance.randrange(4)}号")
                elif what == "move":
                    tree.move(act(), one.id, other.id)
                elif what == "end":
                    tree.end(act(), one.id)
                elif what == "split":
                    below = [node.id for node in reform.children(one.id)]
                    reform.split(act(), one.id, f"新{step}", f"new{step}", below[:1])
                else:
                    reform.merge(act(), [one.id], other.id)
            done += 1
        except Refused:
            db.session.expire_all()
        holds()
    assert done > 10, "the sequence tried nothing that was allowed"


def test_a_change_keeps_what_was(world: World) -> None:
    clock.shift(timedelta(minutes=1))
    old = world.gate.ids
    estate = tree.add(act(), kinds.ESTATE, " 新  小区 ", world.erlong.id)
    assert estate.name == "新 小区"
    tree.move(act(), world.building.id, estate.id)
    db.session.commit()
    gate = db.session.get_one(Node, world.gate.id)
    assert gate.ids == f"{estate.ids}{world.building.id}/{gate.id}/"
    moved = db.session.scalars(
        select(TreeEventNode).filter_by(node_id=world.building.id, role="moved")
    ).one()
    assert old.startswith(moved.old_ids)
    tree.rename(act(basis="〔2026〕3号"), world.building.id, "６号楼（东）")
    past = reform.history(db.session.get_one(Node, world.building.id))[0]
    found = past.event.kind, past.role, past.name, past.event.basis
    assert found == ("renamed", "source", "6号楼", "〔2026〕3号")
    assert db.session.get_one(Node, world.building.id).name == "6号楼(东)"


def test_paths_that_begin_alike_are_not_mixed_up(world: World) -> None:
    clock.shift(timedelta(minutes=1))
    made = [tree.add(act(), kinds.BUILDING, f"楼{n}", world.erlong.id) for n in range(120)]
    first = next(node for node in made if any(o.id == node.id * 10 for o in made))
    other = next(node for node in made if node.id == first.id * 10)
    before = other.ids
    tree.move(act(), first.id, world.jingji.id)
    assert db.session.get_one(Node, other.id).ids == before
    holds()


def test_refusals_say_what_to_do(world: World) -> None:
    clock.shift(timedelta(minutes=1))
    assert code_of(tree.add, act(), kinds.GATE, "1单元", world.erlong.id) == "kind"
    assert code_of(tree.add, act(), "castle", "1单元", world.erlong.id) == "kind"
    assert code_of(tree.add, act(), kinds.GATE, "　", world.building.id) == "name"
    assert code_of(tree.add, act(), kinds.GATE, "长" * 61, world.building.id) == "name"
    assert code_of(tree.add, act(), kinds.GATE, "２单元", world.building.id) == "taken"
    assert code_of(tree.add, act(), kinds.GATE, "3单元", 999999) == "no_place"
    assert code_of(tree.end, act(), world.building.id) == "children"
    assert code_of(tree.move, act(), world.building.id, world.gate.id) == "parent"
    later = Act(person_id=None, at=clock.now() + timedelta(days=1))
    assert code_of(tree.end, later, world.gate.id) == "date"
    early = Act(person_id=None, at=clock.now() - timedelta(days=400))
    assert code_of(tree.end, early, world.gate.id) == "date"
    tree.end(act(), world.gate.id)
    assert code_of(tree.rename, act(), world.gate.id, "9单元") == "ended"
    tree.add(act(), kinds.GATE, "2单元", world.building.id)  # its name is free again


def test_rights_follow_a_place_that_moves(world: World) -> None:
    clock.shift(timedelta(minutes=1))
    tree.move(act(), world.building.id, world.jingji.id)
    db.session.commit()
    jingji = db.session.get_one(Community, world.jingji.id)
    erlong = db.session.get_one(Community, world.erlong.id)
    moved = world.actor("resident")
    assert "resident" in moved.groups(jingji.path)
    assert "resident" not in moved.groups(erlong.path)


def test_a_split_and_a_merge(world: World) -> None:
    clock.shift(timedelta(minutes=1))
    other = tree.add(act(), kinds.BUILDING, "8号楼", world.erlong.id)
    who = person("李四")
    standing(who, other)
    done = reform.split(act(), world.erlong.id, "新街社区", "xinjie", [other.id])
    db.session.commit()
    assert done.new.path == (world.street.id, done.new.id)
    assert "resident" in actor(who).groups(done.new.path)
    assert services.find("xinjie").name == "新街社区"
    clock.shift(timedelta(minutes=2))
    reform.merge(act(), [done.new.id], world.erlong.id)
    db.session.commit()
    old = services.find("xinjie").node
    end = ended.end_of(old)
    assert end is not None
    assert end.merged
    assert [heir.id for heir in end.heirs] == [world.erlong.id]
    assert ended.end_of(world.erlong.node) is None
    assert [past.others[0].id for past in reform.history(old)] == [world.erlong.id] * 2
    assert "xinjie" not in [home.slug for home in services.homes()]
    erlong = db.session.get_one(Community, world.erlong.id)
    assert "resident" in actor(who).groups(erlong.path)
    holds()


def test_a_merge_refuses_two_of_one_name(world: World) -> None:
    clock.shift(timedelta(minutes=1))
    tree.add(act(), kinds.ESTATE, "二龙路小区", world.jingji.id)
    assert code_of(reform.merge, act(), [world.jingji.id], world.erlong.id) == "sources"
    assert code_of(reform.merge, act(), [world.tower.id], world.erlong.id) == "sources"
    assert code_of(reform.split, act(), world.erlong.id, "新", "xin-jie", []) == "moved"
    all_of_it = [node.id for node in reform.children(world.erlong.id)]
    assert code_of(reform.split, act(), world.erlong.id, "新", "xin-jie", all_of_it) == "moved"


def test_bodies_and_links(world: World) -> None:
    clock.shift(timedelta(minutes=1))
    details = bodies.Details(kind="residents_committee", title="居委会", telephone="010-1")
    body = bodies.add(world.erlong.id, details)
    assert [found.title for found in bodies.of([world.erlong.id])] == ["居委会"]
    assert code_of(bodies.find, world.jingji.id, body.id) == "no_body"
    area = tree.add(act(), kinds.PROPERTY_AREA, "槐荫里物业区域", world.street.id)
    made = bodies.link(kinds.COVERS, area.id, world.building.id)
    assert code_of(bodies.link, kinds.COVERS, area.id, world.building.id) == "link"
    assert code_of(bodies.link, kinds.COVERS, world.building.id, area.id) == "link"
    assert [node.name for _, node in bodies.links_to([world.building])] == ["槐荫里物业区域"]
    clock.shift(timedelta(minutes=2))
    bodies.unlink(made.id, world.building.id)
    assert bodies.links_to([world.building]) == []
    bodies.end(world.erlong.id, body.id)
    assert bodies.of([world.erlong.id]) == []
