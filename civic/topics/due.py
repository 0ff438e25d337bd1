"""What is due about topics: the answers that are owed, by date, and appeals that wait."""

from collections.abc import Iterable

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import or_, select

from civic.communities.models import Community, Node
from civic.communities.services import within
from civic.kernel.db import db
from civic.kernel.due import Due
from civic.kernel.permissions import Actor, scopes
from civic.topics import listing, states, who
from civic.topics.models import Topic, TopicAppeal


def topics(actor: Actor, limit: int) -> Iterable[Due]:
    """Return the topics to which an answer is owed, the earliest first."""
    paths = scopes(actor, who.MANAGE)
    if not paths:
        return []
    query = (
        select(Topic, Community.slug)
        .join(Community, Community.id == Topic.community_id)
        .join(Node, Node.id == Community.id)
        .where(listing.open_condition(), within(paths))
        .where(or_(Topic.author_id.is_(None), Topic.author_id != actor.person_id))
        .order_by(Topic.answer_due, Topic.id)
        .limit(limit)
    )
    return [
        Due(
            kind=_("Topic"),
            title=topic.title or _("(hidden)"),
            action=_("Weigh it") if topic.state == states.HANDED_IN else _("Answer it"),
            url=url_for("topic_desk.show", community=slug, topic_id=topic.id),
            at=topic.answer_due,
            since=topic.created_at,
            community_id=topic.community_id,
        )
        for topic, slug in db.session.execute(query)
    ]


def appeals(actor: Actor, limit: int) -> Iterable[Due]:
    """Return the appeals that this actor may answer, the earliest first."""
    paths = scopes(actor, who.MANAGE)
    if not paths:
        return []
    query = (
        select(TopicAppeal, Topic, Community.slug)
        .join(Topic, Topic.id == TopicAppeal.topic_id)
        .join(Community, Community.id == Topic.community_id)
        .join(Node, Node.id == Community.id)
        .where(TopicAppeal.answered_at.is_(None), within(paths))
        .where(TopicAppeal.refused_by != actor.person_id)
        .order_by(TopicAppeal.due, TopicAppeal.id)
        .limit(limit)
    )
    return [
        Due(
            kind=_("Appeal about a topic"),
            title=topic.title or _("(hidden)"),
            action=_("Answer the appeal"),
            url=url_for("topic_desk.show", community=slug, topic_id=topic.id),
            at=appeal.due,
            since=appeal.at,
            community_id=topic.community_id,
        )
        for appeal, topic, slug in db.session.execute(query)
    ]
