"""Pages of one's own data: see, take along, correct, who looked, and close the account."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.identities import collected, duties, login, looks, passwords
from civic.identities.looks import WHAT
from civic.identities.weight import of_weight
from civic.kernel import clock, erasing, own_data
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.htmx import see_other
from civic.kernel.throttle import Throttle, Wait
from civic.records import services
from civic.records.files import as_json
from civic.records.forms import CloseForm, CorrectForm

bp = Blueprint("records", __name__)

#: Rows of a table that stand on the page; the file holds all.
SHOWN = 20
P = ParamSpec("P")
R = TypeVar("R")


def _signed_in(
    view: Callable[P, ResponseReturnValue],
) -> Callable[P, ResponseReturnValue]:
    """Lead whoever is not signed in there, and back to the page."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if g.actor.person_id is None:
            back = request.path if request.method == "GET" else url_for("identities.me")
            return redirect(url_for("identities.sign_in", next=back))
        return view(*args, **kwargs)

    return guarded


@bp.get("/me/data")
@_signed_in
def data() -> str:
    """Show what is stored about oneself, part by part."""
    return render_template(
        "records/data.html",
        gathered=services.gather(g.actor.person_id),
        shown=SHOWN,
        agreed=services.person_of(g.actor.person_id).agreed,
        version=collected.VERSION,
    )


@bp.post("/me/data/export.<any(json, html):kind>")
@_signed_in
@of_weight
def export(kind: str) -> Response:
    """Give out all that is stored about oneself, as a file."""
    return _file(g.actor.person_id, kind)


def _file(person_id: int, kind: str) -> Response:
    gathered = services.gather(person_id)
    name = f"civic-{clock.local(clock.now()):%Y-%m-%d}.{kind}"
    headers = {"Content-Disposition": f"attachment; filename={name}", "Cache-Control": "no-store"}
    if kind == "json":
        body = as_json(gathered, version=collected.VERSION)
        return Response(body, headers=headers, mimetype="application/json")
    page = render_template(
        "records/export.html",
        gathered=gathered,
        kept=own_data.kept(),
        made_at=clock.now(),
        version=collected.VERSION,
    )
    return Response(page, headers=headers, mimetype="text/html")


@bp.get("/me/looks")
@_signed_in
def list_looks() -> str:
    """Show who looked at one's data."""
    before = request.args.get("before", type=int)
    found = looks.seen(g.actor.person_id, before=before)
    more = found[-1].id if len(found) == looks.PER_PAGE else None
    return render_template(
        "records/looks.html",
        looks=found,
        what=WHAT,
        more=more,
        first=before is None,
        years=duties.looks_years(),
    )


@bp.get("/me/data/correct")
@_signed_in
def correct_form() -> ResponseReturnValue:
    """Show what one may correct by oneself."""
    person = services.person_of(g.actor.person_id)
    form = CorrectForm(obj=person)
    return _correct_page(form)


def _correct_page(form: CorrectForm, status: int = 200) -> ResponseReturnValue:
    person = services.person_of(g.actor.person_id)
    page = render_template("records/correct.html", form=form, person=person)
    return page, status


@bp.post("/me/data/correct")
@_signed_in
def correct() -> ResponseReturnValue:
    """Correct what one may correct by oneself."""
    form = CorrectForm()
    if not form.validate_on_submit():
        return _correct_page(form, 422)
    correction = services.Correction(
        public_name=form.public_name.data or "",
        language=form.language.data,
        adult=bool(form.adult.data),
    )
    try:
        services.correct(g.actor.person_id, correction)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        field = form.public_name if refused.code == "public_name" else form.adult
        field.errors = [str(refused)]
        return _correct_page(form, refused.status)
    flash(_("Corrected."), "done")
    return see_other(url_for(".data"))


@bp.get("/me/close")
@_signed_in
def close_form() -> ResponseReturnValue:
    """Say what is erased and what stays, and ask for the confirmation."""
    return _close_page(CloseForm(formdata=None))


def _close_page(
    form: CloseForm, status: int = 200, *, child_id: int | None = None
) -> ResponseReturnValue:
    held = services.held_back(child_id or g.actor.person_id)
    child = services.ward_of(g.actor.person_id, child_id) if child_id else None
    if child is None and services.person_of(g.actor.person_id).guardian_id is not None:
        held = services.for_the_guardian()
    page = render_template(
        "records/close.html", form=form, held=held, child=child, kept=own_data.kept()
    )
    return page, status


@bp.post("/me/close")
@_signed_in
@of_weight
def close() -> ResponseReturnValue:
    """Close one's account for good."""
    return _close(g.actor.person_id)


def _close(person_id: int, *, child_id: int | None = None) -> ResponseReturnValue:
    form = CloseForm()
    if not form.validate_on_submit():
        return _close_page(form, 422, child_id=child_id)
    throttle: Throttle = current_app.extensions["civic_throttle"]
    admitted = throttle.admit(f"close:{person_id}", request.remote_addr or "")
    if isinstance(admitted, Wait):
        minutes = max(1, -(-admitted.seconds // 60))
        words = _("There were many wrong passwords. Please wait %(num)d minutes.", num=minutes)
        form.confirm_password.errors = [words]
        return _close_page(form, 429, child_id=child_id)
    known = services.person_of(person_id).password_hash
    # Nobody shall wait while the password is tried, and closing begins on its own.
    db.session.rollback()
    with admitted:
        fits = passwords.fits(form.confirm_password.data or "", known)
        if fits:
            admitted.succeeded()
    if not fits:
        form.confirm_password.errors = [_("This is not your password.")]
        return _close_page(form, 422, child_id=child_id)
    try:
        if child_id is None:
            services.close(person_id)
        else:
            services.close(child_id, guardian_id=person_id)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        form.form_errors.append(str(refused))
        return _close_page(form, refused.status, child_id=child_id)
    erasing.settle()
    if child_id is not None:
        flash(_("The child's account is closed. Your consent has ended."), "done")
        return see_other(url_for("identities.me"))
    login.leave()
    flash(_("Your account is closed. Thank you for taking part."), "done")
    return see_other(url_for("home.index"))


@bp.get("/me/children/<int:child_id>")
@_signed_in
def child(child_id: int) -> str:
    """Show a guardian the account of a child."""
    found = services.ward_of(g.actor.person_id, child_id)
    return render_template(
        "records/child.html", child=found, gathered=services.gather(child_id), shown=SHOWN
    )


@bp.post("/me/children/<int:child_id>/export.<any(json, html):kind>")
@_signed_in
@of_weight
def export_child(child_id: int, kind: str) -> Response:
    """Give a guardian all that is stored about a child."""
    return _file(services.ward_of(g.actor.person_id, child_id).id, kind)


@bp.get("/me/children/<int:child_id>/close")
@_signed_in
def close_child_form(child_id: int) -> ResponseReturnValue:
    """Ask a guardian for the confirmation."""
    return _close_page(CloseForm(formdata=None), child_id=child_id)


@bp.post("/me/children/<int:child_id>/close")
@_signed_in
@of_weight
def close_child(child_id: int) -> ResponseReturnValue:
    """Close a child's account: the guardian withdraws the consent."""
    services.ward_of(g.actor.person_id, child_id)
    return _close(g.actor.person_id, child_id=child_id)
