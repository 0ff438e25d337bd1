"""What waits: filings for whoever decides, offers and drafts for whoever they concern."""

from collections.abc import Sequence

from flask import url_for

from civic.api import Actor, Community, Due, allowed, clock
from civic.api import gettext as _
from civic_events import kinds, listing


def work(communities: Sequence[Community], actor: Actor, limit: int) -> list[Due]:
    """Return the filings that the posts of an actor let them decide on."""
    mine = {home.id: home for home in communities if allowed(actor, "events.decide", home.path)}
    if not mine:
        return []
    return [
        Due(
            kind=_("Filing of an event"),
            title=row.title,
            action=_("Decide on the filing"),
            url=_page(mine[row.community_id], row.id, "events.filing"),
            at=row.starts_at,
            since=row.filed_at or row.made_at,
            community_id=row.community_id,
        )
        for row in listing.of_state(list(mine), (kinds.FILED,), limit)
    ]


def offers(communities: Sequence[Community], actor: Actor, limit: int) -> list[Due]:
    """Return the places that are offered to an actor."""
    return [
        Due(
            kind=_("Places for you"),
            title=item.activity.title,
            action=_("Say yes or no"),
            url=_page(home, item.activity.id, "events.activity"),
            at=item.until,
            since=None,
            community_id=home.id,
        )
        for home in communities
        for item in listing.panel(home, actor, limit)
        if item.state == listing.OFFERED and item.until is not None and item.until > clock.now()
    ]


def _page(home: Community, activity_id: int, endpoint: str) -> str:
    return url_for(endpoint, community=home.slug, activity_id=activity_id)
