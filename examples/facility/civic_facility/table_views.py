"""Tables of places: sent in, looked at, imported; and given out."""

from http import HTTPStatus

from flask import Response, flash, g, render_template, url_for
from flask.typing import ResponseReturnValue

from civic.api import Refused, db, require, see_other, sheets
from civic.api import gettext as _
from civic_facility import imports, kept, listing
from civic_facility.forms import TableForm
from civic_facility.kinds import KINDS, STATES
from civic_facility.manifest import plugin

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_SHOWN = 200


def _page(form: TableForm, status: int = HTTPStatus.OK, **found: object) -> ResponseReturnValue:
    page = render_template(
        "facility/import.html", form=form, columns=imports.HEADER, most=MOST_SHOWN, **found
    )
    return page, status


@plugin.get("/import")
@require("facility.keep")
def table() -> ResponseReturnValue:
    """Ask for a table of places."""
    return _page(TableForm())


@plugin.post("/import")
@require("facility.keep")
def look() -> ResponseReturnValue:
    """Read a table: show what is wrong with it, or keep it and go on to what it would do."""
    form = TableForm()
    if not form.validate_on_submit():
        return _page(form, HTTPStatus.UNPROCESSABLE_ENTITY)
    name, data = form.file.data.filename or "", form.file.data.stream.read()
    try:
        plan = imports.plan(g.community, sheets.read(data, name))
    except Refused as refused:
        form.file.errors = [str(refused)]
        return _page(form, refused.status)
    if plan.problems:
        return _page(form, HTTPStatus.UNPROCESSABLE_ENTITY, plan=plan, name=name)
    token = kept.keep(g.actor.person_id, g.community.id, name, data)
    db.session.commit()
    return see_other(url_for(".dry_run", token=token))


@plugin.get("/import/<token>")
@require("facility.keep")
def dry_run(token: str) -> ResponseReturnValue:
    """Show what a kept table would do."""
    found = kept.find(g.actor.person_id, g.community.id, token)
    if found is None:
        return _gone()
    plan = imports.plan(g.community, sheets.read(found.content, found.name))
    return render_template(
        "facility/dry_run.html", plan=plan, name=found.name, token=token, kinds=KINDS
    )


@plugin.post("/import/<token>")
@require("facility.keep")
def carry_out(token: str) -> ResponseReturnValue:
    """Import a kept table, all of it or nothing."""
    found = kept.find(g.actor.person_id, g.community.id, token)
    if found is None:
        return _gone()
    try:
        plan = imports.carry_out(
            g.actor, g.community, sheets.read(found.content, found.name)
        )
    except Refused as refused:
        db.session.rollback()
        flash(str(refused), "stop")
        return see_other(url_for(".dry_run", token=token))
    kept.drop(found)
    db.session.commit()
    told = _("Imported: %(new)d new, %(known)d were here already.")
    flash(told % {"new": len(plan.new), "known": plan.known}, "done")
    return see_other(url_for(".index"))


def _gone() -> ResponseReturnValue:
    flash(_("This table was imported already, or is too old. Please send it again."), "info")
    return see_other(url_for(".table"))


@plugin.get("/places.xlsx")
@require("facility.handle")
def export() -> ResponseReturnValue:
    """Give all places as a table that can be sent in again."""
    rows = [
        (
            str(KINDS[place.kind]),
            place.number,
            place.location,
            str(STATES[place.state]),
            place.latitude,
            place.longitude,
        )
        for place in listing.every(g.community)
    ]
    return _xlsx(rows, "places")


@plugin.get("/template.xlsx")
@require("facility.keep")
def template() -> ResponseReturnValue:
    """Give an empty table with the right columns."""
    return _xlsx([], "template")


def _xlsx(rows: list[tuple[sheets.Cell, ...]], name: str) -> Response:
    data = sheets.write_xlsx(rows, imports.HEADER, _("Bays and signs"))
    disposition = f'attachment; filename="{name}.xlsx"'
    return Response(data, mimetype=XLSX, headers={"Content-Disposition": disposition})
