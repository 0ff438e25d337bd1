"""Pages to report a text, to settle reports, to check what waits, and the counts of each month."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.communities.ended import outlives
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.htmx import see_other
from civic.kernel.permissions import require
from civic.moderation import counts, reporting, services, waiting
from civic.moderation.forms import HideForm, ReportForm
from civic.moderation.reasons import ALL
from civic.moderation.views import bp


@bp.get("/c/<community>/moderation/report/<kind>/<int:text_id>")
def report_form(kind: str, text_id: int) -> ResponseReturnValue:
    """Ask why the office should look at a text."""
    if g.actor.person_id is None:
        return redirect(url_for("identities.sign_in", next=request.path))
    text = services.load(g.community, kind, text_id)
    return _report_page(text, ReportForm(formdata=None), kind, text_id)


def _report_page(text: services.Text, form: ReportForm, kind: str, text_id: int) -> str:
    return render_template(
        "moderation/report.html", text=text, form=form, kind=kind, text_id=text_id
    )


@bp.post("/c/<community>/moderation/report/<kind>/<int:text_id>")
def report(kind: str, text_id: int) -> ResponseReturnValue:
    """Take a report."""
    text = services.load(g.community, kind, text_id)
    form = ReportForm()
    if not form.validate_on_submit() and g.actor.person_id is not None:
        return _report_page(text, form, kind, text_id), 422
    try:
        reporting.report(
            g.actor,
            g.community,
            kind,
            text_id,
            reason=form.reason.data or "",
            words=form.words.data or "",
        )
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        if refused.code not in {"reported", "own"}:
            raise
        flash(str(refused), "info")
    else:
        flash(_("The office looks at it. You are told what comes of it."), "done")
    return see_other(text.url)


@bp.post("/c/<community>/moderation/report/<kind>/<int:text_id>/leave")
@outlives
@require("consultations.moderate")
def leave(kind: str, text_id: int) -> ResponseReturnValue:
    """Settle the reports of a text: it stays."""
    reporting.leave(g.actor, g.community, kind, text_id)
    db.session.commit()
    flash(_("The text stays. Whoever reported it is told."), "done")
    return see_other(url_for(".index"))


@bp.post("/c/<community>/moderation/waiting/<int:waiting_id>/publish")
@require("consultations.moderate")
def publish_waiting(waiting_id: int) -> ResponseReturnValue:
    """Publish a text that waits."""
    waiting.publish(g.actor, g.community, waiting_id)
    db.session.commit()
    flash(_("The text is published. Its author is told."), "done")
    return see_other(url_for(".index") + "#unchecked")


@bp.get("/c/<community>/moderation/waiting/<int:waiting_id>/refuse")
@require("consultations.moderate")
def refuse_form(waiting_id: int) -> ResponseReturnValue:
    """Ask why a text that waits is not to be published."""
    return _refuse_page(waiting_id, HideForm(formdata=None))


def _refuse_page(waiting_id: int, form: HideForm) -> str:
    held = waiting.find(g.community, waiting_id)
    return render_template("moderation/refuse.html", held=held, form=form)


@bp.post("/c/<community>/moderation/waiting/<int:waiting_id>/refuse")
@outlives
@require("consultations.moderate")
def refuse_waiting(waiting_id: int) -> ResponseReturnValue:
    """Leave a text that waits unpublished."""
    form = HideForm()
    if not form.validate_on_submit():
        return _refuse_page(waiting_id, form), 422
    waiting.refuse(
        g.actor, g.community, waiting_id, reason=form.reason.data, note=form.note.data or ""
    )
    db.session.commit()
    flash(_("The text is not published. Its author reads why."), "done")
    return see_other(url_for(".index") + "#unchecked")


@bp.get("/c/<community>/moderation/months")
def months() -> ResponseReturnValue:
    """Show everybody how often something was hidden, reported, objected to and restored."""
    return render_template("moderation/months.html", months=counts.months(g.community), reasons=ALL)
