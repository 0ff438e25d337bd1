"""Pages of the way of a case: its stages and what was done, for all; for offices the next acts."""

from http import HTTPStatus

from flask import Blueprint, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civic.consultations import (
    link_pages,
    linked,
    move_options,
    moving,
    panels,
    services,
    stage_pages,
    stages,
)
from civic.consultations.link_pages import LinkForm
from civic.consultations.models import Consultation
from civic.consultations.move_options import Option
from civic.identities.kinds import STAFF
from civic.identities.weight import of_weight
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.htmx import see_other
from civic.kernel.numbers import identifier
from civic.kernel.permissions import require
from civic.procedures.phrases import say
from civic.processes import bundles

bp = Blueprint("ways", __name__, url_prefix="/c/<community>/consultations/<int:consultation_id>")
#: Refusals that are an answer of their own; the others are shown where the act is confirmed.
OWN_PAGE = frozenset({"not_yours", "out_of_order", "once", "no_process"})


def _find(consultation_id: int) -> Consultation:
    found = services.find(g.actor, g.community, consultation_id)
    if found.stage is None:
        message = _l("This case follows its dates; it has no process with stages to move along.")
        raise Refused("no_process", message, HTTPStatus.NOT_FOUND)
    return found


def _acts(case: Consultation) -> list[Option]:
    return move_options.options(g.actor, g.community, case)


@bp.get("/way")
def show(consultation_id: int) -> str:
    """Show the whole way of a case, where it stands, and what was done by whom and why."""
    case = _find(consultation_id)
    process = moving.process_of(case)
    office = STAFF in g.actor.groups(g.community.path)
    return render_template(
        "consultations/way.html",
        case=case,
        way=stage_pages.way(case),
        about=say(process.about),
        basis=process.basis,
        told=url_for("processes.show", code=process.id) if process.id in bundles.shipped() else "",
        state=stages.kind(case),
        left=stage_pages.left(case, clock.now()),
        line=stage_pages.whole(case),
        history=[stage_pages.done(process, entry) for entry in moving.history(case.id)],
        office=office,
        acts=[stage_pages.act(one, g.actor) for one in _acts(case)] if office else [],
        stands=stage_pages.here(case),
        linked=link_pages.rows(case) if office else [],
        writes=link_pages.writes(g.actor, g.community) if office else [],
        panels=panels.of(case, g.actor, clock.now()) if office else [],
        link=LinkForm(formdata=None).ask(g.community, case) if office else None,
    )


@bp.post("/way")
@require("consultations.manage")
def link(consultation_id: int) -> ResponseReturnValue:
    """Link a ballot or a notice with a case."""
    case = _find(consultation_id)
    form = LinkForm().ask(g.community, case)
    try:
        if number := identifier(form.ballot.data or ""):
            linked.link_ballot(g.actor, g.community, case, number, form.purpose.data or "")
        if number := identifier(form.notice.data or ""):
            linked.link_notice(g.actor, g.community, case, number)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        flash(str(refused), "error")
    else:
        flash(_("It is linked."), "done")
    return see_other(url_for(".show", consultation_id=consultation_id) + "#linked-title")


def _page(
    case: Consultation, act: str, reason: str = "", error: str = "", status: int = 200
) -> ResponseReturnValue:
    option = next((one for one in _acts(case) if one.move.act == act), None)
    if option is None:
        raise move_options.refusal(g.actor, g.community, case, act) or Refused(
            "out_of_order",
            _l("At the present stage of this case your posts do not allow this."),
            HTTPStatus.FORBIDDEN,
        )
    page = render_template(
        "consultations/way_act.html",
        case=case,
        act=stage_pages.act(option, g.actor),
        stands=stage_pages.here(case),
        reason=reason,
        error=error,
    )
    return page, status


@bp.get("/way/<act>")
def confirm(consultation_id: int, act: str) -> ResponseReturnValue:
    """Ask once more before a case is moved."""
    return _page(_find(consultation_id), act)


@bp.post("/way/<act>")
@of_weight
def move(consultation_id: int, act: str) -> ResponseReturnValue:
    """Move a case, propose it, or confirm what another person proposed."""
    case = _find(consultation_id)
    reason = request.form.get("reason", "")
    origin = request.form.get("stage", "") or "-"
    try:
        entry = moving.move(g.actor, g.community, case, act, reason=reason, origin=origin)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        if refused.code in OWN_PAGE:
            raise
        return _page(_find(consultation_id), act, reason, str(refused), refused.status)
    if entry is None:
        flash(_("It is proposed. Another person has to confirm it."), "done")
    else:
        flash(_("It is done and recorded. The case now stands here."), "done")
    return see_other(url_for(".show", consultation_id=consultation_id))
