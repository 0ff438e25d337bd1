"""Pages of the office about a ballot: what two people do, and an extension."""

from flask import flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civic.identities.weight import of_weight
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.htmx import see_other
from civic.kernel.permissions import require
from civic.voting import finding, kinds, news, opening, pages, paper_forms, steps
from civic.voting.models import CLOSED, OPENED, STEPS
from civic.voting.views import bp, find
from civic.voting.voters import MANAGE

NAMES = {
    "open": _l("Fix the rules and open it at its time"),
    "close": _l("Close and count it"),
    "publish": _l("Publish the result"),
}


@bp.get("/<int:ballot_id>/work")
@require(MANAGE)
def work(ballot_id: int) -> ResponseReturnValue:
    """Show what has been done upon a ballot, and what two people can do now."""
    ballot = find(ballot_id)
    if ballot.fingerprint is None and ballot.formal:
        return see_other(url_for("ballot_desk.show", ballot_id=ballot_id))
    return render_template(
        "voting/work.html",
        ballot=ballot,
        state=pages.state(ballot),
        acts=[(act, NAMES[act]) for act in STEPS],
        steps=finding.steps(ballot.id),
        extensions=finding.extensions(ballot.id),
        kind=kinds.KINDS[ballot.kind],
        secrecy=kinds.SECRECY[ballot.secrecy],
        me=g.actor.person_id,
    )


@bp.post("/<int:ballot_id>/steps/<act>")
@require(MANAGE)
@of_weight
def step(ballot_id: int, act: str) -> ResponseReturnValue:
    """Propose an act, or confirm what another person proposed."""
    ballot = find(ballot_id)
    if act not in STEPS:
        raise Refused("no_act", _l("There is no such act."))
    confirms = "confirm" in request.form
    if confirms:
        steps.confirm(g.actor, ballot, act)
        if act == OPENED:
            news.opened(ballot)
        if act == CLOSED:
            news.closed(ballot)
    else:
        steps.propose(g.actor, ballot, act)
    db.session.commit()
    flash(_("Done.") if confirms else _("Proposed. Another person has to confirm it."), "done")
    return see_other(url_for(".work", ballot_id=ballot_id))


@bp.post("/<int:ballot_id>/extend")
@require(MANAGE)
@of_weight
def extend(ballot_id: int) -> ResponseReturnValue:
    """Announce a later close."""
    ballot = find(ballot_id)
    until = paper_forms.moment("until")
    opening.extend(g.actor, ballot, until, request.form.get("reason", ""))
    db.session.commit()
    flash(_("The vote is extended; everybody reads it on the ballot."), "done")
    return see_other(url_for(".work", ballot_id=ballot_id))
