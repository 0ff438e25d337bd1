"""Turn a signed-in person into an actor: one statement for all that they may rest on."""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, literal, or_, select, true, union_all
from sqlalchemy.orm import InstrumentedAttribute

from civic.communities.models import Node, Post, path_of
from civic.identities.kinds import PARTICIPANT, PARTICIPATES_FROM, STAFF, STANDINGS
from civic.identities.models import Appointment, Person, Standing
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.permissions import Actor, Held

POST_GROUPS = frozenset({STAFF})


def in_force(
    start: InstrumentedAttribute[datetime],
    end: InstrumentedAttribute[datetime | None],
    at: datetime | ColumnElement[datetime],
) -> ColumnElement[bool]:
    """Return the condition that a validity covers a moment."""
    return and_(start <= at, or_(end.is_(None), end > at))


@cache
def _query(*, held: bool) -> Select[*tuple[Any, ...]]:
    """Build the statement once: building it took longer than asking it."""
    person_id = bindparam("person_id", type_=Person.id.type)
    now = bindparam("now", type_=Standing.valid_from.type)
    standings = (
        select(
            literal("standing").label("source"),
            Standing.kind.label("code"),
            Standing.level.label("level"),
            Node.ids.label("ids"),
            literal("").label("title"),
        )
        .join(Node, Node.id == Standing.node_id)
        .where(
            Standing.person_id == person_id, in_force(Standing.valid_from, Standing.valid_to, now)
        )
    )
    posts = (
        select(literal("post"), Post.kind, literal(0), Node.ids, Post.office)
        .select_from(Appointment)
        .join(Post, Post.id == Appointment.post_id)
        .join(Node, Node.id == Post.node_id)
        .where(
            Appointment.person_id == person_id,
            in_force(Appointment.valid_from, Appointment.valid_to, now),
        )
    )
    rights = union_all(standings, posts).subquery()
    query = (
        select(Person.name, Person.adult, rights)
        .outerjoin_from(Person, rights, true())
        .where(
            Person.id == person_id,
            Person.session_key == bindparam("session_key"),
            Person.closed_at.is_(None),
        )
    )
    # As weak as the lock that a row referring to the person takes anyway.
    return query.with_for_update(read=True, key_share=True, of=Person) if held else query


def actor_of(person_id: int, session_key: str, *, held: bool = False) -> Actor | None:
    """Return the actor of a session, or None when the person or the session is no more.

    :param held: whether the account is to stay open until the transaction ends: closing it waits,
        and whoever comes after it finds nobody. Who locks the person's row besides, uses
        `with_for_update(key_share=True)`, or two acts of one person would wait for each other.
    """
    values = {"person_id": person_id, "session_key": session_key, "now": clock.now()}
    rows = db.session.execute(_query(held=held), values).all()
    if not rows:
        return None
    rights: dict[str, list[Held]] = {"standing": [], "post": []}
    for row in rows:
        if row.source == "standing":
            groups = STANDINGS[row.code].groups
            if row.level >= PARTICIPATES_FROM:
                groups |= {PARTICIPANT}
            rights["standing"].append(Held(row.code, path_of(row.ids), groups, row.level))
        elif row.source == "post":
            rights["post"].append(Held(row.code, path_of(row.ids), POST_GROUPS, title=row.title))
    return Actor(
        person_id=person_id,
        name=rows[0].name,
        adult=rows[0].adult,
        standings=tuple(rights["standing"]),
        posts=tuple(rights["post"]),
    )
