"""Pages on which an administrator builds the tree and keeps what stands at its places."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from civic.admin import trees
from civic.admin.tree_forms import ActForm, AddForm, HomeForm, MoveForm, RenameForm
from civic.communities import bodies, known, reform
from civic.communities.kinds import HOMES, PARTY, PROPERTY
from civic.communities.models import Community, Node
from civic.communities.services import ancestors
from civic.identities.weight import of_weight
from civic.kernel import choices, permissions
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.htmx import see_other

bp = Blueprint("trees", __name__, url_prefix="/admin/tree")


@bp.get("/")
def index() -> ResponseReturnValue:
    """Lead to the place at which one's administration begins."""
    roots = trees.roots(g.actor)
    if not roots:
        permissions.check(g.actor, trees.PERMISSION, ())
    if len(roots) == 1:
        return redirect(url_for(".show", node_id=roots[0].id))
    return render_template("admin/tree_roots.html", roots=roots, titles=known.places().titles)


@bp.get("/<int:node_id>/")
def show(node_id: int) -> ResponseReturnValue:
    """Show a place: what it is, what stands below it, and what can be changed."""
    return page(trees.find(g.actor, node_id), _add_form(trees.find(g.actor, node_id)))


def page(node: Node, form: AddForm, status: int = 200) -> ResponseReturnValue:
    """Show a place with the form that adds another below it."""
    words = request.args.get("q", "")
    children = trees.below(node)
    shown = render_template(
        "admin/tree.html",
        node=node,
        steps=[step for step in ancestors(node.path) if _mine(step)],
        titles=known.places().titles,
        children=children[: trees.MOST],
        more=len(children) > trees.MOST,
        words=words,
        found=trees.search(node, words) if words.strip() else None,
        form=form,
        home=db.session.get(Community, node.id),
        may_have_home=node.kind in HOMES,
        reformed=node.kind in reform.REFORMED,
        linked=node.kind not in PARTY | PROPERTY,
        bodies=bodies.of([node.id]),
        links=bodies.links_to([node]),
        history=reform.history(node),
    )
    return shown, status


def _mine(step: Node) -> bool:
    return permissions.allowed(g.actor, trees.PERMISSION, step.path)


def _add_form(node: Node) -> AddForm:
    form = AddForm()
    form.kind.choices = choices.listed(known.kinds_below(node).items())
    return form


@bp.post("/<int:node_id>/")
def add(node_id: int) -> ResponseReturnValue:
    """Add a place below this one."""
    node = trees.find(g.actor, node_id)
    form = _add_form(node)
    if not form.validate_on_submit():
        return page(node, form, 422)
    try:
        act = form.act(g.actor.person_id)
        made = trees.add(g.actor, act, node, form.kind.data, form.name.data or "")
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        form.name.errors = [str(refused)]
        return page(trees.find(g.actor, node_id), form, refused.status)
    flash(_("%(name)s has been added.", name=made.name), "done")
    return see_other(url_for(".show", node_id=node_id))


def sheet(node: Node, form: FlaskForm, title: str, submit: str, **more: Any) -> str:  # noqa: ANN401
    """Show one form on a page of its own, with the way back to the place."""
    return render_template(
        "admin/tree_form.html", node=node, form=form, title=title, submit=submit, **more
    )


def answer(
    node_id: int, form: FlaskForm, do: Callable[[Node], Any], show_again: Callable[[Node], str]
) -> ResponseReturnValue:
    """Do what a form asks for and lead back to the place, or show the form with the reason."""
    node = trees.find(g.actor, node_id)
    if not form.validate_on_submit():
        return show_again(node), 422
    try:
        do(node)
        db.session.commit()
    except Refused as refused:
        if refused.status == HTTPStatus.NOT_FOUND:
            raise
        db.session.rollback()
        form.form_errors.append(str(refused))
        return show_again(trees.find(g.actor, node_id)), refused.status
    flash(_("Done."), "done")
    return see_other(url_for("trees.show", node_id=node_id))


@bp.get("/<int:node_id>/rename")
def rename_form(node_id: int) -> ResponseReturnValue:
    """Ask for another name."""
    node = trees.find(g.actor, node_id)
    return _rename(node, RenameForm(name=node.name))


def _rename(node: Node, form: RenameForm) -> str:
    return sheet(node, form, _("Rename %(name)s", name=node.name), _("Rename"))


@bp.post("/<int:node_id>/rename")
def rename(node_id: int) -> ResponseReturnValue:
    """Rename a place."""
    form = RenameForm()

    def do(node: Node) -> None:
        trees.rename(g.actor, form.act(g.actor.person_id), node, form.name.data or "")

    return answer(node_id, form, do, lambda node: _rename(node, form))


@bp.get("/<int:node_id>/move")
def move_form(node_id: int) -> ResponseReturnValue:
    """Search for where a place is to stand."""
    node = trees.find(g.actor, node_id)
    return _move(node, _move_form(node))


def _move_form(node: Node) -> MoveForm:
    form = MoveForm()
    found = trees.parents_for(node, request.values.get("q", ""))
    form.parent.choices = choices.listed((each.id, each.name) for each in found)
    return form


def _move(node: Node, form: MoveForm) -> str:
    return sheet(
        node,
        form,
        _("Move %(name)s", name=node.name),
        _("Move"),
        words=request.values.get("q", ""),
        searched=True,
        lead=_("Everything below it moves along; rights of the people there follow."),
    )


@bp.post("/<int:node_id>/move")
@of_weight
def move(node_id: int) -> ResponseReturnValue:
    """Move a place."""
    form = _move_form(trees.find(g.actor, node_id))

    def do(node: Node) -> None:
        trees.move(g.actor, form.act(g.actor.person_id), node, form.parent.data)

    return answer(node_id, form, do, lambda node: _move(node, form))


@bp.get("/<int:node_id>/end")
def end_form(node_id: int) -> ResponseReturnValue:
    """Say what ending a place does, and ask."""
    return _end(trees.find(g.actor, node_id), ActForm())


def _end(node: Node, form: ActForm) -> str:
    return sheet(
        node,
        form,
        _("End %(name)s", name=node.name),
        _("End it"),
        danger=True,
        counted=trees.consequences(g.actor, [], [node]),
        lead=_("It stays readable with its history. Standings and terms held here end."),
    )


@bp.post("/<int:node_id>/end")
@of_weight
def end(node_id: int) -> ResponseReturnValue:
    """End a place."""
    form = ActForm()

    def do(node: Node) -> None:
        trees.end(g.actor, form.act(g.actor.person_id), node)

    return answer(node_id, form, do, lambda node: _end(node, form))


@bp.get("/<int:node_id>/page")
def home_form(node_id: int) -> ResponseReturnValue:
    """Ask for what stands on a community's page."""
    node = trees.find(g.actor, node_id)
    home = db.session.get(Community, node.id)
    return _home(node, HomeForm(obj=home))


def _home(node: Node, form: HomeForm) -> str:
    if db.session.get(Community, node.id) is not None:
        del form.slug
    return sheet(node, form, _("The page of %(name)s", name=node.name), _("Keep"))


@bp.post("/<int:node_id>/page")
def home(node_id: int) -> ResponseReturnValue:
    """Give a community its page, or change what stands there."""
    form = HomeForm()

    def do(node: Node) -> None:
        details = trees.HomePage(
            slug=(form.slug.data or "").strip(),
            telephone=form.telephone.data or "",
            hours=form.hours.data or "",
            about=form.about.data or "",
        )
        trees.keep_home(g.actor, node, details)

    return answer(node_id, form, do, lambda node: _home(node, form))
