"""The frozen roll as those may see it whom it is about: doors, never names of residents."""

from flask import Blueprint, flash, g, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.identities.people_views import key
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.htmx import see_other
from civic.kernel.permissions import require
from civic.voting import entitled, kinds, roll_changes, roll_lists
from civic.voting.roll_forms import ObjectForm
from civic.voting.rolls import Roll

bp = Blueprint("roll_display", __name__, url_prefix="/c/<community>/rolls")


@bp.get("/<int:roll_id>")
@require("consultations.speak")
def show(roll_id: int) -> ResponseReturnValue:
    """Show whether one is on a roll, and the list where it holds doors or units alone."""
    return _page(roll_lists.find(g.community, roll_id, frozen=True), ObjectForm())


def _page(roll: Roll, form: ObjectForm, status: int = 200) -> ResponseReturnValue:
    listed = roll.unit != kinds.PERSON
    rights, older = roll_lists.rights(roll, after=key()) if listed else ([], 0)
    until = roll.objections_until
    page = render_template(
        "voting/roll_display.html",
        roll=roll,
        listed=listed,
        rights=[right for right, _holders in rights],
        older=older,
        own=entitled.entitlement(roll, g.actor),
        mine=roll_lists.mine(roll, g.actor.person_id),
        objections=roll_lists.objections(roll, g.actor.person_id or 0),
        open=until is not None and clock.now() < until,
        units=kinds.UNITS,
        form=form,
    )
    return page, status


@bp.post("/<int:roll_id>/objections")
@require("consultations.speak")
def object_to(roll_id: int) -> ResponseReturnValue:
    """Take an objection to a roll."""
    roll, form = roll_lists.find(g.community, roll_id, frozen=True), ObjectForm()
    if not form.validate_on_submit():
        return _page(roll, form, 422)
    try:
        right = roll_lists.right_numbered(roll, form.number.data)
    except Refused as refused:
        form.number.errors = [str(refused)]
        return _page(roll, form, refused.status)
    roll_changes.object_to(g.actor, roll, form.words.data or "", right=right)
    db.session.commit()
    flash(_("Taken. The office answers with a reason, which you read here."), "done")
    return see_other(url_for(".show", roll_id=roll_id))
