"""Pages on which an administrator keeps bodies, and links between nodes of different trees."""

from datetime import datetime, time, timedelta
from typing import Any

from flask import g
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from civic.admin import trees
from civic.admin.tree_forms import BodyForm, LinkForm
from civic.admin.tree_views import answer, bp, sheet
from civic.communities import bodies
from civic.communities.kinds import BODIES, LINKS, PARTY, PROPERTY
from civic.communities.models import Node
from civic.kernel import choices, clock
from civic.kernel.db import db


@bp.get("/<int:node_id>/bodies/new")
def body_form(node_id: int) -> ResponseReturnValue:
    """Ask for a body."""
    return _body(trees.find(g.actor, node_id), _body_form())


def _body_form(**values: Any) -> BodyForm:  # noqa: ANN401
    form = BodyForm(**values)
    form.kind.choices = choices.listed(BODIES.items())
    return form


def _body(node: Node, form: BodyForm, title: str = "") -> str:
    return sheet(node, form, title or _("A body at %(name)s", name=node.name), _("Keep"))


def _details(form: BodyForm) -> bodies.Details:
    until = form.until.data
    end = None
    if until is not None:
        # A term lasts to the end of its last day.
        end = datetime.combine(until + timedelta(days=1), time(), clock.ZONE)
    return bodies.Details(
        kind=form.kind.data,
        title=form.title.data or "",
        telephone=form.telephone.data or "",
        hours=form.hours.data or "",
        place=form.place.data or "",
        about=form.about.data or "",
        valid_to=end,
    )


@bp.post("/<int:node_id>/bodies/new")
def add_body(node_id: int) -> ResponseReturnValue:
    """Add a body."""
    form = _body_form()

    def do(node: Node) -> None:
        made = bodies.add(node.id, _details(form))
        trees.record("body.added", g.actor, node, body=made.id)

    return answer(node_id, form, do, lambda node: _body(node, form))


@bp.get("/<int:node_id>/bodies/<int:body_id>")
def edit_body_form(node_id: int, body_id: int) -> ResponseReturnValue:
    """Show what is said of a body, to be changed."""
    node = trees.find(g.actor, node_id)
    body = bodies.find(node.id, body_id)
    until = clock.local(body.valid_to - timedelta(seconds=1)).date() if body.valid_to else None
    return _body(node, _body_form(obj=body, until=until), body.title)


@bp.post("/<int:node_id>/bodies/<int:body_id>")
def edit_body(node_id: int, body_id: int) -> ResponseReturnValue:
    """Change what is said of a body."""
    form = _body_form()

    def do(node: Node) -> None:
        bodies.edit(node.id, body_id, _details(form))
        trees.record("body.changed", g.actor, node, body=body_id)

    return answer(node_id, form, do, lambda node: _body(node, form))


@bp.post("/<int:node_id>/bodies/<int:body_id>/end")
def end_body(node_id: int, body_id: int) -> ResponseReturnValue:
    """End a body."""
    form = FlaskForm()

    def do(node: Node) -> None:
        bodies.end(node.id, body_id)
        trees.record("body.ended", g.actor, node, body=body_id)

    return answer(node_id, form, do, lambda node: _body(node, _body_form()))


@bp.get("/<int:node_id>/links/new")
def link_form(node_id: int) -> ResponseReturnValue:
    """Ask which area or organisation covers or serves this place."""
    node = trees.find(g.actor, node_id)
    return _link(node, _link_form(node))


def _link_form(node: Node) -> LinkForm:
    form = LinkForm()
    root = db.session.get_one(Node, node.path[0])
    found = trees.search(root, "", PARTY | PROPERTY)
    form.source.choices = choices.listed((each.id, each.name) for each in found)
    form.kind.choices = choices.listed(LINKS.items())
    return form


def _link(node: Node, form: LinkForm) -> str:
    lead = _("Areas of property management and party organisations are added at the street.")
    return sheet(
        node, form, _("Who covers or serves %(name)s", name=node.name), _("Keep"), lead=lead
    )


@bp.post("/<int:node_id>/links/new")
def add_link(node_id: int) -> ResponseReturnValue:
    """Add a link."""
    form = _link_form(trees.find(g.actor, node_id))

    def do(node: Node) -> None:
        trees.find(g.actor, form.source.data)
        made = bodies.link(form.kind.data, form.source.data, node.id)
        trees.record("link.added", g.actor, node, link=made.id)

    return answer(node_id, form, do, lambda node: _link(node, form))


@bp.post("/<int:node_id>/links/<int:link_id>/end")
def end_link(node_id: int, link_id: int) -> ResponseReturnValue:
    """End a link."""
    form = FlaskForm()

    def do(node: Node) -> None:
        bodies.unlink(link_id, node.id)
        trees.record("link.ended", g.actor, node, link=link_id)

    return answer(node_id, form, do, lambda node: _link(node, _link_form(node)))
