"""Pages of the office on which a meeting is planned, called off, or led by others."""

from flask import Blueprint, flash, g, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.consultations import stages
from civic.halls import forms, meetings, planning, running, who
from civic.halls.models import HallMeeting
from civic.halls.pages import meeting as shown
from civic.halls.views import case_of
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.htmx import see_other
from civic.kernel.permissions import require

bp = Blueprint(
    "hall_plans", __name__, url_prefix="/c/<community>/consultations/<int:consultation_id>/hall"
)
#: Refusals that belong to a field.
FIELDS = {
    "words": "title",
    "agenda": "items",
    "caps": "turn_seconds",
    "majority": "majority",
    "chair": "chair",
    "secretary": "secretary",
}


def _page(
    case_id: int,
    form: forms.PlanForm,
    found: HallMeeting | None,
    status: int = 200,
    call_off: forms.ReasonForm | None = None,
) -> ResponseReturnValue:
    form.offer(who.holders(g.community))
    page = render_template(
        "halls/plan.html",
        case=case_of(case_id),
        form=form,
        meeting=shown(found) if found is not None else None,
        call_off=call_off or forms.ReasonForm(formdata=None, prefix="off-"),
    )
    return page, status


@bp.get("/new")
@require(who.MANAGE)
def new(consultation_id: int) -> ResponseReturnValue:
    """Show the empty plan."""
    case = case_of(consultation_id)
    if not stages.may(case, clock.now(), planning.WORD):
        raise meetings.missing()
    form = forms.PlanForm(formdata=None)
    form.title.data = case.title
    return _page(consultation_id, form, None)


@bp.post("/new")
@require(who.MANAGE)
def create(consultation_id: int) -> ResponseReturnValue:
    """Keep a plan."""
    return _keep(consultation_id, None)


@bp.get("/<int:meeting_id>/plan")
@require(who.MANAGE)
def edit(consultation_id: int, meeting_id: int) -> ResponseReturnValue:
    """Show the plan of a meeting that has not begun, or who leads one that has."""
    case_of(consultation_id)
    found = meetings.find(g.community, consultation_id, meeting_id)
    if meetings.state(found) != meetings.PLANNED:
        return _leading(consultation_id, found, None)
    return _planned(consultation_id, found)


def _planned(
    case_id: int, found: HallMeeting, status: int = 200, call_off: forms.ReasonForm | None = None
) -> ResponseReturnValue:
    form = forms.PlanForm(formdata=None)
    form.fill(found, meetings.agenda(found.id))
    return _page(case_id, form, found, status, call_off)


@bp.post("/<int:meeting_id>/plan")
@require(who.MANAGE)
def change(consultation_id: int, meeting_id: int) -> ResponseReturnValue:
    """Change a plan."""
    return _keep(consultation_id, meetings.find(g.community, consultation_id, meeting_id))


def _keep(consultation_id: int, found: HallMeeting | None) -> ResponseReturnValue:
    case_of(consultation_id)
    form = forms.PlanForm()
    form.offer(who.holders(g.community))
    if not form.validate():
        return _page(consultation_id, form, found, 422)
    try:
        if found is None:
            made = planning.plan(g.actor, g.community, consultation_id, form.plan())
        else:
            made = planning.change(g.actor, g.community, consultation_id, found.id, form.plan())
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        if refused.code not in FIELDS:
            raise
        form[FIELDS[refused.code]].errors = [str(refused)]
        again = found and meetings.find(g.community, consultation_id, found.id)
        return _page(consultation_id, form, again, 422)
    flash(_("The meeting is planned; everybody can see it."), "done")
    return see_other(url_for("halls.room", consultation_id=consultation_id, meeting_id=made.id))


@bp.post("/<int:meeting_id>/call-off")
@require(who.MANAGE)
def call_off(consultation_id: int, meeting_id: int) -> ResponseReturnValue:
    """Say that a meeting is not held."""
    case_of(consultation_id)
    form = forms.ReasonForm(prefix="off-")
    try:
        running.call_off(g.actor, g.community, consultation_id, meeting_id, form.reason.data or "")
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        if refused.code != "reason":
            raise
        form.reason.errors = [str(refused)]
        found = meetings.find(g.community, consultation_id, meeting_id)
        return _planned(consultation_id, found, refused.status, form)
    flash(_("The meeting is called off; its page says why."), "done")
    return see_other(url_for("halls.room", consultation_id=consultation_id, meeting_id=meeting_id))


def _leading(
    case_id: int,
    found: HallMeeting,
    sent: forms.HandOverForm | None,
    error: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    form = sent or forms.HandOverForm(formdata=None)
    form.offer(who.holders(g.community))
    if sent is None:
        form.chair.data, form.secretary.data = found.chair_id, found.secretary_id
    page = render_template(
        "halls/lead.html", case=case_of(case_id), form=form, meeting=shown(found), error=error
    )
    return page, status


@bp.post("/<int:meeting_id>/lead")
@require(who.MANAGE)
def lead(consultation_id: int, meeting_id: int) -> ResponseReturnValue:
    """Let others lead a meeting that goes on or is over."""
    case_of(consultation_id)
    form = forms.HandOverForm()
    form.offer(who.holders(g.community))
    try:
        running.hand_over(
            g.actor,
            g.community,
            consultation_id,
            meeting_id,
            chair_id=form.chair.data or 0,
            secretary_id=form.secretary.data or 0,
            reason=form.reason.data or "",
        )
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        found = meetings.find(g.community, consultation_id, meeting_id)
        return _leading(consultation_id, found, form, str(refused), refused.status)
    flash(_("Done."), "done")
    return see_other(url_for("halls.room", consultation_id=consultation_id, meeting_id=meeting_id))
