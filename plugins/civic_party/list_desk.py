"""What waits in the three lists: for staff, and for whoever speaks for a side."""

from collections.abc import Sequence
from datetime import datetime

from flask import url_for

from civic.api import Actor, Community, Due, once_a_request
from civic.api import gettext as _
from civic_party import list_waiting
from civic_party.list_models import LISTS
from civic_party.list_waiting import Waiting

#: Things that wait, on the home page.
MOST = 3


def work(communities: Sequence[Community], actor: Actor, limit: int) -> list[Due]:
    """Return what staff have to check, and whom they have to ask because they have no account."""
    homes = list_waiting.checks_at(communities, actor)
    if not homes:
        return []
    found = []
    for list_name, model in LISTS.items():
        for row in list_waiting.to_check(homes, model, limit):
            home = homes[row.community_id]
            url = url_for("party.entry", community=home.slug, list_name=list_name, row_id=row.id)
            kind = _("Need to check") if list_name == "needs" else _("Resource to check")
            if row.posted_by != actor.person_id:
                words = (kind, row.title, _("Check it"))
                found.append(_due(words, url, home, row.posted_at))
    for match in list_waiting.on_paper(homes, limit):
        home = homes[match.community_id]
        url = url_for("party.match", community=home.slug, match_id=match.id)
        words = (_("Proposal for a group without an account"), match.need.title, _("Ask the group"))
        found.append(_due(words, url, home, match.proposed_at, match.until))
    return found


def own(communities: Sequence[Community], actor: Actor, limit: int) -> list[Due]:
    """Return the proposals that wait for an actor, and the projects to rate."""
    homes = {one.id: one for one in communities}
    return [
        _due(
            (_("Proposal of needs and resources"), one.match.need.title, _("Answer the proposal"))
            if one.project_id is None
            else (_("Joint project"), one.match.need.title, _("Rate the project")),
            address(one, homes[one.match.community_id]),
            homes[one.match.community_id],
            one.match.proposed_at,
            one.match.until if one.project_id is None else None,
        )
        for one in waiting(actor, communities, limit)
    ]


def waiting(actor: Actor, communities: Sequence[Community], limit: int) -> list[Waiting]:
    """Return what waits for an actor; asked once for a page, which shows it in two places."""
    ids = tuple(sorted(one.id for one in communities))
    return _asked(actor, ids, max(limit, MOST))[:limit]


_asked = once_a_request(list_waiting.waiting)


def address(one: Waiting, home: Community) -> str:
    """Return the page on which something that waits is done."""
    if one.project_id is not None:
        return url_for("party.project", community=home.slug, project_id=one.project_id)
    return url_for("party.match", community=home.slug, match_id=one.match.id)


def _due(
    words: tuple[str, str, str],
    url: str,
    home: Community,
    since: datetime,
    at: datetime | None = None,
) -> Due:
    kind, title, action = words
    return Due(
        kind=kind, title=title, action=action, url=url, at=at, since=since, community_id=home.id
    )
