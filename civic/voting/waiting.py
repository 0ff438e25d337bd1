"""Announced ballots in which somebody may vote: one statement, and none where there is nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    and_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import defer

from civic.communities.models import Community
from civic.identities.audiences import fitting_group
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.permissions import Actor
from civic.voting.box import UsedRight
from civic.voting.models import Ballot
from civic.voting.rolls import RightHolder, VotingRight
from civic.voting.services import key_of

CARRIED = "ballots"
#: On one page; whoever has more finds them in the list.
MOST = 20


@dataclass(frozen=True)
class Announced:
    """Be a ballot of somebody's own.

    :ivar slug: where it is held.
    :ivar free: how many of their rights are not used yet.
    """

    ballot: Ballot
    slug: str
    free: int


def _announced(now: ColumnElement[Any]) -> ColumnElement[bool]:
    return and_(
        Ballot.fingerprint.is_not(None),
        Ballot.formal,
        Ballot.rehearsal.is_(False),
        Ballot.sealed_at.is_(None),
        Ballot.closes_at > now,
    )


def carried(person_id: ColumnElement[int]) -> ScalarSelect[Any]:
    """Tell, with the actor, whether a ballot is announced that could be theirs."""
    now = bindparam("now", type_=Ballot.closes_at.type)
    held = (
        select(literal(1))
        .select_from(VotingRight)
        .join(RightHolder, RightHolder.right_id == VotingRight.id)
        .where(VotingRight.roll_id == Ballot.roll_id, RightHolder.person_id == person_id)
        .correlate(Ballot)
    )
    found = (
        select(literal(1))
        .select_from(Ballot)
        .where(_announced(now), or_(Ballot.roll_id.is_(None), held.exists()))
    )
    return select(found.exists()).scalar_subquery()


def own(actor: Actor, community: Community) -> Sequence[Announced]:
    """Return the announced ballots of a community and the street in which an actor may vote."""
    if actor.person_id is None or not actor.adult or not actor.carried.get(CARRIED):
        return []
    person = literal(actor.person_id)
    used = select(literal(1)).where(
        UsedRight.ballot_id == Ballot.id, UsedRight.key == VotingRight.key
    )
    rights = (
        select(func.count())
        .select_from(VotingRight)
        .join(RightHolder, RightHolder.right_id == VotingRight.id)
        .where(
            VotingRight.roll_id == Ballot.roll_id,
            VotingRight.struck_by.is_(None),
            RightHolder.person_id == person,
        )
        .correlate(Ballot)
    )
    by_rule = exists().where(
        UsedRight.ballot_id == Ballot.id, UsedRight.key == key_of(actor.person_id)
    )
    query = (
        select(
            Ballot,
            Community.slug,
            rights.scalar_subquery(),
            rights.where(~used.correlate(Ballot, VotingRight).exists()).scalar_subquery(),
            by_rule,
        )
        .options(defer(Ballot.rules), defer(Ballot.procedure), defer(Ballot.closing))
        .join(Community, Community.id == Ballot.community_id)
        .where(Ballot.community_id.in_(community.path), _announced(literal(clock.now())))
        .order_by(Ballot.closes_at, Ballot.id)
        .limit(MOST)
    )
    found = []
    for ballot, slug, listed, free, voted in db.session.execute(query):
        if ballot.roll_id is None:
            path = community.path[: community.path.index(ballot.community_id) + 1]
            if fitting_group(actor, ballot.audience, path) is not None:
                found.append(Announced(ballot, slug, 0 if voted else 1))
        elif listed:
            found.append(Announced(ballot, slug, free))
    return found
