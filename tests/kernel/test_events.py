"""Events: part of the act, delivered after it, each subscriber on its own."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select

from civic.kernel import events
from civic.kernel.db import db
from civic.kernel.events import Event, EventRow
from civic.kernel.installation import Installation
from tests.factories import World, rows, scalars


@dataclass(frozen=True, kw_only=True)
class Moved(Event):
    """Say that something moved."""

    bays: int


class SulkingError(RuntimeError):
    """A subscriber does not want to."""


@pytest.fixture
def bus(app: Flask) -> Iterator[events.Bus]:
    found = app.extensions["civic_events"]
    before = dict(found.subscribers)
    yield found
    found.subscribers = before


def publish(world: World, bays: int = 3) -> None:
    events.publish(Moved(community_id=world.erlong.id, bays=bays))


def test_an_event_waits_for_each_subscriber(bus: events.Bus, world: World) -> None:
    heard = []
    bus.subscribe(Moved, "one", lambda event: heard.append(("one", event)))
    bus.subscribe(Moved, "two", lambda event: heard.append(("two", event)))
    publish(world)
    db.session.commit()
    assert heard == []
    waiting = rows(select(EventRow.subscriber, EventRow.delivered_at).order_by(EventRow.id))
    assert waiting == [("one", None), ("two", None)]
    assert events.deliver() == 2
    event = Moved(community_id=world.erlong.id, bays=3)
    assert heard == [("one", event), ("two", event)]
    assert all(scalars(select(EventRow.delivered_at)))
    assert events.deliver() == 0


def test_what_was_not_done_is_not_told(bus: events.Bus, world: World) -> None:
    heard = []
    bus.subscribe(Moved, "one", heard.append)
    publish(world)
    db.session.rollback()
    assert events.deliver() == 0
    assert scalars(select(EventRow.id)) == []
    assert heard == []


def test_nobody_listens_and_nothing_is_kept(bus: events.Bus, world: World) -> None:
    publish(world)
    db.session.commit()
    assert scalars(select(EventRow.id)) == []


def test_one_that_fails_is_asked_again_and_stops_nobody(bus: events.Bus, world: World) -> None:
    heard = []
    moods = [True, True, False]

    def sulks(event: Moved) -> None:
        db.session.add(Installation(name="half", value="done"))
        db.session.flush()
        if moods.pop(0):
            raise SulkingError
        heard.append(("sulks", event.bays))

    bus.subscribe(Moved, "sulks", sulks)
    bus.subscribe(Moved, "works", lambda event: heard.append(("works", event.bays)))
    publish(world)
    db.session.commit()
    assert events.deliver() == 1
    assert heard == [("works", 3)]
    # What the failing one did is undone, and its row still waits.
    assert scalars(select(Installation.name)) == []
    assert scalars(select(EventRow.subscriber).filter_by(delivered_at=None)) == ["sulks"]
    assert events.deliver() == 0
    assert events.deliver() == 1
    assert heard == [("works", 3), ("sulks", 3)]
    assert scalars(select(Installation.name)) == ["half"]


def test_what_a_subscriber_does_is_done_with_its_row(bus: events.Bus, world: World) -> None:
    bus.subscribe(Moved, "writes", lambda _event: db.session.add(Installation(name="x", value="y")))
    publish(world)
    db.session.commit()
    assert events.deliver() == 1
    assert scalars(select(Installation.value)) == ["y"]


def test_one_that_is_gone_leaves_its_rows(bus: events.Bus, world: World) -> None:
    bus.subscribe(Moved, "one", lambda _event: None)
    publish(world)
    db.session.commit()
    bus.subscribers = {}
    assert events.deliver() == 0
    assert scalars(select(EventRow.delivered_at)) == [None]
