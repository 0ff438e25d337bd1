"""Split and merge communities by a dated event; what was stays where it can be read."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from civic.communities import services, tree
from civic.communities.kinds import COMMUNITY, FUNCTIONAL, MERGED, SPLIT
from civic.communities.models import Community, Node, TreeEvent, TreeEventNode
from civic.communities.tree import Act
from civic.kernel.db import db
from civic.kernel.errors import Refused

#: Kinds of community that can be split and merged.
REFORMED = frozenset({COMMUNITY, FUNCTIONAL})


@dataclass(frozen=True)
class Split:
    """Hold what was done: the event, the old community and the new one."""

    event: TreeEvent
    old: Node
    new: Community


def _community(node_id: int) -> Node:
    node = tree.held(node_id)
    if node.kind not in REFORMED:
        raise Refused("kind", _l("Only communities can be split or merged."))
    return node


def children(node_id: int) -> Sequence[Node]:
    """Return the current places right below one, in order of their names."""
    query = select(Node).where(Node.parent_id == node_id, Node.valid_to.is_(None))
    return db.session.scalars(query.order_by(Node.name, Node.id)).all()


def split(act: Act, node_id: int, name: str, slug: str, moved: Collection[int]) -> Split:
    """Make a new community of some of the places of another; the rest stays.

    :param moved: ids of places right below the old one.
    :raises Refused: `moved` when none or all of them are to go, or one stands elsewhere.
    """
    old = _community(node_id)
    below = {child.id: child for child in children(old.id)}
    going = [below[child] for child in moved if child in below]
    if len(going) != len(set(moved)):
        raise Refused(
            "moved", _l("One of these places stands elsewhere by now."), HTTPStatus.CONFLICT
        )
    if not going or len(going) == len(below):
        raise Refused("moved", _l("Please choose some of the places to go, and leave some."))
    name = tree.name_of(name)
    tree.check_free(old.parent_id, name)
    services.check_slug(slug)
    new = Node(kind=old.kind, name=name, parent_id=old.parent_id, valid_from=act.at)
    db.session.add(new)
    db.session.flush()
    new.ids = f"{old.ids.removesuffix(f'{old.id}/')}{new.id}/"
    roles = [("source", old), ("target", new), *(("moved", node) for node in going)]
    event = tree.record(SPLIT, act, roles)
    ids = [node.id for node in going]
    for child_id in ids:
        tree.put(db.session.get_one(Node, child_id), db.session.get_one(Node, new.id))
    community = services.found(db.session.get_one(Node, new.id), slug)
    return Split(event, db.session.get_one(Node, node_id), community)


def merge(act: Act, source_ids: Collection[int], target_id: int) -> TreeEvent:
    """Let communities go over into another one: their places move, they end.

    :raises Refused: `sources` without one, or where two places would have one name.
    """
    sources = [_community(node_id) for node_id in sorted(set(source_ids) - {target_id})]
    target = _community(target_id)
    if not sources:
        raise Refused("sources", _l("Please choose a community that is to go over into this one."))
    if any(node.parent_id != target.parent_id or node.kind != target.kind for node in sources):
        raise Refused("sources", _l("Only communities of one kind and one street can merge."))
    moved = [child for node in sources for child in children(node.id)]
    names = [child.name for child in [*moved, *children(target.id)]]
    double = sorted({name for name in names if names.count(name) > 1})
    if double:
        raise Refused(
            "sources",
            _l("After that two places would be called %(names)s. Please rename one of each first."),
            values={"names": "、".join(double[:5])},
        )
    roles = [
        *(("source", node) for node in sources),
        ("target", target),
        *(("moved", node) for node in moved),
    ]
    event = tree.record(MERGED, act, roles)
    ended, ids = [node.id for node in sources], [node.id for node in moved]
    for child_id in ids:
        tree.put(db.session.get_one(Node, child_id), db.session.get_one(Node, target_id))
    for node_id in ended:
        db.session.get_one(Node, node_id).valid_to = act.at
    db.session.flush()
    return event


@dataclass(frozen=True)
class Past:
    """Hold something that happened to a place.

    :ivar role: what it was in the event.
    :ivar name: what it was called before.
    :ivar others: the communities on the other side of a split or merger.
    """

    event: TreeEvent
    role: str
    name: str
    others: Sequence[Community]


def history(node: Node) -> list[Past]:
    """Return what happened to a place, the newest first."""
    query = (
        select(TreeEvent, TreeEventNode.role, TreeEventNode.old_name)
        .join(TreeEventNode, TreeEventNode.event_id == TreeEvent.id)
        .where(TreeEventNode.node_id == node.id)
        .order_by(TreeEvent.at.desc(), TreeEvent.id.desc())
        .limit(50)
    )
    found = db.session.execute(query).all()
    others = _others(node, [row[0].id for row in found if row[0].kind in {SPLIT, MERGED}])
    return [Past(row[0], row[1], row[2], others.get(row[0].id, [])) for row in found]


def _others(node: Node, event_ids: Collection[int]) -> dict[int, list[Community]]:
    found: dict[int, list[Community]] = {}
    if event_ids:
        rows = db.session.execute(
            select(TreeEventNode.event_id, Community)
            .join(Community, Community.id == TreeEventNode.node_id)
            .where(TreeEventNode.event_id.in_(event_ids), TreeEventNode.node_id != node.id)
            .where(TreeEventNode.role.in_(("source", "target")))
            .order_by(Community.id)
        )
        for event_id, community in rows.unique():
            found.setdefault(event_id, []).append(community)
    return found
