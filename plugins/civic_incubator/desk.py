"""What waits: for staff, for reviewers, and for whoever has begun an application."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import url_for

from civic.api import Actor, Community, Due, allowed
from civic.api import gettext as _
from civic_incubator import listing
from civic_incubator.manifest import plugin


def work(communities: Sequence[Community], actor: Actor, limit: int) -> list[Due]:
    """Return what the posts of an actor let them do, over all their communities."""
    keeps = {one.id: one for one in communities if allowed(actor, "incubator.keep", one.path)}
    leads = {one.id: one for one in communities if allowed(actor, "incubator.manage", one.path)}
    found = []
    if keeps:
        for one in listing.to_check(keeps, limit):
            url = url_for(
                "incubator.application",
                community=keeps[one.community_id].slug,
                application_id=one.id,
            )
            assert one.submitted_at is not None  # noqa: S101 - it was handed in
            words = (_("Application of an organisation"), one.title, _("Check the form"))
            found.append(_due(words, url, keeps[one.community_id], one.submitted_at))
    if leads:
        for objection, call in listing.to_answer(leads, limit):
            home = leads[call.community_id]
            url = url_for("incubator.objection", community=home.slug, objection_id=objection.id)
            words = (_("Objection to awards"), call.title, _("Answer the objection"))
            until = objection.raised_at + timedelta(days=plugin.setting(home, "days"))
            found.append(_due(words, url, home, objection.raised_at, until))
        for call in listing.to_decide(leads, limit):
            home = leads[call.community_id]
            url = url_for("incubator.award_form", community=home.slug, call_id=call.id)
            words = (_("Call for projects"), call.title, _("Draw up the awards"))
            found.append(_due(words, url, home, call.closes_at))
    return found


def own(communities: Sequence[Community], actor: Actor, limit: int) -> list[Due]:
    """Return the drafts of an actor's organisations, and what they have to score."""
    found = []
    for home in communities:
        news = listing.news(home, actor)
        for call, left in news.reviews:
            url = url_for("incubator.review", community=home.slug, call_id=call.id)
            words = (_("Projects to score: %(left)d", left=left), call.title, _("Score projects"))
            found.append(_due(words, url, home, call.closes_at))
        for one in news.drafts:
            url = url_for(
                "incubator.step", community=home.slug, application_id=one.id, step="partners"
            )
            words = (_("Application begun"), one.title or one.call.title, _("Go on writing"))
            found.append(_due(words, url, home, one.saved_at, one.call.closes_at))
    return found[:limit]


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
