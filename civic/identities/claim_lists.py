"""Lists of claims: one's own, those of a desk, and what is due for whom."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, exists, not_, or_, select
from sqlalchemy.orm import joinedload

from civic.communities.models import Community, Node, Post
from civic.communities.services import in_words
from civic.identities import known
from civic.identities.actors import in_force
from civic.identities.claim_states import WAITING
from civic.identities.claimed import Claim, ClaimStep
from civic.identities.evidence import PERMISSION
from civic.identities.models import Appointment, Person
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.due import Due
from civic.kernel.permissions import Actor, registry

PAGE = 40
#: Claims of one person that are listed; older ones are of no use to anybody.
OWN = 100


@dataclass(frozen=True)
class Line:
    """Be one claim on a list."""

    id: int
    name: str
    place: str
    kind: str
    state: str
    made_at: datetime


def of_desk(community: Community, *, decided: bool, after: int = 0) -> tuple[list[Line], int]:
    """Return a page of a desk's claims, and the key of the next page, 0 at the end.

    Waiting ones come by waiting time, the longest first; decided ones the newest first.
    """
    states = Claim.state.not_in(WAITING) if decided else Claim.state.in_(WAITING)
    query = (
        select(Claim, Person.name)
        .join(Claim.node)
        .join(Person, Person.id == Claim.person_id)
        .options(joinedload(Claim.node))
        .where(Node.ids.startswith(community.node.ids), states)
        .limit(PAGE + 1)
    )
    if decided:
        query = query.order_by(Claim.id.desc()).where(Claim.id < after if after else Claim.id > 0)
    else:
        query = query.order_by(Claim.id).where(Claim.id > after)
    found = db.session.execute(query).all()
    places = in_words([claim.node for claim, _name in found])
    lines = [
        Line(claim.id, name, places[claim.node_id], claim.kind, claim.state, claim.made_at)
        for claim, name in found[:PAGE]
    ]
    return lines, lines[-1].id if len(found) > PAGE else 0


def own(person_id: int) -> Sequence[Claim]:
    """Return a person's own claims, the newest first, with their places."""
    query = select(Claim).options(joinedload(Claim.node)).filter_by(person_id=person_id)
    return db.session.scalars(query.order_by(Claim.id.desc()).limit(OWN)).all()


def due(actor: Actor, limit: int) -> Iterable[Due]:
    """Yield the claims that wait for an actor, the longest waiting first.

    Whoever is of the community's own office gets all that they may decide. A post further up gets
    what nobody there may: where the office is empty, or one person alone has refused.
    """
    groups = registry().known[PERMISSION].groups
    posts = [post for post in actor.posts if not groups.isdisjoint({post.code, *post.groups})]
    if not posts or actor.person_id is None:
        return
    mine = or_(*(_waits_at(post.path, groups) for post in posts))
    query = (
        select(Claim, Community)
        .join(Claim.node)
        .join(Community, Community.id == Claim.community_id)
        .options(joinedload(Claim.node))
        .where(Claim.state.in_(("open", "appealed")), mine)
        .where(Claim.person_id != actor.person_id, not_(_refused_by(actor.person_id)))
        .order_by(Claim.id)
        .limit(limit)
    )
    found = db.session.execute(query).all()
    places = in_words([claim.node for claim, _community in found])
    for claim, community in found:
        kind = known.standings()[claim.kind].title
        yield Due(
            kind=_("Objection to a refused claim")
            if claim.state == "appealed"
            else _("Claim of a standing"),
            title=f"{kind} · {places[claim.node_id]}",
            action=_("Decide"),
            url=url_for("claims.desk_claim", community=community.slug, claim_id=claim.id),
            at=None,
            since=claim.made_at,
            community_id=community.id,
        )


def _waits_at(path: tuple[int, ...], groups: frozenset[str]) -> ColumnElement[bool]:
    ids = f"/{'/'.join(map(str, path))}/"
    own_office = Claim.community_id == path[-1]
    return and_(Node.ids.startswith(ids), or_(own_office, not_(_somebody_there(groups))))


def _somebody_there(groups: frozenset[str]) -> ColumnElement[bool]:
    """Return the condition that somebody of the claim's own community may decide it."""
    return exists(
        select(Appointment.id)
        .join(Post, Post.id == Appointment.post_id)
        .where(
            Post.node_id == Claim.community_id,
            Post.kind.in_(groups),
            in_force(Appointment.valid_from, Appointment.valid_to, clock.now()),
            Appointment.person_id != Claim.person_id,
            Appointment.person_id.not_in(
                select(ClaimStep.by_id).where(
                    ClaimStep.claim_id == Claim.id, ClaimStep.act == "refused"
                )
            ),
        )
        .correlate(Claim)
    )


def _refused_by(person_id: int) -> ColumnElement[bool]:
    return exists(
        select(ClaimStep.id)
        .where(
            ClaimStep.claim_id == Claim.id,
            ClaimStep.act == "refused",
            ClaimStep.by_id == person_id,
        )
        .correlate(Claim)
    )
