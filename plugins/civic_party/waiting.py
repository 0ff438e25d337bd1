"""What waits for somebody who acts for units, in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Date,
    Integer,
    Select,
    bindparam,
    cast,
    exists,
    literal,
    null,
    select,
    union_all,
)

from civic.api import Actor, Community, clock, db
from civic_party import flow, seats
from civic_party.meeting_models import Meeting, Place
from civic_party.models import Body, Holder, Seat
from civic_party.record_models import RUNNING, Action, Minutes, Remark

MOST_WAITING = 12
TOPICS, NOTICE, COMMENT, SIGN, TASK = "topics", "notice", "comment", "sign", "task"


@dataclass(frozen=True)
class Waiting:
    """Be one thing that waits for somebody who acts for a unit.

    :ivar what: `topics`, `notice`, `comment`, `sign` or `task`.
    :ivar id: of the meeting, or of the task.
    :ivar at: by which moment; `day` by which day.
    """

    what: str
    id: int
    community_id: int
    title: str
    at: datetime | None
    day: date | None


#: Parameters of the statement, which is built once: a page that shows nothing should cost little.
PERSON = bindparam("person", type_=Integer())
HERE = bindparam("here", type_=Integer(), expanding=True)
NOW = bindparam("now", type_=Meeting.starts_at.type)


def _of_meetings(what: str, at: Any, *conditions: Any) -> Select[Any]:  # noqa: ANN401
    query = (
        select(
            literal(what).label("what"),
            Meeting.id,
            Meeting.community_id,
            Body.title,
            at.label("at"),
            cast(null(), Date).label("day"),
        )
        .join(Body, Body.id == Meeting.body_id)
        .join(Seat, Seat.body_id == Meeting.body_id)
        .where(seats.acts_on(PERSON, NOW), Meeting.community_id.in_(HERE), *conditions)
        .distinct()
    )
    return query.limit(MOST_WAITING)


def waiting(actor: Actor, *communities: Community, limit: int = MOST_WAITING) -> Sequence[Waiting]:
    """Return what waits for whoever acts for units at some communities, in one statement."""
    if actor.person_id is None or not communities:
        return ()
    here = [each.id for each in communities]
    values = {"person": actor.person_id, "here": here, "now": clock.now(), "most": limit}
    return [Waiting(*row) for row in db.session.execute(_statement(), values)]


@cache
def _statement() -> CompoundSelect[Any]:
    topics = _of_meetings(
        TOPICS,
        Meeting.topics_until,
        Meeting.state == flow.CALL,
        Meeting.topics_until > NOW,
    )
    unread = exists().where(
        Place.meeting_id == Meeting.id, Place.seat_id == Seat.id, Place.received_at.is_(None)
    )
    notice = _of_meetings(NOTICE, Meeting.starts_at, Meeting.state == flow.NOTICED, unread)
    listed = exists().where(Place.meeting_id == Meeting.id, Place.seat_id == Seat.id)
    said = exists().where(
        Remark.meeting_id == Meeting.id,
        Remark.seat_id == Seat.id,
        Remark.version == Minutes.version,
    )
    comment = _of_meetings(
        COMMENT,
        Minutes.comments_until,
        Minutes.meeting_id == Meeting.id,
        Meeting.state == flow.COMMENTING,
        Minutes.comments_until > NOW,
        listed,
        ~said,
    )
    chairs = exists().where(
        Holder.seat_id == Meeting.chair_seat_id,
        Holder.until.is_(None),
        Holder.person_id == PERSON,
    )
    unanswered = exists().where(
        Remark.meeting_id == Meeting.id, Remark.words != "", Remark.answered_at.is_(None)
    )
    sign = _of_meetings(
        SIGN,
        Meeting.starts_at,
        Minutes.meeting_id == Meeting.id,
        Meeting.state == flow.COMMENTING,
        Minutes.comments_until <= NOW,
        chairs,
        ~unanswered,
    )
    task = (
        select(
            literal(TASK).label("what"),
            Action.id,
            Action.community_id,
            Action.title,
            cast(null(), Meeting.starts_at.type).label("at"),
            Action.due_on.label("day"),
        )
        .join(Seat, Seat.id == Action.seat_id)
        .where(Action.community_id.in_(HERE))
        .where(seats.acts_on(PERSON, NOW), Action.state == RUNNING)
        .order_by(Action.due_on, Action.id)
        .limit(MOST_WAITING)
    )
    parts = [part.subquery() for part in (notice, topics, comment, sign, task)]
    return union_all(*(select(part) for part in parts)).limit(bindparam("most", type_=Integer()))
