"""Who is asked: the groups of a case or ballot, and whether somebody is of them."""

from collections.abc import Collection

from civic.identities.kinds import PARTICIPATES_FROM
from civic.kernel.permissions import Actor, Path


def fitting_group(actor: Actor, audience: Collection[str], path: Path) -> str | None:
    """Return the group by which an actor belongs to an audience at a node, or None.

    A standing counts from the level at which one participates, held at the node or below it.
    """
    for standing in actor.standings:
        fitting = standing.groups & set(audience)
        if fitting and standing.level >= PARTICIPATES_FROM and standing.path[: len(path)] == path:
            return min(fitting)
    return None
