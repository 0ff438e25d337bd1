"""Pages on which everybody reads the procedures."""

from typing import Any

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from civic.kernel import holidays, public_notes
from civic.procedures import confirming, pages, services
from civic.procedures.forms import DatesForm

bp = Blueprint("procedures", __name__, url_prefix="/procedures")

#: Versions of the past on one page.
PAST = 100


@bp.get("/")
def index() -> str:
    """List the procedures that are in force, and those of the past."""
    holding = services.in_force()
    return render_template(
        "procedures/index.html",
        rows=pages.rows(holding),
        past=pages.rows(services.past(holding, PAST)),
    )


@bp.get("/<code>/")
def history(code: str) -> str:
    """Show the versions of a procedure and what each changed."""
    found = services.versions(code)
    if not found:
        raise services.missing()
    return render_template("procedures/history.html", versions=pages.history(found))


@bp.get("/<code>/<int:number>")
def show(code: str, number: int) -> ResponseReturnValue:
    """Read one version in plain words."""
    version = services.find(code, number)
    all_of_it = services.versions(code)
    return render_template(
        "procedures/show.html",
        sheet=pages.sheet(version),
        code=code,
        newest=all_of_it[0].number,
        several=len(all_of_it) > 1,
        may_confirm=confirming.waits_for(g.actor, version, all_of_it[0].number),
        may_read=confirming.works_here(g.actor),
        standing=public_notes.of("rule", version.id),
        **_dates(version),
    )


def _dates(version: Any) -> dict[str, Any]:  # noqa: ANN401 - a row
    form = DatesForm(request.args)
    found = None
    if form.validate() and form.on.data is not None:
        procedure = services.procedure_of(version)
        found = pages.calendar(procedure, form.on.data, holidays.load())
    return {"form": form, "dates": found}
