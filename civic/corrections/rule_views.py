"""Pages of rules to be looked at again, of changes that people are asked for, of lessons."""

import secrets
from datetime import timedelta

from flask import flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.consultations.models import Consultation
from civic.corrections import changing, lessons, written
from civic.corrections.forms import ChangeForm, LessonForm
from civic.corrections.lessons import WRITE
from civic.corrections.listing import PER_PAGE
from civic.corrections.models import RUNNING
from civic.corrections.phrases import CHANGES_OF_RULES
from civic.corrections.resolved import in_favour
from civic.corrections.services import MANAGE
from civic.corrections.views import bp
from civic.identities.weight import of_weight
from civic.kernel import clock, moments
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.htmx import see_other
from civic.kernel.numbers import identifier
from civic.kernel.permissions import allowed, check, require
from civic.procedures import pages as procedure_pages
from civic.procedures import services as procedures
from civic.procedures.models import ProcedureVersion
from civic.procedures.phrases import say

#: When a consultation of a rule is proposed to begin, vote and close, in days from now.
SUGGESTED = (7, 21, 28)


@bp.get("/rules")
def rules() -> str:
    """List the rules by the day on which they are looked at again, and the changes asked for."""
    holding = [one for one in procedures.in_force() if one.review_on is not None]
    holding.sort(key=lambda one: (one.review_on, one.code))
    return render_template(
        "corrections/rules.html",
        rows=[(one, procedure_pages.row(one)) for one in holding],
        changes=[(one, CHANGES_OF_RULES[one.state]) for one in changing.listed(g.community)],
        may_ask=allowed(g.actor, MANAGE, g.community.path) and len(g.community.path) == 1,
    )


@bp.get("/rules/<code>/change")
@require(MANAGE)
def change_form(code: str) -> ResponseReturnValue:
    """Show the form for other words, with those that hold."""
    version = procedures.one_in_force(code)
    form = ChangeForm(formdata=None)
    form.data_field.data = written.toml(version.data)
    begins = clock.local(clock.now()).replace(hour=9, minute=0, second=0, microsecond=0)
    for field, days in zip(
        (form.opens_at, form.voting_opens_at, form.closes_at), SUGGESTED, strict=True
    ):
        field.data = (begins + timedelta(days=days)).replace(tzinfo=None)
    return _change_page(version, form)


def _change_page(
    version: ProcedureVersion, form: ChangeForm, status: int = 200
) -> ResponseReturnValue:
    title = say(procedures.procedure_of(version).title)
    page = render_template(
        "corrections/change_form.html",
        version=version,
        title=title,
        form=form,
        correction=identifier(request.values.get("correction", "")),
    )
    return page, status


@bp.post("/rules/<code>/change")
@require(MANAGE)
@of_weight
def ask_for_change(code: str) -> ResponseReturnValue:
    """Write the consultation that asks for the change, and go on to it."""
    version = procedures.one_in_force(code)
    form = ChangeForm()
    if not form.validate_on_submit():
        return _change_page(version, form, 422)
    proposal = changing.Proposal(
        data=form.data_field.data or "",
        reason=form.reason.data or "",
        opens_at=moments.of(form.opens_at),
        voting_opens_at=moments.of(form.voting_opens_at),
        closes_at=moments.of(form.closes_at),
        audience=["resident"],
        correction_id=identifier(request.form.get("correction", "")),
    )
    try:
        made = changing.start(g.actor, g.community, code, proposal)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        fields = {
            "reason": form.reason,
            "correction": form.reason,
            "dates": form.voting_opens_at,
        }
        fields.get(refused.code, form.data_field).errors = [str(refused)]
        return _change_page(procedures.one_in_force(code), form, 422)
    flash(_("The consultation is written. Read it once more and publish it."), "done")
    return see_other(url_for(".change", rule_change_id=made.id))


@bp.get("/changes/<int:rule_change_id>")
def change(rule_change_id: int) -> str:
    """Show a change: what holds, what is proposed, where people are asked, what came of it."""
    found = changing.find(g.community, rule_change_id)
    case = db.session.get_one(Consultation, found.consultation_id)
    old = db.session.get_one(ProcedureVersion, found.version_id)
    made = db.session.get(ProcedureVersion, found.made_id) if found.made_id else None
    manages = allowed(g.actor, MANAGE, g.community.path)
    if case.published_at is None:
        check(g.actor, MANAGE, g.community.path)
    favour = in_favour(case) if found.state == RUNNING else None
    return render_template(
        "corrections/change.html",
        found=found,
        case=case,
        old=old,
        made=made,
        title=say(procedures.procedure_of(old).title),
        state=CHANGES_OF_RULES[found.state],
        lines=written.differences(written.toml(old.data), found.data),
        may_conclude=manages and favour is not None,
        favour=favour,
        may_manage=manages,
    )


@bp.post("/changes/<int:rule_change_id>/conclude")
@require(MANAGE)
@of_weight
def conclude(rule_change_id: int) -> ResponseReturnValue:
    """Do what came of the consultation."""
    found = changing.conclude(g.actor, g.community, rule_change_id)
    db.session.commit()
    flash(str(CHANGES_OF_RULES[found.state]), "done")
    return see_other(url_for(".change", rule_change_id=rule_change_id))


@bp.get("/lessons")
def lesson_list() -> str:
    """List what was learnt of what went wrong."""
    found = lessons.listed(g.actor, g.community, identifier(request.args.get("before", "")))
    return render_template(
        "corrections/lessons.html",
        lessons=found,
        older=found[-1].id if len(found) == PER_PAGE else 0,
        may_write=allowed(g.actor, WRITE, g.community.path),
    )


@bp.get("/lessons/new")
@require(WRITE)
def lesson_form() -> ResponseReturnValue:
    """Show the empty form."""
    form = LessonForm(formdata=None)
    form.form_key.data = secrets.token_hex(8)
    return _lesson_page(form)


def _lesson_page(form: LessonForm, status: int = 200) -> ResponseReturnValue:
    correction = identifier(request.values.get("correction", ""))
    page = render_template("corrections/lesson_form.html", form=form, correction=correction)
    return page, status


@bp.post("/lessons/new")
@require(WRITE)
def keep_lesson() -> ResponseReturnValue:
    """Keep a lesson."""
    form = LessonForm()
    draft = lessons.Draft(
        attempt=form.attempt.data or "",
        wrong=form.wrong.data or "",
        lesson=form.lesson.data or "",
        public=bool(form.public.data),
        form_key=(form.form_key.data or "")[:64],
        correction_id=identifier(request.form.get("correction", "")),
    )
    try:
        lessons.keep(g.actor, g.community, draft)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        form.attempt.errors = [str(refused)]
        return _lesson_page(form, 422)
    flash(_("The lesson is kept."), "done")
    return see_other(url_for(".lesson_list"))
