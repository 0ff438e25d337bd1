"""Answers to topics that a community owes."""

from collections.abc import Iterable

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from civic.communities.models import Community
from civic.consultations.owed import Owed
from civic.kernel.db import db
from civic.topics.models import Topic


def topics(community: Community, most: int) -> Iterable[Owed]:
    """Return topics without an answer, the earliest due first."""
    query = (
        select(Topic)
        .where(Topic.community_id == community.id, Topic.answered_at.is_(None))
        .order_by(Topic.answer_due, Topic.id)
        .limit(most)
    )
    for one in db.session.scalars(query):
        yield Owed(
            kind=_("Answer to a topic"),
            title=one.title or _("A hidden topic"),
            url=url_for("topics.show", community=community.slug, topic_id=one.id),
            since=one.created_at,
            due=one.answer_due,
        )
