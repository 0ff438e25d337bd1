"""Pages on which a person claims a standing and follows what becomes of it."""

from collections.abc import Callable, Mapping

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.communities import services as communities
from civic.communities.kinds import COLLECTION
from civic.identities import claims, known, organisations
from civic.identities.claim_forms import ClaimForm, WordsForm
from civic.identities.claim_lists import own
from civic.identities.claim_states import CLAIMANT, REASONS, RULES, STATES, WAITING, possible
from civic.identities.claimed import Claim
from civic.identities.kinds import StandingKind
from civic.identities.people_forms import kinds_in, offered, organisations_in
from civic.identities.people_views import offer_of
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.htmx import see_other

bp = Blueprint("claims", __name__)


def _sign_in() -> ResponseReturnValue:
    return redirect(url_for("identities.sign_in", next=request.full_path.rstrip("?")))


@bp.get("/claim")
def where() -> ResponseReturnValue:
    """Ask at which community a standing is claimed."""
    if g.actor.person_id is None:
        return _sign_in()
    homes = [home for home in communities.homes() if home.kind != COLLECTION]
    return render_template("identities/claim_where.html", homes=homes)


@bp.get("/c/<community>/claims/new")
def new() -> ResponseReturnValue:
    """Ask for the place first where there are many, then for the rest."""
    if g.actor.person_id is None:
        return _sign_in()
    return _new_page(ClaimForm(request.args))


def _new_page(form: ClaimForm, status: int = 200) -> ResponseReturnValue:
    _fill(form)
    page = render_template(
        "identities/claim_new.html",
        form=form,
        offer=offer_of(form),
        claimed=_claimed(),
        most=RULES["waiting_at_most"].value,
    )
    return page, status


def _claimed() -> dict[str, StandingKind]:
    offered = known.offered(g.community)
    return {code: kind for code, kind in offered.items() if kind.claimed}


def _fill(form: ClaimForm) -> None:
    kinds_in(form.kind, _claimed())
    offered(form.node, offer_of(form))
    organisations_in(form.organisation, organisations.choices(g.community), _("None of these"))


@bp.post("/c/<community>/claims/new")
def make() -> ResponseReturnValue:
    """Take a claim."""
    if g.actor.person_id is None:
        return _sign_in()
    form = ClaimForm()
    _fill(form)
    if not form.validate_on_submit():
        return _new_page(form, 422)
    try:
        claim = claims.make(
            g.actor.person_id,
            g.community,
            kind=form.kind.data,
            node_id=form.node.data,
            words=form.words.data or "",
            organisation_id=form.organisation.data or None,
        )
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        fields = {"organisation": form.organisation, "no_place": form.node}
        fields.get(refused.code, form.kind).errors = [str(refused)]
        return _new_page(form, refused.status)
    flash(_("Your claim is with the office. You are told as soon as it answers."), "done")
    return see_other(url_for(".claim", claim_id=claim.id))


@bp.get("/me/claims/")
def mine() -> ResponseReturnValue:
    """List a person's own claims."""
    if g.actor.person_id is None:
        return _sign_in()
    found = own(g.actor.person_id)
    return render_template(
        "identities/claims_mine.html",
        claims=found,
        places=communities.in_words([claim.node for claim in found]),
        kinds=known.standings(),
        states=STATES,
    )


@bp.get("/me/claims/<int:claim_id>")
def claim(claim_id: int) -> ResponseReturnValue:
    """Show a person one of their claims, with all that happened."""
    if g.actor.person_id is None:
        return _sign_in()
    return _claim_page(claims.of_person(g.actor.person_id, claim_id))


def _claim_page(
    found: Claim, form: WordsForm | None = None, sent: str = "", status: int = 200
) -> ResponseReturnValue:
    steps = claims.acts_on(found)
    may = set(possible(found.state, CLAIMANT))
    if any(step.act == "appealed" for step in steps) or claims.too_late(found, steps):
        may.discard("appealed")
    empty = WordsForm(formdata=None)
    page = render_template(
        "identities/claim.html",
        **shown(found),
        steps=steps,
        may=may,
        until=claims.appeal_until(steps) if found.state == "refused" else None,
        forms={act: form if form and sent == act else empty for act in ("answer", "appeal")},
        sent=sent,
        waiting=found.state in WAITING,
    )
    return page, status


def shown(found: Claim) -> Mapping[str, object]:
    """Return what every page of one claim needs."""
    node = claims.place_of(found)
    return {
        "claim": found,
        "place": communities.in_words([node])[node.id],
        "kind": known.standings()[found.kind],
        "states": STATES,
        "reasons": REASONS,
        "organisation_name": claims.organisation_name(found),
    }


def _act(
    claim_id: int, sent: str, do: Callable[[int, int, str], Claim], done: str
) -> ResponseReturnValue:
    person_id = g.actor.person_id
    if person_id is None:
        return _sign_in()
    form = WordsForm()
    if not form.validate_on_submit():
        return _claim_page(claims.of_person(person_id, claim_id), form, sent, 422)
    try:
        do(person_id, claim_id, form.words.data or "")
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        if refused.code == "no_claim":
            raise
        form.words.errors = [str(refused)]
        return _claim_page(claims.of_person(person_id, claim_id), form, sent, refused.status)
    flash(done, "done")
    return see_other(url_for(".claim", claim_id=claim_id))


@bp.post("/me/claims/<int:claim_id>/answer")
def answer(claim_id: int) -> ResponseReturnValue:
    """Take the answer to what the office asked."""
    return _act(claim_id, "answer", claims.answer, _("Your answer is with the office."))


@bp.post("/me/claims/<int:claim_id>/appeal")
def appeal(claim_id: int) -> ResponseReturnValue:
    """Take an objection to a refusal."""
    done = _("Your objection is with the office; somebody else will answer it.")
    return _act(claim_id, "appeal", claims.appeal, done)


@bp.post("/me/claims/<int:claim_id>/withdraw")
def withdraw(claim_id: int) -> ResponseReturnValue:
    """Take a claim back."""
    if g.actor.person_id is None:
        return _sign_in()
    claims.withdraw(g.actor.person_id, claim_id)
    db.session.commit()
    flash(_("You have taken your claim back."), "done")
    return see_other(url_for(".claim", claim_id=claim_id))
