"""What is due about posts: terms that end soon and that nobody follows."""

from collections.abc import Iterable
from datetime import timedelta

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from civic.communities.models import Community, Node, Post
from civic.communities.services import within
from civic.identities.actors import in_force
from civic.identities.models import Appointment
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.due import Due
from civic.kernel.permissions import Actor, scopes

#: How long before its end a term is due for renewal.
SOON = timedelta(days=60)


def terms(actor: Actor, limit: int) -> Iterable[Due]:
    """Return the terms that end soon at places where this actor appoints, the earliest first."""
    paths = scopes(actor, "identities.appoint")
    if not paths:
        return []
    now = clock.now()
    follower = aliased(Appointment)
    followed = exists().where(
        follower.post_id == Appointment.post_id, follower.valid_from >= Appointment.valid_to
    )
    query = (
        select(Appointment, Post.title, Node)
        .join(Post, Post.id == Appointment.post_id)
        .join(Node, Node.id == Post.node_id)
        .where(within(paths), in_force(Appointment.valid_from, Appointment.valid_to, now))
        .where(Appointment.valid_to <= now + SOON, ~followed)
        .order_by(Appointment.valid_to, Appointment.id)
        .limit(limit)
    )
    rows = db.session.execute(query).all()
    steps = {step for _held, _title, node in rows for step in node.path}
    found = select(Community.id, Community.slug).where(Community.id.in_(steps))
    slugs: dict[int, str] = {row[0]: row[1] for row in db.session.execute(found)}
    return [_due(row[0], row[1], row[2], slugs) for row in rows]


def _due(held: Appointment, title: str, node: Node, slugs: dict[int, str]) -> Due:
    near = next(step for step in reversed(node.path) if step in slugs)
    return Due(
        kind=_("Term"),
        title=_("%(post)s: the term ends", post=title),
        action=_("Renew or end"),
        url=url_for("posts.appointment", community=slugs[near], appointment_id=held.id),
        at=held.valid_to,
        since=None,
        community_id=near,
    )
