"""Pages of invitation codes: batches, their letters, and taking codes back."""

from flask import flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from civic.communities.services import in_words
from civic.identities import batches, choosing, codes, known, organisations
from civic.identities.batch_forms import MakeCodesForm
from civic.identities.desk import bp
from civic.identities.people_forms import kinds_in, offered, organisations_in
from civic.identities.people_views import key, offer_of
from civic.identities.weight import of_weight
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.htmx import see_other
from civic.kernel.permissions import require

PERMISSION = "identities.invite"


def _fill(form: MakeCodesForm) -> choosing.Offer:
    offer = offer_of(form)
    offered(form.node, offer)
    kinds = known.offered(g.community).items()
    kinds_in(form.standing, {code: kind for code, kind in kinds if kind.by_code})
    organisations_in(form.organisation, organisations.choices(g.community), _("No unit"))
    return offer


@bp.get("/codes/")
@require(PERMISSION)
def list_codes() -> ResponseReturnValue:
    """Show the batches made so far and the form for another."""
    return _list(MakeCodesForm(request.args if "near" in request.args else None))


def _list(form: MakeCodesForm, status: int = 200) -> ResponseReturnValue:
    found, older = batches.page(g.community, key())
    page = render_template(
        "identities/codes.html",
        form=form,
        offer=_fill(form),
        batches=found,
        older=older,
        places=in_words([row.batch.node for row in found]),
        kinds=known.standings(),
        now=clock.now(),
    )
    return page, status


@bp.post("/codes/")
@require(PERMISSION)
@of_weight
def make_codes() -> ResponseReturnValue:
    """Make a batch and show its letters once, ready to be printed."""
    form = MakeCodesForm()
    _fill(form)
    if not form.validate_on_submit():
        return _list(form, 422)
    node = choosing.find(g.community, form.node.data)
    organisation_id = form.organisation.data or None
    unit = organisations.one(g.community, organisation_id) if organisation_id else None
    fresh = codes.make(
        g.actor,
        node,
        form.standing.data,
        form.count.data or 1,
        community_id=g.community.id,
        organisation_id=organisation_id,
        note=(form.note.data or "").strip(),
    )
    letters = [(item, url_for("identities.join", code=item.code, _external=True)) for item in fresh]
    # Shown in the answer to the POST: the codes are readable at this moment only.
    page = render_template(
        "identities/codes_made.html",
        letters=[(item, batches.picture(address)) for item, address in letters],
        batch_id=fresh[0].row.batch_id,
        spot=in_words([node])[node.id],
        unit=unit.name if unit else "",
        kind=known.standings()[form.standing.data],
    )
    db.session.commit()
    return page


@bp.get("/codes/<int:batch_id>")
@require(PERMISSION)
def batch(batch_id: int) -> str:
    """Show the codes of a batch, and the ways to take them back."""
    listed = batches.one(g.community, batch_id)
    return render_template(
        "identities/batch.html",
        listed=listed,
        codes=batches.codes_of(batch_id),
        place=in_words([listed.batch.node])[listed.batch.node_id],
        kind=known.standings()[listed.batch.standing],
        now=clock.now(),
    )


@bp.post("/codes/<int:batch_id>/revoke")
@require(PERMISSION)
@of_weight
def revoke_batch(batch_id: int) -> ResponseReturnValue:
    """Take back all unused codes of a batch."""
    count = batches.revoke(g.actor, g.community, batch_id)
    db.session.commit()
    flash(ngettext("%(num)d code was taken back.", "%(num)d codes were taken back.", count), "done")
    return see_other(url_for(".batch", batch_id=batch_id))


@bp.post("/codes/<int:batch_id>/<int:code_id>/revoke")
@require(PERMISSION)
def revoke_code(batch_id: int, code_id: int) -> ResponseReturnValue:
    """Take back one unused code."""
    batches.revoke_one(g.actor, g.community, batch_id, code_id)
    db.session.commit()
    flash(_("The code was taken back. Whoever types it now reads so."), "done")
    return see_other(url_for(".batch", batch_id=batch_id))
