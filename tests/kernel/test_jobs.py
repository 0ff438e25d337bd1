"""Jobs: one winner for each run, whatever fails, and the thread that runs them."""

import os
import subprocess
import sys
import time as real
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from threading import Barrier, Event, Thread

import pytest
from flask import Flask
from sqlalchemy import select

from benchmarks import inside
from civic import server
from civic.kernel import clock, jobs, mail
from civic.kernel.db import db
from civic.kernel.jobs import Job, JobRun
from tests.factories import rows, scalars
from tests.server import ROOT, database_url, own_postgresql, own_sqlite

MINUTE = timedelta(minutes=1)


@pytest.fixture
def app(app: Flask) -> Iterator[Flask]:
    """The app without its own jobs."""
    before, app.extensions["civic_jobs"] = app.extensions["civic_jobs"], {}
    yield app
    app.extensions["civic_jobs"] = before


def test_a_job_runs_when_it_is_due_and_not_before(app: Flask) -> None:
    ran = []
    jobs.job("count", MINUTE, lambda: ran.append(clock.now()))
    assert jobs.run_due(app) == ["count"]
    assert jobs.run_due(app) == []
    clock.shift(MINUTE + timedelta(seconds=1))
    assert jobs.run_due(app) == ["count"]
    assert len(ran) == 2
    [row] = scalars(select(JobRun))
    assert row.error == ""
    assert row.finished_at >= row.started_at
    assert row.due_at == row.started_at + MINUTE


def test_a_name_is_taken_once(app: Flask) -> None:
    jobs.job("twin", MINUTE, bool)
    with pytest.raises(ValueError, match="twin"):
        jobs.job("twin", MINUTE, bool)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-11-23T17:59:59+08:00", "2026-11-23T18:00:00+08:00"),
        ("2026-11-23T18:00:00+08:00", "2026-11-24T18:00:00+08:00"),
        ("2026-12-31T23:30:00+08:00", "2027-01-01T18:00:00+08:00"),
        ("2026-11-23T09:59:59+00:00", "2026-11-23T10:00:00+00:00"),
    ],
)
def test_a_daily_job_is_due_at_its_time_here(now: str, due: str) -> None:
    item = Job("evening", timedelta(days=1), bool, at=time(18))
    assert item.following(datetime.fromisoformat(now)) == datetime.fromisoformat(due)


def test_a_daily_job_runs_first_at_its_time_and_once_a_day(app: Flask) -> None:
    jobs.job("evening", timedelta(days=1), bool, at=time(18))
    with clock.at(datetime(2026, 11, 23, 1, tzinfo=UTC)):
        assert jobs.run_due(app) == []
    with clock.at(datetime(2026, 11, 23, 10, 0, 1, tzinfo=UTC)):
        assert jobs.run_due(app) == ["evening"]
        assert jobs.run_due(app) == []
    # The server was off at six: it runs when it can.
    with clock.at(datetime(2026, 11, 24, 15, tzinfo=UTC)):
        assert jobs.run_due(app) == ["evening"]
    [row] = scalars(select(JobRun))
    assert row.due_at == datetime(2026, 11, 25, 10, tzinfo=UTC)


def test_what_fails_is_undone_noted_and_due_again_and_stops_no_other(app: Flask, caplog) -> None:
    def fail() -> None:
        mail.queue("somebody@example.com", "subject", "body")
        db.session.flush()
        message = "张桂兰 13800000000"
        raise LookupError(message)

    ran = []
    jobs.job("bad", MINUTE, fail)
    jobs.job("good", MINUTE, lambda: ran.append(1))
    assert jobs.run_due(app) == ["bad", "good"]
    assert ran == [1]
    found = dict(rows(select(JobRun.name, JobRun.error)))
    assert found == {"bad": "LookupError", "good": ""}
    assert scalars(select(mail.Mail)) == []
    clock.shift(2 * MINUTE)
    assert jobs.run_due(app) == ["bad", "good"]


def test_a_run_that_died_is_due_again_at_its_next_time(app: Flask) -> None:
    jobs.job("dies", MINUTE, lambda: os._exit)
    item = app.extensions["civic_jobs"]["dies"]
    with app.app_context():
        assert jobs._claim(item) is not None  # and no more is heard of it
    assert jobs.run_due(app) == []
    clock.shift(2 * MINUTE)
    assert jobs.run_due(app) == ["dies"]


def test_where_nothing_is_to_be_done_nothing_is_written(app: Flask) -> None:
    wanted: list[int] = []
    jobs.job("idle", MINUTE, wanted.clear, needed=lambda: bool(wanted))
    with inside.statements(app) as seen:
        assert jobs.run_due(app) == []
        assert jobs.run_due(app) == []
    assert "COMMIT" not in seen
    assert all(one.startswith("SELECT") for one in seen)
    wanted.append(1)
    assert jobs.run_due(app) == ["idle"]
    assert wanted == []


def test_a_clock_that_was_wrong_does_not_stop_a_job_for_years(app: Flask) -> None:
    jobs.job("count", MINUTE, bool)
    with clock.at(datetime(2040, 1, 1, tzinfo=UTC)):
        assert jobs.run_due(app) == ["count"]
    assert jobs.run_due(app) == ["count"]
    assert jobs.run_due(app) == []


def test_of_many_threads_one_runs_a_job(app: Flask) -> None:
    ran = []
    jobs.job("count", MINUTE, lambda: ran.append(1))
    for number in range(1, 6):
        barrier = Barrier(4)

        def look(barrier: Barrier = barrier) -> None:
            barrier.wait(10)
            jobs.run_due(app)

        threads = [Thread(target=look) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert len(ran) == number
        clock.shift(number * 2 * MINUTE)


@pytest.mark.parametrize("own", ["sqlite", "postgresql"])
def test_of_many_processes_one_runs_a_job(own: str, request, tmp_path) -> None:
    template = request.getfixturevalue(own)
    make = own_sqlite if own == "sqlite" else own_postgresql
    with make(template, tmp_path / f"jobs_{own}") as app:
        environ = {key: value for key, value in os.environ.items() if not key.startswith("CIVIC_")}
        environ |= {
            "CIVIC_INSTANCE": str(app.config["SETTINGS"].instance),
            "CIVIC_DATABASE_URL": database_url(app),
            "CIVIC_SECRET_KEY": "test" * 8,
            "PYTHONPATH": str(ROOT),
        }
        command = [sys.executable, "-m", "civic.cli", "jobs", "run"]
        started = [
            subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE)
            for _ in range(3)
        ]
        said = [process.communicate(timeout=60)[0].decode().split() for process in started]
        assert [process.returncode for process in started] == [0, 0, 0]
        assert [name for names in said for name in names] == ["mail.sweep"]
        with app.app_context():
            found = dict(rows(select(JobRun.name, JobRun.error)))
            # What is due at night has its time, but has not run.
            assert found == {"mail.sweep": "", "notifications.forget": ""}


def test_the_thread_of_the_server_runs_and_stops(app: Flask, monkeypatch) -> None:
    ran = Event()
    monkeypatch.setattr(jobs.run_until, "__defaults__", (0.01,))
    jobs.job("count", timedelta(0), ran.set)
    end = server.start_jobs(app)
    assert ran.wait(10)
    end()
    ran.clear()
    real.sleep(0.1)
    assert not ran.is_set()


def test_one_that_takes_long_keeps_no_other_waiting(app: Flask, monkeypatch) -> None:
    go_on, ran = Event(), Event()
    monkeypatch.setattr(jobs.run_until, "__defaults__", (0.01,))
    jobs.job("slow", MINUTE, lambda: go_on.wait(20))
    jobs.job("quick", MINUTE, ran.set)
    end = server.start_jobs(app)
    assert ran.wait(10)
    assert not go_on.is_set()
    go_on.set()
    end()


def test_the_thread_survives_a_database_that_is_away(app: Flask, monkeypatch, caplog) -> None:
    ran = Event()
    looks = []

    def run_due(_app: Flask) -> None:
        looks.append(1)
        if len(looks) == 1:
            raise ConnectionError("away")
        ran.set()

    monkeypatch.setattr(jobs, "run_due", run_due)
    stop = Event()
    thread = Thread(target=jobs.run_until, args=(app, stop, 0.01))
    thread.start()
    assert ran.wait(10)
    stop.set()
    thread.join(10)
    assert "tried again" in caplog.text
