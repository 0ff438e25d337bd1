"""Pages to hide a text, to see one's own hidden texts and object, and to answer."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.communities.ended import outlives
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.htmx import see_other
from civic.kernel.permissions import require
from civic.moderation import house_rules, reporting, services, waiting
from civic.moderation.forms import AnswerForm, HideForm, ObjectionForm
from civic.moderation.reasons import ALL, REASONS

bp = Blueprint("moderation", __name__)


@bp.get("/c/<community>/moderation/")
@require("consultations.moderate")
def index() -> ResponseReturnValue:
    """List objections that wait and the newest decisions."""
    return _index()


def _index(
    form: AnswerForm | None = None, answered: int = 0, status: int = 200
) -> ResponseReturnValue:
    page = render_template(
        "moderation/index.html",
        waiting=services.waiting(g.community),
        reported=reporting.waiting(g.community),
        unchecked=waiting.listed(g.community),
        title_of=services.title_of,
        decisions=services.decisions(g.community),
        reasons=ALL,
        rule_of=house_rules.rule,
        form=form or AnswerForm(formdata=None),
        answered=answered,
    )
    return page, status


@bp.get("/c/<community>/moderation/hide/<kind>/<int:text_id>")
@require("consultations.moderate")
def hide_form(kind: str, text_id: int) -> ResponseReturnValue:
    """Ask why a text is to be hidden."""
    text = services.load(g.community, kind, text_id)
    return _hide_page(text, HideForm(formdata=None), kind, text_id)


def _hide_page(text: services.Text, form: HideForm, kind: str, text_id: int) -> str:
    return render_template(
        "moderation/hide.html",
        text=text,
        form=form,
        kind=kind,
        text_id=text_id,
        rules=[(REASONS[code], house_rules.rule(code)) for code in REASONS],
        object_until=house_rules.until(house_rules.OBJECTION),
    )


@bp.post("/c/<community>/moderation/hide/<kind>/<int:text_id>")
@outlives
@require("consultations.moderate")
def hide(kind: str, text_id: int) -> ResponseReturnValue:
    """Hide a text."""
    form = HideForm()
    text = services.load(g.community, kind, text_id)
    if not form.validate_on_submit():
        return _hide_page(text, form, kind, text_id), 422
    decision = reporting.hide_reported(
        g.actor, g.community, kind, text_id, reason=form.reason.data, note=form.note.data or ""
    )
    db.session.commit()
    if decision.author_id is None:
        flash(_("The text is hidden."), "done")
    else:
        flash(_("The text is hidden. Its author sees the reason and may object."), "done")
    return see_other(text.url)


@bp.post("/c/<community>/moderation/<int:decision_id>/answer")
@outlives
@require("consultations.moderate")
def answer(decision_id: int) -> ResponseReturnValue:
    """Answer an objection."""
    form = AnswerForm()
    if not form.validate_on_submit():
        return _index(form, decision_id, 422)
    services.answer(
        g.actor,
        g.community,
        decision_id,
        restore=form.outcome.data == "restored",
        words=form.words.data or "",
    )
    db.session.commit()
    flash(_("The author reads your answer on the page of their texts."), "done")
    return see_other(url_for(".index"))


@bp.get("/me/texts")
def mine() -> ResponseReturnValue:
    """Show a person those of their texts that were hidden, and why."""
    if g.actor.person_id is None:
        return redirect(url_for("identities.sign_in", next=url_for(".mine")))
    return _mine()


def _mine(
    form: ObjectionForm | None = None, objected: int = 0, status: int = 200
) -> ResponseReturnValue:
    page = render_template(
        "moderation/mine.html",
        decisions=services.of_author(g.actor.person_id),
        texts=waiting.of_author(g.actor.person_id),
        now=clock.now(),
        title_of=services.title_of,
        reasons=ALL,
        rule_of=house_rules.rule,
        form=form or ObjectionForm(formdata=None),
        objected=objected,
    )
    return page, status


@bp.post("/me/texts/<int:decision_id>/object")
def object_to(decision_id: int) -> ResponseReturnValue:
    """Take an author's objection."""
    if g.actor.person_id is None:
        return redirect(url_for("identities.sign_in", next=url_for(".mine")))
    form = ObjectionForm()
    if not form.validate_on_submit():
        return _mine(form, decision_id, 422)
    try:
        services.object_to(g.actor.person_id, decision_id, form.words.data or "")
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        if refused.code not in {"objected", "too_late"}:
            raise
        flash(str(refused), "info")
    else:
        flash(_("Your objection is with the office; somebody else will answer it."), "done")
    return see_other(url_for(".mine"))
