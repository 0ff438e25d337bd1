"""What people are told of topics that they handed in or joined."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from civic.communities.models import Community
from civic.kernel.tell import Kind, News, tell
from civic.topics.models import Topic, TopicAsker


def _page(values: Mapping[str, Any]) -> str:
    return f"/c/{values['community']}/topics/{values['id']}/"


ANSWERED = Kind(
    code="topics.answered",
    title=_l("An answer to a topic that you handed in or joined"),
    sentence=lambda values: _(
        "%(office)s has answered your topic: %(title)s",
        office=values["office"],
        title=values["title"],
    ),
    address=_page,
)
MOVED = Kind(
    code="topics.moved",
    title=_l("What becomes of a topic that you handed in or joined"),
    sentence=lambda values: _("Your topic has moved on: %(title)s", title=values["title"]),
    address=_page,
    rhythm="daily",
)
KINDS = (ANSWERED, MOVED)


def answered(community: Community, topic: Topic) -> None:
    """Tell author and askers that there is an answer."""
    _tell(ANSWERED, community, topic, office=topic.answer_office)


def moved(community: Community, topic: Topic) -> None:
    """Tell author and askers that something happened that is no answer yet."""
    _tell(MOVED, community, topic)


def _tell(kind: Kind, community: Community, topic: Topic, **values: str) -> None:
    tell(
        News(
            kind=kind.code,
            subject=f"topic:{topic.id}",
            people=select(TopicAsker.person_id).where(TopicAsker.topic_id == topic.id),
            community_id=community.id,
            values={
                "community": community.slug,
                "id": topic.id,
                # A hidden title is not spread any further.
                "title": topic.title or _("(hidden)"),
                **values,
            },
        )
    )
