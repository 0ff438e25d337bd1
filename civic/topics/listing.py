"""Lists of topics: for everybody, for the desk, and one's own; by key, and bounded."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, or_, select, tuple_
from sqlalchemy.orm import joinedload

from civic.communities.models import Community
from civic.kernel.db import db
from civic.topics import states
from civic.topics.models import Topic, TopicAppeal, TopicAsker, TopicStep

PER_PAGE = 50
LAST = 2**31 - 1


@dataclass(frozen=True)
class Page:
    """Hold a page of topics, and whether there are more."""

    topics: Sequence[Topic]
    more: bool


def listed(
    community: Community,
    *,
    state: str = "",
    lane: str = "",
    case_id: int | None = None,
    before: int | None = None,
) -> Page:
    """Return topics of a community, the newest first.

    :param case_id: only those that led to this case.
    :param before: id from which to go on to older ones.
    """
    query = select(Topic).where(Topic.community_id == community.id, Topic.id < (before or LAST))
    if state:
        query = query.where(Topic.state == state)
    if lane:
        query = query.where(Topic.lane == lane)
    if case_id is not None:
        query = query.where(Topic.consultation_id == case_id)
    return _page(query.order_by(Topic.id.desc()))


def on_desk(community: Community, after: tuple[int, int] | None = None) -> Page:
    """Return the topics that wait for the office: first what nobody weighed, then by weight.

    :param after: rank and id of the last one shown.
    """
    query = select(Topic).where(
        Topic.community_id == community.id, or_(open_condition(), appealed())
    )
    if after is not None:
        query = query.where(tuple_(-Topic.rank, Topic.id) > tuple_(-after[0], after[1]))
    return _page(query.order_by(Topic.rank.desc(), Topic.id))


def mine(person_id: int, before: int | None = None) -> Page:
    """Return the topics that a person handed in or joined, the newest first."""
    query = (
        select(Topic)
        .join(TopicAsker, TopicAsker.topic_id == Topic.id)
        .where(TopicAsker.person_id == person_id, Topic.id < (before or LAST))
        .options(joinedload(Topic.community))
    )
    return _page(query.order_by(Topic.id.desc()))


def open_condition() -> ColumnElement[bool]:
    """Return the condition on topics that nobody has decided on."""
    return Topic.state.in_(sorted(states.OPEN))


def appealed() -> ColumnElement[bool]:
    """Return the condition on topics with an appeal that waits."""
    waiting = select(TopicAppeal.topic_id).where(TopicAppeal.answered_at.is_(None))
    return Topic.id.in_(waiting)


def steps(topic_id: int) -> Sequence[TopicStep]:
    """Return what happened to a topic, in order, at most 200."""
    query = (
        select(TopicStep)
        .options(joinedload(TopicStep.entry))
        .filter_by(topic_id=topic_id)
        .order_by(TopicStep.id)
        .limit(200)
    )
    return db.session.scalars(query).all()


def _page(query: Select[Topic]) -> Page:
    found = db.session.scalars(query.limit(PER_PAGE + 1)).all()
    return Page(found[:PER_PAGE], len(found) > PER_PAGE)
