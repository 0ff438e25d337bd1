"""Looks of staff at somebody's data: each is recorded, and its subject reads it."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from civic.communities.models import Community, Node
from civic.identities import duties, staying
from civic.kernel import clock
from civic.kernel.db import Model, db
from civic.kernel.permissions import Actor

WHAT: dict[str, LazyString] = {
    "profile": _l("your name, standings and posts"),
    "contact": _l("your telephone number or e-mail address"),
    "claim": _l("what you said when you claimed a standing"),
    "export": _l("a list that you are on, as a file"),
    "desk": _l("that you have an account, while helping at the desk"),
    "child": _l("your name, as guardian of a child"),
}


class Look(Model):
    """Record that staff looked at somebody's data; that person reads it.

    :ivar what: code of what was seen (`looks.WHAT`).
    :ivar post: the post in whose name, as written at the time.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    community_id: Mapped[int | None] = mapped_column(ForeignKey("community.id"))
    post: Mapped[str]
    what: Mapped[str]
    at: Mapped[datetime]


def looked(actor: Actor, person_id: int, what: str, community: Community | None = None) -> None:
    """Record that an actor saw somebody's data, in the acting transaction; one's own do not count.

    :param what: code of `WHAT`.
    """
    if actor.person_id is None or actor.person_id == person_id:
        return
    staying.hold(person_id)
    _note(actor, person_id, what, community)


def _note(actor: Actor, person_id: int, what: str, community: Community | None) -> None:
    if what not in WHAT:
        message = f"no such kind of look: {what}"
        raise ValueError(message)
    held = actor.posts_at(community.path) if community is not None else list(actor.posts)
    db.session.add(
        Look(
            person_id=person_id,
            by_id=actor.person_id,
            community_id=community.id if community is not None else None,
            post=held[0].title if held else "",
            what=what,
            at=clock.now(),
        )
    )


def looked_at(
    actor: Actor,
    people: Collection[int],
    what: str,
    community: Community | None = None,
    *,
    within: timedelta = timedelta(),
) -> None:
    """Record that an actor saw data of several people at once, as a list shows them.

    Whoever has left meanwhile is left out.

    :param what: code of `WHAT`.
    :param within: looks of the same kind, by the same person at the same place, are one in this
        time: a list that is loaded again and again would hide all other looks.
    """
    before = select(Look.person_id).filter_by(by_id=actor.person_id, what=what)
    before = before.where(
        Look.community_id == (community.id if community is not None else None),
        Look.person_id.in_(people),
        Look.at > clock.now() - within,
    )
    noted = set(db.session.scalars(before)) if within else set()
    for person_id in sorted(staying.open_among(set(people) - {actor.person_id} - noted)):
        _note(actor, person_id, what, community)


class Seen(NamedTuple):
    """Hold a look as its subject reads it: the office, never the person."""

    id: int
    at: datetime
    post: str
    what: str
    community: str | None


#: Looks on one page.
PER_PAGE = 50


def seen(
    person_id: int, *, before: int | None = None, limit: int | None = PER_PAGE
) -> Sequence[Seen]:
    """Return the looks at a person's data, the newest first.

    :param before: id from which to go on to older ones.
    :param limit: None for all of them.
    """
    query = (
        select(Look.id, Look.at, Look.post, Look.what, Node.name)
        .outerjoin(Node, Node.id == Look.community_id)
        .where(Look.person_id == person_id)
        .order_by(Look.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(Look.id < before)
    return [Seen._make(row) for row in db.session.execute(query)]


def any_old() -> bool:
    """Tell whether there are looks older than they are to be kept."""
    end = clock.now() - duties.looks_kept()
    return db.session.scalars(select(Look.id).where(Look.at < end).limit(1)).first() is not None


def expire() -> int:
    """Delete looks that are older than they are to be kept; return how many."""
    end = clock.now() - duties.looks_kept()
    gone = db.session.execute(delete(Look).where(Look.at < end).returning(Look.id)).all()
    return len(gone)
