"""Where plugins are on: at a place, that is in the nearest community at or above it."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, func, not_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from civic.communities.models import Community, Node
from civic.kernel.activations import Activation
from civic.kernel.db import db
from civic.kernel.permissions import Path

_NONE: frozenset[str] = frozenset()


def nearest(node_id: InstrumentedAttribute[int] | int) -> ScalarSelect[int]:
    """Return the id of the nearest community of a place, as a part of a statement."""
    home, place = aliased(Node), aliased(Node)
    return (
        select(Community.id)
        .join(home, home.id == Community.id)
        .join(place, place.ids.startswith(home.ids))
        .where(place.id == node_id)
        .order_by(func.length(home.ids).desc())
        .limit(1)
        .correlate_except(Community, home, place)
        .scalar_subquery()
    )


def counts(
    code: InstrumentedAttribute[str], node_id: InstrumentedAttribute[int]
) -> ColumnElement[bool]:
    """Return the condition that a kind is one of the core, or its plugin is on at the place."""
    on = (
        exists()
        .where(
            Activation.community_id == nearest(node_id),
            Activation.on.is_(True),
            code.startswith(Activation.plugin.concat(".")),
        )
        .correlate_except(Activation)
    )
    return or_(not_(code.contains(".")), on)


def on_below(top: Node) -> dict[int, frozenset[str]]:
    """Return the plugins that are on in each community at or below a place, by its id."""
    query = (
        select(Activation.community_id, Activation.plugin)
        .join(Node, Node.id == Activation.community_id)
        .where(Node.ids.startswith(top.ids), Activation.on.is_(True))
    )
    found: dict[int, frozenset[str]] = {}
    for community_id, plugin in db.session.execute(query):
        found[community_id] = found.get(community_id, frozenset()) | {plugin}
    return found


def on_along(paths: Collection[Path]) -> dict[Path, frozenset[str]]:
    """Return the plugins that are on at places given by their paths, in one statement."""
    steps = {step for path in paths for step in path}
    query = (
        select(Community.id, Activation.plugin)
        .outerjoin(Activation, and_(Activation.community_id == Community.id, Activation.on))
        .where(Community.id.in_(steps))
    )
    homes: dict[int, frozenset[str]] = {}
    for home, plugin in db.session.execute(query):
        homes[home] = homes.get(home, _NONE) | ({plugin} if plugin else _NONE)
    return {
        path: next((homes[step] for step in reversed(path) if step in homes), _NONE)
        for path in paths
    }


def on_at(node_id: int) -> frozenset[str]:
    """Return the plugins that are on at a place."""
    here = Activation.community_id == nearest(node_id)
    query = select(Activation.plugin).where(here, Activation.on.is_(True))
    return frozenset(db.session.scalars(query))
