"""Pages of the office about rolls: drawn by one person, frozen by another, changed by two."""

from typing import Any

from flask import Blueprint, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from civic.identities.people_forms import offered
from civic.identities.people_views import key, offer_of
from civic.identities.weight import of_weight
from civic.kernel import moments
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.htmx import see_other
from civic.kernel.permissions import require
from civic.voting import kinds, roll_additions, roll_call, roll_changes, roll_lists
from civic.voting.roll_forms import WHOSE, AddForm, AnswerForm, DrawForm, FreezeForm, StrikeForm
from civic.voting.rolls import ADDED, STRUCK, Roll
from civic.voting.voters import MANAGE

bp = Blueprint("rolls", __name__, url_prefix="/c/<community>/desk/rolls")


@bp.get("/")
@require(MANAGE)
def index() -> str:
    """List the rolls of a community."""
    found, older = roll_lists.listed(g.community, before=key())
    return render_template("voting/rolls.html", rolls=found, older=older, units=kinds.UNITS)


@bp.get("/new")
@require(MANAGE)
def new() -> ResponseReturnValue:
    """Ask whose roll is drawn, and where."""
    return _draw_page(DrawForm(request.args))


def _draw_page(form: DrawForm, status: int = 200) -> ResponseReturnValue:
    offer = offer_of(form)
    offered(form.node, offer)
    return render_template("voting/roll_new.html", form=form, offer=offer), status


@bp.post("/new")
@require(MANAGE)
@of_weight
def draw() -> ResponseReturnValue:
    """Draw a draft of a roll."""
    form = DrawForm()
    offered(form.node, offer_of(form))
    if not form.validate_on_submit():
        return _draw_page(form, 422)
    whose = WHOSE[form.whose.data]
    rule = whose.rule(form.node.data, form.level.data)
    try:
        roll = roll_call.by_rule(g.actor, g.community, rule, whose.measures)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        form.node.errors = [str(refused)]
        return _draw_page(form, refused.status)
    return see_other(url_for(".roll", roll_id=roll.id))


@bp.get("/<int:roll_id>")
@require(MANAGE)
def roll(roll_id: int) -> ResponseReturnValue:
    """Show a roll with its rights, objections and changes."""
    return _page(roll_lists.find(g.community, roll_id))


def _page(found: Roll, status: int = 200, **forms: FlaskForm) -> ResponseReturnValue:
    rights, older = roll_lists.rights(found, after=key())
    blank = {
        "freeze": FreezeForm(formdata=None),
        "strike": StrikeForm(formdata=None),
        "add": AddForm(formdata=None),
        "answer": AnswerForm(formdata=None),
    }
    page = render_template(
        "voting/roll.html",
        roll=found,
        rights=rights,
        older=older,
        unheld=roll_lists.without_holder(found),
        objections=roll_lists.objections(found),
        changes=roll_lists.changes(found),
        ballots=roll_lists.ballots(found),
        units=kinds.UNITS,
        me=g.actor.person_id,
        forms=blank | forms,
        sent=next(iter(forms.values()), None),
    )
    return page, status


@bp.post("/<int:roll_id>/freeze")
@require(MANAGE)
@of_weight
def freeze(roll_id: int) -> ResponseReturnValue:
    """Freeze a roll that another person drew."""
    found, form = roll_lists.find(g.community, roll_id), FreezeForm()
    if not form.validate_on_submit():
        return _page(found, 422, freeze=form)
    roll_call.freeze(g.actor, found.id, objections_until=moments.of(form.until))
    db.session.commit()
    flash(_("Frozen. From now on it changes only with a reason and a second person."), "done")
    return see_other(url_for(".roll", roll_id=roll_id))


@bp.post("/<int:roll_id>/strike")
@require(MANAGE)
def strike(roll_id: int) -> ResponseReturnValue:
    """Ask for a right to be struck."""
    found, form = roll_lists.find(g.community, roll_id), StrikeForm()
    if not form.validate_on_submit():
        return _page(found, 422, strike=form)
    try:
        roll_lists.right_numbered(found, form.number.data)
    except Refused as refused:
        form.number.errors = [str(refused)]
        return _page(found, refused.status, strike=form)
    return _propose(found, STRUCK, form.reason.data or "", {"number": form.number.data})


@bp.post("/<int:roll_id>/add")
@require(MANAGE)
def add(roll_id: int) -> ResponseReturnValue:
    """Ask for a right to be added."""
    found, form = roll_lists.find(g.community, roll_id), AddForm()
    if not form.validate_on_submit():
        return _page(found, 422, add=form)
    try:
        data = roll_additions.wanted(
            g.community,
            found,
            label=form.label.data or "",
            area=form.area.data or "",
            account=form.account.data or "",
        )
    except Refused as refused:
        field = form.area if refused.code == "area" else form.account
        field.errors = [str(refused)]
        return _page(found, 422, add=form)
    return _propose(found, ADDED, form.why.data or "", data)


def _propose(found: Roll, act: str, reason: str, data: dict[str, Any]) -> ResponseReturnValue:
    roll_changes.propose(g.actor, found, act, reason=reason, data=data)
    db.session.commit()
    flash(_("Proposed. Another person has to confirm it."), "done")
    return see_other(url_for(".roll", roll_id=found.id))


@bp.post("/<int:roll_id>/changes/<int:change_id>")
@require(MANAGE)
@of_weight
def confirm(roll_id: int, change_id: int) -> ResponseReturnValue:
    """Agree to a change that another person asked for."""
    found = roll_lists.find(g.community, roll_id)
    roll_changes.confirm(g.actor, roll_lists.change(found, change_id).id)
    db.session.commit()
    flash(_("The roll is changed."), "done")
    return see_other(url_for(".roll", roll_id=roll_id))


@bp.post("/<int:roll_id>/objections/<int:objection_id>")
@require(MANAGE)
def answer(roll_id: int, objection_id: int) -> ResponseReturnValue:
    """Answer an objection."""
    found, form = roll_lists.find(g.community, roll_id), AnswerForm()
    objection = roll_lists.objection(found, objection_id)
    if not form.validate_on_submit():
        return _page(found, 422, answer=form)
    roll_changes.answer(g.actor, objection.id, form.outcome.data, form.words.data or "")
    db.session.commit()
    flash(_("Answered; whoever objected reads it."), "done")
    return see_other(url_for(".roll", roll_id=roll_id))
