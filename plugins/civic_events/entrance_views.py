"""Pages of the entrance: who signed up, the code that somebody shows, and who came in."""

from datetime import timedelta
from http import HTTPStatus

from flask import Response, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from civic.api import Person, Refused, db, holds, looked, looked_at, require, see_other, writes
from civic.api import gettext as _
from civic_events import arriving, listing, tables
from civic_events.forms import AdmitForm, CodeForm
from civic_events.manifest import plugin
from civic_events.models import Activity, Arrival, SignUp
from civic_events.views import seen

#: The list comes back after each who is let in: within this time that is one look.
RELOADED = timedelta(hours=12)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@plugin.get("/<int:activity_id>/people")
@writes
@require("events.admit")
def people(activity_id: int) -> ResponseReturnValue:
    """Show who signed up, a page at a time, and what is done at the entrance; looks are noted."""
    return _people(seen(activity_id))


def _people(
    row: Activity,
    *,
    code_form: CodeForm | None = None,
    count_form: AdmitForm | None = None,
    error: str = "",
    status: int = HTTPStatus.OK,
) -> ResponseReturnValue:
    after = request.args.get("after", 0, type=int)
    claims = holds.claims(row.subject, after=after, limit=listing.PAGE)
    ids = [claim.id for claim in claims]
    query = (
        select(SignUp, Person.name, Arrival.at)
        .join(Person, Person.id == SignUp.person_id)
        .outerjoin(Arrival, Arrival.sign_up_id == SignUp.id)
        .where(SignUp.claim_id.in_(ids))
    )
    known = {found.claim_id: (found, name, at) for found, name, at in db.session.execute(query)}
    named = {found.person_id for found, _name, _at in known.values() if found.person_id}
    looked_at(g.actor, named, "profile", g.community, within=RELOADED)
    db.session.commit()
    page = render_template(
        "events/people.html",
        row=row,
        places=holds.places([row.subject]).get(row.subject),
        rows=[(claim, *known[claim.id]) for claim in claims if claim.id in known],
        after=claims[-1].position if len(claims) == listing.PAGE else None,
        came=listing.came(row),
        code_form=code_form or CodeForm(formdata=None),
        count_form=count_form or AdmitForm(formdata=None),
        error=error,
    )
    return page, status


@plugin.post("/<int:activity_id>/people.xlsx")
@require("events.admit")
def people_xlsx(activity_id: int) -> Response:
    """Give out who signed up as a spreadsheet; that it was given out stands in the audit."""
    row = seen(activity_id)
    data = tables.people(row)
    for person_id in tables.listed(row):
        looked(g.actor, person_id, "export", g.community)
    subject = f"events_activity:{row.id}"
    plugin.audit("people_exported", community=g.community, subject=subject, actor=g.actor)
    db.session.commit()
    answer = Response(data, mimetype=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="sign-ups-{row.id}.xlsx"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@plugin.get("/<int:activity_id>/entrance")
@writes
@require("events.admit")
def entrance(activity_id: int) -> ResponseReturnValue:
    """Show whom a code belongs to: where the square leads that a telephone reads."""
    row = seen(activity_id)
    code = request.args.get("code", "")
    form = CodeForm(formdata=None, code=code)
    try:
        found = arriving.found(row, code)
    except Refused as refused:
        return _people(row, code_form=form, error=str(refused), status=refused.status)
    if found.person_id is not None:
        looked(g.actor, found.person_id, "profile", g.community)
        db.session.commit()
    return _entrance(row, found)


def _entrance(
    row: Activity,
    found: SignUp,
    form: AdmitForm | None = None,
    error: str = "",
    status: int = HTTPStatus.OK,
) -> ResponseReturnValue:
    most, refusal = 0, ""
    try:
        most = arriving.places(found)
    except Refused as refused:
        refusal = str(refused)
    person = db.session.get(Person, found.person_id) if found.person_id else None
    page = render_template(
        "events/entrance.html",
        row=row,
        found=found,
        name=person.name if person else _("somebody who has left"),
        most=most,
        earlier=arriving.earlier(found),
        form=form or AdmitForm(formdata=None, heads=most or 1),
        error=error or refusal,
    )
    return page, status


@plugin.post("/<int:activity_id>/entrance")
@require("events.admit")
def admit(activity_id: int) -> ResponseReturnValue:
    """Let a sign-up in; the same form sent again counts once."""
    row = seen(activity_id)
    form = AdmitForm()
    try:
        found = arriving.found(row, request.form.get("code", ""))
    except Refused as refused:
        return _people(row, error=str(refused), status=refused.status)
    if not form.validate_on_submit():
        return _entrance(row, found, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        arriving.admit(g.actor, row, found, form.heads.data or 0, form.nonce.data or "")
    except Refused as refused:
        db.session.rollback()
        row = seen(activity_id)
        found = arriving.found(row, request.form.get("code", ""))
        return _entrance(row, found, form, str(refused), refused.status)
    db.session.commit()
    flash(_("They are in. Next, please."))
    return see_other(url_for(".people", activity_id=activity_id))


@plugin.post("/<int:activity_id>/count")
@require("events.admit")
def count(activity_id: int) -> ResponseReturnValue:
    """Count people who come without a sign-up."""
    row = seen(activity_id)
    form = AdmitForm()
    if not form.validate_on_submit():
        return _people(row, count_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        arriving.count(g.actor, row, form.heads.data or 0, form.nonce.data or "")
    except Refused as refused:
        db.session.rollback()
        row = seen(activity_id)
        return _people(row, count_form=form, error=str(refused), status=refused.status)
    db.session.commit()
    flash(_("They are counted."))
    return see_other(url_for(".people", activity_id=activity_id))
