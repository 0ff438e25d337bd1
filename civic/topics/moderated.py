"""How topics are hidden and shown again; registered with moderation."""

from typing import Any

from flask import url_for
from sqlalchemy import select, update

from civic.communities.models import Community
from civic.kernel import plugins
from civic.kernel.db import db
from civic.moderation.services import Kind, Text, register
from civic.topics.models import Topic

KIND = "topic"


def _load(community_id: int, topic_id: int) -> Text | None:
    row = db.session.execute(
        select(Topic, Community.slug)
        .join(Community, Community.id == Topic.community_id)
        .where(Topic.id == topic_id, Topic.community_id == community_id)
    ).one_or_none()
    if row is None:
        return None
    topic: Topic = row[0]
    address = url_for("topics.show", community=row[1], topic_id=topic.id)
    content = {
        "text": f"{topic.title}\n\n{topic.text}".strip(),
        "title": topic.title,
        "words": topic.text,
        "place": topic.place,
    }
    return Text(topic.author_id, content, address)


def _hide(topic_id: int, decision_id: int) -> None:
    blank = {"title": "", "text": "", "html": "", "place": "", "hidden_by": decision_id}
    db.session.execute(update(Topic).where(Topic.id == topic_id).values(**blank))


def _restore(topic_id: int, sealed: dict[str, Any]) -> None:
    community_id = db.session.scalars(select(Topic.community_id).filter_by(id=topic_id)).one()
    shown = {
        "title": sealed["title"],
        "text": sealed["words"],
        "html": str(plugins.registry().render_text(community_id, sealed["words"])),
        "place": sealed["place"],
        "hidden_by": None,
    }
    db.session.execute(update(Topic).where(Topic.id == topic_id).values(**shown))


def init() -> None:
    """Register topics, in the current app."""
    register(KIND, Kind(_load, _hide, _restore))
