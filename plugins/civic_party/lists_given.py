"""What the half of the plugin with the three lists gives to its hooks."""

from datetime import timedelta

from flask import render_template
from markupsafe import Markup

from civic.api import Actor, Community, db
from civic_party import (
    accepting,
    handing_views,
    joint_models,
    list_desk,
    list_models,
    list_own_data,
    list_print_views,
    list_views,
    match_views,
    project_views,
    proposing,
    withdrawing,
)
from civic_party.manifest import plugin

#: Imported for the tables and routes that they add.
LISTS = (
    joint_models,
    list_models,
    list_views,
    handing_views,
    match_views,
    project_views,
    list_print_views,
)
export, forget = list_own_data.export, list_own_data.forget
work, own = list_desk.work, list_desk.own


@plugin.job(every=timedelta(hours=1))
def tend_lists(community: Community) -> None:
    """Let expire what is over, let lapse what nobody answered, propose what fits now."""
    withdrawing.expire(community)
    accepting.lapse(community)
    proposing.propose_all(community)
    db.session.commit()


def panel(community: Community, actor: Actor) -> Markup:
    """Return what waits for somebody in the lists here; nothing where nothing does."""
    found = list_desk.waiting(actor, [community], list_desk.MOST)
    if not found:
        return Markup()
    rows = [(one, list_desk.address(one, community)) for one in found]
    page = render_template("party/lists_panel.html", community=community, rows=rows)
    return Markup(page)  # noqa: S704 - a template, which escapes
