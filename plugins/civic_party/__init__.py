"""Party: units and offices sit together as equals (党建共建), meet each quarter, and carry out.

Bodies with seats of units, joint meetings with agenda, minutes and tasks; lists of needs, resources
and projects. It keeps no roll of members of any party.
"""

from collections.abc import Iterable, Sequence
from datetime import time, timedelta

from flask import render_template
from markupsafe import Markup

from civic.api import Actor, Community, Due, Table, db, hookimpl
from civic_party import (
    action_views,
    body_views,
    carrying,
    hall_views,
    lists_given,
    meeting_views,
    meetings,
    minutes_views,
    own_data,
    print_views,
    seat_views,
    topic_views,
    waiting,
)
from civic_party.desk import address, own, work
from civic_party.manifest import plugin

__all__ = [
    "close_calls",
    "dashboard",
    "export_member",
    "forget_member",
    "home_panel",
    "plugin",
    "remind",
]
#: Imported for the routes that they add.
ROUTES = (
    action_views,
    body_views,
    hall_views,
    meeting_views,
    minutes_views,
    print_views,
    seat_views,
    topic_views,
)
#: What the home page shows of it.
MOST = 4


@plugin.job(every=timedelta(minutes=10))
def close_calls(community: Community) -> None:
    """End calls for topics whose last day is over."""
    meetings.close_calls(community)
    db.session.commit()


@plugin.job(every=timedelta(days=1), at=time(9, 0))
def remind(community: Community) -> None:
    """Call tasks to mind that fall due."""
    carrying.remind(community)
    db.session.commit()


@hookimpl
def home_panel(community: Community, actor: Actor) -> Markup | None:
    """Show what waits for this person here, as one who acts for a unit."""
    waits = waiting.waiting(actor, community, limit=MOST)
    found = lists_given.panel(community, actor)
    if waits:
        page = render_template("party/home.html", community=community, waits=waits, address=address)
        found = Markup(page) + found  # noqa: S704 - a template, which escapes
    return found or None


@hookimpl
def dashboard(
    communities: Sequence[Community],
    actor: Actor,
    desk: bool,  # noqa: FBT001 - hooks are called by the names of their arguments
    limit: int,
) -> Iterable[Due]:
    """Tell the office what it has to do, and those who act for units what waits for them."""
    found = work(communities, actor, limit) if desk else own(communities, actor, limit)
    listed = lists_given.work if desk else lists_given.own
    return [*found, *listed(communities, actor, limit)]


@hookimpl
def export_member(person_id: int) -> list[Table]:
    """Give out what is kept about a person."""
    return [*own_data.export(person_id), *lists_given.export(person_id)]


@hookimpl
def forget_member(person_id: int) -> None:
    """Let the record stay, without the person."""
    own_data.forget(person_id)
    lists_given.forget(person_id)
