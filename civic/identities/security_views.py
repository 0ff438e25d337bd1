"""Pages of the security of one's account: devices, password, second factor."""

from flask import flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from segno import make as make_qr

from civic.identities import devices, factors, login, passwords, services, sessions, weight
from civic.identities.security_forms import ConfirmForm, FactorForm, PasswordForm
from civic.identities.throttled import minutes, throttle, wait_page
from civic.identities.views import bp
from civic.identities.weight import of_weight
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.htmx import own, see_other
from civic.kernel.throttle import Wait

SECRET = {"Cache-Control": "no-store"}


@bp.get("/me/security")
def security() -> ResponseReturnValue:
    """Show on which devices one is signed in, the second factor, and the form for a password."""
    return _security(PasswordForm())


def _security(form: PasswordForm, status: int = 200, **context: object) -> ResponseReturnValue:
    me = login.me()
    page = render_template(
        "identities/security.html",
        form=form,
        sessions=sessions.listed(me),
        device=devices.in_words,
        this=g.sign_in.id,
        left=factors.left(me) if g.sign_in.has_factor else 0,
        **context,
    )
    return page, status


@bp.post("/me/security/sessions/<int:sign_in_id>/end")
def end_session(sign_in_id: int) -> ResponseReturnValue:
    """End one of one's sessions."""
    if sign_in_id == g.sign_in.id if g.sign_in else False:
        login.leave()
        return see_other(url_for("home.index"))
    if not sessions.end(login.me(), sign_in_id):
        flash(_("This device was signed out already."), "done")
        return see_other(url_for("identities.security"))
    db.session.commit()
    flash(_("Done. This device is signed out."), "done")
    return see_other(url_for("identities.security"))


@bp.post("/me/security/sessions/end")
def end_others() -> ResponseReturnValue:
    """End all of one's sessions but this."""
    sessions.end_all(login.me(), but=g.sign_in.id)
    db.session.commit()
    flash(_("Done. All other devices are signed out."), "done")
    return see_other(url_for("identities.security"))


@bp.post("/me/security/password")
def change_password() -> ResponseReturnValue:
    """Take a new password from somebody who knows the old one; other devices are signed out."""
    me = login.me()
    form = PasswordForm()
    if not form.validate_on_submit():
        return _security(form, 422)
    found = weight.check(me, form.current.data or "")
    if isinstance(found, Wait):
        return _security(form, 429, wait_minutes=minutes(found))
    if not found:
        form.current.errors = [_("This is not your password of now. Please type it again.")]
        return _security(form, 422)
    # Hashed while no transaction is open: it takes a tenth of a second.
    password_hash = passwords.hashed(form.password.data or "")
    services.change_password(me, password_hash, but=g.sign_in.id)
    db.session.commit()
    flash(_("Your password is changed. All other devices are signed out."), "done")
    return see_other(url_for("identities.security"))


@bp.post("/me/confirm")
def confirm() -> ResponseReturnValue:
    """Take the password for what is done next, where a form could not be kept meanwhile."""
    me = login.me()
    form = ConfirmForm()
    back = own(form.next.data or "") or "/"
    context: dict[str, object] = {
        "fields": [("next", back)],
        "action": url_for("identities.confirm"),
        "sealed": True,
        "back": back,
    }
    if not form.validate_on_submit():
        return render_template("identities/confirm.html", empty=True, **context), 422
    found = weight.check(me, form.confirm_password.data or "")
    if isinstance(found, Wait):
        return wait_page("identities/confirm.html", form, found, **context)
    if not found:
        return render_template("identities/confirm.html", wrong=True, **context), 422
    flash(_("Thank you. Now please send it once more."), "done")
    return see_other(back)


@bp.get("/me/second-factor")
def factor() -> ResponseReturnValue:
    """Show the second factor: how to set it up, what to scan, or how it stands."""
    return _factor(FactorForm())


def _factor(form: FactorForm, status: int = 200, **context: object) -> ResponseReturnValue:
    me = login.me()
    found = factors.of(me)
    if found is not None and found.confirmed_at is None and "fresh" not in context:
        address = factors.address(found, g.actor.name, _("Civic"))
        qr = make_qr(address, error="l", micro=False)
        context |= {
            "qr": qr.svg_data_uri(scale=5, border=4, dark="#000", light="#fff"),
            "secret": factors.shared(found),
            "address": address,
        }
    page = render_template(
        "identities/factor.html",
        form=form,
        factor=found,
        left=factors.left(me),
        bound=factors.bound(me),
        given=g.sign_in.second_factor_at is not None,
        **context,
    )
    return page, status, SECRET


def _given() -> int:
    """Return who is signed in, if nothing of the second factor is missing that they have.

    :raises Refused: `second_factor` where it was not given in this session.
    """
    me = login.me()
    if g.sign_in.has_factor and g.sign_in.second_factor_at is None:
        raise Refused("second_factor", _("Please enter the code of your second factor first."))
    return me


@bp.post("/me/second-factor")
@of_weight
def begin_factor() -> ResponseReturnValue:
    """Begin to set a second factor up, or to move it to another telephone."""
    factors.begin(_given(), but=g.sign_in.id)
    db.session.commit()
    return see_other(url_for("identities.factor"))


@bp.post("/me/second-factor/confirm")
@of_weight
def confirm_factor() -> ResponseReturnValue:
    """Put the second factor in force by a first code, and show the backup codes once."""
    me = login.me()
    form = FactorForm()
    if not form.validate_on_submit():
        return _factor(form, 422)
    admitted = throttle().admit(f"second:{me}", request.remote_addr or "")
    if isinstance(admitted, Wait):
        return _factor(form, 429, wait_minutes=minutes(admitted))
    try:
        with admitted:
            fresh = factors.confirm(me, form.code.data or "")
            sessions.factor_given(g.sign_in.id)
            db.session.commit()
            admitted.succeeded()
    except Refused as refused:
        db.session.rollback()
        form.code.errors = [str(refused)]
        return _factor(form, 422)
    return _shown(fresh)


def _shown(fresh: list[str]) -> ResponseReturnValue:
    """Show backup codes in the answer to the POST: they are readable at this moment only."""
    return render_template("identities/backup_codes.html", fresh=fresh), 200, SECRET


@bp.post("/me/second-factor/codes")
@of_weight
def fresh_codes() -> ResponseReturnValue:
    """Make new backup codes and show them once."""
    me = _given()
    if not factors.has(me):
        return see_other(url_for("identities.factor"))
    fresh = factors.fresh_codes(me)
    db.session.commit()
    return _shown(fresh)


@bp.post("/me/second-factor/off")
@of_weight
def factor_off() -> ResponseReturnValue:
    """Turn the second factor off."""
    factors.turn_off(_given())
    db.session.commit()
    flash(_("The second factor is turned off."), "done")
    return see_other(url_for("identities.factor"))
