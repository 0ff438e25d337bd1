"""Pages of rehearsals: begun from a draft, closed when staff have seen enough, thrown away."""

from flask import current_app, flash, g, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.identities.weight import of_weight
from civic.kernel.db import db
from civic.kernel.htmx import see_other
from civic.kernel.permissions import require
from civic.voting import closing, drafting, rehearsing
from civic.voting.draft_views import bp, find
from civic.voting.voters import MANAGE


@bp.post("/<int:ballot_id>/rehearse")
@require(MANAGE)
def rehearse(ballot_id: int) -> ResponseReturnValue:
    """Begin a rehearsal of a draft, and go to its paper."""
    ballot = find(ballot_id)
    drafting.check_draft(ballot)
    made = rehearsing.begin(g.actor, ballot)
    db.session.commit()
    flash(_("A rehearsal has begun. You act for twenty test voters; nothing counts."), "done")
    return see_other(url_for("ballots.show", ballot_id=made.id))


@bp.post("/<int:ballot_id>/finish")
@require(MANAGE)
def finish(ballot_id: int) -> ResponseReturnValue:
    """Close a rehearsal before its time, and count it."""
    ballot = find(ballot_id)
    rehearsing.only(ballot)
    closing.close(ballot.id, person_id=g.actor.person_id)
    db.session.commit()
    return see_other(url_for("ballots.result", ballot_id=ballot_id))


@bp.post("/<int:ballot_id>/discard")
@require(MANAGE)
@of_weight
def discard(ballot_id: int) -> ResponseReturnValue:
    """Throw a rehearsal away with its test votes."""
    gone = rehearsing.discard(g.actor, find(ballot_id))
    db.session.commit()
    for stored in gone:
        (current_app.config["SETTINGS"].instance / "uploads" / stored).unlink(missing_ok=True)
    flash(_("The rehearsal is gone, and its test votes with it."), "done")
    return see_other(url_for(".index"))
