"""Pages of joining, signing in, and one's own account."""

from flask import (
    Blueprint,
    Response,
    current_app,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from civic.communities.services import in_words
from civic.identities import codes, collected, login, passwords, recovery, services
from civic.identities.forms import CodeForm, RecoverForm, SignInForm, SignUpForm
from civic.identities.kinds import STANDINGS
from civic.identities.models import InviteCode
from civic.kernel.db import db, reads
from civic.kernel.errors import Refused
from civic.kernel.htmx import own, see_other
from civic.kernel.throttle import Throttle, Wait

bp = Blueprint("identities", __name__)


def throttle() -> Throttle:
    """Return what slows guessing in the current app."""
    found: Throttle = current_app.extensions["civic_throttle"]
    return found


def _wait(template: str, form: FlaskForm, wait: Wait) -> Response:
    """Show a form again with the time after which it may be sent."""
    minutes = max(1, -(-wait.seconds // 60))
    page = render_template(template, form=form, wait_minutes=minutes)
    return Response(page, 429, {"Retry-After": str(wait.seconds)})


def _home() -> str:
    """Return where a person goes who has just arrived: their page, or where they wanted to go."""
    return own(request.form.get("next", "")) or url_for("home.index")


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
    """Sign a person in, slower after many failures."""
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("identities/sign_in.html", form=form), 422
    admitted = throttle().admit(form.who.value.value, request.remote_addr or "")
    if isinstance(admitted, Wait):
        return _wait("identities/sign_in.html", form, admitted)
    with admitted:
        person = services.authenticate(form.who.value, form.password.data or "")
        if person is not None:
            admitted.succeeded()
    if person is None:
        return render_template("identities/sign_in.html", form=form, wrong=True), 422
    login.enter(person)
    return see_other(_home())


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End the session."""
    login.leave()
    return see_other(url_for("home.index"))


@bp.get("/join")
def join() -> ResponseReturnValue:
    """Ask for the invitation code; the link in a printed code brings it along."""
    form = CodeForm(code=request.args.get("code", ""))
    return render_template("identities/join.html", form=form)


@bp.post("/join")
def check_code() -> ResponseReturnValue:
    """Look the code up, slower for an address that guesses, and go on to the form."""
    form = CodeForm()
    if not form.validate_on_submit():
        return render_template("identities/join.html", form=form), 422
    admitted = throttle().admit(f"code:{form.code.data}", request.remote_addr or "")
    if isinstance(admitted, Wait):
        return _wait("identities/join.html", form, admitted)
    try:
        with admitted:
            row = codes.look_up(form.code.data or "")
            admitted.succeeded()
        if g.actor.person_id is not None:
            codes.redeem(row, g.actor.person_id)
            db.session.commit()
            return see_other(url_for("identities.me"))
    except Refused as refused:
        form.code.errors = [str(refused)]
        return render_template("identities/join.html", form=form), refused.status
    session["code"] = form.code.data
    return see_other(url_for("identities.sign_up"))


@bp.get("/sign-up")
def sign_up() -> ResponseReturnValue:
    """Show what is collected and the form, for the code that was entered."""
    if "code" not in session:
        return redirect(url_for("identities.join"))
    try:
        row = codes.look_up(session["code"])
    except Refused:
        return redirect(url_for("identities.join", code=session["code"]))
    return _sign_up_page(SignUpForm(code=session["code"]), row)


@bp.post("/sign-up")
def create() -> ResponseReturnValue:
    """Make the account and sign in."""
    form = SignUpForm()
    row = codes.look_up(form.code.data or "")
    if not form.validate_on_submit():
        return _sign_up_page(form, row, 422)
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
        person = services.sign_up(row, newcomer)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        if refused.code != "contact_taken":
            raise
        form.who.errors = [str(refused)]
        return _sign_up_page(form, codes.look_up(form.code.data or ""), refused.status)
    login.enter(person)
    return see_other(url_for("home.index"))


def _sign_up_page(form: SignUpForm, row: InviteCode, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "identities/sign_up.html",
        form=form,
        place=in_words([row.node])[row.node_id],
        standing=STANDINGS[row.standing].title,
        notice=collected.NOTICE,
        version=collected.VERSION,
    )
    return page, status


@bp.get("/recover")
def recover() -> str:
    """Ask for the code from the desk and a new password."""
    return render_template("identities/recover.html", form=RecoverForm())


@bp.post("/recover")
def reset() -> ResponseReturnValue:
    """Take a new password for a code from the desk, and sign in."""
    form = RecoverForm()
    if not form.validate_on_submit():
        return render_template("identities/recover.html", form=form), 422
    admitted = throttle().admit(f"recovery:{form.code.data}", request.remote_addr or "")
    if isinstance(admitted, Wait):
        return _wait("identities/recover.html", form, admitted)
    password_hash = passwords.hashed(form.password.data or "")
    try:
        with admitted:
            person = recovery.reset(form.code.data or "", password_hash)
            db.session.commit()
            admitted.succeeded()
    except Refused as refused:
        db.session.rollback()
        form.code.errors = [str(refused)]
        return render_template("identities/recover.html", form=form), refused.status
    login.enter(person)
    return see_other(url_for("home.index"))


@bp.get("/privacy")
def privacy() -> str:
    """Say what is collected, why, and how long."""
    return render_template(
        "identities/privacy.html", notice=collected.NOTICE, version=collected.VERSION
    )


@bp.get("/me")
def me() -> ResponseReturnValue:
    """Show a person their account: what they sign in with and what they may take part in."""
    if g.actor.person_id is None:
        return redirect(url_for("identities.sign_in", next=url_for("identities.me")))
    held = services.standings(g.actor.person_id)
    places = in_words([item.node for item in held])
    return render_template(
        "identities/me.html",
        public_name=services.public_name(g.actor.person_id),
        contacts=services.contacts(g.actor.person_id),
        standings=[(item, places[item.node_id]) for item in held],
        kinds=STANDINGS,
        home=services.home_of(g.actor),
    )
