"""Turn a signed-in person into an actor: one statement for all that they may rest on."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, TypeAlias

from flask import current_app
from sqlalchemy import (
    ColumnElement,
    Row,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    literal,
    or_,
    select,
    true,
    union_all,
)
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


#: Makes a value that is fetched together with an actor, of the id of the person.
Extra: TypeAlias = Callable[[ColumnElement[int]], ScalarSelect[Any]]


def carry(name: str, extra: Extra) -> None:
    """Let each signed-in actor of the current app carry a value, at no statement more.

    For what every page shows, as the number of unread messages, of rooms that lie above this one.
    """
    current_app.extensions.setdefault("civic_carried", {})[name] = extra
    current_app.extensions.pop("civic_actor_query", None)


def _person_id() -> ColumnElement[int]:
    return bindparam("person_id", type_=Person.id.type)


def _query(extras: Mapping[str, Extra]) -> Select[*tuple[Any, ...]]:
    person_id = _person_id()
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
    carried = [extra(person_id).label(f"carried_{name}") for name, extra in extras.items()]
    return (
        select(Person.name, Person.adult, *carried, rights)
        .outerjoin_from(Person, rights, true())
        .where(Person.id == person_id)
    )


def _of_session() -> Select[*tuple[Any, ...]]:
    """Build the statement once for an app: building it took longer than asking it."""
    known = current_app.extensions
    if "civic_actor_query" not in known:
        query = _query(known.get("civic_carried", {}))
        known["civic_actor_query"] = query.where(Person.session_key == bindparam("session_key"))
    found: Select[*tuple[Any, ...]] = known["civic_actor_query"]
    return found


@cache
def _without_session() -> Select[*tuple[Any, ...]]:
    return _query({}).where(Person.closed_at.is_(None))


def actor_of(person_id: int, session_key: str) -> Actor | None:
    """Return the actor of a session, or None when the person or the session is no more."""
    values = {"person_id": person_id, "session_key": session_key, "now": clock.now()}
    return _actor(person_id, db.session.execute(_of_session(), values).all())


def actor_for(person_id: int) -> Actor | None:
    """Return somebody as an actor without a session, to ask what they may read; None once closed.

    Their posts count, as if they had signed in with all that their posts ask for.
    """
    values = {"person_id": person_id, "now": clock.now()}
    return _actor(person_id, db.session.execute(_without_session(), values).all())


def _actor(person_id: int, rows: Sequence[Row[*tuple[Any, ...]]]) -> Actor | None:
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
    first = rows[0]._mapping  # noqa: SLF001 - its public name
    return Actor(
        person_id=person_id,
        name=rows[0].name,
        adult=rows[0].adult,
        standings=tuple(held["standing"]),
        posts=tuple(held["post"]),
        carried={
            name.removeprefix("carried_"): value
            for name, value in first.items()
            if name.startswith("carried_")
        },
    )
