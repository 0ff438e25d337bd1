"""Pages of the community office: proving a number at the desk, helping somebody back in."""

from flask import Blueprint, flash, g, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.identities import recovery, services
from civic.identities.forms import LostForm, ProveForm, RecoveryForm
from civic.identities.looks import looked
from civic.identities.weight import of_weight
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.htmx import see_other
from civic.kernel.permissions import allowed, require

bp = Blueprint("desk", __name__, url_prefix="/c/<community>")


@bp.get("/desk/contact")
@require("identities.prove")
def contact() -> ResponseReturnValue:
    """Show the form for a number or address proven at the desk."""
    return render_template("identities/prove.html", form=ProveForm())


@bp.post("/desk/contact")
@require("identities.prove")
def prove_contact() -> ResponseReturnValue:
    """Record a number or address proven at the desk."""
    form = ProveForm()
    if not form.validate_on_submit():
        return render_template("identities/prove.html", form=form), 422
    try:
        person = services.here(g.community, form.account.value)
        services.prove(g.actor, g.community, person, form.who.value)
        looked(g.actor, person.id, "contact", g.community)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        field = form.account if refused.code == "nobody" else form.who
        field.errors = [str(refused)]
        return render_template("identities/prove.html", form=form), refused.status
    flash(_("Recorded. The number or address now counts as proven."), "done")
    return render_template("identities/prove.html", form=ProveForm(formdata=None))


@bp.get("/desk/recovery")
@require("identities.recover")
def recovery_form() -> ResponseReturnValue:
    """Show the forms for somebody who cannot get in."""
    return _recovery(RecoveryForm())


def _recovery(form: RecoveryForm, status: int = 200, **context: object) -> ResponseReturnValue:
    context.setdefault("lost", LostForm(formdata=None))
    removes = allowed(g.actor, "admin.manage", g.community.path)
    page = render_template("identities/recovery.html", form=form, removes=removes, **context)
    return page, status


@bp.post("/desk/recovery")
@require("identities.recover")
@of_weight
def make_recovery() -> ResponseReturnValue:
    """Make a one-use code and show it once."""
    form = RecoveryForm()
    if not form.validate_on_submit():
        return _recovery(form, 422)
    try:
        code = recovery.make(g.actor, g.community, form.account.value)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        form.account.errors = [str(refused)]
        return _recovery(form, refused.status)
    # Shown in the answer to the POST: the code is readable at this moment only.
    return _recovery(RecoveryForm(formdata=None), code=code)


@bp.post("/desk/recovery/factor")
@require("admin.manage")
@of_weight
def remove_factor() -> ResponseReturnValue:
    """Take the second factor off for somebody who lost it."""
    form = LostForm()
    again = RecoveryForm(formdata=None)
    if not form.validate_on_submit():
        return _recovery(again, 422, lost=form)
    try:
        recovery.remove_factor(g.actor, g.community, form.holder.value)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        form.holder.errors = [str(refused)]
        return _recovery(again, refused.status, lost=form)
    flash(_("Removed. The person is told, and signs in with the password alone."), "done")
    return see_other(url_for("desk.recovery_form"))
