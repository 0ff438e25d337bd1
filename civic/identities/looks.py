"""Looks of staff at somebody's data: each is recorded, and its subject reads it."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from civic.communities.models import Community
from civic.kernel import clock
from civic.kernel.db import Model, db
from civic.kernel.permissions import Actor

WHAT: dict[str, LazyString] = {
    "profile": _l("your name, standings and posts"),
    "contact": _l("your telephone number or e-mail address"),
    "claim": _l("what you said when you claimed a standing"),
    "export": _l("a list that you are on, as a file"),
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
