"""Pages of posts: what there is, who holds it, appoint, renew, end."""

from flask import Blueprint, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.communities.models import Node
from civic.communities.services import below, in_words
from civic.identities import appointments, opened, positions
from civic.identities.kinds import MANY_HOLDERS, POSTS
from civic.identities.post_forms import AppointForm, EndForm, PostForm, RenewForm
from civic.identities.weight import of_weight
from civic.kernel import choices, clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.htmx import see_other
from civic.kernel.permissions import require

bp = Blueprint("posts", __name__, url_prefix="/c/<community>/desk")
MAY = "identities.appoint"


@bp.get("/posts/")
@require(MAY)
def index() -> ResponseReturnValue:
    """List the posts here and below with their holders, vacant ones marked."""
    after = request.args.get("after", "")
    found = positions.listed(g.community, int(after) if after.isdecimal() else 0)
    shown = found[: positions.PAGE]
    more = url_for(".index", after=shown[-1][0].id) if len(found) > len(shown) else ""
    return render_template(
        "identities/posts.html",
        posts=shown,
        holders=positions.holders([post for post, _node in shown]),
        places=in_words([node for _post, node in shown]) if shown else {},
        kinds=POSTS,
        now=clock.now(),
        more_url=more,
        first_url=url_for(".index") if after else "",
    )


def _post_form() -> tuple[PostForm, dict[int, Node]]:
    places = {node.id: node for node in (g.community.node, *below(g.community))}
    words = in_words(list(places.values()))
    form = PostForm()
    form.node.choices = choices.listed((key, words[key]) for key in places)
    bodies = [
        (body.id, f"{body.title} – {words[body.node_id]}")
        for body in positions.bodies(g.community)
        if body.node_id in places
    ]
    form.body.choices = choices.listed([(0, _("none")), *bodies])
    return form, places


@bp.get("/posts/new")
@require(MAY)
def new() -> ResponseReturnValue:
    """Show the form for another post."""
    form, _places = _post_form()
    return render_template("identities/post_new.html", form=form)


@bp.post("/posts/")
@require(MAY)
def create() -> ResponseReturnValue:
    """Add a post and go on to appoint somebody to it."""
    form, places = _post_form()
    if not form.validate_on_submit():
        return render_template("identities/post_new.html", form=form), 422
    body = next((b for b in positions.bodies(g.community) if b.id == form.body.data), None)
    try:
        post = positions.add(
            g.actor,
            g.community,
            places[form.node.data],
            form.kind.data,
            (form.title.data or "").strip(),
            (form.office.data or "").strip(),
            body,
        )
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        field = form.body if refused.code == "body" else form.title
        field.errors = [str(refused)]
        return render_template("identities/post_new.html", form=form), refused.status
    flash(_("The post is added. Nobody holds it yet."), "done")
    return see_other(url_for(".post", post_id=post.id))


def _page(post_id: int, form: AppointForm, status: int = 200) -> ResponseReturnValue:
    post, node = positions.post_at(g.community, post_id)
    page = render_template(
        "identities/post.html",
        post=post,
        kind=POSTS[post.kind],
        place=in_words([node])[node.id],
        held=positions.holders([post]).get(post.id, []),
        past=positions.past(post),
        several=post.kind in MANY_HOLDERS,
        now=clock.now(),
        form=form,
    )
    return page, status


@bp.get("/posts/<int:post_id>/")
@require(MAY)
def post(post_id: int) -> ResponseReturnValue:
    """Show a post, who holds and held it, and the form to appoint somebody."""
    return _page(post_id, AppointForm())


@bp.post("/posts/<int:post_id>/appoint")
@require(MAY)
@of_weight
def appoint(post_id: int) -> ResponseReturnValue:
    """Appoint somebody; a code for a new account is shown in the answer, this one time."""
    found, node = positions.post_at(g.community, post_id)
    form = AppointForm()
    if not form.validate_on_submit() or form.first.data is None:
        return _page(post_id, form, 422)
    name, code = (form.name.data or "").strip(), ""
    try:
        term = appointments.Term.of(form.first.data, form.last.data)
        if form.fresh.data:
            person, code = opened.open_account(g.actor, g.community.id, name, form.who.value)
        else:
            person = appointments.person_of(node.path[0], name, form.who.value)
        appointments.appoint(
            g.actor, g.community, found, person, term, basis=(form.basis.data or "").strip()
        )
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        _put(form, refused)
        return _page(post_id, form, refused.status)
    if code:
        return render_template(
            "identities/appointed.html", name=name, post=found, code=code, hours=24
        )
    if form.last.data is None:
        flash(_("This appointment has no last day. Remember to end it in time."), "warn")
    flash(_("%(name)s is appointed.", name=name), "done")
    return see_other(url_for(".post", post_id=post_id))


def _put(form: AppointForm, refused: Refused) -> None:
    """Put the sentence of a refusal at the field that it is about."""
    field = {"term": form.last, "taken": form.first}.get(refused.code, form.who)
    field.errors = [str(refused)]


@bp.post("/posts/<int:post_id>/give-up")
@require(MAY)
@of_weight
def give_up(post_id: int) -> ResponseReturnValue:
    """Give up a post that nobody holds."""
    found, _node = positions.post_at(g.community, post_id)
    positions.give_up(g.actor, g.community, found)
    db.session.commit()
    flash(_("The post is given up. What was done in its name stays."), "done")
    return see_other(url_for(".index"))


def _term_page(
    appointment_id: int, renewal: RenewForm, ending: EndForm, status: int = 200
) -> ResponseReturnValue:
    held, found, name = positions.find(g.community, appointment_id)
    page = render_template(
        "identities/appointment.html",
        held=held,
        post=found,
        name=name,
        now=clock.now(),
        renewal=renewal,
        ending=ending,
    )
    return page, status


@bp.get("/appointments/<int:appointment_id>/")
@require(MAY)
def appointment(appointment_id: int) -> ResponseReturnValue:
    """Show a term, and the forms to renew and to end it."""
    return _term_page(appointment_id, RenewForm(), EndForm())


@bp.post("/appointments/<int:appointment_id>/renew")
@require(MAY)
@of_weight
def renew(appointment_id: int) -> ResponseReturnValue:
    """Give a term another end."""
    _held, found, _name = positions.find(g.community, appointment_id)
    form = RenewForm()
    if not form.validate_on_submit() or form.last.data is None:
        return _term_page(appointment_id, form, EndForm(formdata=None), 422)
    try:
        basis = (form.basis.data or "").strip()
        appointments.renew(g.actor, g.community, appointment_id, form.last.data, basis=basis)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        form.last.errors = [str(refused)]
        return _term_page(appointment_id, form, EndForm(formdata=None), refused.status)
    flash(_("The term has its new end."), "done")
    return see_other(url_for(".post", post_id=found.id))


@bp.post("/appointments/<int:appointment_id>/end")
@require(MAY)
@of_weight
def end(appointment_id: int) -> ResponseReturnValue:
    """End an appointment at once."""
    form = EndForm()
    if not form.validate_on_submit():
        return _term_page(appointment_id, RenewForm(formdata=None), form, 422)
    try:
        reason = (form.reason.data or "").strip()
        appointments.end(g.actor, g.community, appointment_id, reason)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        form.reason.errors = [str(refused)]
        return _term_page(appointment_id, RenewForm(formdata=None), form, refused.status)
    flash(_("The appointment has ended, and its powers with it."), "done")
    return see_other(url_for(".index"))
