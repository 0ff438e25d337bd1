"""Pages of walls: all of a case, one with its dots or its result, put one up, take one down."""

from flask import Blueprint, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.consultations import stages
from civic.consultations.here import case_of
from civic.consultations.models import Consultation
from civic.deliberation import gate, pages, walls
from civic.deliberation.forms import WallForm, WithdrawForm
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.htmx import see_other
from civic.kernel.numbers import identifier
from civic.kernel.permissions import allowed, require

bp = Blueprint(
    "walls", __name__, url_prefix="/c/<community>/consultations/<int:consultation_id>/walls"
)
ITEM = "item-"
FIELDS = frozenset({"title", "items", "dots", "closes_at"})


def _manages() -> bool:
    return allowed(g.actor, gate.MANAGE, g.community.path)


@bp.get("")
def index(consultation_id: int) -> ResponseReturnValue:
    """List the walls of a case."""
    case = case_of(consultation_id)
    now = clock.now()
    return render_template(
        "deliberation/walls.html",
        case=case,
        walls=[pages.wall(one, case, now) for one in walls.listed(case.id)],
        may_open=_manages() and stages.may(case, now, gate.WALL),
    )


@bp.get("/new")
@require(gate.MANAGE)
def new(consultation_id: int) -> ResponseReturnValue:
    """Show the form of a wall."""
    case = case_of(consultation_id)
    return _new_page(case, WallForm())


def _new_page(case: Consultation, form: WallForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "deliberation/wall_new.html", case=case, form=form, bounds=pages.bounds()
    )
    return page, status


@bp.post("/new")
@require(gate.MANAGE)
def create(consultation_id: int) -> ResponseReturnValue:
    """Put a wall up."""
    case = case_of(consultation_id)
    form = WallForm()
    try:
        made = walls.open_(g.actor, g.community, case, form.draft())
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        field = refused.code if refused.code in FIELDS else "title"
        form[field].errors = [str(refused)]
        return _new_page(case_of(consultation_id), form, refused.status)
    flash(_("The wall hangs; everybody who is asked can place dots."), "done")
    return see_other(url_for(".show", consultation_id=case.id, wall_id=made.id))


@bp.get("/<int:wall_id>")
def show(consultation_id: int, wall_id: int) -> ResponseReturnValue:
    """Show a wall: one's own dots while it is open, the count afterwards."""
    return _page(case_of(consultation_id), wall_id)


def _page(
    case: Consultation,
    wall_id: int,
    *,
    sent: dict[int, int] | None = None,
    error: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    found, now = walls.find(case, wall_id), clock.now()
    items, mine = walls.items(found.id), walls.mine(g.actor.person_id, found.id)
    shown = pages.wall(found, case, now)
    refusal = gate.why_not(g.actor, g.community, case, gate.WALL) if shown["open"] else None
    page = render_template(
        "deliberation/wall.html",
        case=case,
        wall=shown,
        items=pages.hanging(items, mine, sent),
        placed=mine.total(),
        error=error,
        refusal=str(refusal) if refusal else "",
        result=pages.result(found, items, now),
        may_withdraw=shown["open"] and _manages(),
    )
    return page, status


def _sent() -> dict[int, int]:
    """Return on which items how many dots were asked for; what is no number is too many."""
    found = {}
    for name, value in request.form.items():
        item = identifier(name.removeprefix(ITEM)) if name.startswith(ITEM) else None
        if item is not None:
            number = 0 if value in {"", "0"} else identifier(value)
            found[item] = -1 if number is None else number
    return found


@bp.post("/<int:wall_id>")
def place(consultation_id: int, wall_id: int) -> ResponseReturnValue:
    """Place one's dots anew."""
    case = case_of(consultation_id)
    sent = _sent()
    try:
        walls.place(g.actor, g.community, case, wall_id, sent)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        if refused.code not in {"item", "once", "too_many"}:
            raise
        case = case_of(consultation_id)
        return _page(case, wall_id, sent=sent, error=str(refused), status=refused.status)
    flash(_("Your dots are placed. You can move them until the wall closes."), "done")
    return see_other(url_for(".show", consultation_id=case.id, wall_id=wall_id))


@bp.get("/<int:wall_id>/withdraw")
@require(gate.MANAGE)
def withdraw_form(consultation_id: int, wall_id: int) -> ResponseReturnValue:
    """Ask why a wall is taken down."""
    return _withdraw_page(case_of(consultation_id), wall_id, WithdrawForm())


def _withdraw_page(
    case: Consultation, wall_id: int, form: WithdrawForm, status: int = 200
) -> ResponseReturnValue:
    shown = pages.wall(walls.find(case, wall_id), case, clock.now())
    page = render_template(
        "deliberation/wall_withdraw.html",
        case=case,
        wall=shown,
        form=form,
        bounds=pages.bounds(),
    )
    return page, status


@bp.post("/<int:wall_id>/withdraw")
@require(gate.MANAGE)
def withdraw(consultation_id: int, wall_id: int) -> ResponseReturnValue:
    """Take a wall down before its end."""
    case = case_of(consultation_id)
    form = WithdrawForm()
    try:
        walls.withdraw(g.actor, g.community, case, wall_id, reason=form.reason.data or "")
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        if refused.code != "reason":
            raise
        form.reason.errors = [str(refused)]
        return _withdraw_page(case_of(consultation_id), wall_id, form, refused.status)
    flash(_("The wall is taken down; the reason stands on it."), "done")
    return see_other(url_for(".show", consultation_id=case.id, wall_id=wall_id))
