"""Party: units and offices sit together as equals (党建共建), meet each quarter, and carry out.

Bodies with seats of units, joint meetings with agenda, minutes and tasks; lists of needs, resources
and projects. It keeps no roll of members of any party.
"""

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from civic.api import Actor, Community, Due, Table, hookimpl
from civic_party import body_views, meeting_models, record_models
from civic_party.lists_given import LISTS
from civic_party.manifest import plugin

__all__ = ["dashboard", "export_member", "forget_member", "home_panel", "plugin"]
#: Imported for the routes that they add.
ROUTES = (body_views, meeting_models, record_models)
LIST_ROUTES = LISTS


@hookimpl
def home_panel(community: Community, actor: Actor) -> Markup | None:
    """Show what waits for this person here."""
    return None


@hookimpl
def dashboard(
    communities: Sequence[Community],
    actor: Actor,
    desk: bool,  # noqa: FBT001 - hooks are called by the names of their arguments
    limit: int,
) -> Iterable[Due]:
    """Tell who has to do what."""
    return []


@hookimpl
def export_member(person_id: int) -> list[Table]:
    """Give out what is kept about a person."""
    return []


@hookimpl
def forget_member(person_id: int) -> None:
    """Let the record stay, without the person."""
