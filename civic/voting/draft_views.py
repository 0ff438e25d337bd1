"""Pages of the office to draft a ballot."""

from flask import flash, g, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.htmx import see_other
from civic.kernel.permissions import require
from civic.voting import drafting
from civic.voting.forms import BallotForm
from civic.voting.views import bp
from civic.voting.voters import MANAGE


@bp.get("/new")
@require(MANAGE)
def new() -> str:
    """Show the empty form."""
    return render_template("voting/new.html", form=BallotForm())


@bp.post("/new")
@require(MANAGE)
def create() -> ResponseReturnValue:
    """Keep a draft and go on to the two people who open it."""
    form = BallotForm()
    if form.validate_on_submit():
        try:
            made = drafting.create(g.community, form.draft())
            db.session.commit()
        except Refused as refused:
            db.session.rollback()
            fields = {"dates": form.closes_at, "cost": form.options}
            wrong = fields.get(refused.code) or getattr(form, refused.code)
            wrong.errors = [*wrong.errors, str(refused)]
        else:
            flash(_("The draft is kept. Nobody but the office sees it yet."), "done")
            return see_other(url_for(".work", ballot_id=made.id))
    return render_template("voting/new.html", form=form), 422
