"""What happens to rights when places end or go over into others (domain.md §2)."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select

from civic.communities.models import Node, Post
from civic.identities import staying
from civic.identities.actors import in_force
from civic.identities.models import Appointment, Standing
from civic.kernel import clock
from civic.kernel.db import db

FROM_EVENT = "event"


@dataclass(frozen=True)
class Held:
    """Count what is held: people with a standing, and posts with somebody in them."""

    people: int
    posts: int


def held_below(ids: Collection[str]) -> Held:
    """Count what is held now at places, given by their paths, and below them."""
    now = clock.now()
    people, posts = set[int](), 0
    for path in ids:
        people |= set(
            db.session.scalars(
                select(Standing.person_id)
                .join(Node, Node.id == Standing.node_id)
                .where(Node.ids.startswith(path))
                .where(in_force(Standing.valid_from, Standing.valid_to, now))
                .distinct()
            )
        )
        posts += db.session.scalars(
            select(func.count(Appointment.id))
            .join(Post, Post.id == Appointment.post_id)
            .join(Node, Node.id == Post.node_id)
            .where(Node.ids.startswith(path))
            .where(in_force(Appointment.valid_from, Appointment.valid_to, now))
        ).one()
    return Held(len(people), posts)


def close(node_ids: Collection[int], by_id: int | None, reason: str, *, heir: int | None) -> None:
    """End standings and terms held right at places that have ended.

    :param reason: as the holder reads it.
    :param heir: the place at which a standing goes on, as the same kind and level.
    """
    now = clock.now()
    held = (
        Standing.node_id.in_(node_ids),
        in_force(Standing.valid_from, Standing.valid_to, now),
    )
    staying.open_among(select(Standing.person_id).where(*held))
    standings = db.session.scalars(select(Standing).where(*held).with_for_update()).all()
    if heir is not None:
        _go_on(standings, heir)
    for standing in standings:
        _end(standing, by_id, reason)
    terms = db.session.scalars(
        select(Appointment)
        .join(Post, Post.id == Appointment.post_id)
        .where(Post.node_id.in_(node_ids))
        .where(in_force(Appointment.valid_from, Appointment.valid_to, now))
        .with_for_update(of=Appointment)
    ).all()
    for term in terms:
        _end(term, by_id, reason)
    for post in db.session.scalars(
        select(Post).where(Post.node_id.in_(node_ids), Post.valid_to.is_(None))
    ):
        post.valid_to = now
    db.session.flush()


def _end(held: Standing | Appointment, by_id: int | None, reason: str) -> None:
    held.valid_to = clock.now()
    held.ended_by = by_id
    held.end_reason = reason


def _go_on(standings: Collection[Standing], heir: int) -> None:
    now = clock.now()
    rows = db.session.execute(
        select(Standing.person_id, Standing.kind)
        .where(Standing.node_id == heir)
        .where(in_force(Standing.valid_from, Standing.valid_to, now))
    )
    there = {(row.person_id, row.kind) for row in rows}
    for standing in standings:
        if (standing.person_id, standing.kind) in there:
            continue
        there.add((standing.person_id, standing.kind))
        db.session.add(
            Standing(
                person_id=standing.person_id,
                kind=standing.kind,
                node_id=heir,
                level=standing.level,
                source=FROM_EVENT,
                verified_by=standing.verified_by,
                organisation_id=standing.organisation_id,
                valid_from=now,
                valid_to=standing.valid_to,
            )
        )
