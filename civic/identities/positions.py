"""The posts of a community and of the places below it: list, add, give up, and who holds them."""

from collections.abc import Sequence
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, exists, or_, select, tuple_

from civic.communities.models import Body, Community, Node, Post
from civic.identities.kinds import POSTS
from civic.identities.models import Appointment, Person
from civic.kernel import audit, clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor

#: Posts on one page.
PAGE = 50
#: Past holders that a post's page shows.
PAST = 20


def unfinished() -> ColumnElement[bool]:
    """Return the condition that an appointment is in force or still to come."""
    return or_(Appointment.valid_to.is_(None), Appointment.valid_to > clock.now())


def listed(community: Community, after: int = 0) -> list[tuple[Post, Node]]:
    """Return posts at a community and below in the order of the tree, one more than a page.

    :param after: id of the post after which the page begins.
    """
    query = (
        select(Post, Node)
        .join(Node, Node.id == Post.node_id)
        .where(Node.ids.startswith(community.node.ids), Post.valid_to.is_(None))
        .order_by(Node.ids, Post.id)
        .limit(PAGE + 1)
    )
    if after:
        last = select(Node.ids).join(Post, Post.node_id == Node.id).where(Post.id == after)
        query = query.where(tuple_(Node.ids, Post.id) > tuple_(last.scalar_subquery(), after))
    return [(row[0], row[1]) for row in db.session.execute(query)]


def holders(posts: Sequence[Post]) -> dict[int, list[tuple[Appointment, str]]]:
    """Return the appointments of posts that are in force or to come, each with a name."""
    query = (
        select(Appointment, Person.name)
        .join(Person, Person.id == Appointment.person_id)
        .where(Appointment.post_id.in_([post.id for post in posts]), unfinished())
        .order_by(Appointment.valid_from, Appointment.id)
    )
    found: dict[int, list[tuple[Appointment, str]]] = {}
    for row in db.session.execute(query):
        found.setdefault(row[0].post_id, []).append((row[0], row[1]))
    return found


def past(post: Post) -> list[tuple[Appointment, str]]:
    """Return who held a post before, the last first, at most `PAST`."""
    query = (
        select(Appointment, Person.name)
        .join(Person, Person.id == Appointment.person_id)
        .where(Appointment.post_id == post.id, Appointment.valid_to <= clock.now())
        .order_by(Appointment.valid_to.desc(), Appointment.id.desc())
        .limit(PAST)
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]


def post_at(community: Community, post_id: int) -> tuple[Post, Node]:
    """Return a post that was not given up, at a community or below.

    :raises Refused: 404; the same whether it is of another community or nowhere.
    """
    row = db.session.execute(
        select(Post, Node)
        .join(Node, Node.id == Post.node_id)
        .where(Post.id == post_id, Post.valid_to.is_(None))
        .where(Node.ids.startswith(community.node.ids))
    ).one_or_none()
    if row is None:
        raise Refused("no_post", _l("There is no such post."), HTTPStatus.NOT_FOUND)
    return row[0], row[1]


def find(community: Community, appointment_id: int) -> tuple[Appointment, Post, str]:
    """Return an appointment in force or to come at a community or below, its post, and the name.

    :raises Refused: 404; the same whether it is of another community or nowhere.
    """
    query = (
        select(Appointment, Post, Person.name)
        .join(Post, Post.id == Appointment.post_id)
        .join(Node, Node.id == Post.node_id)
        .join(Person, Person.id == Appointment.person_id)
        .where(Appointment.id == appointment_id, Node.ids.startswith(community.node.ids))
        .where(unfinished())
    )
    row = db.session.execute(query, execution_options={"populate_existing": True}).one_or_none()
    if row is None:
        message = _l("There is no such appointment.")
        raise Refused("no_appointment", message, HTTPStatus.NOT_FOUND)
    return row[0], row[1], row[2]


def bodies(community: Community) -> Sequence[Body]:
    """Return the bodies at a community and below to which a post may belong."""
    query = (
        select(Body)
        .join(Node, Node.id == Body.node_id)
        .where(Node.ids.startswith(community.node.ids))
        .where(or_(Body.valid_to.is_(None), Body.valid_to > clock.now()))
        .order_by(Node.ids, Body.id)
    )
    return db.session.scalars(query).all()


def add(
    actor: Actor,
    community: Community,
    node: Node,
    kind: str,
    title: str,
    office: str,
    body: Body | None = None,
) -> Post:
    """Add a position at a node; one that was given up there is taken up again.

    :param body: what it belongs to, at the same node.
    :raises Refused: `kind`, `body`, or `post_there` where there is one of that title.
    """
    if kind not in POSTS:
        raise Refused("kind", _l("There is no such kind of post."))
    if body is not None and body.node_id != node.id:
        raise Refused("body", _l("This body is at another place than the post."))
    # Or one post could be added by two requests at one moment.
    db.session.execute(select(Node.id).filter_by(id=node.id).with_for_update())
    post = db.session.scalar(select(Post).filter_by(node_id=node.id, kind=kind, title=title))
    if post is not None and post.valid_to is None:
        message = _l("There is a post of this kind and title at this place already.")
        raise Refused("post_there", message, HTTPStatus.CONFLICT)
    if post is None:
        post = Post(node_id=node.id, kind=kind, title=title, office=office)
        db.session.add(post)
    post.valid_to, post.office, post.body_id = None, office, body.id if body else None
    db.session.flush()
    _record(actor, community, post, "added")
    return post


def give_up(actor: Actor, community: Community, post: Post) -> None:
    """Give up a position that nobody holds.

    :raises Refused: `held`.
    """
    db.session.refresh(post, with_for_update=True)
    held = exists().where(Appointment.post_id == post.id, unfinished())
    if db.session.scalar(select(held)):
        raise Refused(
            "held",
            _l("Somebody holds this post. End the appointment first."),
            HTTPStatus.CONFLICT,
        )
    if post.valid_to is None:
        post.valid_to = clock.now()
        _record(actor, community, post, "given_up")


def _record(actor: Actor, community: Community, post: Post, act: str) -> None:
    audit.done(f"post.{act}", actor, community, f"post:{post.id}", {"kind": post.kind})
