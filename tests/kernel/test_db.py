"""Transactions: a page is read from one state of the data."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier, BrokenBarrierError
from time import monotonic, sleep

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, PendingRollbackError, StatementError

from civic.identities.models import Person
from civic.kernel import clock
from civic.kernel.activations import Activation
from civic.kernel.db import db, writes
from civic.kernel.installation import Installation
from tests.databases import make_app
from tests.factories import World, scalars


def test_a_page_is_read_in_one_transaction_on_one_connection(app: Flask) -> None:
    with app.test_request_context("/"):
        first = db.session.connection()
        db.session.execute(text("SELECT 1"))
        assert db.session.connection() is first
        assert first.get_execution_options()["readonly"]


def read_only() -> str:
    with pytest.raises(DBAPIError) as refused:
        db.session.execute(insert(Installation).values(name="x", value="y"))
    db.session.rollback()
    return str(refused.value.orig)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_request_that_only_reads_cannot_write(app: Flask, method: str) -> None:
    with app.test_request_context("/", method=method):
        assert "read" in read_only()
    # The same connection from the pool writes again afterwards.
    with app.test_request_context("/", method="POST"):
        db.session.execute(insert(Installation).values(name="x", value="y"))
        db.session.commit()
    assert scalars(select(Installation.value)) == ["y"]


def test_a_view_says_where_its_method_misleads(app: Flask) -> None:
    with app.test_request_context("/sign-in", method="POST"):
        assert "read" in read_only()
    view = app.view_functions["identities.privacy"]
    app.view_functions["identities.privacy"] = writes(lambda: str(view()))
    try:
        with app.test_request_context("/privacy"):
            db.session.execute(insert(Installation).values(name="x", value="y"))
            db.session.commit()
    finally:
        app.view_functions["identities.privacy"] = view


def test_references_are_kept(app: Flask) -> None:
    with pytest.raises(IntegrityError):
        db.session.execute(insert(Activation).values(community_id=999, plugin="x", settings={}))
    db.session.rollback()


def test_a_moment_needs_a_zone_and_comes_back_as_it_was(app: Flask, world: World) -> None:
    there = datetime(2026, 3, 1, 9, 30, 0, 123456, tzinfo=clock.ZONE)
    db.session.execute(update(Person).where(Person.id == world.resident.id).values(agreed_at=there))
    db.session.commit()
    kept = scalars(select(Person.agreed_at).filter_by(id=world.resident.id))[0]
    assert kept == there
    assert kept.tzinfo is UTC
    with pytest.raises(StatementError):
        db.session.execute(update(Person).values(agreed_at=datetime(2026, 3, 1)))  # noqa: DTZ001
    db.session.rollback()


# SQLite alone


def test_what_sqlite_promises_is_switched_on(sqlite_app: Flask) -> None:
    expected = {"synchronous": 2, "foreign_keys": 1, "journal_mode": "wal", "secure_delete": 1}
    for options in ({}, {"readonly": True}):
        with db.engine.execution_options(**options).connect() as connection:
            found = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in expected
            }
        assert found == expected


def count_twice(engine: Engine) -> int:
    """Let two threads read a number at the same time, and each write one more."""
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS counter (number INTEGER)")
        connection.exec_driver_sql("DELETE FROM counter")
        connection.exec_driver_sql("INSERT INTO counter VALUES (0)")
    both_have_read = Barrier(2)

    def one_more() -> None:
        with engine.begin() as connection:
            number = connection.exec_driver_sql("SELECT number FROM counter").scalar_one()
            with suppress(BrokenBarrierError):  # where only one can read, nobody comes
                both_have_read.wait(0.5)
            connection.exec_driver_sql("UPDATE counter SET number = ?", (number + 1,))

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(one_more) for _ in range(2)]:
            done.result()
    with engine.connect() as connection:
        found: int = connection.exec_driver_sql("SELECT number FROM counter").scalar_one()
    engine.dispose()
    return found


def test_the_driver_loses_updates_and_we_do_not(sqlite_app: Flask, tmp_path: Path) -> None:
    assert count_twice(create_engine(f"sqlite:///{tmp_path / 'theirs.sqlite3'}")) == 1
    ours = make_app(tmp_path / "ours")
    with ours.app_context():
        assert count_twice(db.engine) == 2


def test_a_reader_does_not_wait_for_a_writer(sqlite_app: Flask) -> None:
    with db.engine.begin() as writer:
        writer.execute(insert(Installation).values(name="x", value="y"))
        with sqlite_app.test_request_context("/"):
            began = monotonic()
            assert db.session.scalars(select(Installation.value)).all() == []
            assert monotonic() - began < 1
        # A second writer does wait; this one has no patience.
        file = sqlite3.connect(db.engine.url.database, timeout=0.05)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            file.execute("INSERT INTO installation VALUES ('z', 'z')")
        file.close()
    assert scalars(select(Installation.value)) == ["y"]


def test_a_page_sees_one_state_of_the_data(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context("/"):
        assert db.session.scalars(select(Installation.value)).all() == []
        with db.engine.begin() as writer:
            writer.execute(insert(Installation).values(name="x", value="y"))
        assert db.session.scalars(select(Installation.value)).all() == []
        db.session.rollback()
        assert db.session.scalars(select(Installation.value)).all() == ["y"]


def test_writers_of_one_process_take_turns(app: Flask) -> None:
    if db.engine.dialect.name != "sqlite":
        return
    done: list[int] = []

    engine = db.engine

    def write(number: int) -> None:
        with engine.begin() as connection:
            connection.execute(text("UPDATE installation SET value = value"))
            sleep(0.02)
            done.append(number)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(16)))
    assert sorted(done) == list(range(16))


def test_a_writer_that_fails_lets_the_next_one_write(app: Flask) -> None:
    with suppress(RuntimeError), db.engine.begin() as connection:
        connection.execute(text("UPDATE installation SET value = value"))
        raise RuntimeError
    began = monotonic()
    with suppress(PendingRollbackError), db.engine.begin() as connection:
        connection.execute(text("UPDATE installation SET value = value"))
        connection.invalidate()
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE installation SET value = value"))
    assert monotonic() - began < 2
