"""Pages of the office about a correction: each step with its form; two people decide."""

from collections.abc import Callable

from flask import Blueprint, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from civic.communities.models import Community
from civic.corrections import deciding, news, pages, recounts, services
from civic.corrections.forms import AdmitForm, DecideForm, ExamineForm, ProposeForm
from civic.corrections.models import Correction
from civic.corrections.rules import AMEND, rules
from civic.corrections.services import MANAGE
from civic.identities.weight import of_weight
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.htmx import see_other
from civic.kernel.permissions import require
from civic.notices.models import Notice
from civic.outcomes.models import Resolution
from civic.procedures.models import ProcedureVersion

bp = Blueprint(
    "correction_desk", __name__, url_prefix="/c/<community>/corrections/<int:correction_id>/work"
)


@bp.get("")
@require(MANAGE)
def work(correction_id: int) -> ResponseReturnValue:
    """Show what can be done now."""
    return _page(services.find(g.community, correction_id), None)


def _page(
    found: Correction, sent: FlaskForm | None, error: str = "", status: int = 200
) -> ResponseReturnValue:
    forms = {
        kind.__name__: sent if isinstance(sent, kind) else kind(formdata=None)
        for kind in (AdmitForm, ExamineForm, ProposeForm, DecideForm)
    }
    notice: Notice | Resolution | None = None
    if found.target == "notice":
        notice = db.session.get(Notice, found.subject_id)
    elif found.target == "resolution":
        notice = db.session.get(Resolution, found.subject_id)
    propose: ProposeForm = forms["ProposeForm"].ask(found)
    if notice is not None and propose is not sent:
        propose.title.data, propose.body.data = notice.title, notice.body
    examine: ExamineForm = forms["ExamineForm"]
    if examine is not sent:
        examine.findings.data = found.findings
        examine.admitted.data = ", ".join(map(str, found.errors.get("admitted", ())))
        examine.excluded.data = found.errors.get("excluded", 0)
    page = render_template(
        "corrections/work.html",
        found=found,
        sheet=pages.sheet(found),
        recount=pages.recount(found),
        notice=notice,
        error=error,
        me=g.actor.person_id,
        admit=forms["AdmitForm"],
        examine=examine,
        propose=propose,
        decide=forms["DecideForm"],
        rule_url=_rule_url(found),
        effect=rules().effects[found.effect] if found.effect else None,
    )
    return page, status


def _rule_url(found: Correction) -> str:
    """Return where the street asks people about a rule that shall change."""
    if found.effect != AMEND or found.decided_at is None:
        return ""
    street = db.session.get_one(Community, g.community.path[0]).slug
    code = db.session.get_one(ProcedureVersion, found.subject_id).code
    return url_for("corrections.change_form", community=street, code=code, correction=found.id)


def _admit(form: AdmitForm, key: int) -> None:
    reason = form.reason.data or ""
    if form.how.data == "refuse":
        deciding.refuse(g.actor, g.community, key, code=form.code.data or "", reason=reason)
    elif form.how.data in {"admit", "suspend"}:
        suspends = form.how.data == "suspend"
        deciding.admit(g.actor, g.community, key, suspends=suspends, reason=reason)
    else:
        raise Refused("how", _l("Please choose whether it is taken up."))


def _examine(form: ExamineForm, key: int) -> None:
    if not form.validate():
        words = (form.admitted.errors or form.excluded.errors or [_("Please look again.")])[0]
        raise Refused("numbers", str(words))
    errors = form.errors_of_roll()
    deciding.examine(g.actor, g.community, key, findings=form.findings.data or "", errors=errors)


def _propose(form: ProposeForm, key: int) -> None:
    change = {"title": form.title.data or "", "body": form.body.data or ""}
    proposal = deciding.Proposal(
        effect=form.effect.data or "",
        reason=form.reason.data or "",
        note=form.note.data or "",
        change=change if form.effect.data == "correct" else {},
    )
    deciding.propose(g.actor, g.community, key, proposal)


def _decide(form: DecideForm, key: int) -> None:
    deciding.decide(g.actor, g.community, key, alone=form.alone.data or "")


def _send_back(_form: FlaskForm, key: int) -> None:
    deciding.withdraw(g.actor, g.community, key)


def _count(_form: FlaskForm, key: int) -> None:
    recounts.count(g.actor, g.community, key)


def _confirm(_form: FlaskForm, key: int) -> None:
    recounts.confirm(g.actor, g.community, key, request.form.get("bundle", ""))


ACTS: dict[str, tuple[type[FlaskForm], Callable[..., None]]] = {
    "admit": (AdmitForm, _admit),
    "examine": (ExamineForm, _examine),
    "propose": (ProposeForm, _propose),
    "send-back": (FlaskForm, _send_back),
    "decide": (DecideForm, _decide),
    "count": (FlaskForm, _count),
    "confirm": (FlaskForm, _confirm),
}
#: After these whoever raised or signed it is told.
TOLD = frozenset({"admit", "decide"})


@bp.post("/<act>")
@require(MANAGE)
@of_weight
def step(correction_id: int, act: str) -> ResponseReturnValue:
    """Take one step."""
    found = services.find(g.community, correction_id)
    if act not in ACTS:
        raise services.missing()
    form_class, do = ACTS[act]
    form = form_class()
    try:
        do(form, correction_id)
    except Refused as refused:
        db.session.rollback()
        found = services.find(g.community, correction_id)
        return _page(found, form, str(refused), refused.status)
    if act in TOLD:
        news.moved(g.community, services.find(g.community, correction_id), g.actor.person_id)
    db.session.commit()
    flash(_("Done."), "done")
    return see_other(url_for(".work", correction_id=correction_id))
