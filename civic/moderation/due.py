"""What is due in moderation: objections to answer, texts to check, reports to look at."""

from collections.abc import Iterable

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import func, select

from civic.communities.models import Community, Node
from civic.communities.services import within
from civic.kernel.db import db
from civic.kernel.due import Due
from civic.kernel.permissions import Actor, scopes
from civic.moderation.models import Decision, Report, WaitingText


def objections(actor: Actor, limit: int) -> Iterable[Due]:
    """Return the objections that this actor may answer, the oldest first."""
    paths = scopes(actor, "consultations.moderate")
    if not paths:
        return []
    query = (
        select(Decision, Community.slug)
        .join(Community, Community.id == Decision.community_id)
        .join(Node, Node.id == Community.id)
        .where(Decision.objected_at.is_not(None), Decision.answered_at.is_(None))
        .where(Decision.decided_by != actor.person_id, within(paths))
        .order_by(Decision.objected_at)
        .limit(limit)
    )
    return [
        Due(
            kind=_("Objection"),
            title=_("Somebody objects to the hiding of their text"),
            action=_("Answer"),
            url=url_for("moderation.index", community=slug),
            at=decision.answer_by,
            since=decision.objected_at,
            community_id=decision.community_id,
        )
        for decision, slug in db.session.execute(query)
    ]


def unchecked(actor: Actor, limit: int) -> Iterable[Due]:
    """Return the communities in which texts wait to be checked, or reports to be looked at."""
    paths = scopes(actor, "consultations.moderate")
    if not paths:
        return []
    found: list[Due] = []
    kinds = (
        (WaitingText, _("Text"), _("Texts wait to be checked before they are published")),
        (Report, _("Report"), _("Texts were reported")),
    )
    for table, kind, title in kinds:
        done = WaitingText.decided_at if table is WaitingText else Report.settled_at
        query = (
            select(Community.id, Community.slug, func.min(table.due_at), func.min(table.at))
            .join(Community, Community.id == table.community_id)
            .join(Node, Node.id == Community.id)
            .where(done.is_(None), within(paths))
            .group_by(Community.id, Community.slug)
            .limit(limit)
        )
        found += [
            Due(
                kind=kind,
                title=title,
                action=_("Look at them"),
                url=url_for("moderation.index", community=slug),
                at=due_at,
                since=since,
                community_id=community_id,
            )
            for community_id, slug, due_at, since in db.session.execute(query)
        ]
    return found
