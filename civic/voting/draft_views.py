"""Pages on which the office writes a ballot: list, beginning, form, look, rehearsal."""

from typing import Any

from flask import Blueprint, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.identities.kinds import AUDIENCES
from civic.kernel import numbers
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.htmx import see_other
from civic.kernel.permissions import require
from civic.procedures import pages as procedure_pages
from civic.procedures import services as procedures
from civic.procedures import terms
from civic.procedures.models import ProcedureVersion
from civic.voting import (
    by_procedure,
    draft_forms,
    drafting,
    finding,
    kinds,
    legal_dates,
    pages,
    panels,
    promises,
    readiness,
    roll_lists,
)
from civic.voting.draft_forms import DraftForm
from civic.voting.method_words import METHODS
from civic.voting.models import OPENED, Ballot
from civic.voting.rolls import Roll
from civic.voting.voters import MANAGE

bp = Blueprint("ballot_desk", __name__, url_prefix="/c/<community>/desk/ballots")
#: Which field of the form a refusal is about.
FIELDS = {
    "question": "question",
    "options": "options",
    "cost": "options",
    "method": "method",
    "seats": "seats",
    "secrecy": "secrecy",
    "audience": "audience",
    "apart": "audience",
    "part": "part",
    "roll": "roll",
    "needs_roll": "roll",
    "unit": "roll",
    "measures": "roll",
    "dates": "closes_at",
}


@bp.get("/")
@require(MANAGE)
def index() -> str:
    """List drafts, rehearsals and everything else that the office holds."""
    found = finding.listed(g.actor, g.community, numbers.identifier(request.args.get("before", "")))
    return render_template(
        "voting/drafts.html",
        ballots=[(one, pages.state(one)) for one in found if one.formal or one.rehearsal],
        older=found[-1].id if len(found) == finding.PER_PAGE else 0,
    )


@bp.get("/new")
@require(MANAGE)
def new() -> ResponseReturnValue:
    """Ask for the procedure, then for the kind of paper, then for the ballot itself."""
    code, kind = request.args.get("procedure", ""), request.args.get("kind", "")
    if not code:
        rows = [(one.code, procedure_pages.row(one)) for one in draft_forms.usable()]
        return render_template("voting/draft_start.html", procedures=rows, sheet=None)
    version = _version(code)
    fitting = by_procedure.papers(procedures.procedure_of(version))
    if kind not in fitting:
        if len(fitting) > 1:
            return render_template(
                "voting/draft_start.html",
                sheet=procedure_pages.sheet(version),
                version=version,
                papers=[(one, kinds.KINDS[one]) for one in fitting],
            )
        kind = fitting[0]
    return _form(version, kind)


def _version(code: str) -> ProcedureVersion:
    return procedures.one_in_force(code)


def _blank(
    version: ProcedureVersion,
    kind: str,
    data: dict[str, Any] | None = None,
    *,
    drafted: bool = False,
) -> DraftForm:
    procedure = procedures.procedure_of(version)
    rolls = db.session.scalars(roll_lists.frozen(g.community)).all()
    form = DraftForm(procedure, kind, rolls, data)
    if drafted and "part" in form:
        del form.part
    return form


def _form(
    version: ProcedureVersion,
    kind: str,
    form: DraftForm | None = None,
    ballot: Ballot | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    procedure = procedures.procedure_of(version)
    if form is None:
        form = _blank(version, kind, data=draft_forms.defaults(procedure, kind))
    page = render_template(
        "voting/draft_form.html",
        form=form,
        kind=kinds.KINDS[kind],
        kind_code=kind,
        version=version,
        row=procedure_pages.row(version),
        binding=terms.BINDINGS[procedures.binding_of(version)],
        ballot=ballot,
    )
    return page, status


@bp.post("/new")
@require(MANAGE)
def create() -> ResponseReturnValue:
    """Keep a draft and go on to look at it."""
    version = _version(request.form.get("procedure", ""))
    kind = request.form.get("kind", "")
    if kind not in by_procedure.papers(procedures.procedure_of(version)):
        kind = by_procedure.papers(procedures.procedure_of(version))[0]
    form = _blank(version, kind)
    if form.validate_on_submit():
        try:
            made = drafting.create(g.actor, g.community, form.draft(version))
            db.session.commit()
        except Refused as refused:
            _refuse(form, refused)
        else:
            flash(_("The draft is kept. Nobody but the office sees it yet."), "done")
            return see_other(url_for(".show", ballot_id=made.id))
    return _form(version, kind, form, status=422)


def _refuse(form: DraftForm, refused: Refused) -> None:
    db.session.rollback()
    name = FIELDS.get(refused.code, "")
    if refused.code == "limits":
        name = next(iter(kinds.KINDS[form.kind].limits), "")
    field = form[name] if name and name in form else form.question
    field.errors = [*field.errors, str(refused)]


def find(ballot_id: int) -> Ballot:
    """Return the ballot of an address."""
    return finding.find(g.actor, g.community, ballot_id)


@bp.get("/<int:ballot_id>")
@require(MANAGE)
def show(ballot_id: int) -> ResponseReturnValue:
    """Show a draft as it would be held, with its dates and what stands in the way."""
    ballot = find(ballot_id)
    if ballot.fingerprint is not None or not ballot.formal:
        return see_other(url_for("ballots.show", ballot_id=ballot_id))
    options = drafting.options_of(ballot)
    roll = db.session.get(Roll, ballot.roll_id) if ballot.roll_id else None
    snapshot = by_procedure.of(ballot)
    return render_template(
        "voting/draft.html",
        ballot=ballot,
        options=options,
        roll=roll,
        audience=[str(AUDIENCES[one]) for one in ballot.audience],
        units=kinds.UNITS,
        facts=promises.promises(ballot),
        row=_row(ballot),
        binding=by_procedure.binding(ballot),
        dates=legal_dates.shown(snapshot.procedure, ballot.opens_at, ballot.closes_at)
        if snapshot
        else [],
        problems=[str(one) for one in readiness.problems(ballot, options, roll)],
        step=finding.steps(ballot.id).get(OPENED),
        me=g.actor.person_id,
        part=panels.part(ballot),
        others=panels.others(ballot),
        missing=panels.missing(ballot),
        groups=terms.MEASURES,
        methods=METHODS,
    )


def _row(ballot: Ballot) -> procedure_pages.Row | None:
    kept = ballot.procedure
    return procedure_pages.row(procedures.find(kept["id"], kept["number"])) if kept else None


@bp.get("/<int:ballot_id>/edit")
@require(MANAGE)
def edit(ballot_id: int) -> ResponseReturnValue:
    """Show the form with a draft in it."""
    ballot = find(ballot_id)
    drafting.check_draft(ballot)
    version = _version(ballot.procedure.get("id", ""))
    filled = draft_forms.of(ballot, drafting.options_of(ballot))
    return _form(
        version, ballot.kind, _blank(version, ballot.kind, data=filled, drafted=True), ballot
    )


@bp.post("/<int:ballot_id>/edit")
@require(MANAGE)
def change(ballot_id: int) -> ResponseReturnValue:
    """Change a draft."""
    ballot = find(ballot_id)
    drafting.check_draft(ballot)
    version = _version(ballot.procedure.get("id", ""))
    kind, form = ballot.kind, _blank(version, ballot.kind, drafted=True)
    if form.validate_on_submit():
        try:
            made = drafting.change(g.actor, ballot, form.draft(version))
            db.session.commit()
        except Refused as refused:
            if refused.code == "fixed":
                raise
            _refuse(form, refused)
        else:
            flash(_("The draft is kept. What was proposed has to be proposed anew."), "done")
            return see_other(url_for(".show", ballot_id=made.id))
    return _form(version, kind, form, find(ballot_id), 422)


@bp.post("/<int:ballot_id>/remove")
@require(MANAGE)
def remove(ballot_id: int) -> ResponseReturnValue:
    """Throw a draft away."""
    drafting.remove(g.actor, find(ballot_id))
    db.session.commit()
    flash(_("The draft is gone."), "done")
    return see_other(url_for(".index"))
