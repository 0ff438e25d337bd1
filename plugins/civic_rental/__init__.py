"""Rental: old premises become homes for rent, checked, listed, applied for and drawn.

A conversion (出租房改造) goes through its states as data says, past a joint review of named
offices; its homes are listed once all checks pass.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from flask import render_template
from markupsafe import Markup

from civic.api import Actor, Community, Due, Table, hookimpl, money
from civic_rental import (
    allocation_models,
    allocation_views,
    allot_views,
    applicant_views,
    application_models,
    apply_views,
    cases,
    check_views,
    conversion_views,
    draw_desk,
    draw_own_data,
    home_models,
    home_views,
    models,
    own_data,
    record_views,
    review_views,
    views,
)
from civic_rental.desk import own, work
from civic_rental.findings import area
from civic_rental.manifest import plugin
from civic_rental.words import titles

__all__ = ["dashboard", "export_member", "fill_lines", "forget_member", "home_panel", "plugin"]
#: Imported for the routes and tables that they add.
PARTS = (conversion_views, home_models, home_views, models, record_views, review_views, views)
#: Of applications and draws.
DRAW_PARTS = (
    *(allocation_models, application_models),
    *(allocation_views, allot_views, applicant_views, apply_views, check_views),
)
#: How many homes the home page shows.
MOST = 3


@plugin.job(every=timedelta(minutes=10))
def fill_lines(community: Community) -> None:
    """Let those next in the order of a draw wait for homes that are free."""
    draw_desk.fill_lines(community)


@plugin.job(every=timedelta(hours=1))
def follow_cases(community: Community) -> None:
    """See where cases stand that conversions wait for; some end by their dates and tell nobody."""
    cases.follow(community)


@hookimpl
def home_panel(community: Community, actor: Actor) -> Markup | None:
    """Show one's own applications, what can be applied for, and the homes that were listed last."""
    shown = draw_desk.panel(community, actor, MOST)
    if not shown:
        return None
    says = {"names": titles, "money": money.shown, "area": area}
    page = render_template("rental/panel.html", community=community, shown=shown, **says)
    return Markup(page)  # noqa: S704 - a template, which escapes


@hookimpl
def dashboard(
    communities: Sequence[Community],
    actor: Actor,
    desk: bool,  # noqa: FBT001 - hooks are called by the names of their arguments
    limit: int,
) -> Iterable[Due]:
    """Tell offices whose opinions wait, and staff what is to be compared, met and published."""
    if desk:
        return [
            *work(communities, actor, limit),
            *draw_desk.work(communities, actor, limit),
        ]
    return [*own(communities, actor, limit), *draw_desk.own(communities, actor, limit)]


@hookimpl
def export_member(person_id: int) -> list[Table]:
    """Give out what is kept about a person: what they recorded, decided and wrote."""
    return [*own_data.export(person_id), *draw_own_data.export(person_id)]


@hookimpl
def forget_member(person_id: int) -> None:
    """Let what was recorded and decided stay, without the person."""
    own_data.forget(person_id)
    draw_own_data.forget(person_id)
