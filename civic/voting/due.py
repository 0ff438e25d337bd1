"""What of ballots is due for their office: an act that waits for its second person, a close."""

from collections.abc import Iterable

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import and_, or_, select

from civic.communities.models import Community, Node
from civic.communities.services import within
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.due import Due
from civic.kernel.permissions import Actor, scopes
from civic.voting.models import OPENED, Ballot, BallotStep
from civic.voting.voters import MANAGE


def ballots(actor: Actor, limit: int) -> Iterable[Due]:
    """Return ballots that another person proposed to open, and those that are over; one statement.

    Whoever proposed an act cannot confirm it, so that it does not wait for them.
    """
    paths = scopes(actor, MANAGE)
    if not paths:
        return []
    now = clock.now()
    proposed = and_(
        Ballot.fingerprint.is_(None),
        BallotStep.id.is_not(None),
        BallotStep.proposed_by != actor.person_id,
    )
    over = and_(
        Ballot.fingerprint.is_not(None), Ballot.closes_at <= now, Ballot.sealed_at.is_(None)
    )
    step = and_(
        BallotStep.ballot_id == Ballot.id,
        BallotStep.act == OPENED,
        BallotStep.confirmed_at.is_(None),
    )
    query = (
        select(Ballot.id, Ballot.question, Ballot.opens_at, Ballot.closes_at, Ballot.community_id)
        .add_columns(Ballot.fingerprint, BallotStep.proposed_at, Community.slug)
        .join(Community, Community.id == Ballot.community_id)
        .join(Node, Node.id == Community.id)
        .outerjoin(BallotStep, step)
        .where(Ballot.formal, Ballot.rehearsal.is_(False), or_(proposed, over), within(paths))
        .order_by(Ballot.opens_at, Ballot.id)
        .limit(limit)
    )
    return [
        Due(
            kind=_("Ballot"),
            title=row.question,
            action=_("Close and count it")
            if row.fingerprint
            else _("Open it as the second person"),
            url=url_for("ballots.work", community=row.slug, ballot_id=row.id)
            if row.fingerprint
            else url_for("ballot_desk.show", community=row.slug, ballot_id=row.id),
            at=row.closes_at if row.fingerprint else row.opens_at,
            since=row.closes_at if row.fingerprint else row.proposed_at,
            community_id=row.community_id,
        )
        for row in db.session.execute(query)
    ]
