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
def _query() -> Select[*tuple[Any, ...]]:
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
            Standing.valid_to.label("until"),
        )
        .join(Node, Node.id == Standing.node_id)
        .where(
            Standing.person_id == person_id, in_force(Standing.valid_from, Standing.valid_to, now)
        )
    )
    posts = (
        select(literal("post"), Post.kind, literal(0), Node.ids, Post.office, Appointment.valid_to)
        .select_from(Appointment)
        .join(Post, Post.id == Appointment.post_id)
        .join(Node, Node.id == Post.node_id)
        .where(
            Appointment.person_id == person_id,
            in_force(Appointment.valid_from, Appointment.valid_to, now),
        )
    )
    rights = union_all(standings, posts).subquery()
    return (
        select(Person.name, Person.adult, rights)
        .outerjoin_from(Person, rights, true())
        .where(Person.id == person_id, Person.session_key == bindparam("session_key"))
    )


def actor_of(person_id: int, session_key: str) -> Actor | None:
    """Return the actor of a session, or None when the person or the session is no more."""
    values = {"person_id": person_id, "session_key": session_key, "now": clock.now()}
    rows = db.session.execute(_query(), values).all()
    if not rows:
        return None
    held: dict[str, list[Held]] = {"standing": [], "post": []}
    for row in rows:
        if row.source == "standing":
            groups = STANDINGS[row.code].groups
            if row.level >= PARTICIPATES_FROM:
                groups |= {PARTICIPANT}
            held["standing"].append(
                Held(row.code, path_of(row.ids), groups, row.level, until=row.until)
            )
        elif row.source == "post":
            held["post"].append(
                Held(row.code, path_of(row.ids), POST_GROUPS, title=row.title, until=row.until)
            )
    return Actor(
        person_id=person_id,
        name=rows[0].name,
        adult=rows[0].adult,
        standings=tuple(held["standing"]),
        posts=tuple(held["post"]),
    )
