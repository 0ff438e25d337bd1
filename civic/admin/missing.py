"""What a street still lacks: counted with a bounded number of statements, a few named of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import aliased

from civic.communities import kinds
from civic.communities.models import Body, Community, Node, Post
from civic.identities.actors import in_force
from civic.identities.credentials import SecondFactor
from civic.identities.due import SOON
from civic.identities.kinds import ADMINISTRATOR, SECRETARY
from civic.identities.models import Appointment, InviteCode, Person, Standing
from civic.kernel import clock
from civic.kernel.config import Settings
from civic.kernel.db import db
from civic.kernel.holidays import HolidayYear

#: How many of each kind are named.
NAMED = 6
#: Month in which the arrangement of the next year's holidays is known.
ARRANGED = 12


@dataclass(frozen=True)
class Named:
    """Be one thing that lacks something: what it is called, its id, and the community it is in."""

    title: str
    id: int
    ids: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Lack:
    """Say what is missing: a code, of how many, and some of them by name."""

    code: str
    count: int
    named: Sequence[Named] = ()


@dataclass(frozen=True)
class Steps:
    """Say which of the first steps are done."""

    places: bool
    posts: bool
    appointed: bool
    invited: bool

    @property
    def all(self) -> bool:
        """Tell whether the site has begun to live."""
        return self.places and self.posts and self.appointed and self.invited


def steps(street: Community) -> Steps:
    """Return which of the first steps are done; one statement."""
    inside = Node.ids.startswith(street.node.ids)
    posts = select(Post.id).join(Node, Node.id == Post.node_id).where(inside)
    others = Post.kind != ADMINISTRATOR
    held = posts.join(Appointment, Appointment.post_id == Post.id).where(others)
    joined = select(Standing.id).join(Node, Node.id == Standing.node_id).where(inside)
    codes = select(InviteCode.id).join(Node, Node.id == InviteCode.node_id).where(inside)
    row = db.session.execute(
        select(
            exists(select(Node.id).where(inside, Node.kind.in_(kinds.PLACES))),
            exists(posts.where(others)),
            exists(held),
            or_(exists(codes), exists(joined)),
        )
    ).one()
    return Steps(*(bool(value) for value in row))


def lacks(street: Community, settings: Settings) -> list[Lack]:
    """Return what is missing in a street, what stops people first; about a dozen statements."""
    now = clock.now()
    found = [
        *_communities(street, now),
        _posts(street, now),
        _ending(street, now),
        *_administrators(street, now),
        *_holidays(now),
        Lack("mail", 0 if settings.mail_url else 1),
        _buildings(street, now),
    ]
    return [lack for lack in found if lack.count]


def _here(street: Community) -> ColumnElement[bool]:
    return Node.ids.startswith(street.node.ids)


def _current(now: datetime) -> ColumnElement[bool]:
    return or_(Node.valid_to.is_(None), Node.valid_to > now)


def _ask(code: str, query: Select[*tuple[Any, ...]]) -> Lack:
    """Ask a query of title, id, ids and perhaps a moment, and count it in the same statement."""
    rows = db.session.execute(query.add_columns(func.count().over()).limit(NAMED)).all()
    return Lack(code, rows[0][-1] if rows else 0, [Named(*row[:-1]) for row in rows])


def _communities(street: Community, now: datetime) -> list[Lack]:
    homes = (
        select(Node.name, Node.id, Node.ids)
        .join(Community, Community.id == Node.id)
        .where(_here(street), _current(now), Node.kind.in_({kinds.COMMUNITY, kinds.FUNCTIONAL}))
        .order_by(Node.ids)
    )
    residential = homes.where(Node.kind == kinds.COMMUNITY)
    bodies = exists().where(
        Body.node_id == Node.id, or_(Body.valid_to.is_(None), Body.valid_to > now)
    )
    served = (
        select(Appointment.id)
        .join(Post, Post.id == Appointment.post_id)
        .where(Post.node_id == Node.id, Post.kind == SECRETARY)
        .where(in_force(Appointment.valid_from, Appointment.valid_to, now))
    )
    return [
        _ask("secretary", residential.where(~exists(served.correlate(Node)))),
        _ask("telephone", homes.where(Community.telephone == "")),
        _ask("hours", homes.where(Community.hours == "")),
        _ask("bodies", residential.where(~bodies)),
    ]


def _posts(street: Community, now: datetime) -> Lack:
    held = exists().where(
        Appointment.post_id == Post.id,
        in_force(Appointment.valid_from, Appointment.valid_to, now),
    )
    vacant = (
        select(Post.title, Post.id, Node.ids)
        .join(Node, Node.id == Post.node_id)
        .where(_here(street), _current(now), Post.valid_to.is_(None), ~held)
        .order_by(Node.ids, Post.id)
    )
    return _ask("vacant", vacant)


def _ending(street: Community, now: datetime) -> Lack:
    follower = aliased(Appointment)
    followed = exists().where(
        follower.post_id == Appointment.post_id, follower.valid_from >= Appointment.valid_to
    )
    ending = (
        select(Post.title, Appointment.id, Node.ids, Appointment.valid_to)
        .join(Post, Post.id == Appointment.post_id)
        .join(Node, Node.id == Post.node_id)
        .where(_here(street), in_force(Appointment.valid_from, Appointment.valid_to, now))
        .where(Appointment.valid_to <= now + SOON, ~followed)
        .order_by(Appointment.valid_to, Appointment.id)
    )
    return _ask("ending", ending)


def _administrators(street: Community, now: datetime) -> list[Lack]:
    query = (
        select(Person.name, Person.id, SecondFactor.confirmed_at)
        .join(Appointment, Appointment.person_id == Person.id)
        .join(Post, Post.id == Appointment.post_id)
        .outerjoin(SecondFactor, SecondFactor.person_id == Person.id)
        .where(Post.kind == ADMINISTRATOR, Post.node_id == street.id)
        .where(in_force(Appointment.valid_from, Appointment.valid_to, now))
        .order_by(Person.id)
        .distinct()
    )
    rows = db.session.execute(query).all()
    bare = [Named(row[0], row[1]) for row in rows if row[2] is None]
    return [
        Lack("one_administrator", 1 if len(rows) == 1 else 0),
        Lack("second_factor", len(bare), bare[:NAMED]),
    ]


def _holidays(now: datetime) -> list[Lack]:
    today = clock.local(now)
    years = [today.year] + ([today.year + 1] if today.month >= ARRANGED else [])
    here = set(db.session.scalars(select(HolidayYear.year).where(HolidayYear.year.in_(years))))
    bare = [Named(str(year), year) for year in years if year not in here]
    return [Lack("holidays", len(bare), bare)]


def _buildings(street: Community, now: datetime) -> Lack:
    """Ask for buildings to which neither somebody nor a valid code belongs, gates included."""
    gate = aliased(Node)

    def reached(table: type[InviteCode | Standing], *valid: ColumnElement[bool]) -> Any:  # noqa: ANN401
        at_gates = select(table.id).join(gate, gate.id == table.node_id)
        return or_(
            exists(select(table.id).where(table.node_id == Node.id, *valid).correlate(Node)),
            exists(at_gates.where(gate.parent_id == Node.id, *valid).correlate(Node)),
        )

    code = reached(InviteCode, InviteCode.used_at.is_(None), InviteCode.expires_at > now)
    someone = reached(Standing, or_(Standing.valid_to.is_(None), Standing.valid_to > now))
    bare = (
        select(Node.name, Node.id, Node.ids)
        .where(_here(street), _current(now), Node.kind == kinds.BUILDING)
        .where(~code, ~someone)
        .order_by(Node.ids)
    )
    return _ask("buildings", bare)
