"""Pages of the tables of plugins: what there is, sending one, what it would do, fetching one."""

from flask import Blueprint, Response, flash, g, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.admin import import_files, tables
from civic.admin.import_views import TYPES, folder
from civic.admin.table_forms import SendForm
from civic.kernel.db import db, reads
from civic.kernel.errors import Refused
from civic.kernel.exchange import Importer, ImportPlan
from civic.kernel.htmx import see_other
from civic.kernel.sheets import read

bp = Blueprint("tables", __name__, url_prefix="/c/<community>/desk/tables")


@bp.get("/<plugin>/")
def index(plugin: str) -> ResponseReturnValue:
    """Show what tables a plugin takes in and gives out here."""
    found = tables.of_plugin(g.actor, g.community, plugin)
    return render_template("admin/tables.html", found=found, name_of=_name)


def _name(code: str) -> str:
    return code.partition(".")[2]


@bp.get("/<plugin>/<name>/import")
def form(plugin: str, name: str) -> ResponseReturnValue:
    """Show the form that takes a table."""
    return _page(plugin, tables.importer(g.actor, g.community, plugin, name), SendForm())


def _page(
    plugin: str,
    importer: Importer,
    form: SendForm,
    status: int = 200,
    *,
    plan: ImportPlan | None = None,
    file: str = "",
) -> ResponseReturnValue:
    page = render_template(
        "admin/table_send.html",
        plugin=plugin,
        found=tables.of_plugin(g.actor, g.community, plugin),
        importer=importer,
        name=_name(importer.code),
        columns=[column.names[0] for column in importer.columns],
        form=form,
        plan=plan,
        file=file,
    )
    return page, status


@bp.get("/<plugin>/<name>/template.<any(csv, xlsx):kind>")
def template(plugin: str, name: str, kind: str) -> Response:
    """Give an empty table with the right columns."""
    importer = tables.importer(g.actor, g.community, plugin, name)
    return _file(tables.template(importer, kind), f"{plugin}-{name}", kind)


def _file(data: bytes, name: str, kind: str) -> Response:
    headers = {
        "Content-Type": TYPES[kind],
        "Content-Disposition": f'attachment; filename="{name}.{kind}"',
        "Cache-Control": "no-store",
    }
    return Response(data, headers=headers)


@bp.post("/<plugin>/<name>/import")
@reads  # or whoever writes would wait while a table is read
def look(plugin: str, name: str) -> ResponseReturnValue:
    """Read a table: show what is wrong with it, or keep it and go on to what it would do."""
    importer = tables.importer(g.actor, g.community, plugin, name)
    form = SendForm()
    if not form.validate_on_submit():
        return _page(plugin, importer, form, 422)
    file = form.file.data.filename or ""
    try:
        data = form.file.data.stream.read()
        plan = tables.plan(g.community, importer, read(data, file))
    except Refused as refused:
        form.file.errors = [str(refused)]
        return _page(plugin, importer, form, refused.status)
    if plan.problems:
        return _page(plugin, importer, form, 422, plan=plan, file=file)
    token = import_files.keep(folder(), g.actor.person_id or 0, _kept(importer), file, data)
    return see_other(url_for(".dry_run", plugin=plugin, name=name, token=token))


def _kept(importer: Importer) -> str:
    """Return what a kept table is for: sent for one community, it is no other's."""
    return f"{importer.code}@{g.community.id}"


def _load(importer: Importer, token: str) -> tuple[str, bytes] | None:
    kept = import_files.load(folder(), g.actor.person_id or 0, token)
    if kept is None or kept[0] != _kept(importer):
        return None
    return kept[1], kept[2]


@bp.get("/<plugin>/<name>/import/<token>")
def dry_run(plugin: str, name: str, token: str) -> ResponseReturnValue:
    """Show what a kept table would do."""
    importer = tables.importer(g.actor, g.community, plugin, name)
    kept = _load(importer, token)
    if kept is None:
        return _gone(plugin, name)
    file, data = kept
    return render_template(
        "admin/table_dry_run.html",
        plugin=plugin,
        found=tables.of_plugin(g.actor, g.community, plugin),
        importer=importer,
        name=name,
        plan=tables.plan(g.community, importer, read(data, file)),
        file=file,
        token=token,
    )


def _gone(plugin: str, name: str) -> ResponseReturnValue:
    flash(
        _(
            "This table was imported already, or is older than a day. If something is missing, "
            "send it again."
        ),
        "info",
    )
    return see_other(url_for(".form", plugin=plugin, name=name))


@bp.post("/<plugin>/<name>/import/<token>")
def carry_out(plugin: str, name: str, token: str) -> ResponseReturnValue:
    """Import a kept table, all of it or nothing; a second time finds everything there."""
    importer = tables.importer(g.actor, g.community, plugin, name)
    kept = _load(importer, token)
    if kept is None:
        return _gone(plugin, name)
    file, data = kept
    db.session.rollback()  # whoever writes shall not wait while the table is read
    sheet = read(data, file)
    try:
        done = tables.carry_out(g.actor, g.community, importer, sheet)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        flash(str(refused), "stop")
        return see_other(url_for(".dry_run", plugin=plugin, name=name, token=token))
    import_files.drop(folder(), token)
    flash(
        _("Imported: %(new)d new, %(known)d were here already.", new=done.total, known=done.known),
        "done",
    )
    return see_other(url_for(".index", plugin=plugin))


@bp.post("/<plugin>/<name>/export.<any(csv, xlsx):kind>")
def export(plugin: str, name: str, kind: str) -> Response:
    """Give out a table; where people stand in it, that is recorded."""
    exporter = tables.exporter(g.actor, g.community, plugin, name)
    data = tables.export(g.actor, g.community, exporter, kind)
    db.session.commit()
    return _file(data, f"{g.community.slug}-{plugin}-{name}", kind)
