"""Find communities and build the tree."""

from collections.abc import Collection, Sequence
from functools import cache
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, bindparam, false, or_, select
from sqlalchemy.orm import undefer

from civic.communities import known, slugs
from civic.communities.kinds import ESTATE, GRID, HOMES, SUBDISTRICT
from civic.communities.models import Community, Node, Post, ids_of
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Path


@cache
def _by_slug() -> Select[Community]:
    query = select(Community).options(undefer(Community.switched))
    return query.where(Community.slug == bindparam("slug"))


def find(slug: str) -> Community:
    """Return the community of an address, with the plugins that are on there.

    :raises Refused: 404 when there is none.
    """
    found = db.session.scalars(_by_slug(), {"slug": slug}).one_or_none()
    if found is None:
        raise Refused("no_community", _l("There is no such community."), HTTPStatus.NOT_FOUND)
    return found


def homes(*, with_plugins: bool = False) -> Sequence[Community]:
    """Return all current communities with a home page, streets before what lies below them."""
    query = select(Community).join(Community.node).order_by(Node.ids)
    query = query.where(Node.valid_to.is_(None))
    if with_plugins:
        query = query.options(undefer(Community.switched))
    return db.session.scalars(query).all()


def above(community: Community, plugin: str) -> list[Community]:
    """Return the current communities above one in which a plugin is on, the nearest first."""
    higher = [one for one in community.path if one != community.id]
    query = select(Community).join(Community.node).options(undefer(Community.switched))
    query = query.where(Community.id.in_(higher), Node.valid_to.is_(None))
    found = db.session.scalars(query.order_by(Node.ids.desc()))
    return [one for one in found if plugin in one.plugins]


def add_node(kind: str, name: str, parent: Node | None = None) -> Node:
    """Add a place to the tree.

    :raises ValueError: where a place of this kind cannot stand.
    """
    above = known.places().parents[kind]
    if (parent.kind not in above) if parent else bool(above):
        message = f"a {kind} cannot stand below {parent.kind if parent else 'nothing'}"
        raise ValueError(message)
    node = Node(
        kind=kind, name=name, parent_id=parent.id if parent else None, valid_from=clock.now()
    )
    db.session.add(node)
    db.session.flush()
    node.ids = f"{parent.ids if parent else '/'}{node.id}/"
    return node


def check_slug(slug: str, *, but: int | None = None) -> None:
    """Refuse a name in addresses that does not do or that another community has.

    :raises Refused: `slug`.
    """
    if not slugs.fits(slug):
        raise Refused("slug", slugs.SENTENCE)
    if db.session.scalar(select(Community.id).where(Community.slug == slug, Community.id != but)):
        message = _l("Another community has this name in addresses.")
        raise Refused("slug", message, HTTPStatus.CONFLICT)


def found(node: Node, slug: str, **details: str) -> Community:
    """Give a node its home page.

    :raises ValueError: for a kind of node that has none.
    """
    if node.kind not in HOMES:
        message = f"a {node.kind} has no home page"
        raise ValueError(message)
    community = Community(id=node.id, slug=slug, node=node, **details)
    db.session.add(community)
    db.session.flush()
    return community


def add_post(node: Node, kind: str, title: str, office: str) -> Post:
    """Add a position at a node."""
    post = Post(node_id=node.id, kind=kind, title=title, office=office)
    db.session.add(post)
    db.session.flush()
    return post


def below(community: Community) -> Sequence[Node]:
    """Return the current places below a community that are no communities, in tree order."""
    query = (
        select(Node)
        .where(Node.ids.startswith(community.node.ids), Node.id != community.id)
        .where(Node.kind.in_(known.places().places - HOMES), Node.valid_to.is_(None))
        .order_by(Node.ids)
    )
    return db.session.scalars(query).all()


def within(paths: Collection[Path]) -> ColumnElement[bool]:
    """Return the condition on nodes that they are one of these or below it."""
    return or_(false(), *(Node.ids.startswith(ids_of(path)) for path in paths))


def ancestors(path: Path) -> Sequence[Node]:
    """Return the nodes of a path, from the root down."""
    return db.session.scalars(select(Node).where(Node.id.in_(path)).order_by(Node.ids)).all()


def in_words(nodes: Sequence[Node]) -> dict[int, str]:
    """Return places as people say them, with what they stand in: 二龙路社区 6号楼 2单元."""
    steps = {step.id: step for step in ancestors(sum((node.path for node in nodes), ()))}
    return {
        node.id: " ".join(
            steps[step].name
            for step in node.path
            if step == node.id or steps[step].kind not in {SUBDISTRICT, GRID, ESTATE}
        )
        for node in nodes
    }
