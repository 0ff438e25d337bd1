"""Domain events: rows of the acting transaction, delivered at least once after it."""

import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, TypeAlias

from flask import Flask, current_app, g, has_request_context
from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from civic.kernel import clock
from civic.kernel.db import Model, db

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Event:
    """Be the base of all events: something that has happened in a community."""

    community_id: int


class EventRow(Model):
    """Keep an event until each subscriber has had it."""

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    subscriber: Mapped[str]
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"), index=True)
    payload: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    delivered_at: Mapped[datetime | None] = mapped_column(index=True)


Subscriber: TypeAlias = Callable[[Any], None]


class Bus:
    """Know who listens to what, in one app."""

    def __init__(self) -> None:
        """Start without subscribers."""
        self.subscribers: dict[str, dict[str, tuple[type[Event], Subscriber]]] = {}

    def subscribe(self, kind: type[Event], name: str, function: Subscriber) -> None:
        """Let a function hear of a kind of event under a name that stays the same."""
        self.subscribers.setdefault(kind.__name__, {})[name] = (kind, function)


def init_app(app: Flask) -> None:
    """Give an app its bus; what was published is delivered after the response."""
    app.extensions["civic_events"] = Bus()

    @app.after_request
    def hand_over(response: Any) -> Any:  # noqa: ANN401 - a response, unchanged
        if g.pop("published", False):
            response.call_on_close(lambda: _deliver_in(app))
        return response


def _deliver_in(app: Flask) -> None:
    with app.app_context():
        deliver()


def bus() -> Bus:
    """Return the current app's bus."""
    found: Bus = current_app.extensions["civic_events"]
    return found


def publish(event: Event) -> None:
    """Write the event into the acting transaction, once for each of its subscribers."""
    for name in bus().subscribers.get(type(event).__name__, {}):
        db.session.add(
            EventRow(
                kind=type(event).__name__,
                subscriber=name,
                community_id=event.community_id,
                payload=asdict(event),
                at=clock.now(),
            )
        )
        if has_request_context():
            g.published = True


def deliver() -> int:
    """Deliver what waits, one commit per subscriber; return how many succeeded.

    A subscriber that raises does not stop the next; its row waits for the next delivery.
    """
    done = 0
    rows = db.session.scalars(select(EventRow).filter_by(delivered_at=None).order_by(EventRow.id))
    for row in rows.all():
        found = bus().subscribers.get(row.kind, {}).get(row.subscriber)
        if found is None:
            continue
        kind, function = found
        try:
            row.delivered_at = clock.now()
            function(kind(**row.payload))
            db.session.commit()
            done += 1
        except Exception:
            db.session.rollback()
            log.exception("subscriber %s failed on %s", row.subscriber, row.kind)
    db.session.rollback()
    return done
