"""Pages of joining, and one's own account."""

from flask import (
    Blueprint,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from civic.communities.models import Community
from civic.communities.services import in_words
from civic.identities import (
    codes,
    collected,
    known,
    login,
    passwords,
    processing,
    services,
)
from civic.identities.forms import CodeForm, SignUpForm
from civic.identities.models import InviteCode, Person
from civic.identities.throttled import throttle, wait_page
from civic.kernel import own_data, plugins
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.htmx import see_other
from civic.kernel.throttle import Wait

bp = Blueprint("identities", __name__)


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
        return wait_page("identities/join.html", form, admitted)
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
    admitted = throttle().admit(f"code:{form.code.data}", request.remote_addr or "")
    if isinstance(admitted, Wait):
        again = CodeForm(formdata=None, code=form.code.data)
        return wait_page("identities/join.html", again, admitted)
    with admitted:
        row = codes.look_up(form.code.data or "")
        admitted.succeeded()
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
    login.enter(person.id, joins=True)
    return see_other(url_for("home.index"))


def _sign_up_page(form: SignUpForm, row: InviteCode, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "identities/sign_up.html",
        form=form,
        place=in_words([row.node])[row.node_id],
        standing=known.standings()[row.standing].title,
        notice=own_data.notice(),
        version=collected.VERSION,
    )
    return page, status


@bp.get("/privacy")
def privacy() -> str:
    """Say what is collected, why, and how long."""
    return render_template(
        "identities/privacy.html",
        notice=own_data.notice(),
        version=collected.VERSION,
        plugged=processing.shown(),
    )


@bp.get("/me")
def me() -> ResponseReturnValue:
    """Show a person their account: what they sign in with and what they may take part in."""
    if g.actor.person_id is None:
        return redirect(url_for("identities.sign_in", next=url_for("identities.me")))
    held = services.standings(g.actor.person_id)
    home = services.home_of(g.actor)
    places = in_words([item.node for item in held])
    return render_template(
        "identities/me.html",
        public_name=services.public_name(g.actor.person_id),
        contacts=services.contacts(g.actor.person_id),
        standings=[(item, places[item.node_id]) for item in held],
        kinds=known.standings(),
        asleep=known.asleep([(item.kind, item.node_id) for item in held]),
        children=services.wards(g.actor.person_id),
        home=home,
        panel=profile_panel(home, g.actor.person_id) if home else "",
    )


def profile_panel(community: Community, person_id: int) -> Markup:
    """Return what plugins show about a person, who is only asked for where one shows something."""
    found = plugins.registry()
    if not found.answers("profile_panel"):
        return Markup()
    return found.profile_panel(community, db.session.get_one(Person, person_id), g.actor)
