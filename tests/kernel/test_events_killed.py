"""A server that is killed at the worst moment loses no event."""

import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from civic.kernel.activations import Activation
from civic.kernel.db import db
from tests.factories import build_world
from tests.installed import command, install
from tests.server import database_url, own_postgresql, own_sqlite, serving

PATIENCE = 40


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def street(request, tmp_path_factory) -> Iterator[tuple[Flask, str]]:
    """The street with the plugin that kills, on in one community."""
    template = request.getfixturevalue(request.param)
    own = own_sqlite if request.param == "sqlite" else own_postgresql
    path = install(tmp_path_factory.mktemp("site"), "mortal")
    with own(template, tmp_path_factory.mktemp("killed")) as app:
        done = command(app, path, "db", "upgrade")
        assert done.returncode == 0, done.stderr
        with app.app_context():
            db.session.add(Activation(community_id=build_world().erlong.id, plugin="mortal"))
            db.session.commit()
        yield app, path


def figures(app: Flask, number: int) -> tuple[int, int]:
    """Return how often the number was heard, and how many events are still to be delivered."""
    heard = text("SELECT count(*) FROM mortal_heard WHERE number = :number")
    waits = text("SELECT count(*) FROM event_row WHERE delivered_at IS NULL")
    with app.app_context(), db.engine.connect() as connection:
        return connection.scalar(heard, {"number": number}), connection.scalar(waits)


def say(app: Flask, path: str, number: int, dies: str) -> bool:
    """Let a server say something; tell whether it answered."""
    instance = Path(app.config["SETTINGS"].instance)
    with serving(instance, database_url=database_url(app), PYTHONPATH=path) as server:
        with suppress(OSError):
            address = f"{server.url}/c/erlonglu/mortal/{number}/{dies}"
            with urllib.request.urlopen(address, timeout=20) as answer:
                assert answer.status == 200
        end = time.monotonic() + 3
        while server.process.poll() is None and time.monotonic() < end:
            time.sleep(0.05)
        return server.process.poll() is None


def restart(app: Flask, path: str, number: int, seconds: int) -> None:
    """Start the server with its jobs, so much later, until nothing waits."""
    instance = Path(app.config["SETTINGS"].instance)
    later = instance / "clock"
    later.write_text(str(seconds))
    with serving(
        instance,
        "--testing",
        database_url=database_url(app),
        PYTHONPATH=path,
        CIVIC_JOBS="1",
        CIVIC_TEST_CLOCK=str(later),
    ):
        end = time.monotonic() + PATIENCE
        while figures(app, number) != (1, 0) and time.monotonic() < end:
            time.sleep(0.2)


def test_nothing_happens_and_it_is_heard(street: tuple[Flask, str]) -> None:
    app, path = street
    assert say(app, path, 1, "never")
    assert figures(app, 1) == (1, 0)


def test_killed_between_commit_and_delivery(street: tuple[Flask, str]) -> None:
    app, path = street
    assert not say(app, path, 2, "committed")
    assert figures(app, 2) == (0, 1)
    restart(app, path, 2, 0)
    assert figures(app, 2) == (1, 0)


def test_killed_while_it_is_delivered(street: tuple[Flask, str]) -> None:
    app, path = street
    assert not say(app, path, 3, "delivered")
    assert figures(app, 3) == (0, 1)
    # In the hands of the dead for ten minutes, then free.
    restart(app, path, 3, 11 * 60)
    assert figures(app, 3) == (1, 0)
