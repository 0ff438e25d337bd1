"""What of corrections is due for an office: taking up, examining, deciding, by their dates."""

from collections.abc import Iterable

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import and_, or_, select

from civic.communities.models import Community, Node
from civic.communities.services import within
from civic.corrections.models import ADMITTED, EXAMINED, OPEN, RAISED, Correction
from civic.corrections.services import MANAGE
from civic.kernel.db import db
from civic.kernel.due import Due
from civic.kernel.permissions import Actor, scopes


def corrections(actor: Actor, limit: int) -> Iterable[Due]:
    """Return corrections that wait for the actor's offices, in one statement.

    What somebody proposed themself waits for another person.
    """
    paths = scopes(actor, MANAGE)
    if not paths:
        return []
    mine = and_(Correction.proposed_by.is_not(None), Correction.proposed_by == actor.person_id)
    query = (
        select(Correction, Community.slug)
        .join(Community, Community.id == Correction.community_id)
        .join(Node, Node.id == Community.id)
        .where(Correction.state.in_(OPEN), or_(Correction.proposed_by.is_(None), ~mine))
        .where(within(paths))
        .order_by(Correction.due_at, Correction.id)
        .limit(limit)
    )
    return [_due(found, slug) for found, slug in db.session.execute(query)]


def _due(found: Correction, slug: str) -> Due:
    if found.state == EXAMINED and found.proposed_by is not None:
        action = _("Decide on the correction")
    else:
        action = {
            RAISED: _("Take the correction up, or refuse it"),
            ADMITTED: _("Examine the correction"),
            EXAMINED: _("Propose a decision"),
        }[found.state]
    return Due(
        kind=_("Correction"),
        title=found.title,
        action=action,
        url=url_for("correction_desk.work", community=slug, correction_id=found.id),
        at=found.due_at,
        since=found.proposed_at or found.examined_at or found.admitted_at or found.raised_at,
        community_id=found.community_id,
    )
