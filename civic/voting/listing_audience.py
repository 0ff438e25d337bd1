"""Turn the audience of a draft into a roll that lists each right, in one step."""

from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete

from civic.communities.models import Community
from civic.identities.kinds import PARTICIPATES_FROM
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor
from civic.voting import by_procedure, drafting, drawing, roll_call
from civic.voting.drawing import Rule
from civic.voting.models import Ballot, BallotStep
from civic.voting.rolls import Roll


def draw(actor: Actor, community: Community, ballot: Ballot) -> Roll:
    """List now whoever belongs to the audience of a draft; a second person freezes the list.

    Votes on paper need a list: two clerks who do not see each other type the number of a right,
    never a name, and anybody may object to it. By rule they would have to look each voter up in
    the register of accounts, with the marked paper in the hand, and who has no account could not
    vote on paper at all; into a list two people put them.

    :raises Refused: `fixed`, or `listed` where a roll is chosen already.
    """
    # Steps come before the ballot in every transaction, as where one is confirmed.
    db.session.execute(delete(BallotStep).filter_by(ballot_id=ballot.id))
    drafting.still_draft(ballot)
    if ballot.roll_id is not None or not ballot.audience:
        raise Refused("listed", _l("This ballot has a roll already."), HTTPStatus.CONFLICT)
    snapshot = by_procedure.of(ballot)
    asked = snapshot.procedure.electorate if snapshot else None
    rule = Rule(
        unit=drawing.PERSON,
        node_id=community.id,
        standings=tuple(ballot.audience),
        level=max(PARTICIPATES_FROM, asked.level if asked else 0),
    )
    roll = roll_call.by_rule(actor, community, rule)
    ballot.roll_id, ballot.audience = roll.id, []
    drafting.audited(actor, ballot, "ballot.listed", roll=roll.id, heads=roll.heads)
    db.session.flush()
    return roll
