"""Every hook of the plugin contract: what is called, with what, for what."""

from typing import TYPE_CHECKING

import pluggy
from markupsafe import Markup

if TYPE_CHECKING:
    from civic.communities.models import Community
    from civic.kernel.permissions import Actor

#: Version of the contract with plugins, apart from releases.
API_VERSION = "1.0"

hookspec = pluggy.HookspecMarker("civic")
hookimpl = pluggy.HookimplMarker("civic")


@hookspec
def home_panel(community: "Community", actor: "Actor") -> Markup | None:
    """Show a panel on the home page of a community; return nothing to show none."""
