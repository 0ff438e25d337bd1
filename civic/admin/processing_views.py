"""The register of processing: what is stored about people on this site, and on which ground."""

from flask import Blueprint, Response, g, render_template
from flask_babel import gettext as _

from civic.admin.import_views import TYPES
from civic.identities import processing
from civic.kernel import permissions
from civic.kernel.sheets import write_csv, write_xlsx

bp = Blueprint("processing", __name__, url_prefix="/admin/processing")


def _check() -> None:
    """Refuse who looks after no place.

    :raises Refused: 401 or 403.
    """
    if not permissions.scopes(g.actor, "admin.manage"):
        permissions.check(g.actor, "admin.manage", ())


@bp.get("/")
def index() -> str:
    """Show the register."""
    _check()
    return render_template("admin/processing.html", parts=processing.register())


@bp.get("/register.<any(csv, xlsx):kind>")
def table(kind: str) -> Response:
    """Give the register as a table."""
    _check()
    header = [
        _("Part"),
        _("What is stored"),
        _("For what"),
        _("Basis"),
        _("Kept"),
        _("Passed on to"),
        _("On in"),
    ]
    rows = [
        [
            str(cell)
            for cell in (
                part.title,
                item.field,
                item.purpose,
                item.basis,
                item.kept,
                item.recipients,
                "、".join(part.where) if part.plugin else _("the whole site"),
            )
        ]
        for part in processing.register()
        for item in part.stored
    ]
    title = _("Register of processing")
    data = write_csv(rows, header) if kind == "csv" else write_xlsx(rows, header, title)
    headers = {
        "Content-Type": TYPES[kind],
        "Content-Disposition": f'attachment; filename="processing.{kind}"',
    }
    return Response(data, headers=headers)
