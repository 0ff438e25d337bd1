"""Pages of the office about one notice: check, issue, return, correct, withdraw, receipts."""

from typing import Any

from flask import flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from civic.communities.ended import outlives
from civic.identities.weight import of_weight
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.htmx import see_other
from civic.kernel.numbers import identifier
from civic.kernel.permissions import allowed, require
from civic.notices import (
    audience,
    corrections,
    drafts,
    files,
    issuing,
    kinds,
    listing,
    pages,
    receipts,
    services,
)
from civic.notices.audience import DRAFT, FEW, ISSUE
from civic.notices.desk import bp
from civic.notices.forms import CorrectionForm, ReturnForm, WithdrawForm
from civic.notices.models import Notice, NoticeStep


@bp.get("/<int:notice_id>/work")
@require(DRAFT)
def work(notice_id: int) -> ResponseReturnValue:
    """Show a notice as it will look, whom it reaches, what was done, and what can be done."""
    return _work_page(notice_id)


def _work_page(
    notice_id: int, *, form: ReturnForm | None = None, error: str = "", status: int = 200
) -> ResponseReturnValue:
    notice = services.find(g.actor, g.community, notice_id)
    terms = services.terms_of(notice_id)
    steps = select(NoticeStep).filter_by(notice_id=notice_id).order_by(NoticeStep.id)
    done = db.session.scalars(steps).all()
    versions = corrections.versions(notice_id)
    waiting = versions[-1] if versions and versions[-1].at is None else None
    may_issue = allowed(g.actor, ISSUE, g.community.path)
    page = render_template(
        "notices/work.html",
        notice=notice,
        sheet=pages.sheet(notice, files.listed(notice_id)),
        state=pages.state(notice),
        over=listing.is_over(notice),
        readers=pages.readers(terms),
        reach=pages.number_of_people(audience.reach(g.community, terms)),
        timeline=pages.timeline(done, everything=True),
        why=_why(done) if notice.returned_at else "",
        mine=notice.drafted_by == g.actor.person_id,
        may_issue=may_issue,
        display=_display(notice),
        form=form or ReturnForm(formdata=None),
        error=error,
        waiting=waiting,
        waiting_mine=waiting is not None and waiting.made_by == g.actor.person_id,
        change=pages.changes(versions)[0] if waiting else None,
    )
    return page, status


def _why(steps: Any) -> str:  # noqa: ANN401 - rows of steps
    found = [step for step in steps if step.act == kinds.RETURNED]
    if not found:
        return ""
    return " ".join(filter(None, (str(kinds.RETURN_REASONS[found[-1].code]), found[-1].note)))


def _display(notice: Notice) -> dict[str, str]:
    """Say when a display would end if it were issued now, or why that cannot be said."""
    if notice.kind != kinds.DISPLAY or notice.issued_at is not None:
        return {}
    try:
        return {"end": pages.last_moment(issuing.display_end(notice, clock.now()))}
    except Refused as refused:
        return {"error": str(refused)}


@bp.post("/<int:notice_id>/issue")
@require(ISSUE)
@of_weight
def issue(notice_id: int) -> ResponseReturnValue:
    """Issue a draft that somebody else wrote."""
    revision = identifier(request.form.get("revision", "")) or 0
    try:
        notice = issuing.issue(g.actor, g.community, notice_id, revision)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        if refused.code not in {"stale", "over", "holidays.missing"}:
            raise
        return _work_page(notice_id, error=str(refused), status=refused.status)
    flash(_("Issued as %(number)s.", number=notice.number), "done")
    return see_other(url_for("notices.show", notice_id=notice_id))


@bp.post("/<int:notice_id>/return")
@require(ISSUE)
def send_back(notice_id: int) -> ResponseReturnValue:
    """Return a draft, or a waiting correction, to whoever wrote it."""
    form = ReturnForm()
    notice = services.find(g.actor, g.community, notice_id)
    back = drafts.send_back if notice.issued_at is None else corrections.send_back
    code, note = form.code.data or "", form.note.data or ""
    try:
        back(g.actor, g.community, notice_id, code=code, note=note)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        if refused.code != "reason":
            raise
        form.note.errors = [str(refused)]
        return _work_page(notice_id, form=form, status=422)
    flash(_("Returned. Whoever wrote it is told and reads the reason."), "done")
    return see_other(url_for(".work", notice_id=notice_id))


@bp.get("/<int:notice_id>/correct")
@require(DRAFT)
def correct(notice_id: int) -> ResponseReturnValue:
    """Show the form for a correction."""
    notice = services.find(g.actor, g.community, notice_id)
    issuing.in_force(notice)
    form = CorrectionForm.of(notice, corrections.waiting(notice_id))
    return render_template("notices/correct.html", notice=notice, form=form)


@bp.post("/<int:notice_id>/correct")
@require(DRAFT)
def draft_correction(notice_id: int) -> ResponseReturnValue:
    """Keep a correction until a second person agrees."""
    form = CorrectionForm()
    try:
        corrections.draft(
            g.actor,
            g.community,
            notice_id,
            title=form.title.data or "",
            body=form.body.data or "",
            reason=form.reason.data or "",
        )
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        field = getattr(form, refused.code, None)
        if field is None:
            raise
        field.errors = [str(refused)]
        notice = services.find(g.actor, g.community, notice_id)
        return render_template("notices/correct.html", notice=notice, form=form), 422
    flash(_("Kept. Another person checks the correction before readers see it."), "done")
    return see_other(url_for(".work", notice_id=notice_id))


@bp.post("/<int:notice_id>/correct/issue")
@require(ISSUE)
@of_weight
def issue_correction(notice_id: int) -> ResponseReturnValue:
    """Issue a correction that somebody else wrote."""
    corrections.approve(g.actor, g.community, notice_id, request.form.get("made_at", ""))
    db.session.commit()
    flash(_("The correction is issued; the sheet shows what was changed."), "done")
    return see_other(url_for("notices.show", notice_id=notice_id))


@bp.get("/<int:notice_id>/withdraw")
@require(ISSUE)
def withdrawal(notice_id: int) -> ResponseReturnValue:
    """Show the confirmation sheet."""
    notice = services.find(g.actor, g.community, notice_id)
    issuing.in_force(notice)
    return render_template("notices/withdraw.html", notice=notice, form=WithdrawForm())


@bp.post("/<int:notice_id>/withdraw")
@outlives
@require(ISSUE)
@of_weight
def withdraw(notice_id: int) -> ResponseReturnValue:
    """Withdraw a notice."""
    form = WithdrawForm()
    try:
        issuing.withdraw(g.actor, g.community, notice_id, form.reason.data or "")
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        if refused.code != "reason":
            raise
        form.reason.errors = [str(refused)]
        notice = services.find(g.actor, g.community, notice_id)
        return render_template("notices/withdraw.html", notice=notice, form=form), 422
    flash(_("Withdrawn. The page stays, with the reason instead of the text."), "done")
    return see_other(url_for("notices.show", notice_id=notice_id))


@bp.get("/<int:notice_id>/receipts")
@require(DRAFT)
def receipt_list(notice_id: int) -> ResponseReturnValue:
    """Show which organisations have acknowledged; of people only how many have read."""
    notice = services.find(g.actor, g.community, notice_id)
    found = receipts.of_organisations(notice) if notice.receipt_by else []
    count = receipts.read_count(notice_id)
    return render_template(
        "notices/receipts.html",
        notice=notice,
        there=[item for item in found if item.at is not None],
        missing=[item for item in found if item.at is None],
        read=count if count >= FEW else None,
        few=FEW,
        now=clock.now(),
    )
