"""A plugin that brings a procedure of its own and looks after it: the tests' sample of a bundle."""

from typing import Any

from civic.api import Community, Plugin, gettext, hookimpl

plugin = Plugin("plaza", __name__, title="Plaza", api=">=1.0,<2")
SITING = "plaza.siting"
#: Less than a week is no time to go and look at a place.
DAYS = 7


@hookimpl
def check_ballot(community: Community, ballot: Any) -> list[str]:
    """Ask that a ballot by its own procedure lasts long enough; of others it says nothing."""
    del community
    if ballot.procedure.get("id") != SITING:
        return []
    if (ballot.closes_at - ballot.opens_at).days < DAYS:
        return [gettext("A ballot about a site has to last seven days.")]
    return []
