"""What waits: filings for whoever decides, offers and drafts for whoever they concern."""

from collections.abc import Sequence

from flask import url_for
from sqlalchemy import select

from civic.api import Actor, Community, Due, allowed, clock, db
from civic.api import gettext as _
from civic_events import kinds, listing
from civic_events.models import Activity, SignUp


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
    homes = {home.id: home for home in communities}
    now = clock.now()
    query = (
        select(Activity.id, Activity.title, Activity.community_id, SignUp.until, SignUp.at)
        .join(SignUp, SignUp.activity_id == Activity.id)
        .where(SignUp.person_id == actor.person_id, SignUp.state == "offered", SignUp.until > now)
        .where(Activity.community_id.in_(homes))
        .order_by(SignUp.until, SignUp.id)
        .limit(limit)
    )
    return [
        Due(
            kind=_("Places for you"),
            title=row.title,
            action=_("Say yes or no"),
            url=_page(homes[row.community_id], row.id, "events.activity"),
            at=row.until,
            since=row.at,
            community_id=row.community_id,
        )
        for row in db.session.execute(query)
    ]


def _page(home: Community, activity_id: int, endpoint: str) -> str:
    return url_for(endpoint, community=home.slug, activity_id=activity_id)
