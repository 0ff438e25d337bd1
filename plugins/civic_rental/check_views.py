"""Pages of staff: who applied, what was claimed, doubles, and what people asked."""

from http import HTTPStatus

from flask import Response, g, request, url_for
from flask.typing import ResponseReturnValue

from civic.api import Person, Refused, db, looked, plain, require, see_other, writes
from civic.api import gettext as _
from civic_rental import appeals, applying, draw_tables, freezing, seeing, verifying
from civic_rental.allocation_models import Allocation
from civic_rental.allocation_views import known
from civic_rental.allot_forms import YES, AnswerForm, DecideForm
from civic_rental.application_models import DRAFT, Applicant
from civic_rental.draw_pages import refuse
from civic_rental.manifest import plugin
from civic_rental.pages import done, may, show
from civic_rental.words import data, said, titles

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@plugin.get("/allocations/<int:allocation_id>/applications/")
@require("rental.check")
def applications(allocation_id: int) -> ResponseReturnValue:
    """Show who applied, by receipt number; names only where one is opened."""
    found = known(allocation_id)
    only = request.args.get("only", "")
    after = request.args.get("after", 0, type=int)
    rows = seeing.applications(found, only, after)
    return show(
        "applications",
        one=found,
        rows=rows,
        only=only if only in seeing.ONLY else "",
        after=rows[-1].number if len(rows) == freezing.PAGE else 0,
        claims=titles("allocation", "claim"),
        counts=seeing.counts(found),
        doubles=sum(not group.settled for group in verifying.doubles(found)),
    )


def _seen(applicant_id: int) -> Applicant:
    """Return an application that was handed in; drafts are nobody's business."""
    found = applying.applicant(g.community, applicant_id)
    return found if found.state != DRAFT else applying.applicant(g.community, 0)


@plugin.get("/applications/<int:applicant_id>/check")
@writes
@require("rental.check")
def check(applicant_id: int) -> ResponseReturnValue:
    """Show an application to whoever verifies it; its person can read that somebody looked."""
    found = _seen(applicant_id)
    if found.person_id is not None:
        looked(g.actor, found.person_id, "claim", g.community)
        db.session.commit()
    return _check(applicant_id)


def _check(
    applicant_id: int,
    kind: str = "",
    form: DecideForm | None = None,
    error: str = "",
    status: int = HTTPStatus.OK,
) -> ResponseReturnValue:
    found = _seen(applicant_id)
    person = db.session.get(Person, found.person_id) if found.person_id else None
    forms = {
        ground.kind: form if form and ground.kind == kind else DecideForm(None, prefix=ground.kind)
        for ground in found.grounds
    }
    return show(
        "check",
        status,
        applicant=found,
        one=found.allocation,
        name=person.name if person else _("somebody who has left"),
        claims={row["code"]: said(row) for row in data("allocation")["claim"]},
        forms=forms,
        editable=seeing.decidable(g.actor, found),
        own=found.person_id == g.actor.person_id,
        tier=seeing.tier(found),
        error=error,
    )


@plugin.post("/applications/<int:applicant_id>/check")
@require("rental.check")
def decide(applicant_id: int) -> ResponseReturnValue:
    """Say of a claim whether it is so."""
    found = _seen(applicant_id)
    kind = request.form.get("kind", "")
    form = DecideForm(prefix=kind if kind in titles("allocation", "claim") else "")
    if not form.validate_on_submit():
        return _check(applicant_id, kind, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    holds_true = form.verified.data == YES
    reason = plain(form.reason.data or "")
    try:
        verifying.decide(g.actor, found, kind, holds_true=holds_true, reason=reason)
    except Refused as refused:
        return refuse(refused, _check, applicant_id=applicant_id, kind=kind, form=form)
    done(_("It is decided."))
    return see_other(url_for(".check", applicant_id=applicant_id))


@plugin.get("/allocations/<int:allocation_id>/doubles")
@require("rental.check")
def doubles(allocation_id: int) -> ResponseReturnValue:
    """Show applications that share a telephone number or an address."""
    return _doubles(known(allocation_id))


def _doubles(
    found: Allocation,
    reason: str = "",
    error: str = "",
    status: int = HTTPStatus.OK,
) -> ResponseReturnValue:
    return show(
        "doubles",
        status,
        one=found,
        groups=verifying.doubles(found),
        decided=seeing.decided(found),
        typed=(request.form.get("kind", ""), request.form.get("key", "")),
        kept=request.form.getlist("stays", type=int),
        reason=reason,
        most=verifying.LONGEST,
        error=error,
    )


@plugin.post("/allocations/<int:allocation_id>/doubles")
@require("rental.check")
def resolve(allocation_id: int) -> ResponseReturnValue:
    """Decide which applications of a group stay."""
    found = known(allocation_id)
    reason = plain(request.form.get("reason", ""))[: verifying.LONGEST]
    stays = request.form.getlist("stays", type=int)
    kind, key = request.form.get("kind", ""), request.form.get("key", "")
    try:
        verifying.resolve(g.actor, found, kind, key, stays, reason)
    except Refused as refused:
        return refuse(refused, _doubles, found=found, reason=reason)
    done(_("It is decided."))
    return see_other(url_for(".doubles", allocation_id=allocation_id))


@plugin.post("/allocations/<int:allocation_id>/applications.xlsx")
@require("rental.check")
def applications_xlsx(allocation_id: int) -> ResponseReturnValue:
    """Give out who applied as a spreadsheet; each of them can read that it was given out."""
    found = known(allocation_id)
    made, people = draw_tables.sheet(found)
    for person_id in people:
        looked(g.actor, person_id, "export", g.community)
    subject = f"rental_allocation:{found.id}"
    plugin.audit("applications_exported", community=g.community, subject=subject, actor=g.actor)
    db.session.commit()
    answer = Response(made, mimetype=XLSX)
    answer.headers["Content-Disposition"] = f"attachment; filename=applications-{found.id}.xlsx"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@plugin.get("/appeals/<int:plea_id>")
@require("rental.allot")
def plea(plea_id: int) -> ResponseReturnValue:
    """Show an objection, or a request for a review, to whoever answers it."""
    return _plea(plea_id, AnswerForm(formdata=None))


def _plea(
    plea_id: int, form: AnswerForm, error: str = "", status: int = HTTPStatus.OK
) -> ResponseReturnValue:
    found = appeals.plea(g.community, plea_id)
    number = None
    if found.applicant_id is not None and may("check"):
        number = applying.applicant(g.community, found.applicant_id).number
    one = found.allocation
    return show("plea", status, plea=found, one=one, number=number, form=form, error=error)


@plugin.post("/appeals/<int:plea_id>")
@require("rental.allot")
def answer(plea_id: int) -> ResponseReturnValue:
    """Answer an objection, or a request for a review."""
    found = appeals.plea(g.community, plea_id)
    form = AnswerForm()
    if not form.validate_on_submit():
        return _plea(plea_id, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    text = (form.text.data or "").strip()
    try:
        appeals.answer(g.actor, found, text, upheld=form.upheld.data == YES)
    except Refused as refused:
        return refuse(refused, _plea, plea_id=plea_id, form=form)
    done(_("It is answered."))
    return see_other(url_for(".conduct", allocation_id=found.allocation_id))
