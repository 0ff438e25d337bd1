"""Who is asked: the groups of a case or ballot, and whether somebody is of them."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Select, select

from civic.communities.models import Node
from civic.communities.switched import counts
from civic.identities import known
from civic.identities.actors import in_force
from civic.identities.kinds import PARTICIPATES_FROM
from civic.identities.models import Standing
from civic.kernel import clock
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


def people_of(audience: Collection[str], path: Path, *, at: datetime | None = None) -> Select[int]:
    """Return the statement that selects whoever belongs to an audience at a node, each once.

    The mirror of `fitting_group`: for each person the two say the same.

    :param at: when; now, unless said otherwise.
    """
    kinds = known.in_groups(audience)
    ids = "".join(f"/{step}" for step in path) + "/"
    return (
        select(Standing.person_id)
        .join(Node, Node.id == Standing.node_id)
        .where(
            Standing.kind.in_(kinds),
            Standing.level >= PARTICIPATES_FROM,
            Node.ids.startswith(ids),
            in_force(Standing.valid_from, Standing.valid_to, at or clock.now()),
            *([counts(Standing.kind, Standing.node_id)] if known.of_plugins(kinds) else []),
        )
        .distinct()
    )
