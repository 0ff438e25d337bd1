"""What is due in moderation: objections that wait for somebody else's answer."""

from collections.abc import Iterable

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from civic.communities.models import Community, Node
from civic.communities.services import within
from civic.kernel.db import db
from civic.kernel.due import Due
from civic.kernel.permissions import Actor, scopes
from civic.moderation.models import Decision


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
            at=None,
            since=decision.objected_at,
            community_id=decision.community_id,
        )
        for decision, slug in db.session.execute(query)
    ]
