"""What waits in plugins: on the home of a community, and on the desk of staff."""

from collections.abc import Iterable
from typing import Any

from civic.communities import services as communities
from civic.communities.models import Community
from civic.kernel import clock, i18n, plugins
from civic.kernel.due import Due
from civic.kernel.permissions import Actor


def at_home(actor: Actor, community: Community, limit: int) -> list[dict[str, Any]]:
    """Return what waits in plugins for a person in a community, as the home page shows it."""
    if actor.person_id is None:
        return []
    found = plugins.registry().dashboard([community], actor, desk=False, limit=limit)
    return [
        {
            "title": item.title,
            "url": item.url,
            "action": item.action,
            "meta": i18n.remaining(item.at) if item.at else item.kind,
            "at": item.at,
        }
        for item in found
    ]


def on_desk(actor: Actor, limit: int) -> Iterable[Due]:
    """Return what waits in plugins for an actor's posts, over all communities at once."""
    found = plugins.registry()
    if not actor.posts or not found.answers("dashboard"):
        return []
    homes = [
        home
        for home in communities.homes(with_plugins=True)
        if home.plugins and actor.posts_at(home.path)
    ]
    items = found.dashboard(homes, actor, desk=True, limit=limit)
    return sorted(items, key=lambda item: item.at or item.since or clock.now())[:limit]
