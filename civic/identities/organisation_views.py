"""Pages of the organisations of a community."""

from flask import Blueprint, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.communities.services import in_words
from civic.identities import choosing, evidence, organisations
from civic.identities.models import Organisation
from civic.identities.people_forms import OrganisationForm, offered
from civic.identities.people_views import key, offer_of
from civic.identities.weight import of_weight
from civic.kernel import choices
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.htmx import see_other
from civic.kernel.permissions import require

bp = Blueprint("organisations", __name__, url_prefix="/c/<community>/desk/organisations")


@bp.get("/")
@require(evidence.PERMISSION)
def index() -> str:
    """List the organisations here."""
    ended = request.args.get("state") == "ended"
    found, older = organisations.page(g.community, ended=ended, after=key())
    return render_template(
        "identities/organisations.html",
        organisations=found,
        older=older,
        ended=ended,
        kinds=organisations.titles(),
    )


@bp.get("/new")
@require(evidence.PERMISSION)
def new() -> ResponseReturnValue:
    """Ask what is to be kept of a new organisation."""
    return _page(OrganisationForm(request.args), None)


@bp.post("/new")
@require(evidence.PERMISSION)
def add() -> ResponseReturnValue:
    """Add an organisation."""
    return _take(OrganisationForm(), None)


@bp.get("/<int:organisation_id>")
@require(evidence.PERMISSION)
def organisation(organisation_id: int) -> ResponseReturnValue:
    """Show an organisation, and the form to change it."""
    found = organisations.one(g.community, organisation_id)
    form = OrganisationForm(
        request.args if "near" in request.args else None, obj=found, node=found.node_id
    )
    return _page(form, found)


@bp.post("/<int:organisation_id>")
@require(evidence.PERMISSION)
def change(organisation_id: int) -> ResponseReturnValue:
    """Change what is kept of an organisation."""
    found = organisations.one(g.community, organisation_id)
    form = OrganisationForm()
    del form.kind  # it stays: standings rest on it
    return _take(form, found)


@bp.post("/<int:organisation_id>/end")
@require(evidence.PERMISSION)
@of_weight
def end(organisation_id: int) -> ResponseReturnValue:
    """End an organisation and the standings held for it."""
    ended = organisations.end(g.actor, g.community, organisation_id)
    db.session.commit()
    flash(_("Ended, with %(count)d standings held for it.", count=ended), "done")
    return see_other(url_for(".index"))


def _page(
    form: OrganisationForm, found: Organisation | None, status: int = 200
) -> ResponseReturnValue:
    offer = offer_of(form)
    if found is not None and not form.near.data:
        # Its place stays unless another is chosen.
        node = organisations.place_of(found)
        offer = organisations.here(offer, node.id, in_words([node])[node.id])
    _fill(form, offer)
    page = render_template(
        "identities/organisation.html",
        form=form,
        offer=offer,
        organisation=found,
        kinds=organisations.titles(),
    )
    return page, status


def _fill(form: OrganisationForm, offer: choosing.Offer) -> None:
    offered(form.node, offer)
    if form.kind:
        form.kind.choices = choices.listed(organisations.kinds(g.community).items())


def _take(form: OrganisationForm, found: Organisation | None) -> ResponseReturnValue:
    offer = offer_of(form)
    if found is not None and not form.near.data:
        offer = organisations.here(offer, found.node_id, "")
    _fill(form, offer)
    if not form.validate_on_submit():
        return _page(form, found, 422)
    details = organisations.Details(
        kind=found.kind if found else form.kind.data,
        name=form.name.data or "",
        node_id=form.node.data,
        credit_code=form.credit_code.data or "",
        telephone=form.telephone.data or "",
    )
    try:
        if found is None:
            organisations.add(g.actor, g.community, details)
        else:
            organisations.change(g.actor, g.community, found.id, details)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        if refused.code != "credit_code_taken":
            raise
        form.credit_code.errors = [str(refused)]
        again = organisations.one(g.community, found.id) if found else None
        return _page(form, again, refused.status)
    flash(_("Kept."), "done")
    return see_other(url_for(".index"))
