"""Events: filed with the office, signed up for, attended, and rated.

Whoever organises an event files it (准入报备); checks say what is missing, and what else takes
place.
An event of very many people is published only with the number of the permit of the police.
People sign up alone or with others, wait in line, and are let in by a code.
"""

from collections.abc import Iterable, Sequence

from flask import render_template
from markupsafe import Markup

from civic.api import Actor, Community, Due, Table, hookimpl
from civic_events import (
    arriving,
    entrance_views,
    league_views,
    listing,
    office_views,
    own_data,
    series,
    service_views,
    signing,
    views,
)
from civic_events.desk import offers, work
from civic_events.manifest import plugin

__all__ = ["dashboard", "export_member", "forget_member", "home_panel", "plugin"]
#: Imported for the routes, subscribers and jobs that they add.
PARTS = (
    *(views, office_views, entrance_views, service_views, league_views),
    *(signing, arriving, series),
)

#: How many events the home page shows.
MOST = 3


@hookimpl
def home_panel(community: Community, actor: Actor) -> Markup | None:
    """Show the next events, one's own first."""
    shown = listing.panel(community, actor, MOST)
    if not shown:
        return None
    return Markup(  # noqa: S704 - a template, which escapes
        render_template("events/panel.html", community=community, shown=shown)
    )


@hookimpl
def dashboard(
    communities: Sequence[Community],
    actor: Actor,
    desk: bool,  # noqa: FBT001 - hooks are called by the names of their arguments
    limit: int,
) -> Iterable[Due]:
    """Tell the office which filings wait, and people which places are offered to them."""
    return work(communities, actor, limit) if desk else offers(communities, actor, limit)


@hookimpl
def export_member(person_id: int) -> list[Table]:
    """Give out what a person signed up for, said and wrote."""
    return own_data.export(person_id)


@hookimpl
def forget_member(person_id: int) -> None:
    """Let sign-ups and stars stay, without a person and without the words of one."""
    own_data.forget(person_id)
