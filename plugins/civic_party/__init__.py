"""Party: units and offices sit together as equals (党建共建), meet each quarter, and carry out.

Bodies with seats of units, joint meetings with agenda, minutes and tasks; lists of needs, resources
and projects. It keeps no roll of members of any party.
"""

from collections.abc import Iterable, Sequence
from datetime import time, timedelta

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
)
from civic_party.desk import own, work
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
    """Show which proposals of needs and resources wait for this person."""
    return lists_given.panel(community, actor) or None


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
