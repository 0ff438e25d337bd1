"""Pages of ballots: the paper, a look before it is sent, the receipt."""

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from civic.kernel import clock, numbers
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.htmx import see_other
from civic.kernel.permissions import allowed
from civic.kernel.qr import square
from civic.voting import (
    belonging,
    choices,
    codes,
    finding,
    kinds,
    pages,
    promises,
    services,
    voters,
)
from civic.voting.choices import Marks
from civic.voting.models import Ballot

#: What no other paper would change.
FINAL = frozenset(
    {
        "already",
        "closed",
        "not_open",
        "roll_change",
        "roll_objections",
        "token",
        "vetoed",
        "veto_failed",
    }
)
bp = Blueprint("ballots", __name__, url_prefix="/c/<community>/ballots")


def find(ballot_id: int) -> Ballot:
    """Return the ballot of an address, for whoever may see it."""
    return finding.find(g.actor, g.community, ballot_id)


@bp.get("/")
def index() -> str:
    """List the ballots of this community."""
    found = finding.listed(g.actor, g.community, numbers.identifier(request.args.get("before", "")))
    return render_template(
        "voting/index.html",
        ballots=[(one, pages.state(one)) for one in found],
        older=found[-1].id if len(found) == finding.PER_PAGE else 0,
        may_manage=allowed(g.actor, voters.MANAGE, g.community.path),
    )


@bp.get("/<int:ballot_id>/")
def show(ballot_id: int) -> ResponseReturnValue:
    """Show the paper, or what there is before and after the vote."""
    ballot = find(ballot_id)
    if pages.state(ballot) in {pages.DONE, pages.COUNTING}:
        return redirect(url_for(".result", ballot_id=ballot.id))
    return _paper_page(ballot)


def _paper_page(
    ballot: Ballot, *, filled: Marks | None = None, error: str = "", status: int = 200
) -> ResponseReturnValue:
    voter = voters.voter(g.actor, ballot, g.community.path)
    chosen = voter.find(request.values.get("right", "")) if voter.may else None
    used = voter.used.get(chosen.right.key) if chosen else None
    page = render_template(
        "voting/paper.html",
        ballot=ballot,
        state=pages.state(ballot),
        voter=voter,
        chosen=chosen,
        used=used,
        locked=used is not None and not ballot.changeable,
        lines=pages.paper(ballot, filled) if ballot.fingerprint else [],
        kind=kinds.KINDS[ballot.kind],
        how=pages.how(ballot) if ballot.fingerprint else "",
        secrecy=kinds.SECRECY[ballot.secrecy],
        extensions=finding.extensions(ballot.id),
        facts=promises.promises(ballot),
        procedure=promises.procedure(ballot),
        about=belonging.of(ballot),
        error=error,
        may_manage=allowed(g.actor, voters.MANAGE, g.community.path),
    )
    return page, status


@bp.post("/<int:ballot_id>/review")
def review(ballot_id: int) -> ResponseReturnValue:
    """Show once more what was filled in, with the receipt's code fixed; nothing is stored."""
    ballot = find(ballot_id)
    voter = voters.voter(g.actor, ballot, g.community.path)
    chosen = voter.find(request.form.get("right", ""))
    marks = pages.sent(request.form)
    try:
        services.while_open(ballot)
        choice = choices.read(ballot.rules, marks)
    except Refused as refused:
        if refused.code in {"closed", "not_open"}:
            raise
        return _paper_page(ballot, filled=marks, error=str(refused), status=refused.status)
    return render_template(
        "voting/review.html",
        ballot=ballot,
        chosen=chosen,
        lines=pages.spelt(ballot.rules, choice),
        marks=marks,
        token=codes.signed(ballot.id, chosen.right.key, rehearsal=ballot.rehearsal),
        secrecy=kinds.SECRECY[ballot.secrecy],
        field=pages.FIELD,
    )


@bp.post("/<int:ballot_id>/cast")
def cast(ballot_id: int) -> ResponseReturnValue:
    """Put a vote into the box."""
    ballot = find(ballot_id)
    voter = voters.voter(g.actor, ballot, g.community.path)
    chosen = voter.find(request.form.get("right", ""))
    marks = pages.sent(request.form)
    try:
        token = request.form.get("receipt")
        services.vote(g.actor, ballot, chosen.right, marks, token=token)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        if refused.code in FINAL:
            raise
        return _paper_page(find(ballot_id), filled=marks, error=str(refused), status=refused.status)
    services.settle(ballot)
    return see_other(url_for(".receipt", ballot_id=ballot_id, right=chosen.right.key))


@bp.get("/<int:ballot_id>/receipt")
def receipt(ballot_id: int) -> ResponseReturnValue:
    """Show the receipt of one's own vote, to keep or to print."""
    ballot = find(ballot_id)
    voter = voters.voter(g.actor, ballot, g.community.path)
    chosen = voter.find(request.args.get("right", ""))
    used = voter.used.get(chosen.right.key)
    if used is None or used.code is None:
        return see_other(url_for(".show", ballot_id=ballot_id))
    address = url_for(".check", ballot_id=ballot_id, code=used.code, _external=True)
    return render_template(
        "voting/receipt.html",
        ballot=ballot,
        chosen=chosen,
        used=used,
        free=[one for one in voter.rights if one.right.key not in voter.used][:1],
        address=address,
        square=square(address),
        now=clock.now(),
    )
