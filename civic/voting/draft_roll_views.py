"""Pages of drafts about who votes: a list drawn of an audience, the other group of a jury."""

from flask import flash, g, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.kernel.db import db
from civic.kernel.htmx import see_other
from civic.kernel.permissions import require
from civic.voting import drafting, listing_audience, panels
from civic.voting.draft_views import bp, find
from civic.voting.voters import MANAGE


@bp.post("/<int:ballot_id>/list")
@require(MANAGE)
def list_audience(ballot_id: int) -> ResponseReturnValue:
    """Draw the list of those who vote now, and go to it."""
    roll = listing_audience.draw(g.actor, g.community, find(ballot_id))
    db.session.commit()
    flash(_("The list is drawn. A second person looks at it and freezes it."), "done")
    return see_other(url_for("rolls.roll", roll_id=roll.id))


@bp.post("/<int:ballot_id>/twin")
@require(MANAGE)
def twin(ballot_id: int) -> ResponseReturnValue:
    """Draft the ballot of another group of a jury as this one is."""
    ballot = find(ballot_id)
    drafting.check_draft(ballot)
    made = panels.twin(ballot, request.form.get("part", ""))
    drafting.audited(g.actor, made, "ballot.drafted")
    db.session.commit()
    flash(_("The draft is kept. Choose the roll of this group."), "done")
    return see_other(url_for(".edit", ballot_id=made.id))
