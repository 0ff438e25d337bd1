"""Who may sign a petition, as what, and how many there are of them."""

from dataclasses import dataclass

from sqlalchemy import func, select

from civic.communities.models import Community
from civic.corrections.rules import COUNT, REPRESENTATIVES, VOTERS
from civic.identities.audiences import fitting_group, people_of
from civic.identities.models import Person, Standing
from civic.kernel.db import db
from civic.kernel.permissions import Actor
from civic.voting.models import Ballot
from civic.voting.rolls import RightHolder, Roll, VotingRight

RESIDENTS, REPS = ("resident",), ("representative",)


@dataclass(frozen=True)
class Signer:
    """Be the right with which somebody signs."""

    base: str
    key: str


def ballot_of(target: str, subject_id: int) -> Ballot | None:
    """Return the vote whose voters may sign: that of a count; all residents sign the rest."""
    return db.session.get(Ballot, subject_id) if target == COUNT else None


def bases(community: Community, ballot: Ballot | None) -> dict[str, int]:
    """Return how many voters and representatives there are now: of the roll where there is one."""
    if ballot is not None and ballot.roll_id is not None:
        query = select(func.count()).select_from(VotingRight)
        query = query.where(VotingRight.roll_id == ballot.roll_id, VotingRight.struck_by.is_(None))
        voters = db.session.scalar(query) or 0
    else:
        voters = _adults(community, tuple(ballot.audience) if ballot else RESIDENTS)
    return {VOTERS: voters, REPRESENTATIVES: _adults(community, REPS)}


def _adults(community: Community, audience: tuple[str, ...]) -> int:
    people = people_of(audience, community.path)
    people = people.join(Person, Person.id == Standing.person_id).where(Person.adult)
    return db.session.scalar(select(func.count()).select_from(people.subquery())) or 0


def signer(actor: Actor, community: Community, ballot: Ballot | None) -> Signer | None:
    """Return with which right somebody signs; a representative signs as one."""
    if actor.person_id is None or not actor.adult:
        return None
    if fitting_group(actor, REPS, community.path):
        return Signer(REPRESENTATIVES, f"person:{actor.person_id}")
    if ballot is None or ballot.roll_id is None:
        audience = tuple(ballot.audience) if ballot else RESIDENTS
        if fitting_group(actor, audience, community.path):
            return Signer(VOTERS, f"person:{actor.person_id}")
        return None
    right = db.session.scalar(
        select(VotingRight.id)
        .join(RightHolder, RightHolder.right_id == VotingRight.id)
        .join(Roll, Roll.id == VotingRight.roll_id)
        .where(
            Roll.id == ballot.roll_id,
            RightHolder.person_id == actor.person_id,
            VotingRight.struck_by.is_(None),
        )
        .order_by(VotingRight.id)
        .limit(1)
    )
    return Signer(VOTERS, f"right:{right}") if right else None
