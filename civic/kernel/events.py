"""Domain events: rows of the acting transaction, delivered at least once after it.

Each subscriber has a row of its own. Right after the response its process delivers what was
published; what is left is delivered by the jobs. Nothing promises an order.
"""

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, TypeAlias

from flask import Flask, current_app, g, has_app_context, has_request_context
from sqlalchemy import ForeignKey, Index, Select, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from civic.kernel import clock
from civic.kernel.db import Model, db, reading

log = logging.getLogger(__name__)

#: How long to wait after each delivery that failed; after the last there is one more.
WAITS = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=1),
)
ATTEMPTS = len(WAITS) + 1
#: How long a row is in the hands of whoever took it; the lock of its transaction lasts longer.
TAKEN = timedelta(minutes=10)
#: Seconds after which a round leaves the rest to the next, and rows that are looked up at a time.
PATIENCE, BATCH = 60, 200
WAITING = "delivered_at IS NULL AND given_up_at IS NULL"


@dataclass(frozen=True, kw_only=True)
class Event:
    """Be the base of all events: something that has happened in a community.

    What it tells are JSON values: ids rather than names, since it is kept for a while.
    """

    community_id: int


class EventRow(Model):
    """Keep an event until one of its subscribers has had it.

    :ivar next_at: not to be delivered before; whoever moves it forward delivers it.
    :ivar attempts: how often somebody took it to deliver it.
    :ivar given_up_at: when trying ended; it is kept, and tried again when somebody says so.
    :ivar error: kind of the error that ended the last attempt; its details stand in the log alone.
    """

    __table_args__ = (
        Index(
            "ix_event_row_waits",
            "subscriber",
            "next_at",
            sqlite_where=text(WAITING),
            postgresql_where=text(WAITING),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    subscriber: Mapped[str]
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"), index=True)
    payload: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    next_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    delivered_at: Mapped[datetime | None] = mapped_column(index=True)
    given_up_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(default="")


Subscriber: TypeAlias = Callable[[Any], None]


class Bus:
    """Know who listens to what, in one app."""

    def __init__(self) -> None:
        self.subscribers: dict[str, dict[str, tuple[type[Event], Subscriber]]] = {}

    def subscribe(self, kind: type[Event], name: str, function: Subscriber) -> None:
        """Let a function hear of a kind of event under a name that stays the same.

        :raises ValueError: when another function hears of it under this name.
        """
        known = self.subscribers.setdefault(name_of(kind), {})
        if name in known:
            message = f"two subscribers of {name_of(kind)} are called {name}"
            raise ValueError(message)
        known[name] = (kind, function)

    def forget(self, owner: str) -> None:
        """Let the subscribers of a plugin hear nothing more; what they missed waits for them."""
        for known in self.subscribers.values():
            for name in [name for name in known if name.startswith(f"{owner}.")]:
                del known[name]

    def names(self) -> set[str]:
        """Return the names of all subscribers."""
        return {name for known in self.subscribers.values() for name in known}


def name_of(kind: type[Event]) -> str:
    """Return what a kind of event is called in rows; those of plugins begin with the plugin."""
    package = kind.__module__.partition(".")[0]
    owner = package.removeprefix("civic_")
    return f"{owner}.{kind.__name__}" if package != owner else kind.__name__


def init_app(app: Flask) -> None:
    """Give an app its bus; what was published is delivered after the response."""
    app.extensions["civic_events"] = Bus()

    @app.after_request
    def hand_over(response: Any) -> Any:  # noqa: ANN401 - a response, unchanged
        if published := g.pop("published", None):
            response.call_on_close(lambda: _deliver_in(app, published))
        return response


def _deliver_in(app: Flask, published: Sequence[EventRow]) -> None:
    ids = [row.id for row in published if row.id is not None]  # others were not written
    if has_app_context():  # a test's own, which may have read something after the commit
        db.session.rollback()
    with app.app_context():
        try:
            deliver(ids)
        except Exception:
            # The answer is out: whoever reads it must not see it break off.
            log.exception("events could not be delivered; the jobs will do it")


def bus() -> Bus:
    """Return the current app's bus."""
    found: Bus = current_app.extensions["civic_events"]
    return found


def publish(event: Event) -> None:
    """Write the event into the acting transaction, once for each of its subscribers."""
    kind, now = name_of(type(event)), clock.now()
    for name in bus().subscribers.get(kind, {}):
        row = EventRow(kind=kind, subscriber=name, community_id=event.community_id, at=now)
        row.payload, row.next_at = asdict(event), now
        db.session.add(row)
        if has_request_context():
            g.setdefault("published", []).append(row)


def is_due() -> bool:
    """Tell whether any event is to be delivered now."""
    return db.session.scalar(_due().limit(1)) is not None


def _due() -> Select[int]:
    # By name: what waits for a plugin that is gone is not even looked at.
    known = EventRow.subscriber.in_(sorted(bus().names()))
    waiting = select(EventRow.id).where(text(WAITING), known, EventRow.next_at <= clock.now())
    return waiting.order_by(EventRow.next_at, EventRow.id)


def deliver(ids: Collection[int] | None = None) -> int:
    """Deliver what is due, or of that only some rows; return how many succeeded.

    One transaction per row: what its subscriber writes is committed with the row, or not at all. A
    subscriber that raises does not stop the next; its row waits longer each time.
    No transaction may be open when this begins.
    """
    done, end = 0, monotonic() + PATIENCE
    query = _due().limit(BATCH) if ids is None else _due().where(EventRow.id.in_(ids))
    while monotonic() < end:
        with reading():
            found = db.session.scalars(query).all()
        for row_id in found:
            done += _deliver(row_id)
        if not found or ids is not None:
            break
    return done


def _deliver(row_id: int) -> bool:
    row = _take(row_id)
    if row is None:
        return False
    if row.attempts > ATTEMPTS:  # no attempt came to its end, not even to a bad one
        _failed(row, row.error or "Died")
        return False
    mine = (EventRow.id == row.id, EventRow.attempts == row.attempts, text(WAITING))
    try:
        # Held while the subscriber is at work: nobody else begins, however long it takes.
        if db.session.scalar(select(EventRow.id).where(*mine).with_for_update()) is None:
            db.session.rollback()
            return False
        kind, function = bus().subscribers[row.kind][row.subscriber]
        function(kind(**row.payload))
        done = {"delivered_at": clock.now(), "error": ""}
        db.session.execute(update(EventRow).where(*mine).values(**done))
        db.session.commit()
    except Exception as problem:
        db.session.rollback()
        log.exception("subscriber %s failed on %s", row.subscriber, row.kind)
        _failed(row, type(problem).__name__)
        return False
    return True


def _take(row_id: int) -> EventRow | None:
    """Move a due row forward, unless another has it in hand; return it as it is now."""
    now = clock.now()
    free = (
        select(EventRow.id)
        .where(EventRow.id == row_id, text(WAITING), EventRow.next_at <= now)
        .with_for_update(skip_locked=True)
    )
    taken = db.session.scalars(
        update(EventRow)
        .where(EventRow.id.in_(free))
        .values(attempts=EventRow.attempts + 1, next_at=now + TAKEN)
        .returning(EventRow)
    ).one_or_none()
    db.session.commit()
    if taken is not None:
        db.session.expunge(taken)
    return taken


def _failed(row: EventRow, error: str) -> None:
    now, over = clock.now(), row.attempts >= ATTEMPTS
    again = None if over else now + WAITS[row.attempts - 1]
    db.session.execute(
        update(EventRow)
        .where(EventRow.id == row.id, EventRow.attempts == row.attempts, text(WAITING))
        .values(error=error, **({"given_up_at": now} if again is None else {"next_at": again}))
    )
    db.session.commit()
