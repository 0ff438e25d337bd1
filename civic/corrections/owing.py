"""Decisions on corrections that a community owes."""

from collections.abc import Iterable

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from civic.communities.models import Community
from civic.consultations.owed import Owed
from civic.corrections.models import OPEN, Correction
from civic.kernel.db import db


def corrections(community: Community, most: int) -> Iterable[Owed]:
    """Return corrections that are not decided, the earliest due first."""
    query = (
        select(Correction)
        .where(Correction.community_id == community.id, Correction.state.in_(OPEN))
        .order_by(Correction.due_at, Correction.id)
        .limit(most)
    )
    for one in db.session.scalars(query):
        yield Owed(
            kind=_("Correction"),
            title=one.title,
            url=url_for("corrections.show", community=community.slug, correction_id=one.id),
            since=one.raised_at,
            due=one.due_at,
        )
