"""Pages on which the office decides on claims."""

from collections.abc import Callable

from flask import flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from civic.identities import claim_desk, claim_lists, claims, evidence, known, organisations
from civic.identities.claim_forms import AcceptForm, AskForm, RefuseForm
from civic.identities.claim_states import DESK, STATES, possible
from civic.identities.claim_views import bp, shown
from civic.identities.claimed import Claim
from civic.identities.looks import looked
from civic.identities.models import Person
from civic.identities.people_forms import organisations_in
from civic.identities.people_views import key
from civic.identities.verifying import LONGEST
from civic.identities.weight import of_weight
from civic.kernel.db import db, writes
from civic.kernel.errors import Refused
from civic.kernel.htmx import see_other
from civic.kernel.permissions import require

ONE = "/c/<community>/desk/claims/<int:claim_id>"
#: Refusals that a form shows at a field; the others are pages of their own.
AT_FIELD = {"standing_held", "organisation", "past", "words", "kind", "no_place"} | {
    "proof",
    "plugin_failed",
}


@bp.get("/c/<community>/desk/claims/")
@require(evidence.PERMISSION)
def desk() -> str:
    """List the claims that wait here, the longest waiting first."""
    decided = request.args.get("state") == "decided"
    lines, older = claim_lists.of_desk(g.community, decided=decided, after=key())
    return render_template(
        "identities/claims_desk.html",
        lines=lines,
        older=older,
        decided=decided,
        kinds=known.standings(),
        states=STATES,
    )


@bp.get(ONE)
@writes
@require(evidence.PERMISSION)
def desk_claim(claim_id: int) -> ResponseReturnValue:
    """Show one claim to the office; the look is recorded."""
    return _page(claims.of_community(g.community, claim_id))


def _page(found: Claim, sent: FlaskForm | None = None, status: int = 200) -> ResponseReturnValue:
    # Here and not in the views, so that no form sent empty shows a claim unrecorded.
    looked(g.actor, found.person_id, "claim", g.community)
    steps = claims.acts_on(found)
    forms = {}
    for act, kind in (("accept", AcceptForm), ("ask", AskForm), ("refuse", RefuseForm)):
        forms[act] = sent if isinstance(sent, kind) else kind(formdata=None)
    _fill(forms["accept"], found)
    if not forms["accept"].is_submitted():
        forms["accept"].organisation.data = found.organisation_id or 0
    page = render_template(
        "identities/claim_desk.html",
        **shown(found),
        steps=steps,
        person=db.session.get_one(Person, found.person_id),
        may=possible(found.state, DESK),
        mine=found.person_id == g.actor.person_id,
        refused_by_me=g.actor.person_id in claim_desk.refusers(steps),
        forms=forms,
        sent=sent,
    )
    db.session.commit()
    return page, status


def _fill(form: AcceptForm, found: Claim) -> None:
    offered = organisations.choices(g.community, found.kind)
    organisations_in(form.organisation, offered, _("None"))
    if known.standings()[found.kind].verify is None:
        del form.proof
        return
    del form.checked
    if form.proof.data is None:
        form.proof.data = found.text[:LONGEST]


def _decide(
    claim_id: int, form: FlaskForm, do: Callable[[], object], done: str
) -> ResponseReturnValue:
    found = claims.of_community(g.community, claim_id)
    if isinstance(form, AcceptForm):
        _fill(form, found)
    if not form.validate_on_submit():
        return _page(found, form, 422)
    try:
        do()
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        if refused.code not in AT_FIELD:
            raise
        field = {"past": "last_day", "organisation": "organisation", "words": "words"}
        first = next(iter(form)).name
        form[field.get(refused.code, first)].errors = [str(refused)]
        return _page(claims.of_community(g.community, claim_id), form, refused.status)
    flash(done, "done")
    return see_other(url_for(".desk"))


@bp.post(f"{ONE}/accept")
@require(evidence.PERMISSION)
@of_weight
def accept(claim_id: int) -> ResponseReturnValue:
    """Accept a claim."""
    form = AcceptForm()
    return _decide(
        claim_id,
        form,
        lambda: claim_desk.accept(
            g.actor,
            g.community,
            claim_id,
            checked=form.checked.data if form.checked else "",
            proof=(form.proof and form.proof.data) or "",
            last_day=form.last_day.data,
            organisation_id=form.organisation.data or None,
        ),
        _("Accepted. The person is told and holds the standing from now on."),
    )


@bp.post(f"{ONE}/ask")
@require(evidence.PERMISSION)
def ask(claim_id: int) -> ResponseReturnValue:
    """Ask the claimant for something."""
    form = AskForm()
    return _decide(
        claim_id,
        form,
        lambda: claim_desk.ask(g.actor, g.community, claim_id, form.words.data or ""),
        _("Asked. The claim comes back here with the answer."),
    )


@bp.post(f"{ONE}/refuse")
@require(evidence.PERMISSION)
def refuse(claim_id: int) -> ResponseReturnValue:
    """Refuse a claim."""
    form = RefuseForm()
    return _decide(
        claim_id,
        form,
        lambda: claim_desk.refuse(
            g.actor,
            g.community,
            claim_id,
            reason=form.reason.data,
            words=form.words.data or "",
        ),
        _("Refused. The person reads the reason and may object once."),
    )
