"""Pages of the office about what comes of a case: write, publish, answer, plan, report, ask."""

from collections.abc import Callable

from flask import Blueprint, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from civic.consultations import linked
from civic.consultations.here import case_of
from civic.consultations.models import Consultation
from civic.identities.weight import of_weight
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.htmx import see_other
from civic.kernel.numbers import identifier
from civic.kernel.permissions import require
from civic.outcomes import carrying_out, objecting, pages, rating, resolutions
from civic.outcomes.forms import AnswerForm, PlanForm, ReportForm, WriteForm
from civic.outcomes.resolutions import MANAGE

bp = Blueprint(
    "outcome_desk",
    __name__,
    url_prefix="/c/<community>/consultations/<int:consultation_id>/outcome/work",
)


#: Of the fields of a task: the resolution has a title and a text on the same page.
PLAN = "PlanForm-"


@bp.get("")
@require(MANAGE)
def work(consultation_id: int) -> ResponseReturnValue:
    """Show what can be done now."""
    return _page(case_of(consultation_id), None)


def _page(
    case: Consultation, sent: FlaskForm | None, error: str = "", status: int = 200
) -> ResponseReturnValue:
    now = clock.now()
    draft, editions = resolutions.draft_of(case.id), resolutions.published(case.id)
    stands = resolutions.standing(case)
    write = sent if isinstance(sent, WriteForm) else WriteForm(formdata=None)
    if write is not sent and (draft or editions):
        write.fill(draft or editions[0])
    elif write is not sent:
        write.title.data = case.title
        write.contact.data = " ".join(filter(None, (case.office, g.community.telephone)))
    last = rating.in_force(case)
    item = identifier(request.form.get("item", ""))
    plan = sent if isinstance(sent, PlanForm) else PlanForm(formdata=None, prefix=PLAN)
    work_ = pages.tasks(case, now)
    waiting = pages.objections(objecting.listed(case.id, waiting=True), now)

    def of(kind: type[FlaskForm], key: int) -> FlaskForm:
        if isinstance(sent, kind) and key == item:
            return sent
        return kind(formdata=None, prefix=f"{kind.__name__}-{key}-")

    page = render_template(
        "outcomes/work.html",
        case=case,
        error=error,
        me=g.actor.person_id,
        item=item,
        ripe=resolutions.ripe(case, now),
        voted=resolutions.voted(linked.decided_by(case)),
        draft=pages.sheet(draft, now) | {"written_by": draft.written_by} if draft else None,
        newest=pages.sheet(stands, now) if stands else None,
        objections=waiting,
        tasks=work_,
        round=pages.rounds(last, now) if last else None,
        write=write,
        plan=plan,
        answers={one["id"]: of(AnswerForm, one["id"]) for one in waiting},
        reports={one["id"]: of(ReportForm, one["id"]) for one in work_["rows"]},
    )
    return page, status


def _write(form: WriteForm, case_id: int, _item: int) -> None:
    resolutions.write(g.actor, g.community, case_id, form.draft())


def _publish(_form: FlaskForm, case_id: int, _item: int) -> None:
    resolutions.publish(g.actor, g.community, case_id)


def _answer(form: AnswerForm, case_id: int, item: int) -> None:
    words, alone = form.words.data or "", form.alone.data or ""
    objecting.answer(g.actor, g.community, case_id, item, words=words, alone=alone)


def _plan(form: PlanForm, case_id: int, _item: int) -> None:
    if not form.validate():
        raise Refused("form", _l("Please look at the marked fields again."))
    carrying_out.plan(g.actor, g.community, case_id, form.plan())


def _report(form: ReportForm, case_id: int, item: int) -> None:
    carrying_out.report(
        g.actor,
        g.community,
        case_id,
        item,
        progress=-1 if form.progress.data is None else form.progress.data,
        words=form.words.data or "",
        form_key=form.form_key.data or "",
    )


def _ask(_form: FlaskForm, case_id: int, _item: int) -> None:
    rating.ask(g.actor, g.community, case_id)


def _end(_form: FlaskForm, case_id: int, _item: int) -> None:
    rating.end(g.community, case_id)


ACTS: dict[str, tuple[type[FlaskForm], Callable[..., None]]] = {
    "write": (WriteForm, _write),
    "publish": (FlaskForm, _publish),
    "answer": (AnswerForm, _answer),
    "plan": (PlanForm, _plan),
    "report": (ReportForm, _report),
    "ask": (FlaskForm, _ask),
    "end": (FlaskForm, _end),
}


@bp.post("/<act>")
@require(MANAGE)
@of_weight
def step(consultation_id: int, act: str) -> ResponseReturnValue:
    """Take one step."""
    case_of(consultation_id)
    if act not in ACTS:
        raise resolutions.missing()
    form_class, do = ACTS[act]
    item = identifier(request.form.get("item", "")) or 0
    # Several forms of one kind stand on the page: their fields carry the key of their thing.
    prefix = f"{form_class.__name__}-{item}-" if item else PLAN if form_class is PlanForm else ""
    form = form_class(prefix=prefix)
    try:
        do(form, consultation_id, item)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        return _page(case_of(consultation_id), form, str(refused), refused.status)
    flash(_("Done."), "done")
    return see_other(url_for(".work", consultation_id=consultation_id) + f"#{act}")
