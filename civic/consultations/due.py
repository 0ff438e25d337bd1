"""What is due in consultations: drafts to be finished before they are to open."""

from collections.abc import Iterable

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from civic.communities.models import Community, Node
from civic.communities.services import within
from civic.consultations import queries
from civic.consultations.models import Consultation
from civic.kernel.db import db
from civic.kernel.due import Due
from civic.kernel.permissions import Actor, narrowed, scopes


def drafts(actor: Actor, limit: int) -> Iterable[Due]:
    """Return the drafts of the actor's offices, the one that is to open first before the others."""
    paths = scopes(actor, "consultations.manage")
    if not paths:
        return []
    query = (
        select(Consultation, Community.slug)
        .join(Community, Community.id == Consultation.community_id)
        .join(Node, Node.id == Community.id)
        .where(Consultation.published_at.is_(None), within(paths))
        .where(narrowed(actor, Consultation))
        .options(*queries.short())
        .order_by(Consultation.opens_at)
        .limit(limit)
    )
    return [
        Due(
            kind=_("Consultation"),
            title=draft.title,
            action=_("Finish the draft"),
            url=url_for(
                "ways.show" if draft.stage else "office.edit",
                community=slug,
                consultation_id=draft.id,
            ),
            at=draft.opens_at,
            since=draft.created_at,
            community_id=draft.community_id,
        )
        for draft, slug in db.session.execute(query)
    ]
