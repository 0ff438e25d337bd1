"""Pages of the community office: proving a number at the desk, helping somebody back in."""

from flask import Blueprint, flash, g, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.identities import recovery, services
from civic.identities.forms import ProveForm, RecoveryForm
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import require

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
    """Show the form for somebody who cannot get in."""
    return render_template("identities/recovery.html", form=RecoveryForm())


@bp.post("/desk/recovery")
@require("identities.recover")
def make_recovery() -> ResponseReturnValue:
    """Make a one-use code and show it once."""
    form = RecoveryForm()
    if not form.validate_on_submit():
        return render_template("identities/recovery.html", form=form), 422
    try:
        code = recovery.make(g.actor, g.community, form.account.value)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        form.account.errors = [str(refused)]
        return render_template("identities/recovery.html", form=form), refused.status
    # Shown in the answer to the POST: the code is readable at this moment only.
    return render_template("identities/recovery.html", form=RecoveryForm(formdata=None), code=code)
