"""Pages of calls: drawn up, published, led from phase to phase."""

from http import HTTPStatus
from typing import Any

from flask import g, request, url_for
from flask.typing import ResponseReturnValue

from civic.api import Refused, clock, holders, money, require, see_other
from civic.api import gettext as _
from civic_incubator import calls, listing, phases, registry, seating
from civic_incubator.forms import CallForm, NewCallForm, QuestionForm, RequestForm
from civic_incubator.manifest import plugin
from civic_incubator.models import Call
from civic_incubator.pages import (
    done,
    known_call,
    phase_titles,
    refuse,
    show,
)
from civic_incubator.questions import CHOICE, KINDS
from civic_incubator.ranking import EXPERT
from civic_incubator.words import data, said

WRONG = HTTPStatus.UNPROCESSABLE_ENTITY


@plugin.get("/calls/<int:call_id>/")
def call(call_id: int) -> ResponseReturnValue:
    """Show a call: what it is for, until when, and what whoever looks can do."""
    return _call(call_id)


def _call(call_id: int, error: str = "", status: int = HTTPStatus.OK) -> ResponseReturnValue:
    found = known_call(call_id)
    staff = plugin.may("manage") or plugin.may("keep")
    seen = staff and calls.workflow(found).may(found.phase, "see", [phases.STAFF])
    names = phase_titles()
    return show(
        "call",
        status,
        call=found,
        phases=names,
        stages=_stages(found, names),
        takes=calls.takes(found),
        mine=registry.mine(g.actor, [g.community.id]) if calls.takes(found) else (),
        applies=registry.APPLIES,
        applications=listing.applications(found) if seen else (),
        begun=listing.drafts(found) if staff else 0,
        moves=[move.to for move in calls.phase(found).moves if phases.STAFF in move.by]
        if plugin.may("manage")
        else [],
        manages=plugin.may("manage"),
        assesses=plugin.may("assess") and found.resident_weight and found.phase == calls.REVIEW,
        seat=seating.own_seat(g.actor, found),
        latest=calls.latest(found),
        criteria=[(said(row), row["weight"]) for row in found.criteria],
        questions=[said(row) for row in found.form],
        money=money.shown,
        error=error,
    )


def _stages(found: Call, names: dict[str, str]) -> list[dict[str, Any]]:
    """Return the line of phases: those before it are done, whatever leads beside it is left out."""
    order = [
        code
        for code, phase in calls.workflow(found).phases.items()
        if code != "cancelled" or found.phase == code
    ]
    here = order.index(found.phase)
    return [
        {
            "name": names[code],
            "state": "done" if place < here else "current" if place == here else "later",
            "when": "",
        }
        for place, code in enumerate(order)
    ]


@plugin.get("/calls/new")
@require("incubator.manage")
def new_call() -> ResponseReturnValue:
    """Ask what a call is for."""
    return _edit(NewCallForm(expert_weight=data("calls")["sides"][EXPERT]))


def _edit(
    form: CallForm, found: Call | None = None, error: str = "", status: int = HTTPStatus.OK
) -> ResponseReturnValue:
    return show("call_edit", status, form=form, call=found, error=error)


@plugin.post("/calls/new")
@require("incubator.manage")
def draw_up() -> ResponseReturnValue:
    """Draw up a call."""
    form = NewCallForm()
    if not form.validate_on_submit():
        return _edit(form, status=WRONG)
    try:
        made = calls.draw_up(g.actor, g.community, form.values(), form.form.data)
    except Refused as refused:
        return refuse(refused, _edit, form=form)
    done(_("The call is drawn up. Look at its questions, then open it."))
    return see_other(url_for(".questions", call_id=made.id))


@plugin.get("/calls/<int:call_id>/edit")
@require("incubator.manage")
def edit(call_id: int) -> ResponseReturnValue:
    """Show what can be changed until the call opens."""
    found = calls.call(g.community, call_id)
    calls.not_frozen(found)
    form = CallForm(
        title=found.title,
        text=found.text,
        opens_at=clock.local(found.opens_at),
        closes_at=clock.local(found.closes_at),
        pot=money.plain(found.pot),
        most=money.plain(found.most),
        expert_weight=found.expert_weight,
    )
    return _edit(form, found)


@plugin.post("/calls/<int:call_id>/edit")
@require("incubator.manage")
def change(call_id: int) -> ResponseReturnValue:
    """Change a call that has not opened."""
    found = calls.call(g.community, call_id)
    form = CallForm()
    if not form.validate_on_submit():
        return _edit(form, found, status=WRONG)
    try:
        calls.change(g.actor, found, form.values())
    except Refused as refused:
        return refuse(refused, _edit, form=form, found=found)
    done(_("Kept."))
    return see_other(url_for(".call", call_id=call_id))


@plugin.get("/calls/<int:call_id>/questions")
@require("incubator.manage")
def questions(call_id: int) -> ResponseReturnValue:
    """Show the questions of a call."""
    return _questions(call_id, QuestionForm(formdata=None))


def _questions(
    call_id: int, form: QuestionForm, error: str = "", status: int = HTTPStatus.OK
) -> ResponseReturnValue:
    found = calls.call(g.community, call_id)
    return show(
        "questions",
        status,
        call=found,
        rows=[(row, said(row), KINDS[row["kind"]]) for row in found.form],
        said=said,
        form=form,
        error=error,
        frozen=found.phase != calls.PREPARING,
    )


@plugin.post("/calls/<int:call_id>/questions")
@require("incubator.manage")
def ask(call_id: int) -> ResponseReturnValue:
    """Add a question."""
    form = QuestionForm()
    if not form.validate_on_submit():
        return _questions(call_id, form, status=WRONG)
    words = (form.words.data or "").strip()
    row: dict[str, Any] = {"kind": form.kind.data, "zh": words, "required": not form.optional.data}
    if form.kind.data == CHOICE:
        lines = [line.strip() for line in (form.options.data or "").splitlines() if line.strip()]
        row["options"] = [{"code": f"o{n}", "zh": line} for n, line in enumerate(lines, 1)]
    try:
        calls.ask(g.actor, calls.call(g.community, call_id), row)
    except Refused as refused:
        return refuse(refused, _questions, call_id=call_id, form=form)
    done(_("The question is added."))
    return see_other(url_for(".questions", call_id=call_id))


@plugin.post("/calls/<int:call_id>/questions/<code>/remove")
@require("incubator.manage")
def unask(call_id: int, code: str) -> ResponseReturnValue:
    """Take a question out."""
    if RequestForm().validate_on_submit():
        calls.unask(g.actor, calls.call(g.community, call_id), code)
        done(_("The question is taken out."))
    return see_other(url_for(".questions", call_id=call_id))


@plugin.post("/calls/<int:call_id>/move")
@require("incubator.manage")
def move(call_id: int) -> ResponseReturnValue:
    """Move a call to another phase."""
    found = calls.call(g.community, call_id)
    try:
        calls.move(g.actor, found, request.form.get("to", ""))
    except Refused as refused:
        return refuse(refused, _call, call_id=call_id)
    done(_("The call stands at: %(phase)s.", phase=phase_titles()[found.phase]))
    return see_other(url_for(".call", call_id=call_id))


@plugin.get("/calls/<int:call_id>/panel")
@require("incubator.manage")
def seats(call_id: int) -> ResponseReturnValue:
    """Show who can sit on the panel, and who does."""
    return _seats(call_id)


def _seats(call_id: int, error: str = "", status: int = HTTPStatus.OK) -> ResponseReturnValue:
    found = calls.call(g.community, call_id)
    return show(
        "panel",
        status,
        call=found,
        people=holders(g.community, seating.STANDING),
        seated={seat.person_id for seat in seating.seats(found, EXPERT)},
        error=error,
    )


@plugin.post("/calls/<int:call_id>/panel")
@require("incubator.manage")
def seat(call_id: int) -> ResponseReturnValue:
    """Choose the experts of a call."""
    chosen = [int(word) for word in request.form.getlist("person") if word.isdecimal()]
    try:
        seating.seat_experts(g.actor, calls.call(g.community, call_id), chosen)
    except Refused as refused:
        return refuse(refused, _seats, call_id=call_id)
    done(_("The panel is kept."))
    return see_other(url_for(".call", call_id=call_id))
