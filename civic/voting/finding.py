"""Find ballots: those whose rules are fixed, and for the office drafts and rehearsals."""

from collections.abc import Sequence
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from civic.communities.models import Community
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor, allowed
from civic.voting.models import Ballot, BallotExtension, BallotStep
from civic.voting.voters import MANAGE

PER_PAGE = 50


def find(actor: Actor, community: Community, ballot_id: int) -> Ballot:
    """Return a ballot of a community that the actor may see.

    :raises Refused: 404, the same for one that is missing, elsewhere or a draft.
    """
    found = db.session.scalar(
        select(Ballot).where(Ballot.id == ballot_id, Ballot.community_id == community.id)
    )
    shown = found is not None and found.fingerprint is not None and not found.rehearsal
    if found is None or not (shown or allowed(actor, MANAGE, community.path)):
        raise Refused("no_ballot", _l("There is no such ballot here."), HTTPStatus.NOT_FOUND)
    return found


def listed(actor: Actor, community: Community, before: int | None = None) -> Sequence[Ballot]:
    """Return the ballots of a community that the actor may see, the newest first."""
    query = select(Ballot).where(Ballot.community_id == community.id)
    if not allowed(actor, MANAGE, community.path):
        query = query.where(Ballot.fingerprint.is_not(None), Ballot.rehearsal.is_(False))
    if before is not None:
        query = query.where(Ballot.id < before)
    return db.session.scalars(query.order_by(Ballot.id.desc()).limit(PER_PAGE)).all()


def steps(ballot_id: int) -> dict[str, BallotStep]:
    """Return the acts of two people upon a ballot, by name."""
    found = db.session.scalars(select(BallotStep).filter_by(ballot_id=ballot_id))
    return {step.act: step for step in found}


def extensions(ballot_id: int) -> Sequence[BallotExtension]:
    """Return the announced extensions of a ballot, in their order."""
    query = select(BallotExtension).filter_by(ballot_id=ballot_id).order_by(BallotExtension.id)
    return db.session.scalars(query).all()
