"""Bodies at a place, and links between nodes of different trees."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError

from civic.communities import tree
from civic.communities.kinds import BODIES, LINKS, PARTY, PROPERTY
from civic.communities.models import Body, Node, NodeLink
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused


@dataclass(frozen=True, kw_only=True)
class Details:
    """Hold what is said of a body."""

    kind: str
    title: str
    telephone: str = ""
    hours: str = ""
    place: str = ""
    about: str = ""
    valid_to: datetime | None = None


def of(node_ids: Collection[int]) -> Sequence[Body]:
    """Return the bodies at places that exist now, in the order in which they were made."""
    now = clock.now()
    query = select(Body).where(
        Body.node_id.in_(node_ids), or_(Body.valid_to.is_(None), Body.valid_to > now)
    )
    return db.session.scalars(query.order_by(Body.id)).all()


def _check(details: Details) -> None:
    if details.kind not in BODIES:
        raise Refused("kind", _l("Please choose a kind from the list."))
    if not details.title.strip():
        raise Refused("title", _l("Please enter what the body is called."))
    if details.valid_to is not None and details.valid_to <= clock.now():
        raise Refused("valid_to", _l("The end of a term lies in the future."))


def add(node_id: int, details: Details) -> Body:
    """Add a body at a current place.

    :raises Refused: for details that do not do.
    """
    _check(details)
    node = tree.held(node_id)
    body = Body(node_id=node.id, valid_from=clock.now())
    _write(body, details)
    db.session.add(body)
    db.session.flush()
    return body


def _write(body: Body, details: Details) -> None:
    for name in ("kind", "title", "telephone", "hours", "place", "about"):
        setattr(body, name, getattr(details, name).strip())
    body.valid_to = details.valid_to


def edit(node_id: int, body_id: int, details: Details) -> Body:
    """Change what is said of a body that exists.

    :raises Refused: 404 for one that is elsewhere or has ended.
    """
    _check(details)
    body = find(node_id, body_id)
    _write(body, details)
    return body


def find(node_id: int, body_id: int) -> Body:
    """Return a current body of a place.

    :raises Refused: 404.
    """
    body = next((body for body in of([node_id]) if body.id == body_id), None)
    if body is None:
        raise Refused("no_body", _l("There is no such body here."), HTTPStatus.NOT_FOUND)
    return body


def end(node_id: int, body_id: int) -> Body:
    """End a body; it stays in the record."""
    body = find(node_id, body_id)
    body.valid_to = clock.now()
    return body


def link(kind: str, source_id: int, target_id: int) -> NodeLink:
    """Say that an area of property or an organisation of the party covers or serves a place.

    :raises Refused: for ends that do not fit, or a link that exists.
    """
    source, target = tree.held(source_id), tree.held(target_id)
    if kind not in LINKS or source.kind not in PARTY | PROPERTY or target.kind in PARTY | PROPERTY:
        raise Refused("link", _l("Such a link cannot be made."))
    if source.path[0] != target.path[0]:
        raise Refused("link", _l("Both have to lie in one street."))
    if any(found.source_id == source.id and found.kind == kind for found, _ in links_to([target])):
        raise Refused("link", _l("This link exists already."), HTTPStatus.CONFLICT)
    made = NodeLink(kind=kind, source_id=source_id, target_id=target_id, valid_from=clock.now())
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError as error:
        raise Refused("link", _l("This link exists already."), HTTPStatus.CONFLICT) from error
    return made


def unlink(link_id: int, target_id: int) -> NodeLink:
    """End a link; it stays in the record.

    :raises Refused: 404.
    """
    found = db.session.scalar(
        select(NodeLink).filter_by(id=link_id, target_id=target_id, valid_to=None).with_for_update()
    )
    if found is None:
        raise Refused("no_link", _l("There is no such link here."), HTTPStatus.NOT_FOUND)
    found.valid_to = clock.now()
    return found


def links_to(targets: Collection[Node]) -> list[tuple[NodeLink, Node]]:
    """Return the current links to places, each with its source, by the source's name."""
    query = (
        select(NodeLink, Node)
        .join(Node, Node.id == NodeLink.source_id)
        .where(NodeLink.target_id.in_([node.id for node in targets]))
        .where(NodeLink.valid_to.is_(None), Node.valid_to.is_(None))
        .order_by(Node.name)
        .limit(200)
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]
