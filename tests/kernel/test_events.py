"""Events: part of the act, delivered after it, each subscriber on its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from threading import Barrier, Lock, Thread
from threading import Event as Flag
from time import sleep

import pytest
from flask import Flask
from sqlalchemy import select

from civic.kernel import clock, events, jobs, undelivered
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
    assert scalars(select(EventRow.error).order_by(EventRow.subscriber)) == ["SulkingError", ""]
    assert events.deliver() == 0  # not yet
    clock.shift(timedelta(seconds=11))
    assert events.deliver() == 0
    clock.shift(timedelta(seconds=11 + 61))
    assert events.deliver() == 1
    assert heard == [("works", 3), ("sulks", 3)]
    assert scalars(select(EventRow.error)) == ["", ""]
    assert scalars(select(Installation.name)) == ["half"]


def test_what_a_subscriber_does_is_done_with_its_row(bus: events.Bus, world: World) -> None:
    bus.subscribe(Moved, "writes", lambda _event: db.session.add(Installation(name="x", value="y")))
    publish(world)
    db.session.commit()
    assert events.deliver() == 1
    assert scalars(select(Installation.value)) == ["y"]


def test_rows_of_one_that_is_gone_wait_and_are_in_nobodys_way(
    app: Flask, bus: events.Bus, world: World
) -> None:
    heard = []
    bus.subscribe(Moved, "gone.hear", lambda _event: None)
    bus.subscribe(Moved, "here.hear", lambda event: heard.append(event.bays))
    for bays in range(events.BATCH + 1):
        publish(world, bays)
    db.session.commit()
    bus.forget("gone")
    assert events.deliver() == events.BATCH + 1
    assert heard == list(range(events.BATCH + 1))
    assert not events.is_due()
    db.session.commit()
    assert "events.deliver" not in jobs.due(app)
    assert undelivered.waiting() == {"gone.hear": events.BATCH + 1}
    assert undelivered.troubles() == []
    # It comes back, and hears what it missed.
    bus.subscribe(Moved, "gone.hear", lambda event: heard.append(event.bays))
    assert events.deliver() == events.BATCH + 1


def test_a_name_is_taken_once_for_a_kind(bus: events.Bus) -> None:
    bus.subscribe(Moved, "one", print)
    with pytest.raises(ValueError, match="one"):
        bus.subscribe(Moved, "one", print)


def test_kinds_of_two_plugins_are_two_kinds() -> None:
    kinds = [
        type("Booked", (Event,), {"__module__": module})
        for module in ("civic_rental", "civic_events.models", "civic.voting.models")
    ]
    assert [events.name_of(kind) for kind in kinds] == ["rental.Booked", "events.Booked", "Booked"]


def test_one_that_never_does_it_is_given_up_kept_and_tried_again_when_told(
    bus: events.Bus, world: World
) -> None:
    calls = []

    def sulks(_event: Moved) -> None:
        calls.append(clock.now())
        raise SulkingError

    bus.subscribe(Moved, "hello.sulks", sulks)
    publish(world)
    db.session.commit()
    moment = timedelta()
    for wait in (timedelta(), *events.WAITS):
        moment += wait + timedelta(seconds=1)
        clock.shift(moment)
        assert events.deliver() == 0
        assert events.deliver() == 0
    assert len(calls) == events.ATTEMPTS
    clock.shift(moment + timedelta(days=30))
    assert events.deliver() == 0
    assert len(calls) == events.ATTEMPTS
    [trouble] = undelivered.troubles()
    assert (trouble.subscriber, trouble.error) == ("hello.sulks", "SulkingError")
    assert (trouble.waiting, trouble.given_up) == (0, 1)
    undelivered.forget()  # what was not delivered is not forgotten
    assert undelivered.retry() == 1
    db.session.commit()
    bus.subscribers["Moved"] = {"hello.sulks": (Moved, calls.append)}
    assert events.deliver() == 1
    assert undelivered.troubles() == []


def test_one_in_whose_hands_processes_die_is_given_up(bus: events.Bus, world: World) -> None:
    bus.subscribe(Moved, "kills", lambda _event: None)
    publish(world)
    db.session.commit()
    [row_id] = scalars(select(EventRow.id))
    db.session.commit()
    for number in range(1, events.ATTEMPTS + 1):
        assert events._take(row_id).attempts == number  # and no more is heard of it
        assert events._take(row_id) is None
        assert events.deliver() == 0
        clock.shift(number * (events.TAKEN + timedelta(seconds=1)))
    assert events.deliver() == 0
    [trouble] = undelivered.troubles()
    assert (trouble.error, trouble.given_up) == ("Died", 1)


def test_a_process_that_died_loses_nothing(bus: events.Bus, world: World) -> None:
    heard = []
    bus.subscribe(Moved, "one", heard.append)
    publish(world)
    db.session.commit()
    [row_id] = scalars(select(EventRow.id))
    db.session.commit()
    assert events._take(row_id) is not None
    assert events.deliver() == 0
    clock.shift(events.TAKEN + timedelta(seconds=1))
    assert events.deliver() == 1
    assert len(heard) == 1


def test_what_was_delivered_is_forgotten_after_a_week(bus: events.Bus, world: World) -> None:
    bus.subscribe(Moved, "one", lambda _event: None)
    publish(world)
    db.session.commit()
    assert events.deliver() == 1
    assert not undelivered.anything_old()
    clock.shift(undelivered.KEPT + timedelta(minutes=1))
    assert undelivered.anything_old()
    undelivered.forget()
    assert scalars(select(EventRow.id)) == []


def test_many_deliverers_never_hold_the_same_row(app: Flask, bus: events.Bus, world: World) -> None:
    busy, twice, heard, guard = set(), [], [], Lock()

    def slow(event: Moved) -> None:
        with guard:
            if event.bays in busy:
                twice.append(event.bays)
            busy.add(event.bays)
            heard.append(event.bays)
        sleep(0.01)
        with guard:
            busy.discard(event.bays)

    bus.subscribe(Moved, "slow", slow)
    for bays in range(20):
        publish(world, bays)
    db.session.commit()
    done, barrier = [], Barrier(4)

    def look() -> None:
        with app.app_context():
            barrier.wait(10)
            done.append(events.deliver())

    threads = [Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sum(done) == 20
    assert sorted(heard) == list(range(20))
    assert twice == []


def test_who_took_it_and_was_late_does_not_begin_while_another_is_at_work(
    app: Flask, bus: events.Bus, world: World
) -> None:
    heard, inside_it, go_on = [], Flag(), Flag()

    def slow(event: Moved) -> None:
        heard.append(event.bays)
        inside_it.set()
        go_on.wait(10)

    bus.subscribe(Moved, "slow", slow)
    publish(world)
    db.session.commit()

    def look() -> None:
        with app.app_context():
            events.deliver()

    first = Thread(target=look)
    first.start()
    assert inside_it.wait(10)
    clock.shift(events.TAKEN + timedelta(seconds=1))
    second = Thread(target=look)
    second.start()
    sleep(0.2)
    go_on.set()
    first.join(30)
    second.join(30)
    assert heard == [3]
    assert all(scalars(select(EventRow.delivered_at)))
