"""Rental: old premises become homes for rent, checked, listed, applied for and drawn.

A conversion (出租房改造) goes through its states as data says, past a joint review of named
offices; its homes are listed once all checks pass.
"""

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from civic.api import Actor, Community, Due, Table, hookimpl
from civic_rental import allocation_models, application_models, home_models, models, views
from civic_rental.manifest import plugin

__all__ = ["dashboard", "export_member", "forget_member", "home_panel", "plugin"]
#: Imported for the routes and tables that they add.
PARTS = (home_models, models, views)
#: Of applications and draws.
DRAW_PARTS = (allocation_models, application_models)


@hookimpl
def home_panel(community: Community, actor: Actor) -> Markup | None:
    """Show what this person has here."""
    return None


@hookimpl
def dashboard(
    communities: Sequence[Community],
    actor: Actor,
    desk: bool,  # noqa: FBT001 - hooks are called by the names of their arguments
    limit: int,
) -> Iterable[Due]:
    """Tell staff what waits."""
    return ()


@hookimpl
def export_member(person_id: int) -> list[Table]:
    """Give out what is kept about a person."""
    return []


@hookimpl
def forget_member(person_id: int) -> None:
    """Let what was recorded stay, without the person."""
