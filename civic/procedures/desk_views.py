"""Pages on which staff look after procedures, and the legal officer confirms them."""

from pathlib import Path

from flask import (
    Blueprint,
    current_app,
    flash,
    g,
    render_template,
    send_from_directory,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.identities.weight import of_weight
from civic.kernel import uploads
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.htmx import see_other
from civic.procedures import confirming, pages, services
from civic.procedures.confirming import Document
from civic.procedures.forms import ConfirmForm
from civic.procedures.models import ProcedureVersion

bp = Blueprint("procedure_desk", __name__, url_prefix="/desk/procedures")


def folder() -> Path:
    """Return where the files of people are kept."""
    found: Path = current_app.config["SETTINGS"].instance / "uploads"
    return found


@bp.get("/")
def index() -> str:
    """List what waits to be confirmed, what is to be looked at again, and the rest."""
    confirming.check_staff(g.actor)
    rows = pages.rows(services.in_force())
    waiting = [row for row in rows if row.state == pages.UNCONFIRMED]
    late = [row for row in rows if row.review_late and row not in waiting]
    return render_template(
        "procedures/desk.html",
        waiting=waiting,
        late=late,
        rest=[row for row in rows if row not in waiting and row not in late],
        may_confirm=confirming.office(g.actor) is not None,
    )


@bp.get("/<code>/<int:number>/confirm")
def confirm_form(code: str, number: int) -> ResponseReturnValue:
    """Show the form for the document."""
    confirming.check(g.actor)
    version = services.find(code, number)
    confirming.check_version(version)
    return _form(version, ConfirmForm())


def _form(version: ProcedureVersion, form: ConfirmForm, status: int = 200) -> ResponseReturnValue:
    page = render_template("procedures/confirm.html", sheet=pages.sheet(version), form=form)
    return page, status


@bp.post("/<code>/<int:number>/confirm")
@of_weight
def confirm(code: str, number: int) -> ResponseReturnValue:
    """Confirm a version with the document it rests on."""
    confirming.check(g.actor)
    version = services.find(code, number)
    confirming.check_version(version)
    form = ConfirmForm()
    if not form.validate_on_submit() or form.document_on.data is None:
        return _form(version, form, 422)
    document = Document(
        form.document.data or "",
        form.document_on.data,
        form.file.data.stream,
        form.file.data.filename or "",
    )
    try:
        confirming.confirm(g.actor, version, document, folder())
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        field = form.document_on if refused.code == "document_on" else form.file
        if not isinstance(refused, uploads.FileRefused) and field is form.file:
            raise
        field.errors = [str(refused)]
        return _form(version, form, 422)
    flash(_("The version is confirmed."), "done")
    return see_other(url_for("procedures.show", code=code, number=number))


@bp.get("/<code>/<int:number>/document/<name>")
def document(code: str, number: int, name: str) -> ResponseReturnValue:
    """Send the document of a confirmation to staff."""
    confirming.check_staff(g.actor)
    found = confirming.file_of(services.find(code, number), name)
    response = send_from_directory(folder(), found.stored_name, conditional=True)
    for key, value in uploads.headers(found).items():
        response.headers[key] = value
    return response
