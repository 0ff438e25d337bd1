"""Pages on which everybody reads by which ways cases go."""

from http import HTTPStatus

from flask import Blueprint, render_template, url_for
from flask_babel import lazy_gettext as _l

from civic.consultations import process_words
from civic.kernel.errors import Refused
from civic.procedures import services as procedures
from civic.procedures.phrases import say
from civic.processes import bundles
from civic.processes.schema import Process

bp = Blueprint("processes", __name__, url_prefix="/processes")


@bp.get("/")
def index() -> str:
    """List the ways that a case can go."""
    found = [one.process for one in bundles.shipped().values()]
    return render_template(
        "consultations/processes.html",
        rows=[
            {
                "title": say(process.title),
                "url": url_for(".show", code=process.id),
                "about": say(process.about),
                "votes": any(stage.procedures for stage in process.stages),
            }
            for process in found
        ],
    )


@bp.get("/<code>")
def show(code: str) -> str:
    """Read one way stage by stage: what people can do, who moves it, what must hold."""
    template = bundles.shipped().get(code)
    if template is None:
        raise Refused("process", _l("There is no such way of a case."), HTTPStatus.NOT_FOUND)
    process = template.process
    return render_template(
        "consultations/process.html",
        title=say(process.title),
        about=say(process.about),
        basis=process.basis,
        version=process.version,
        line=process_words.on_line(process, _links(process)),
        beside=process_words.beside(process),
        always=process_words.at_any_time(process),
    )


def _links(process: Process) -> process_words.Links:
    """Return the procedures in force that fit its votes; without a vote nothing is asked."""
    wanted = {code for stage in process.stages for code in stage.procedures}
    return {
        one.code: (
            say(procedures.procedure_of(one).title),
            url_for("procedures.show", code=one.code, number=one.number),
        )
        for one in (procedures.in_force() if wanted else ())
        if one.code in wanted
    }
