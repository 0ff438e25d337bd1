"""Pages of the import: templates, the look at what would happen, and doing it."""

from pathlib import Path

from flask import Blueprint, Response, current_app, flash, g, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.admin import import_files, imports, wish_imports
from civic.admin.import_forms import TableForm
from civic.admin.place_columns import BODIES, PLACES, WHAT, columns
from civic.communities import kinds, known, switched
from civic.communities import services as communities
from civic.communities.models import Community
from civic.identities.kinds import POSTS
from civic.kernel import permissions
from civic.kernel.db import db, reads
from civic.kernel.errors import Refused
from civic.kernel.exchange import ImportPlan
from civic.kernel.htmx import see_other
from civic.kernel.sheets import Sheet, read, write_csv, write_xlsx

bp = Blueprint("imports", __name__, url_prefix="/admin/import")
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def _street() -> Community:
    """Return the street that this administrator looks after.

    :raises Refused: when there is none.
    """
    for community in communities.homes():
        if community.kind == kinds.SUBDISTRICT and permissions.allowed(
            g.actor, "admin.manage", community.path
        ):
            return community
    permissions.check(g.actor, "admin.manage", ())
    message = "nobody manages everything"
    raise AssertionError(message)


def folder() -> Path:
    """Return where tables are kept between looking and importing."""
    instance: Path = current_app.config["SETTINGS"].instance
    return instance / "imports"


def _columns(street: Community, what: str) -> list[str]:
    on = switched.on_below(street.node) if known.places().imported else {}
    found = columns(what, frozenset().union(*on.values()))
    return [column.names[0] for column in found]


def _page(
    form: TableForm, status: int = 200, plan: ImportPlan | None = None, name: str = ""
) -> tuple[str, int]:
    street = _street()
    page = render_template(
        "admin/import.html",
        form=form,
        street=street.name,
        templates=WHAT,
        columns={what: _columns(street, what) for what in WHAT},
        plan=plan,
        name=name,
    )
    return page, status


@bp.get("/")
def index() -> ResponseReturnValue:
    """Show what can be imported, templates, and the form."""
    _street()
    return _page(TableForm())


@bp.get("/template/<any(places, bodies, posts):what>.<any(csv, xlsx):kind>")
def template(what: str, kind: str) -> ResponseReturnValue:
    """Give an empty table with the right columns."""
    header = _columns(_street(), what)
    title = str(WHAT[what])
    data = write_csv([], header) if kind == "csv" else write_xlsx([], header, title)
    headers = {
        "Content-Type": TYPES[kind],
        "Content-Disposition": f'attachment; filename="{what}.{kind}"',
    }
    return Response(data, headers=headers)


def _plan(street: Community, sheet: Sheet, what: str) -> ImportPlan:
    if what == PLACES:
        return imports.plan(street, sheet)
    return wish_imports.plan(street, sheet, what)


@bp.post("/")
@reads  # or whoever writes would wait while a table is read
def look() -> ResponseReturnValue:
    """Read a table: show what is wrong with it, or keep it and go on to what it would do."""
    street = _street()
    form = TableForm()
    if not form.validate_on_submit():
        return _page(form, 422)
    what, name = form.what.data, form.file.data.filename or ""
    try:
        data = form.file.data.stream.read()
        plan = _plan(street, read(data, name), what)
    except Refused as refused:
        form.file.errors = [str(refused)]
        return _page(form, refused.status)
    if plan.problems:
        return _page(form, 422, plan, name)
    token = import_files.keep(folder(), g.actor.person_id or 0, what, name, data)
    return see_other(url_for(".dry_run", token=token))


@bp.get("/<token>")
def dry_run(token: str) -> ResponseReturnValue:
    """Show what a kept table would do."""
    street = _street()
    kept = import_files.load(folder(), g.actor.person_id or 0, token)
    if kept is None:
        return _gone()
    what, name, data = kept
    return render_template(
        "admin/dry_run.html",
        plan=_plan(street, read(data, name), what),
        name=name,
        token=token,
        what=WHAT[what],
        titles=_titles(what),
    )


def _titles(what: str) -> dict[str, object]:
    found = {PLACES: known.places().titles, BODIES: kinds.BODIES}.get(what, POSTS)
    return dict(found)


def _gone() -> ResponseReturnValue:
    flash(
        _(
            "This table was imported already, or is older than a day. If something is missing, "
            "send it again."
        ),
        "info",
    )
    return see_other(url_for(".index"))


@bp.post("/<token>")
def carry_out(token: str) -> ResponseReturnValue:
    """Import a kept table, all of it or nothing; a second time finds everything there."""
    street = _street()
    kept = import_files.load(folder(), g.actor.person_id or 0, token)
    if kept is None:
        return _gone()
    what, name, data = kept
    db.session.rollback()  # whoever writes shall not wait while the table is read
    sheet = read(data, name)
    try:
        if what == PLACES:
            done = imports.carry_out(g.actor, street, sheet)
        else:
            done = wish_imports.carry_out(g.actor, street, sheet, what)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        flash(str(refused), "stop")
        return see_other(url_for(".dry_run", token=token))
    import_files.drop(folder(), token)
    flash(
        _("Imported: %(new)d new, %(known)d were here already.", new=done.total, known=done.known),
        "done",
    )
    return see_other(url_for("admin.index"))
