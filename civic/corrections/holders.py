"""Who else could decide, and the names that a lesson must not carry."""

from collections.abc import Collection

from sqlalchemy import or_, select

from civic.communities.models import Community, Node, Post, ids_of
from civic.corrections.services import MANAGE
from civic.identities.actors import in_force
from civic.identities.models import Appointment, Person
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.permissions import registry

#: A name of fewer characters is a word like any other.
SHORTEST = 2


def others(community: Community, but: Collection[int]) -> bool:
    """Tell whether somebody else holds a post here in which corrections are decided."""
    kinds = registry().known[MANAGE].groups
    above = [ids_of(community.path[:length]) for length in range(1, len(community.path) + 1)]
    query = (
        select(Appointment.id)
        .join(Post, Post.id == Appointment.post_id)
        .join(Node, Node.id == Post.node_id)
        .where(
            Post.kind.in_(kinds),
            Node.ids.in_(above),
            Appointment.person_id.not_in(but),
            in_force(Appointment.valid_from, Appointment.valid_to, clock.now()),
        )
    )
    return db.session.scalar(query.limit(1)) is not None


def named(community: Community, words: str) -> bool:
    """Tell whether words name somebody who holds or held a post in this street."""
    street = ids_of(community.path[:1])
    query = (
        select(Person.name)
        .join(Appointment, Appointment.person_id == Person.id)
        .join(Post, Post.id == Appointment.post_id)
        .join(Node, Node.id == Post.node_id)
        .where(or_(Node.ids == street, Node.ids.startswith(street)))
        .distinct()
    )
    plain = "".join(words.split())
    names = ("".join(name.split()) for name in db.session.scalars(query))
    return any(len(name) >= SHORTEST and name in plain for name in names)
