"""Change the tree by dated events: add, rename, move and end places; nothing is ever deleted."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select, update

from civic.communities import known, switched
from civic.communities.kinds import ENDED, FOUNDED, MOVED, RENAMED
from civic.communities.models import Node, TreeEvent, TreeEventNode, path_of
from civic.kernel import clock, declared
from civic.kernel.db import db
from civic.kernel.errors import Refused

LONGEST = 60


@dataclass(frozen=True, kw_only=True)
class Act:
    """Hold who records a change, and since when and on what ground it holds.

    :ivar person_id: who records it; None for a command.
    :ivar at: when it takes effect, not later than now.
    :ivar basis: the decision it rests on, as the number of a document.
    """

    person_id: int | None
    at: datetime
    basis: str = ""
    reason: str = ""


def name_of(text: str) -> str:
    """Return a name as it is kept: full-width signs as plain ones, single spaces.

    :raises Refused: `name` when it is empty or longer than `LONGEST`.
    """
    name = " ".join(unicodedata.normalize("NFKC", text).split())
    if not name:
        raise Refused("name", _l("Please enter a name."))
    if len(name) > LONGEST:
        message = _l("Please choose a name of at most %(most)d characters.")
        raise Refused("name", message, values={"most": LONGEST})
    return name


def held(node_id: int) -> Node:
    """Return a current place, locked until the transaction ends.

    Changes of one street take turns, or two could give one name, or end what another moves to.

    :raises Refused: `no_place` (404) when it is missing, `ended` (409) when it is no more.
    """
    if ids := db.session.scalar(select(Node.ids).filter_by(id=node_id)):
        root = select(Node.id).filter_by(id=path_of(ids)[0])
        db.session.execute(root.with_for_update(key_share=True))
    query = select(Node).filter_by(id=node_id).with_for_update()
    node = db.session.scalar(query, execution_options={"populate_existing": True})
    if node is None:
        raise Refused("no_place", _l("There is no such place."), HTTPStatus.NOT_FOUND)
    if node.valid_to is not None:
        raise Refused(
            "ended",
            _l("%(name)s has ended and cannot be changed any more."),
            HTTPStatus.CONFLICT,
            {"name": node.name},
        )
    return node


def record(kind: str, act: Act, touched: Iterable[tuple[str, Node]]) -> TreeEvent:
    """Write a dated event with what the nodes were before; call it before they change.

    :param touched: role (`source`, `target`, `moved`) and node.
    :raises Refused: `date` for a moment to come, or one before a place began.
    """
    now = clock.now()
    if act.at > now:
        raise Refused("date", _l("A change can be recorded from the day on which it holds."))
    event = TreeEvent(
        kind=kind,
        at=act.at,
        basis=act.basis.strip(),
        reason=act.reason.strip(),
        recorded_at=now,
        recorded_by=act.person_id,
    )
    event.nodes = []
    for role, node in touched:
        if kind != FOUNDED and role != "target" and act.at <= node.valid_from:
            message = _l("%(name)s began later than that; please choose a later day.")
            raise Refused("date", message, values={"name": node.name})
        event.nodes.append(
            TreeEventNode(
                node_id=node.id,
                role=role,
                old_name=node.name,
                old_parent_id=node.parent_id,
                old_ids=node.ids,
            )
        )
    db.session.add(event)
    db.session.flush()
    return event


def check_free(parent_id: int | None, name: str, *, but: int | None = None) -> None:
    """Refuse a name that a current place below the same parent has already.

    :raises Refused: `taken` (409).
    """
    query = select(Node.id).where(
        Node.parent_id == parent_id, Node.name == name, Node.valid_to.is_(None), Node.id != but
    )
    if parent_id is not None and db.session.scalar(query) is not None:
        message = _l("There is a %(name)s here already.")
        raise Refused("taken", message, HTTPStatus.CONFLICT, {"name": name})


def check_fits(kind: str, parent: Node | None) -> None:
    """Refuse a kind of place that cannot stand where it is to stand.

    :raises Refused: `kind`.
    """
    places = known.places()
    above = places.parents.get(kind)
    if above is None or ((parent.kind not in above) if parent else bool(above)):
        raise Refused(
            "kind",
            _l("A place of the kind “%(kind)s” cannot stand below “%(parent)s”."),
            values={
                "kind": places.titles[kind],
                "parent": places.titles[parent.kind] if parent else "–",
            },
        )
    plugin = declared.owner(kind)
    if parent and plugin and plugin not in switched.on_at(parent.id):
        raise Refused(
            "kind",
            _l("Places of the kind “%(kind)s” belong to a plugin that is off there."),
            values={"kind": places.titles[kind]},
        )


def add(act: Act, kind: str, name: str, parent_id: int | None) -> Node:
    """Add a place below another.

    :raises Refused: for a name, kind or parent that does not do.
    """
    name = name_of(name)
    parent = held(parent_id) if parent_id is not None else None
    if kind not in known.places().parents:
        raise Refused("kind", _l("Please choose a kind from the list."))
    check_fits(kind, parent)
    check_free(parent_id, name)
    if act.at > clock.now():
        raise Refused("date", _l("A change can be recorded from the day on which it holds."))
    node = Node(kind=kind, name=name, parent_id=parent_id, valid_from=act.at)
    db.session.add(node)
    db.session.flush()
    node.ids = f"{parent.ids if parent else '/'}{node.id}/"
    record(FOUNDED, act, [("target", node)])
    return node


def rename(act: Act, node_id: int, name: str) -> Node:
    """Give a place another name; what it was called stays in its history."""
    name = name_of(name)
    node = held(node_id)
    if name == node.name:
        raise Refused("name", _l("This is its name already."))
    check_free(node.parent_id, name, but=node.id)
    record(RENAMED, act, [("source", node)])
    node.name = name
    db.session.flush()
    return node


def move(act: Act, node_id: int, parent_id: int) -> Node:
    """Put a place, with everything below it, below another one."""
    node, parent = held(node_id), held(parent_id)
    if node.parent_id == parent.id:
        raise Refused("parent", _l("It stands there already."))
    check_move(node, parent)
    record(MOVED, act, [("moved", node), ("target", parent)])
    put(node, parent)
    return node


def check_move(node: Node, parent: Node) -> None:
    """Refuse a move into itself, below a kind that does not fit, or onto a taken name."""
    if node.id in parent.path:
        raise Refused("parent", _l("A place cannot stand below itself."))
    if node.path[0] != parent.path[0]:
        raise Refused("parent", _l("A place cannot move to another street."))
    check_fits(node.kind, parent)
    check_free(parent.id, node.name, but=node.id)


def put(node: Node, parent: Node) -> None:
    """Change where a place stands, and the paths of all that is below it, in one statement."""
    old, new = node.ids, f"{parent.ids}{node.id}/"
    node.parent_id = parent.id
    db.session.flush()
    db.session.execute(
        update(Node)
        .where(Node.ids.startswith(old))
        .values(ids=new + func.substr(Node.ids, len(old) + 1))
        .execution_options(synchronize_session=False)
    )
    db.session.expire_all()


def end(act: Act, node_id: int) -> Node:
    """End a place; it stays readable, with all that happened there.

    :raises Refused: `children` (409) while places stand below it.
    """
    node = held(node_id)
    check_empty(node)
    record(ENDED, act, [("source", node)])
    node.valid_to = act.at
    db.session.flush()
    return node


def check_empty(node: Node, *, without: frozenset[int] = frozenset()) -> None:
    """Refuse to end a place below which others stand."""
    query = select(Node.name).where(
        Node.parent_id == node.id, Node.valid_to.is_(None), Node.id.not_in(without)
    )
    left = db.session.scalars(query.order_by(Node.id).limit(3)).all()
    if left:
        raise Refused(
            "children",
            _l("These still stand below it: %(names)s. Please move or end them first."),
            HTTPStatus.CONFLICT,
            {"names": "、".join(left)},
        )
