"""Minutes that wait for the signature of their chair, for the staff desk."""

from collections.abc import Iterable
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import or_, select

from civic.communities.models import Community, Node
from civic.communities.services import within
from civic.halls.models import HallMeeting
from civic.halls.rules import rules
from civic.halls.who import MANAGE
from civic.kernel import holidays, periods
from civic.kernel.db import db
from civic.kernel.due import Due
from civic.kernel.permissions import Actor, scopes


def due(actor: Actor, limit: int) -> Iterable[Due]:
    """Return the unsigned minutes of the actor's offices, and those that they sign themselves."""
    paths = scopes(actor, MANAGE)
    mine = HallMeeting.chair_id == (actor.person_id or 0)
    rows = db.session.execute(
        select(HallMeeting, Community.slug)
        .join(Community, Community.id == HallMeeting.community_id)
        .join(Node, Node.id == Community.id)
        .where(
            HallMeeting.closed_at.is_not(None),
            HallMeeting.signed_at.is_(None),
            or_(mine, within(paths)) if paths else mine,
        )
        .order_by(HallMeeting.closed_at)
        .limit(limit)
    ).all()
    if not rows:
        return
    known = holidays.load()
    for one, slug in rows:
        assert one.closed_at is not None  # noqa: S101 - asked for these
        yield Due(
            kind=_("Minutes"),
            title=one.title,
            action=_("Sign them")
            if one.chair_id == actor.person_id
            else _("Have the chair sign them"),
            url=url_for(
                "hall_desk.desk",
                community=slug,
                consultation_id=one.consultation_id,
                meeting_id=one.id,
            ),
            at=_by(one.closed_at, known),
            since=one.closed_at,
            community_id=one.community_id,
        )


def _by(closed_at: datetime, known: periods.Holidays) -> datetime | None:
    """Return by when minutes are signed; nothing where days off are needed that nobody stored."""
    try:
        return periods.end_of(closed_at, rules().sign, known)
    except periods.TableMissing:
        return None
