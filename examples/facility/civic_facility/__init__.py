"""Facility: numbered places of a street, and what is wrong with them until it is solved.

Bicycle bays and signs bear numbers. Whoever takes part here reports a defect, staff handle it, and
the one who reported it has the last word on whether it is solved.
"""

from collections.abc import Iterable, Sequence

from flask import render_template
from markupsafe import Markup

from civic.api import Actor, Community, Due, Objection, StageMove, Table, hookimpl
from civic_facility import cases, listing, own_data, views
from civic_facility.desk import answers, work
from civic_facility.manifest import plugin

__all__ = ["check_stage", "dashboard", "export_member", "forget_member", "home_panel", "plugin"]
#: Imported for the routes that it adds.
ROUTES = (views,)


@hookimpl
def home_panel(community: Community) -> Markup:
    """Show how many places there are, and how many have a report."""
    return Markup(  # noqa: S704 - a template, which escapes
        render_template(
            "facility/panel.html",
            community=community,
            counts=listing.counts(community),
            defective=listing.defective(community),
        )
    )


@hookimpl
def dashboard(
    communities: Sequence[Community],
    actor: Actor,
    desk: bool,  # noqa: FBT001 - hooks are called by the names of their arguments
    limit: int,
) -> Iterable[Due]:
    """Tell staff which reports wait, and reporters which wait for their answer."""
    return work(communities, actor, limit) if desk else answers(communities, actor, limit)


@hookimpl
def check_stage(community: Community, move: StageMove) -> Objection | None:
    """Hold up the end of a case about a place that is reported as broken."""
    return cases.objection(community, move)


@hookimpl
def export_member(person_id: int) -> list[Table]:
    """Give out the reports of a person, and what they handled."""
    return own_data.export(person_id)


@hookimpl
def forget_member(person_id: int) -> None:
    """Let reports stay, without a person and without the words of one."""
    own_data.forget(person_id)
