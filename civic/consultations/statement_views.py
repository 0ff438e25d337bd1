"""Pages of statements: answer them one at a time, read them all, offer one."""

from flask import flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.consultations import pages, speaking, statements
from civic.consultations.forms import OfferForm
from civic.consultations.views import bp, find, number
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.htmx import see_other, wants_part
from civic.kernel.numbers import identifier
from civic.kernel.permissions import allowed
from civic.moderation.models import WaitingText

CHOICES = {"agree": statements.AGREE, "disagree": statements.DISAGREE, "pass": statements.PASS}


@bp.get("/<int:consultation_id>/statements/")
def statement_list(consultation_id: int) -> ResponseReturnValue:
    """List the statements with their figures and one's own answers."""
    consultation = find(consultation_id)
    found = statements.listed(consultation.id, g.actor.person_id, after=number("after") or 0)
    full = len(found) == statements.PER_PAGE
    return render_template(
        "consultations/statements.html",
        consultation=consultation,
        rows=found,
        answers={value: name for name, value in CHOICES.items()},
        may_answer=speaking.why_not(g.actor, consultation, g.community.path, what="statements")
        is None,
        moderates=allowed(g.actor, "consultations.moderate", g.community.path),
        older_url=url_for(".statement_list", consultation_id=consultation.id, after=found[-1][0].id)
        if full
        else "",
    )


@bp.post("/<int:consultation_id>/statements/answer")
def answer(consultation_id: int) -> ResponseReturnValue:
    """Take an answer to a statement and show the next one."""
    consultation = find(consultation_id)
    statement_id = request.form.get("statement", "")
    statements.vote(
        g.actor,
        g.community,
        consultation,
        identifier(statement_id) or 0,
        CHOICES.get(request.form.get("answer", ""), 2),
    )
    db.session.commit()
    if request.form.get("back") == "list":
        address = url_for(".statement_list", consultation_id=consultation_id)
        return see_other(f"{address}#statement-{statement_id}")
    if wants_part():
        context = pages.statement_round(consultation, g.actor)
        return render_template("consultations/_statement.html", **context)
    return see_other(url_for(".show", consultation_id=consultation_id) + "#statement")


@bp.get("/<int:consultation_id>/statements/offer")
def offer_form(consultation_id: int) -> ResponseReturnValue:
    """Show the form to offer a statement."""
    consultation = find(consultation_id)
    refusal = speaking.why_not(g.actor, consultation, g.community.path, what="statements")
    if refusal is not None:
        raise refusal
    return render_template("consultations/offer.html", consultation=consultation, form=OfferForm())


@bp.post("/<int:consultation_id>/statements/")
def offer(consultation_id: int) -> ResponseReturnValue:
    """Take a statement."""
    consultation = find(consultation_id)
    form = OfferForm()
    try:
        made = statements.offer(g.actor, g.community, consultation, form.words.data or "")
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        if refused.code in {"sign_in", "audience"}:
            raise
        form.words.errors = [str(refused)]
        page = render_template(
            "consultations/offer.html", consultation=find(consultation_id), form=form
        )
        return page, refused.status
    if isinstance(made, WaitingText):
        flash(_("Your statement is with the office; it is published when it is checked."), "done")
        return see_other(url_for("moderation.mine") + f"#waiting-{made.id}")
    flash(_("Your statement is published; others can answer it now."), "done")
    return see_other(url_for(".show", consultation_id=consultation_id) + "#statement")
