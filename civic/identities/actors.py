"""Turn a person or a session into an actor: one statement for all that they may rest on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypeAlias

from flask import current_app
from sqlalchemy import (
    ColumnElement,
    Row,
    ScalarSelect,
    Select,
    Subquery,
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
from civic.identities import known
from civic.identities.credentials import SecondFactor, SignIn
from civic.identities.kinds import PARTICIPANT, PARTICIPATES_FROM, POWERFUL, STAFF
from civic.identities.models import Appointment, Person, Standing
from civic.kernel import clock, installation
from civic.kernel.db import db
from civic.kernel.permissions import Actor, Held

POST_GROUPS = frozenset({STAFF})


@dataclass(frozen=True)
class SignedIn:
    """Be a session as a request finds it.

    :ivar id: of its row.
    :ivar confirmed_at: when the password was last given in it.
    :ivar second_factor_at: when the second factor was given in it.
    :ivar has_factor: whether its person has set up a second factor.
    """

    id: int
    confirmed_at: datetime
    second_factor_at: datetime | None
    has_factor: bool
    actor: Actor


def in_force(
    start: InstrumentedAttribute[datetime],
    end: InstrumentedAttribute[datetime | None],
    at: datetime | ColumnElement[datetime],
) -> ColumnElement[bool]:
    """Return the condition that a validity covers a moment."""
    return and_(start <= at, or_(end.is_(None), end > at))


def factor_required() -> bool:
    """Tell whether posts with power wait for a second factor here.

    The passwords of a demonstration are printed for everybody, so there it is only offered.
    """
    wanted: str = current_app.config["SETTINGS"].second_factor
    return wanted == "required" and not installation.is_demo()


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


def _rights() -> Subquery:
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
            Standing.person_id == person_id,
            in_force(Standing.valid_from, Standing.valid_to, now),
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
    return union_all(standings, posts).subquery()


# Both are built once: building one takes longer than asking it.


@cache
def _of_person() -> Select[*tuple[Any, ...]]:
    rights = _rights()
    return (
        select(Person.name, Person.adult, rights)
        .outerjoin_from(Person, rights, true())
        .where(Person.id == bindparam("person_id"), Person.closed_at.is_(None))
    )


def _of_session(*, held: bool) -> Select[*tuple[Any, ...]]:
    extensions = current_app.extensions
    if "civic_actor_query" not in extensions:
        query = _carrying(extensions.get("civic_carried", {}))
        # As weak as the lock that a row referring to the person takes anyway.
        holding = query.with_for_update(read=True, key_share=True, of=Person)
        extensions["civic_actor_query"] = {False: query, True: holding}
    found: Select[*tuple[Any, ...]] = extensions["civic_actor_query"][held]
    return found


def _carrying(extras: Mapping[str, Extra]) -> Select[*tuple[Any, ...]]:
    rights = _rights()
    carried = [extra(_person_id()).label(f"carried_{name}") for name, extra in extras.items()]
    return (
        select(
            Person.name,
            Person.adult,
            SignIn.id.label("sign_in_id"),
            SignIn.confirmed_at,
            SignIn.second_factor_at,
            SecondFactor.confirmed_at.label("factor_at"),
            *carried,
            rights,
        )
        .select_from(Person)
        .join(SignIn, SignIn.person_id == Person.id)
        .outerjoin(SecondFactor, SecondFactor.person_id == Person.id)
        .outerjoin(rights, true())
        .where(
            Person.id == bindparam("person_id"),
            Person.closed_at.is_(None),
            SignIn.digest == bindparam("digest"),
            SignIn.ends_at > bindparam("now", type_=SignIn.ends_at.type),
        )
    )


def actor_for(person_id: int) -> Actor | None:
    """Return the actor that a person is outside of any session; None once closed, or nobody.

    Their posts count, as if they had given all that their posts ask for; for jobs and commands.
    """
    values = {"person_id": person_id, "now": clock.now()}
    rows = db.session.execute(_of_person(), values).all()
    return _actor(person_id, rows, given=True) if rows else None


def signed_in(person_id: int, digest: str, *, held: bool = False) -> SignedIn | None:
    """Return a session with its actor, or None when the person or the session is no more.

    :param digest: keyed hash of what the cookie holds (`sessions.digest`).
    :param held: whether the account is to stay open until the transaction ends: closing it waits,
        and whoever comes after it finds nobody. Who locks the person's row besides, uses
        `with_for_update(key_share=True)`, or two acts of one person would wait for each other.
    """
    values = {"person_id": person_id, "digest": digest, "now": clock.now()}
    rows = db.session.execute(_of_session(held=held), values).all()
    if not rows:
        return None
    first = rows[0]
    return SignedIn(
        id=first.sign_in_id,
        confirmed_at=first.confirmed_at,
        second_factor_at=first.second_factor_at,
        has_factor=first.factor_at is not None,
        actor=_actor(
            person_id,
            rows,
            given=first.second_factor_at is not None,
            factor=first.factor_at is not None,
        ),
    )


def _actor(person_id: int, rows: Sequence[Row[Any]], *, given: bool, factor: bool = False) -> Actor:
    """Make an actor of what was found.

    :param given: whether the second factor was given.
    :param factor: whether there is one: whoever has one gives it, even where none is required.
    """
    standings: list[Held] = []
    posts: list[Held] = []
    waiting: list[Held] = []
    kinds = known.standings()
    asleep = known.asleep_along((row.code, row.ids) for row in rows if row.source == "standing")
    for row in rows:
        if row.source == "standing" and (row.code, row.ids) not in asleep:
            groups = kinds[row.code].groups
            if row.level >= PARTICIPATES_FROM:
                groups |= {PARTICIPANT}
            standings.append(Held(row.code, path_of(row.ids), groups, row.level, until=row.until))
        elif row.source == "post":
            post = Held(row.code, path_of(row.ids), POST_GROUPS, title=row.title, until=row.until)
            waits = row.code in POWERFUL and not given and (factor or factor_required())
            (waiting if waits else posts).append(post)
    first = row._mapping  # noqa: SLF001 - its public name
    return Actor(
        person_id=person_id,
        name=row.name,
        adult=row.adult,
        standings=tuple(standings),
        posts=tuple(posts),
        waiting=tuple(waiting),
        carried={
            name.removeprefix("carried_"): value
            for name, value in first.items()
            if name.startswith("carried_")
        },
    )
