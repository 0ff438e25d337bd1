"""Pages of the desk: accounts of children, and names that were wrong."""

from flask import flash, g, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.identities import duties
from civic.identities.weight import of_weight
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.htmx import see_other
from civic.kernel.permissions import require
from civic.records import children, naming
from civic.records.forms import ChildForm, LookUpForm, NameForm, ReleaseForm
from civic.records.views import bp

VERIFY = "identities.verify"


def _children_page(form: ChildForm, status: int = 200, code: str = "") -> ResponseReturnValue:
    page = render_template(
        "records/desk_children.html",
        form=form,
        children=children.children(g.community),
        release=ReleaseForm(formdata=None),
        below=duties.child_below(),
        code=code,
    )
    return page, status


@bp.get("/c/<community>/desk/children/")
@require(VERIFY)
def list_children() -> ResponseReturnValue:
    """Show the form for a child's account, and those there are."""
    return _children_page(ChildForm())


@bp.post("/c/<community>/desk/children/")
@require(VERIFY)
@of_weight
def admit_child() -> ResponseReturnValue:
    """Make a child's account, and show its code once."""
    form = ChildForm()
    if not form.validate_on_submit() or form.seen_on.data is None:
        return _children_page(form, 422)
    admission = children.Admission(
        guardian=form.guardian.value,
        name=form.name.data or "",
        contact=form.who.value,
        seen_on=form.seen_on.data,
    )
    try:
        code = children.admit(g.actor, g.community, admission)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        fields = {"contact_taken": form.who, "future": form.seen_on}
        fields.get(refused.code, form.guardian).errors = [str(refused)]
        return _children_page(form, refused.status)
    # Shown in the answer to the POST: the code is readable at this moment only.
    return _children_page(ChildForm(formdata=None), code=code)


@bp.post("/c/<community>/desk/children/<int:child_id>/release")
@require(VERIFY)
@of_weight
def release_child(child_id: int) -> ResponseReturnValue:
    """Record that a child is old enough to answer for its account."""
    form = ReleaseForm()
    if not form.validate_on_submit():
        flash(_("Please confirm that you saw the paper."), "stop")
        return see_other(url_for(".list_children"))
    children.release(g.actor, g.community, child_id)
    db.session.commit()
    flash(_("Recorded. Child and guardian are told."), "done")
    return see_other(url_for(".list_children"))


def _name_page(
    look_up: LookUpForm, form: NameForm | None = None, name: str = "", status: int = 200
) -> ResponseReturnValue:
    page = render_template("records/desk_name.html", look_up=look_up, form=form, name=name)
    return page, status


@bp.get("/c/<community>/desk/name")
@require(VERIFY)
def name_form() -> ResponseReturnValue:
    """Ask whose name is to be corrected."""
    return _name_page(LookUpForm())


@bp.post("/c/<community>/desk/name")
@require(VERIFY)
def find_name() -> ResponseReturnValue:
    """Show the name of an account, which its holder reads, and ask for the right one."""
    look_up = LookUpForm()
    if not look_up.validate_on_submit():
        return _name_page(look_up, status=422)
    try:
        person = naming.look_up(g.actor, g.community, look_up.account.value)
        name = person.name
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        look_up.account.errors = [str(refused)]
        return _name_page(look_up, status=refused.status)
    form = NameForm(formdata=None, account=look_up.account.data)
    return _name_page(look_up, form, name)


@bp.post("/c/<community>/desk/name/correct")
@require(VERIFY)
@of_weight
def correct_name() -> ResponseReturnValue:
    """Correct the name of an account."""
    form = NameForm()
    if not form.validate_on_submit():
        return _name_page(LookUpForm(formdata=None), form, status=422)
    try:
        naming.correct(
            g.actor, g.community, form.account.value, form.name.data or "", form.reason.data
        )
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        form.name.errors = [str(refused)]
        return _name_page(LookUpForm(formdata=None), form, status=refused.status)
    flash(_("Corrected. The person is told, with the reason."), "done")
    return see_other(url_for(".name_form"))
