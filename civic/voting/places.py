"""Places whose people or owners vote: of a community, or a property area that covers some of it."""

from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import aliased

from civic.communities.kinds import COVERS, PROPERTY_AREA
from civic.communities.models import Community, Node, NodeLink
from civic.identities.actors import in_force
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused


def find(community: Community, node_id: int) -> Node:
    """Return a place of a community, or a property area that covers places of it."""
    node = db.session.get(Node, node_id)
    if node is not None and (
        node.ids.startswith(community.node.ids)
        or (node.kind == PROPERTY_AREA and _covers(node, community))
    ):
        return node
    raise Refused("no_place", _l("There is no such place here."), HTTPStatus.NOT_FOUND)


def _covers(area: Node, community: Community) -> bool:
    target = aliased(Node)
    query = (
        select(NodeLink.id)
        .join(target, target.id == NodeLink.target_id)
        .where(NodeLink.source_id == area.id, NodeLink.kind == COVERS)
        .where(in_force(NodeLink.valid_from, NodeLink.valid_to, clock.now()))
        .where(target.ids.startswith(community.node.ids))
    )
    return db.session.scalars(query.limit(1)).first() is not None


def inside(node: Node) -> ColumnElement[bool]:
    """Return the condition on nodes that they belong to a place, or to what an area covers."""
    if node.kind != PROPERTY_AREA:
        return Node.ids.startswith(node.ids)
    query = (
        select(Node.ids)
        .join(NodeLink, NodeLink.target_id == Node.id)
        .where(NodeLink.source_id == node.id, NodeLink.kind == COVERS)
        .where(in_force(NodeLink.valid_from, NodeLink.valid_to, clock.now()))
    )
    covered = list(db.session.scalars(query))
    return or_(*(Node.ids.startswith(ids) for ids in covered), Node.ids.startswith(node.ids))
