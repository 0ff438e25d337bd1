"""Pages on which the office begins a case in three steps, and sees its cases by stage."""

from flask import Blueprint, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import func, select

from civic.consultations import pages, queries, starting
from civic.consultations.begin_forms import BeginForm
from civic.consultations.models import Consultation
from civic.consultations.services import LAST, PER_PAGE
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.htmx import see_other
from civic.kernel.numbers import identifier
from civic.kernel.permissions import require
from civic.procedures.phrases import length, say
from civic.processes import bundles

bp = Blueprint("case_desk", __name__, url_prefix="/c/<community>/desk/cases")
MANAGE = "consultations.manage"


@bp.get("/")
@require(MANAGE)
def index() -> str:
    """List the cases of this community that go the way of a process, by stage."""
    chosen = request.args.get("stage", "")
    before = identifier(request.args.get("before", "")) or LAST
    here = Consultation.community_id == g.community.id
    by_process = Consultation.process_code.is_not(None)
    counts = select(Consultation.stage, func.count()).where(here, by_process)
    numbers = {row[0]: row[1] for row in db.session.execute(counts.group_by(Consultation.stage))}
    query = select(Consultation).where(here, by_process, Consultation.id < before)
    query = query.options(*queries.short())
    if chosen:
        query = query.where(Consultation.stage == chosen)
    found = list(db.session.scalars(query.order_by(Consultation.id.desc()).limit(PER_PAGE)))
    titles: dict[str | None, str] = {
        stage.code: say(stage.title)
        for one in bundles.shipped().values()
        for stage in reversed(one.process.stages)
    }
    now = clock.now()
    return render_template(
        "consultations/desk.html",
        cases=[(one, pages.state(one, now), pages.left(one, now)) for one in found],
        filters=[(code, titles.get(code, code or ""), number) for code, number in numbers.items()],
        chosen=chosen,
        titles=titles,
        older_url=url_for(".index", stage=chosen, before=found[-1].id)
        if len(found) == PER_PAGE
        else "",
    )


@bp.get("/new")
@require(MANAGE)
def new() -> ResponseReturnValue:
    """Ask which way the case goes, then what it is about."""
    code = request.args.get("process", "")
    if not code:
        ways = [
            (one.process.id, say(one.process.title), say(one.process.about), one.process.basis)
            for one in bundles.shipped().values()
        ]
        return render_template("consultations/begin.html", ways=ways)
    return _form(code, BeginForm(formdata=None, audience=["resident"]))


def _form(code: str, form: BeginForm, status: int = 200) -> ResponseReturnValue:
    process = starting.template(code).process
    page = render_template(
        "consultations/begin_form.html",
        code=code,
        title=say(process.title),
        form=form.ask(process),
    )
    return page, status


@bp.post("/new")
@require(MANAGE)
def begin() -> ResponseReturnValue:
    """Show the calendar of what was entered; keep the draft once that has been seen."""
    code = request.form.get("process", "")
    form = BeginForm()
    process = starting.template(code).process
    form.ask(process)
    if not form.validate_on_submit() or "back" in request.form:
        return _form(code, form, 200 if "back" in request.form else 422)
    try:
        if "begin" in request.form:
            made = starting.begin(g.actor, g.community, form.beginning(code))
            db.session.commit()
            flash(_("The draft is kept. Nobody but the office sees it yet."), "done")
            return see_other(url_for("ways.show", consultation_id=made.id))
        entered = form.beginning(code)
        starting.check(entered)
        planned = starting.plan(code, entered.procedure)
    except Refused as refused:
        db.session.rollback()
        field = form["procedure" if refused.code == "procedure" else "audience"]
        field.errors = [*field.errors, str(refused)]
        return _form(code, form, 422)
    return render_template(
        "consultations/begin_dates.html",
        code=code,
        title=say(process.title),
        entered=entered,
        missing=sorted({one.missing for one in planned if one.missing}),
        dates=[
            {
                "name": say(one.stage.title),
                "begins": one.begins,
                "ends": one.ends,
                "length": length(one.period) if one.period else "",
                "missing": one.missing,
            }
            for one in planned
        ],
    )
