"""Two administrators change the same places at one moment: one is first, the other is told."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import count as numbers

import pytest
from sqlalchemy import select

from civic.communities import tree
from civic.communities.models import Community, Node, TreeEvent, TreeEventNode
from civic.communities.tree import Act
from civic.identities.models import Standing
from civic.kernel import audit, clock
from civic.kernel.db import db
from tests import factories
from tests.parallel.acts import newcomer, release, statuses
from tests.parallel.conftest import Street
from tests.visitors import Answer, Visitor

TREE = "/admin/tree"
_names = numbers(1)


@pytest.fixture
def places(street: Street) -> dict[str, Node]:
    """Two communities of their own, each with two estates and a building."""
    then = Act(person_id=None, at=clock.now() - timedelta(days=1))
    number = next(_names)
    made: dict[str, Node] = {}
    for side in ("a", "b"):
        made[side] = tree.add(then, "community", f"并{side}{number}社区", street.world.street.id)
        db.session.add(Community(id=made[side].id, slug=f"bing-{side}{number}"))
        for part in ("1", "2"):
            key = side + part
            made[key] = tree.add(then, "estate", f"{key}小区{number}", made[side].id)
        made[f"{side}x"] = tree.add(then, "building", f"{side}楼{number}", made[f"{side}1"].id)
    db.session.commit()
    return made


def two(street: Street) -> list[Visitor]:
    other = factories.appointed_administrator(street.world)
    return [street.signed_in(street.world.administrator), street.signed_in(other)]


def at_once(street: Street, sent: Sequence[tuple[str, dict]], times: int = 2) -> list[Answer]:
    """Let two administrators send forms in turn, each several times, all at one moment."""
    pair = two(street)
    tokens = [one.hidden(f"{TREE}/{street.world.street.id}/")["csrf_token"] for one in pair]
    acts = []
    for number, (path, form) in enumerate([*sent] * times):
        one, token = pair[number % 2].copy(), tokens[number % 2]
        fields = {"csrf_token": token} | form
        acts.append(lambda wait, one=one, path=path, fields=fields: one.post(path, fields, wait))
    answers = release(acts)
    holds()
    return answers


def holds() -> None:
    """Check that the tree has its shape, and that its history and the audit fit it."""
    nodes = {node.id: node for node in factories.scalars(select(Node))}
    for node in nodes.values():
        above = nodes[node.parent_id].ids if node.parent_id else "/"
        assert node.ids == f"{above}{node.id}/", node.name
        if node.valid_to is None and node.parent_id:
            assert nodes[node.parent_id].valid_to is None, f"{node.name} stands below what ended"
    current = [(n.parent_id, n.name) for n in nodes.values() if n.valid_to is None]
    assert len(current) == len(set(current))
    ends = select(TreeEventNode.node_id).join(TreeEvent, TreeEvent.id == TreeEventNode.event_id)
    ends = ends.where(TreeEvent.kind.in_(("merged", "ended")), TreeEventNode.role == "source")
    found = factories.scalars(ends)
    assert sorted(found) == sorted(set(found)), "something ended twice"
    assert set(found) == {node.id for node in nodes.values() if node.valid_to is not None}
    assert list(audit.broken()) == []
    db.session.commit()


def events(node: Node, kind: str) -> int:
    query = select(TreeEvent.id).join(TreeEventNode, TreeEventNode.event_id == TreeEvent.id)
    return len(
        factories.scalars(query.where(TreeEvent.kind == kind, TreeEventNode.node_id == node.id))
    )


def told(answers: list[Answer]) -> None:
    """Check that whoever came second reads a sentence."""
    for answer in answers:
        if not answer.ok:
            assert answer.status in {409, 422}
            assert "error" in answer.text or "has ended" in answer.text, answer.text[-1500:]


def test_a_place_is_renamed_one_after_the_other(street: Street, places):
    path = f"{TREE}/{places['a1'].id}/rename"
    answers = at_once(street, [(path, {"name": "新甲"}), (path, {"name": "新乙"})], times=3)
    assert set(statuses(answers)) <= {303, 422}
    told(answers)
    renames = events(places["a1"], "renamed")
    assert renames == sum(answer.ok for answer in answers) >= 2


def test_two_places_do_not_get_one_name(street: Street, places):
    form = {"name": f"同名{places['a'].id}"}
    sent = [(f"{TREE}/{places[key].id}/rename", form) for key in ("a1", "a2")]
    answers = at_once(street, sent, times=1)
    assert statuses(answers) == {303: 1, 409: 1}
    told(answers)


def test_two_places_of_one_name_are_not_added(street: Street, places):
    path = f"{TREE}/{places['a'].id}/"
    answers = at_once(street, [(path, {"kind": "estate", "name": "新小区"})] * 2, times=3)
    assert statuses(answers) == {303: 1, 409: 5}
    told(answers)


def test_a_place_is_ended_once(street: Street, places):
    path = f"{TREE}/{places['ax'].id}/end"
    answers = at_once(street, [(path, {})] * 2, times=3)
    assert statuses(answers) == {303: 1, 409: 5}
    told(answers)
    assert events(places["ax"], "ended") == 1


def test_a_place_is_ended_or_gets_a_child(street: Street, places):
    target = places["ax"]
    sent = [
        (f"{TREE}/{target.id}/end", {}),
        (f"{TREE}/{target.id}/", {"kind": "building_gate", "name": "1单元"}),
    ]
    answers = at_once(street, sent, times=1)
    assert statuses(answers) == {303: 1, 409: 1}
    told(answers)


def test_a_place_moves_to_one_of_two(street: Street, places):
    moved = places["ax"]
    sent = [
        (f"{TREE}/{moved.id}/move", {"parent": str(places[key].id), "q": "小区"})
        for key in ("b1", "b2")
    ]
    answers = at_once(street, sent, times=2)
    told(answers)
    assert events(moved, "moved") == sum(answer.ok for answer in answers) >= 1


def test_a_place_moves_below_what_ends(street: Street, places):
    """Either it stands there and nothing ends, or that has ended and it stays."""
    tree.move(Act(person_id=None, at=clock.now()), places["bx"].id, places["b2"].id)
    db.session.commit()
    sent = [
        (f"{TREE}/{places['b1'].id}/end", {}),
        (f"{TREE}/{places['ax'].id}/move", {"parent": str(places["b1"].id), "q": "小区"}),
    ]
    answers = at_once(street, sent, times=1)
    assert sum(answer.ok for answer in answers) == 1, [a.status for a in answers]
    told(answers)


def test_a_community_is_merged_once(street: Street, places):
    who = newcomer(street)
    factories.standing(who, places["a"], "owner")
    db.session.commit()
    sent = [
        (f"{TREE}/{places['b'].id}/merge", {"sources": str(places["a"].id), "sure": "1"}),
        (f"{TREE}/{places['a'].id}/merge", {"sources": str(places["b"].id), "sure": "1"}),
    ]
    answers = at_once(street, sent, times=2)
    told(answers)
    assert sum(answer.ok for answer in answers) == 1, [a.status for a in answers]
    left = [n.id for n in factories.scalars(select(Node).filter_by(valid_to=None))]
    assert len({places["a"].id, places["b"].id} & set(left)) == 1
    owner = select(Standing.node_id).filter_by(person_id=who.id, kind="owner", valid_to=None)
    assert set(factories.scalars(owner)) <= set(left)


def test_a_community_is_split_or_merged(street: Street, places):
    number = places["a"].id
    sent = [
        (
            f"{TREE}/{places['a'].id}/split",
            {"name": f"分{number}", "slug": f"fen-{number}", "moved": str(places["a1"].id)}
            | {"sure": "1"},
        ),
        (f"{TREE}/{places['b'].id}/merge", {"sources": str(places["a"].id), "sure": "1"}),
    ]
    answers = at_once(street, sent, times=2)
    told(answers)
    found = factories.scalars(select(Community.slug).filter_by(slug=f"fen-{number}"))
    splits = sum(answer.ok for answer in answers[0::2])
    assert len(found) == splits <= 1
    assert sum(answer.ok for answer in answers[1::2]) == 1


def test_many_changes_at_once_leave_a_tree(street: Street, places):
    a, b = places["a"].id, places["b"].id
    away = {"moved": str(places["b2"].id), "sure": "1"}
    sent = [
        (f"{TREE}/{b}/merge", {"sources": str(a), "sure": "1"}),
        (f"{TREE}/{places['ax'].id}/move", {"parent": str(places["b1"].id), "q": "小区"}),
        (f"{TREE}/{places['a1'].id}/rename", {"name": f"改{a}"}),
        (f"{TREE}/{places['bx'].id}/end", {}),
        (f"{TREE}/{places['b1'].id}/", {"kind": "building", "name": f"添{a}"}),
        (f"{TREE}/{places['b2'].id}/end", {}),
        (f"{TREE}/{b}/split", {"name": f"拆{a}", "slug": f"chai-{a}"} | away),
        (f"{TREE}/{a}/end", {}),
    ]  # fmt: skip
    answers = at_once(street, sent, times=2)
    statuses(answers)
    told(answers)
