"""Pages of arguments: both sides, write one, say that one convinces, take one's own back."""

from flask import Blueprint, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.consultations.here import case_of
from civic.consultations.models import Consultation
from civic.deliberation import arguments, gate, pages
from civic.deliberation.forms import ArgumentForm
from civic.deliberation.models import SIDES
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.htmx import see_other, wants_part
from civic.moderation.models import WaitingText

bp = Blueprint(
    "arguments", __name__, url_prefix="/c/<community>/consultations/<int:consultation_id>/arguments"
)
FIELDS = ("side", "title", "words")


@bp.get("")
def index(consultation_id: int) -> ResponseReturnValue:
    """Show both sides beside each other, or more of one of them."""
    return _page(case_of(consultation_id), None)


def _page(case: Consultation, sent: ArgumentForm | None, status: int = 200) -> ResponseReturnValue:
    refusal = gate.why_not(g.actor, g.community, case, gate.ARGUMENTS)
    wanted = request.args.get("side", "")
    codes = (wanted,) if wanted in SIDES else SIDES
    after = request.args.get("after", "") if wanted in SIDES else ""
    page = render_template(
        "deliberation/arguments.html",
        case=case,
        sides=pages.sides(case, g.actor, codes, after, rates=refusal is None),
        alone=len(codes) == 1,
        form=None if refusal else sent or ArgumentForm(formdata=None),
        refusal=str(refusal) if refusal else "",
        bounds=pages.bounds(),
    )
    return page, status


@bp.post("")
def write(consultation_id: int) -> ResponseReturnValue:
    """Take an argument."""
    case = case_of(consultation_id)
    form = ArgumentForm()
    try:
        made = arguments.write(
            g.actor,
            g.community,
            case,
            side=form.side.data or "",
            title=form.title.data or "",
            words=form.words.data or "",
            form_key=form.form_key.data or "",
        )
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        if refused.code in FIELDS:
            form[refused.code].errors = [str(refused)]
        elif refused.code == "too_many":
            form.title.errors = [str(refused)]
        else:
            raise
        return _page(case_of(consultation_id), form, refused.status)
    if isinstance(made, WaitingText):
        flash(_("Your argument is with the office; it is published when it is checked."), "done")
        return see_other(url_for("moderation.mine") + f"#waiting-{made.id}")
    flash(_("Your argument is published; others can weigh it now."), "done")
    return see_other(url_for(".index", consultation_id=case.id) + f"#argument-{made.id}")


@bp.post("/<int:argument_id>/rate")
def rate(consultation_id: int, argument_id: int) -> ResponseReturnValue:
    """Say that an argument convinces one, or no longer."""
    case = case_of(consultation_id)
    wants = request.form.get("wants") == "yes"
    found = arguments.rate(g.actor, g.community, case, argument_id, wants=wants)
    db.session.commit()
    if wants_part():
        one = {
            "id": found.id,
            "title": found.title,
            "convinced": found.convinced,
            "convinces": wants,
            "rate_url": url_for(".rate", consultation_id=case.id, argument_id=found.id),
        }
        return render_template("deliberation/_convinced.html", one=one, swapped=True)
    return see_other(url_for(".index", consultation_id=case.id) + f"#argument-{found.id}")


@bp.get("/<int:argument_id>/take-back")
def take_back_form(consultation_id: int, argument_id: int) -> ResponseReturnValue:
    """Ask whether an argument is to be taken back."""
    case = case_of(consultation_id)
    found = arguments.own(g.actor, case, argument_id)
    return render_template(
        "deliberation/take_back.html",
        case=case,
        title=_("Take this argument back?"),
        words=f"{found.title}\n{found.words}".strip(),
        what=_("Your words are erased for good, and the argument leaves the list."),
        action=url_for(".take_back", consultation_id=case.id, argument_id=found.id),
        back=url_for(".index", consultation_id=case.id),
    )


@bp.post("/<int:argument_id>/take-back")
def take_back(consultation_id: int, argument_id: int) -> ResponseReturnValue:
    """Erase one's own argument."""
    case = case_of(consultation_id)
    arguments.take_back(g.actor, g.community, case, argument_id)
    db.session.commit()
    flash(_("Your argument is erased."), "done")
    return see_other(url_for(".index", consultation_id=case.id))
