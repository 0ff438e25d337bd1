"""Pages of signing in and out, of the second factor, and of getting back into an account."""

from time import monotonic, sleep

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from civic.identities import factors, login, passwords, recovery, services, sessions
from civic.identities.forms import RecoverForm, SignInForm
from civic.identities.models import Person
from civic.identities.security_forms import FactorForm, MailForm
from civic.identities.throttled import throttle, wait_page
from civic.identities.views import bp
from civic.kernel import mail
from civic.kernel.db import begin_writing, db, reads
from civic.kernel.errors import Refused
from civic.kernel.htmx import own, see_other
from civic.kernel.phones import Identifier
from civic.kernel.throttle import Wait

#: How long it takes to find out about an address; writing a code takes less.
EVEN_SECONDS = 0.3


@bp.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    """Show the form to sign in."""
    if g.actor.person_id is not None:
        return redirect(url_for("home.index"))
    return render_template(
        "identities/sign_in.html", form=SignInForm(next=request.args.get("next", ""))
    )


@bp.post("/sign-in")
@reads  # or the time that a password takes would keep every writer waiting
def enter() -> ResponseReturnValue:
    """Sign a person in, slower after many failures; whoever has a second factor is asked for it."""
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("identities/sign_in.html", form=form), 422
    admitted = throttle().admit(form.who.value.value, request.remote_addr or "")
    if isinstance(admitted, Wait):
        return wait_page("identities/sign_in.html", form, admitted)
    with admitted:
        person = services.authenticate(form.who.value, form.password.data or "")
        if person is not None:
            admitted.succeeded()
    if person is None:
        return render_template("identities/sign_in.html", form=form, wrong=True), 422
    begin_writing()
    return _go_on(person, own(form.next.data or ""))


def _go_on(person: Person, next_: str = "") -> ResponseReturnValue:
    """Let somebody in who has shown the password, or ask them for the second factor."""
    if factors.has(person.id):
        login.ask_second(person, next_)
        return see_other(url_for("identities.second"))
    login.enter(person.id)
    return see_other(next_ or url_for("home.index"))


def _asked() -> login.Pending | int | None:
    """Return who is asked for the second factor: somebody at the door, or a session without it."""
    found = login.pending()
    if found is not None:
        return found
    now = g.sign_in
    if now is not None and now.has_factor and now.second_factor_at is None:
        return login.me()
    return None


def _nobody_asked() -> ResponseReturnValue:
    if g.sign_in is not None:
        return redirect(url_for("identities.factor"))
    return redirect(url_for("identities.sign_in"))


@bp.get("/sign-in/code")
def second() -> ResponseReturnValue:
    """Ask for the second factor."""
    if _asked() is None:
        return _nobody_asked()
    return render_template("identities/second.html", form=FactorForm())


@bp.post("/sign-in/code")
def give_second() -> ResponseReturnValue:
    """Take the code of the second factor, slower after many failures, and let in."""
    asked = _asked()
    if asked is None:
        return see_other(url_for("identities.sign_in"))
    form = FactorForm()
    if not form.validate_on_submit():
        return render_template("identities/second.html", form=form), 422
    person_id = asked if isinstance(asked, int) else asked.person_id
    admitted = throttle().admit(f"second:{person_id}", request.remote_addr or "")
    if isinstance(admitted, Wait):
        return wait_page("identities/second.html", form, admitted)
    try:
        with admitted:
            used = factors.use(person_id, form.code.data or "")
            db.session.commit()
            admitted.succeeded()
    except Refused as refused:
        db.session.rollback()
        form.code.errors = [str(refused)]
        return render_template("identities/second.html", form=form), refused.status
    if isinstance(asked, int):
        sessions.factor_given(g.sign_in.id)
        db.session.commit()
        next_ = ""
    else:
        login.enter(person_id, confirmed_at=asked.at, second_factor=True)
        next_ = asked.next
    if used.backup:
        flash(
            ngettext(
                "That was a backup code. %(num)d is left; under “Mine”, “Security” you make new "
                "ones.",
                "That was a backup code. %(num)d are left; under “Mine”, “Security” you make new "
                "ones.",
                used.left,
            ),
            "warn",
        )
    return see_other(next_ or url_for("home.index"))


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End the session."""
    login.leave()
    return see_other(url_for("home.index"))


@bp.get("/recover")
def recover() -> str:
    """Ask for the code from the desk or the mail, and a new password."""
    return render_template("identities/recover.html", form=RecoverForm(), mails=mail.ready())


@bp.post("/recover")
def reset() -> ResponseReturnValue:
    """Take a new password for a code, and sign in; a second factor is still asked for."""
    form = RecoverForm()
    if not form.validate_on_submit():
        return render_template("identities/recover.html", form=form, mails=mail.ready()), 422
    admitted = throttle().admit(f"recovery:{form.code.data}", request.remote_addr or "")
    if isinstance(admitted, Wait):
        return wait_page("identities/recover.html", form, admitted, mails=mail.ready())
    password_hash = passwords.hashed(form.password.data or "")
    try:
        with admitted:
            person = recovery.reset(form.code.data or "", password_hash)
            db.session.commit()
            admitted.succeeded()
    except Refused as refused:
        db.session.rollback()
        form.code.errors = [str(refused)]
        return render_template(
            "identities/recover.html", form=form, mails=mail.ready()
        ), refused.status
    return _go_on(person)


@bp.get("/recover/mail")
def recover_by_mail() -> str:
    """Ask to which proven address a code shall go."""
    return render_template("identities/recover_mail.html", form=MailForm(), mails=mail.ready())


@bp.post("/recover/mail")
@reads  # what is written is written after the answer
def send_recovery() -> ResponseReturnValue:
    """Say that a code is on its way, whoever asks for whichever address; then look and send."""
    form = MailForm()
    if not form.validate_on_submit():
        return render_template("identities/recover_mail.html", form=form, mails=mail.ready()), 422
    if not mail.ready():
        return render_template("identities/recover_mail.html", form=form, mails=False), 409
    identifier = form.mail.value
    admitted = throttle().admit(f"recover:{identifier.value}", request.remote_addr or "")
    if isinstance(admitted, Wait):
        return wait_page("identities/recover_mail.html", form, admitted, mails=True)
    with admitted:
        pass  # each one counts, right or wrong: nobody fills another's mailbox
    flash(
        _(
            "If this is the proven address of an account, a code is on its way there. It is valid "
            "for an hour. Please look among unwanted mail, too."
        ),
        "done",
    )
    response = current_app.make_response(see_other(url_for("identities.recover")))
    app = current_app._get_current_object()  # type: ignore[attr-defined] # noqa: SLF001

    def look_and_send() -> None:
        _send_in(app, identifier)

    response.call_on_close(look_and_send)
    return response


def _send_in(app: object, identifier: Identifier) -> None:
    """Look and send; as long for every address, as the line is closed only afterwards."""
    end = monotonic() + EVEN_SECONDS
    with app.app_context():  # type: ignore[attr-defined]
        recovery.mail_code(identifier)
    sleep(max(0.0, end - monotonic()))
