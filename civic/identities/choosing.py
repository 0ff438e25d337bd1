"""Choose a place in two steps at most, however many there are, without a script."""

from dataclasses import dataclass
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, func, select

from civic.communities import known
from civic.communities.kinds import GATE, HOMES, SUBDISTRICT
from civic.communities.models import Community, Node
from civic.communities.services import ancestors
from civic.identities.actors import in_force
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused

#: Options up to which one list is offered; more are asked for in two steps, building and gate.
ONE_LIST = 80


@dataclass(frozen=True)
class Offer:
    """Hold what a page offers: places to take, or wider places of which one is chosen first.

    :ivar top: below which all of them lie.
    :ivar options: ids and names, each with what it stands in.
    :ivar final: whether an option is the place itself.
    """

    top: Node
    options: dict[int, str]
    final: bool


def find(community: Community, node_id: int) -> Node:
    """Return a place at or below a community, where people live or work, in force.

    :raises Refused: 404 when there is none; the same for one of elsewhere.
    """
    query = select(Node).where(Node.id == node_id, _places(community.node))
    node = db.session.scalar(query)
    if node is None:
        raise Refused("no_place", _l("There is no such place here."), HTTPStatus.NOT_FOUND)
    return node


def offer(community: Community, near: int | None = None, *, whole: bool = False) -> Offer:
    """Return the places to choose from: all of a small community, else buildings, then gates.

    :param near: the wider place that was chosen first.
    :param whole: whether that wider place itself is meant.
    :raises Refused: 404 for a wider place of elsewhere.
    """
    top = find(community, near) if near else community.node
    if whole:
        return Offer(top, labels([top], community), final=True)
    inside = _places(top)
    count = db.session.scalar(select(func.count(Node.id)).where(inside)) or 0
    query = select(Node).where(inside).order_by(Node.ids)
    if count <= ONE_LIST:
        return Offer(top, labels(list(db.session.scalars(query)), community), final=True)
    kinds = HOMES if top.kind == SUBDISTRICT else known.places().places - {GATE}
    wider = db.session.scalars(query.where(Node.kind.in_(kinds), Node.id != top.id)).all()
    return Offer(top, labels(list(wider), community), final=False)


def labels(nodes: list[Node], community: Community) -> dict[int, str]:
    """Name each place with what it stands in below the community, as a gate alone says nothing."""
    steps = {step.id: step.name for step in ancestors(sum((node.path for node in nodes), ()))}
    depth = len(community.path)
    return {
        node.id: " ".join(steps[step] for step in node.path[depth:]) or node.name for node in nodes
    }


def _places(top: Node) -> ColumnElement[bool]:
    return (
        Node.ids.startswith(top.ids)
        & Node.kind.in_({*known.places().places, SUBDISTRICT})
        & in_force(Node.valid_from, Node.valid_to, clock.now())
    )
