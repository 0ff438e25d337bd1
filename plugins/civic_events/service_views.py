"""Pages of shifts, hours and certificates of volunteers, and of series."""

from http import HTTPStatus

from flask import flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import DateTimeLocalField, IntegerField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from civic.api import Person, Refused, clock, db, holds, moments, require, see_other, writes
from civic.api import gettext as _
from civic.api import lazy_gettext as _l
from civic_events import certifying, owning, series, shifts
from civic_events.manifest import plugin
from civic_events.models import Activity
from civic_events.views import seen

_DAY = _l("Please give day and time.")
_FORMAT = "%Y-%m-%dT%H:%M"


class ShiftForm(FlaskForm):  # type: ignore[misc] # Flask-WTF promises no types
    """Ask what volunteers are wanted for."""

    task = StringField(
        _l("Task of the volunteers"), [DataRequired(_l("Please fill this in.")), Length(max=80)]
    )
    begins = DateTimeLocalField(_l("Begins"), [InputRequired(_DAY), moments.meant], format=_FORMAT)
    ends = DateTimeLocalField(_l("Ends"), [InputRequired(_DAY), moments.meant], format=_FORMAT)
    wanted = IntegerField(
        _l("How many volunteers"),
        [InputRequired(_l("Please give a number.")), NumberRange(1, 500)],
        default=2,
    )


@plugin.get("/<int:activity_id>/shifts")
@writes
def shifts_page(activity_id: int) -> ResponseReturnValue:
    """Show the shifts of an event, one's own, and for the office who helps."""
    return _shifts(seen(activity_id))


def _shifts(
    row: Activity, form: ShiftForm | None = None, error: str = "", status: int = HTTPStatus.OK
) -> ResponseReturnValue:
    found = shifts.of(row)
    subjects = [each.subject for each in found]
    staff = plugin.may("admit")
    plans = plugin.may("organise") and owning.leads(g.actor, row)
    services = shifts.helpers(g.actor, found, everybody=staff)
    db.session.commit()
    begins = clock.local(row.starts_at)
    blank = {"begins": begins, "ends": clock.local(row.ends_at)}
    page = render_template(
        "events/shifts.html",
        row=row,
        shifts=found,
        places=holds.places(subjects) if subjects else {},
        mine=holds.mine(g.actor.person_id, subjects),
        services=services,
        form=(form or ShiftForm(formdata=None, **blank)) if plans else None,
        volunteers=plugin.may("sign_up") and g.actor.adult,
        staff=staff,
        now=clock.now(),
        error=error,
    )
    return page, status


@plugin.post("/<int:activity_id>/shifts")
@require("events.organise")
def plan_shift(activity_id: int) -> ResponseReturnValue:
    """Ask for volunteers."""
    row = seen(activity_id)
    form = ShiftForm()
    if not form.validate_on_submit():
        return _shifts(row, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    times = moments.of(form.begins), moments.of(form.ends)
    task = (form.task.data or "").strip()
    try:
        shifts.plan(g.actor, row, task, times, form.wanted.data or 0)
    except Refused as refused:
        db.session.rollback()
        return _shifts(seen(activity_id), form, str(refused), refused.status)
    db.session.commit()
    flash(_("Volunteers are asked now."))
    return see_other(url_for(".shifts_page", activity_id=activity_id))


ACTS = {"take": shifts.take, "accept": shifts.accept, "leave": shifts.leave}


@plugin.post("/<int:activity_id>/shifts/<int:shift_id>/<any(take,accept,leave,hours):act>")
@require("events.sign_up")
def shift_act(activity_id: int, shift_id: int, act: str) -> ResponseReturnValue:
    """Take a shift, accept or give it back, or say how long one helped."""
    row = seen(activity_id)
    minutes = request.form.get("minutes", 0, type=int)
    try:
        shift = shifts.one(row, shift_id)
        if act == "hours":
            shifts.say_own(g.actor, shift, minutes)
        else:
            ACTS[act](g.actor, shift)
    except Refused as refused:
        db.session.rollback()
        return _shifts(seen(activity_id), error=str(refused), status=refused.status)
    db.session.commit()
    flash(_("It is kept."))
    return see_other(url_for(".shifts_page", activity_id=activity_id))


@plugin.post("/<int:activity_id>/shifts/<int:shift_id>/hours/<int:service_id>")
@require("events.admit")
def confirm_hours(activity_id: int, shift_id: int, service_id: int) -> ResponseReturnValue:
    """Say for the office how long somebody helped."""
    row = seen(activity_id)
    try:
        shift = shifts.one(row, shift_id)
        minutes = request.form.get("minutes", 0, type=int)
        shifts.confirm(g.actor, shift, service_id, minutes)
    except Refused as refused:
        db.session.rollback()
        return _shifts(seen(activity_id), error=str(refused), status=refused.status)
    db.session.commit()
    flash(_("It is kept."))
    return see_other(url_for(".shifts_page", activity_id=activity_id))


@plugin.get("/service")
def service_page() -> ResponseReturnValue:
    """Show one's own confirmed hours."""
    rows = certifying.confirmed(g.actor.person_id or 0, g.community)
    return render_template("events/service.html", rows=rows)


@plugin.post("/service")
@require("events.sign_up")
def certify() -> ResponseReturnValue:
    """Give a certificate of one's own hours."""
    try:
        made = certifying.certify(g.actor, g.community)
    except Refused as refused:
        db.session.rollback()
        flash(str(refused), "stop")
        return see_other(url_for(".service_page"))
    db.session.commit()
    return see_other(url_for(".certificate", serial=made.serial))


@plugin.get("/certificates/<serial>")
def certificate(serial: str) -> ResponseReturnValue:
    """Show a certificate: to its holder with all lines, to whoever checks it that it is true."""
    found = certifying.certificate(g.community, serial)
    own = g.actor.person_id is not None and found.person_id == g.actor.person_id
    rows = certifying.confirmed(found.person_id or 0, g.community, found.at) if own else []
    name = db.session.get_one(Person, found.person_id).name if own else found.name
    return render_template("events/certificate.html", found=found, own=own, name=name, rows=rows)


@plugin.post("/<int:activity_id>/series")
@require("events.organise")
def repeat(activity_id: int) -> ResponseReturnValue:
    """Let a published event take place again by a rule, or end that."""
    row = seen(activity_id)
    try:
        if request.form.get("act") == "end":
            series.end(g.actor, row)
        else:
            rule = request.form.get("own", "").strip() or request.form.get("rule", "")
            series.begin(g.actor, row, rule)
    except Refused as refused:
        db.session.rollback()
        flash(str(refused), "stop")
        return see_other(url_for(".filing", activity_id=activity_id))
    db.session.commit()
    flash(_("It is kept."))
    return see_other(url_for(".filing", activity_id=activity_id))
