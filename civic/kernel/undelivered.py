"""What became of events: deliver the rest, forget what is done, say who fails, try again."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import case, delete, func, select, update

from civic.kernel import clock, events, jobs
from civic.kernel.db import db
from civic.kernel.events import EventRow

OFTEN, DAY, NIGHT = timedelta(seconds=5), timedelta(days=1), time(3)
#: How long the row of a delivered event is kept.
KEPT = timedelta(days=7)


@dataclass(frozen=True)
class Trouble:
    """Say that a subscriber fails: `NAME.function` for that of a plugin.

    :ivar error: kind of an error it ended with; the details stand in the server's log.
    :ivar waiting: events that are tried again by themselves.
    :ivar given_up: events that wait for somebody to say `civic jobs retry`.
    :ivar since: when the first of them happened.
    """

    subscriber: str
    error: str
    waiting: int
    given_up: int
    since: datetime


def init() -> None:
    """Let the jobs deliver what is left, and forget what is done."""
    jobs.job("events.deliver", OFTEN, events.deliver, needed=events.is_due)
    jobs.job("events.forget", DAY, forget, at=NIGHT, needed=anything_old)


def anything_old() -> bool:
    """Tell whether a delivered event is to be forgotten."""
    old = select(EventRow.id).where(EventRow.delivered_at < clock.now() - KEPT)
    return db.session.scalar(old.limit(1)) is not None


def forget() -> None:
    """Delete the rows of events that were delivered some time ago."""
    db.session.execute(delete(EventRow).where(EventRow.delivered_at < clock.now() - KEPT))


def troubles() -> list[Trouble]:
    """Return the subscribers that fail, by name, with what waits for them."""
    up = EventRow.given_up_at.is_not(None)
    rows = db.session.execute(
        select(
            EventRow.subscriber,
            func.max(EventRow.error),
            func.sum(case((up, 0), else_=1)),
            func.sum(case((up, 1), else_=0)),
            func.min(EventRow.at),
        )
        .where(EventRow.delivered_at.is_(None), EventRow.error != "")
        .group_by(EventRow.subscriber)
        .order_by(EventRow.subscriber)
    )
    return [Trouble(*row) for row in rows]


def waiting() -> dict[str, int]:
    """Return how many events wait, by subscriber; also for those that are gone."""
    rows = db.session.execute(
        select(EventRow.subscriber, func.count())
        .where(EventRow.delivered_at.is_(None))
        .group_by(EventRow.subscriber)
    )
    return dict(rows.all())


def retry() -> int:
    """Let every event that failed be tried again from the beginning; return how many."""
    failed = (EventRow.delivered_at.is_(None), EventRow.error != "")
    count = db.session.scalar(select(func.count()).select_from(EventRow).where(*failed)) or 0
    db.session.execute(
        update(EventRow).where(*failed).values(given_up_at=None, attempts=0, next_at=clock.now())
    )
    return count
