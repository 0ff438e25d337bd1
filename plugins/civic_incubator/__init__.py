"""Incubator: organisations of residents, calls for their projects, review and awards.

Organisations are proposed and filed; a call asks them for projects, several people write one
application, a panel of experts and residents scores it, and awards are shown with their objections.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from flask import render_template
from markupsafe import Markup

from civic.api import Actor, Community, Due, Table, db, hookimpl
from civic_incubator import (
    application_views,
    award_views,
    call_views,
    calls,
    draft_views,
    listing,
    own_data,
    print_views,
    review_views,
    views,
)
from civic_incubator.desk import own, work
from civic_incubator.manifest import plugin

__all__ = ["close_calls", "dashboard", "export_member", "forget_member", "home_panel", "plugin"]
#: Imported for the routes that they add.
ROUTES = (
    application_views,
    award_views,
    call_views,
    draft_views,
    print_views,
    review_views,
    views,
)
#: How many calls, drafts, reviews and lists of awards the home page shows of each.
MOST = 3


@plugin.job(every=timedelta(minutes=10))
def close_calls(community: Community) -> None:
    """Move calls on whose last day is over."""
    calls.close_due(community)
    db.session.commit()


@hookimpl
def home_panel(community: Community, actor: Actor) -> Markup | None:
    """Show what this person has here: open calls, own drafts, projects to score, awards shown."""
    news = listing.news(community, actor)
    if not (news.calls or news.shown or news.drafts or news.reviews):
        return None
    page = render_template("incubator/home.html", community=community, news=news, most=MOST)
    return Markup(page)  # noqa: S704 - a template, which escapes


@hookimpl
def dashboard(
    communities: Sequence[Community],
    actor: Actor,
    desk: bool,  # noqa: FBT001 - hooks are called by the names of their arguments
    limit: int,
) -> Iterable[Due]:
    """Tell staff what they have to check, answer and decide, and others what they have begun."""
    return work(communities, actor, limit) if desk else own(communities, actor, limit)


@hookimpl
def export_member(person_id: int) -> list[Table]:
    """Give out what is kept about a person: organisations, applications, marks, objections."""
    return own_data.export(person_id)


@hookimpl
def forget_member(person_id: int) -> None:
    """Let applications, marks and answers stay, without the person."""
    own_data.forget(person_id)
