"""Transactions: a page is read from one state of the data."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import PendingRollbackError

from civic.kernel.db import db


def test_a_page_is_read_in_one_transaction_on_one_connection(app: Flask) -> None:
    with app.test_request_context("/"):
        first = db.session.connection()
        db.session.execute(text("SELECT 1"))
        assert db.session.connection() is first
        assert first.get_execution_options()["readonly"]


def test_writers_of_one_process_take_turns(app: Flask) -> None:
    if db.engine.dialect.name != "sqlite":
        return
    done: list[int] = []

    engine = db.engine

    def write(number: int) -> None:
        with engine.begin() as connection:
            connection.execute(text("UPDATE installation SET value = value"))
            time.sleep(0.02)
            done.append(number)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(16)))
    assert sorted(done) == list(range(16))


def test_a_writer_that_fails_lets_the_next_one_write(app: Flask) -> None:
    with suppress(RuntimeError), db.engine.begin() as connection:
        connection.execute(text("UPDATE installation SET value = value"))
        raise RuntimeError
    began = time.monotonic()
    with suppress(PendingRollbackError), db.engine.begin() as connection:
        connection.execute(text("UPDATE installation SET value = value"))
        connection.invalidate()
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE installation SET value = value"))
    assert time.monotonic() - began < 2
