"""Rental: old premises become homes for rent, checked, listed, applied for and drawn.

A conversion (出租房改造) goes through its states as data says, past a joint review of named
offices; its homes are listed once all checks pass.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from flask import render_template
from markupsafe import Markup

from civic.api import Actor, Community, Due, Table, hookimpl
from civic_rental import (
    allocation_models,
    allocation_views,
    allot_views,
    applicant_views,
    application_models,
    apply_views,
    check_views,
    conversion_views,
    draw_desk,
    draw_own_data,
    home_models,
    home_views,
    models,
    review_views,
    views,
)
from civic_rental.manifest import plugin

__all__ = ["dashboard", "export_member", "fill_lines", "forget_member", "home_panel", "plugin"]
#: Imported for the routes and tables that they add.
PARTS = (conversion_views, home_models, home_views, models, review_views, views)
#: Of applications and draws.
DRAW_PARTS = (
    *(allocation_models, application_models),
    *(allocation_views, allot_views, applicant_views, apply_views, check_views),
)


@plugin.job(every=timedelta(minutes=10))
def fill_lines(community: Community) -> None:
    """Let those next in the order of a draw wait for homes that are free."""
    draw_desk.fill_lines(community)


@hookimpl
def home_panel(community: Community, actor: Actor) -> Markup | None:
    """Show one's own applications for homes, and what can be applied for now."""
    shown = draw_desk.panel(community, actor)
    if not shown:
        return None
    page = render_template("rental/home_panel.html", community=community, shown=shown)
    return Markup(page)  # noqa: S704 - a template, which escapes


@hookimpl
def dashboard(
    communities: Sequence[Community],
    actor: Actor,
    desk: bool,  # noqa: FBT001 - hooks are called by the names of their arguments
    limit: int,
) -> Iterable[Due]:
    """Tell staff what waits for them, and people what is offered to them or half written."""
    if desk:
        return draw_desk.work(communities, actor, limit)
    return draw_desk.own(communities, actor, limit)


@hookimpl
def export_member(person_id: int) -> list[Table]:
    """Give out what is kept about a person."""
    return draw_own_data.export(person_id)


@hookimpl
def forget_member(person_id: int) -> None:
    """Let what was recorded stay, without the person."""
    draw_own_data.forget(person_id)
