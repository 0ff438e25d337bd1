"""Join without a code: an account that holds nothing yet, from which a standing is claimed."""

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.identities import collected, login, passwords, services
from civic.identities.forms import SignUpForm
from civic.identities.throttled import throttle
from civic.identities.views import bp
from civic.kernel import own_data
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.htmx import see_other
from civic.kernel.throttle import Wait, site


@bp.get("/join/without-code")
def without_code() -> ResponseReturnValue:
    """Show what is collected and the form."""
    if g.actor.person_id is not None:
        return redirect(url_for("claims.where"))
    return _page(SignUpForm(formdata=None))


@bp.post("/join/without-code")
def create_without_code() -> ResponseReturnValue:
    """Make the account, sign in, and go on to the claim; slower for an address that makes many."""
    form = SignUpForm()
    if not form.validate_on_submit():
        return _page(form, 422)
    address = request.remote_addr or ""
    admitted = throttle().admit(f"without-code:{site(address)}", address)
    if isinstance(admitted, Wait):
        form.form_errors = [
            _(
                "From here many have joined just now. Please wait a little, "
                "or use the code of your letter."
            )
        ]
        page, _status = _page(form)
        return page, 429, {"Retry-After": str(admitted.seconds)}
    # A password takes a tenth of a second, during which nobody shall wait for this request's lock.
    db.session.rollback()
    newcomer = services.Newcomer(
        name=form.name.data or "",
        public_name=form.public_name.data or "",
        identifier=form.who.value,
        password_hash=passwords.hashed(form.password.data or ""),
        adult=form.adult.data == "yes",
    )
    try:
        person = services.sign_up(None, newcomer)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        form.who.errors = [str(refused)]
        return _page(form, refused.status)
    login.enter(person.id, joins=True)
    db.session.commit()
    return see_other(url_for("claims.where"))


def _page(form: SignUpForm, status: int = 200) -> tuple[str, int]:
    page = render_template(
        "identities/sign_up.html",
        form=form,
        place="",
        standing="",
        notice=own_data.notice(),
        version=collected.VERSION,
    )
    return page, status
