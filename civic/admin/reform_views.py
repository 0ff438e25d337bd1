"""Pages on which an administrator splits and merges communities, in two steps."""

from collections.abc import Callable
from typing import Any

from flask import g, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from civic.admin import trees
from civic.admin.tree_forms import MergeForm, SplitForm
from civic.admin.tree_views import answer, bp, sheet
from civic.communities import reform
from civic.communities.models import Node
from civic.identities.weight import of_weight
from civic.kernel import choices
from civic.kernel.db import db
from civic.kernel.errors import Refused


@bp.get("/<int:node_id>/split")
def split_form(node_id: int) -> ResponseReturnValue:
    """Ask for the new community and what goes there."""
    node = trees.find(g.actor, node_id)
    return _split(node, _split_form(node))


def _split_form(node: Node) -> SplitForm:
    form = SplitForm()
    form.moved.choices = choices.listed((each.id, each.name) for each in reform.children(node.id))
    return form


def _split(node: Node, form: SplitForm, **more: Any) -> str:  # noqa: ANN401
    lead = _("A new community is made of some of its places. Who belongs to them belongs to it.")
    title = _("Split %(name)s", name=node.name)
    return sheet(
        node, form, title, more.pop("submit", _("Look at what will happen")), lead=lead, **more
    )


@bp.post("/<int:node_id>/split")
@of_weight
def split(node_id: int) -> ResponseReturnValue:
    """Say what a split will do; do it when it was looked at."""
    form = _split_form(trees.find(g.actor, node_id))

    def do(node: Node) -> None:
        trees.split(
            g.actor,
            form.act(g.actor.person_id),
            node,
            form.name.data or "",
            (form.slug.data or "").strip(),
            form.moved.data or [],
        )

    def look(node: Node) -> str:
        moved = [each for each in reform.children(node.id) if each.id in (form.moved.data or [])]
        counted = trees.consequences(g.actor, moved, [])
        return _split(node, form, counted=counted, sure=True, submit=_("Split the community"))

    return _in_two_steps(node_id, form, do, look, lambda node: _split(node, form))


@bp.get("/<int:node_id>/merge")
def merge_form(node_id: int) -> ResponseReturnValue:
    """Ask which communities go over into this one."""
    node = trees.find(g.actor, node_id)
    return _merge(node, _merge_form(node))


def _merge_form(node: Node) -> MergeForm:
    form = MergeForm()
    form.sources.choices = choices.listed((each.id, each.name) for each in trees.mergeable(node))
    return form


def _merge(node: Node, form: MergeForm, **more: Any) -> str:  # noqa: ANN401
    lead = _("Their places move here, and they end. Their pages lead here; terms there end.")
    title = _("Merge into %(name)s", name=node.name)
    return sheet(
        node, form, title, more.pop("submit", _("Look at what will happen")), lead=lead, **more
    )


@bp.post("/<int:node_id>/merge")
@of_weight
def merge(node_id: int) -> ResponseReturnValue:
    """Say what a merger will do; do it when it was looked at."""
    form = _merge_form(trees.find(g.actor, node_id))

    def do(node: Node) -> None:
        act = form.act(g.actor.person_id)
        trees.merge(g.actor, act, node, form.sources.data or [])

    def look(node: Node) -> str:
        chosen = form.sources.data or []
        ended = [each for each in trees.mergeable(node) if each.id in chosen]
        moved = [child for each in ended for child in reform.children(each.id)]
        counted = trees.consequences(g.actor, moved, ended)
        return _merge(node, form, counted=counted, sure=True, submit=_("Merge the communities"))

    return _in_two_steps(node_id, form, do, look, lambda node: _merge(node, form))


def _in_two_steps(
    node_id: int,
    form: FlaskForm,
    do: Callable[[Node], None],
    look: Callable[[Node], str],
    again: Callable[[Node], str],
) -> ResponseReturnValue:
    if "sure" in request.form or not form.validate_on_submit():
        return answer(node_id, form, do, again)
    node = trees.find(g.actor, node_id)
    try:
        # Tried and taken back: what cannot be done is said now.
        do(node)
    except Refused as refused:
        db.session.rollback()
        form.form_errors.append(str(refused))
        return again(trees.find(g.actor, node_id)), refused.status
    db.session.rollback()
    return look(trees.find(g.actor, node_id))
