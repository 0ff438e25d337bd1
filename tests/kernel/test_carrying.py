"""Jobs over Redis: whoever is free runs what is due, once, and nothing rests on Redis."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from threading import Event, Thread

import pytest
from flask import Flask
from huey import MemoryHuey, RedisHuey
from sqlalchemy import select

from civic import server
from civic.kernel import carrying, clock, jobs
from civic.kernel.carrying import Carrier
from civic.kernel.errors import Misconfigured
from civic.kernel.jobs import JobRun
from tests.factories import scalars
from tests.redis_server import redis_server

MINUTE = timedelta(minutes=1)


@pytest.fixture
def app(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The app without its own jobs."""
    monkeypatch.setitem(app.extensions, "civic_jobs", {})
    return app


@pytest.fixture
def ran(app: Flask) -> list[int]:
    seen: list[int] = []
    jobs.job("count", MINUTE, lambda: seen.append(1))
    return seen


@pytest.fixture(scope="module")
def redis_url() -> Iterator[str]:
    with redis_server() as url:
        yield url


def over(app: Flask, url: str) -> Carrier:
    queue = RedisHuey("test", url=url, results=False)
    return Carrier(app, queue)


def test_what_is_due_is_offered_once_and_run_by_whoever_takes_it(
    app: Flask, ran: list[int], redis_url: str
) -> None:
    here, there = over(app, redis_url), over(app, redis_url)
    assert here.offer() == ["count"]
    assert there.offer() == []  # it lies there already
    assert ran == []
    assert there.work()
    assert ran == [1]
    assert here.offer() == []
    assert [row.error for row in scalars(select(JobRun))] == [""]
    clock.shift(2 * MINUTE)
    assert there.offer() == ["count"]
    assert here.work()
    assert ran == [1, 1]


def test_a_name_that_was_carried_twice_runs_once(app: Flask, ran: list[int]) -> None:
    carrier = Carrier(app, MemoryHuey(results=False))
    carrier.run("count")
    carrier.run("count")
    assert carrier.work()
    assert carrier.work()
    assert ran == [1]


def test_what_redis_forgot_is_offered_again(app: Flask, ran: list[int]) -> None:
    carrier = Carrier(app, MemoryHuey(results=False))
    assert carrier.offer() == ["count"]
    carrier.queue.flush()
    assert carrier.offer() == ["count"]
    assert carrier.work()
    assert ran == [1]


def test_a_job_that_is_not_known_here_is_left(app: Flask, ran: list[int]) -> None:
    carrier = Carrier(app, MemoryHuey(results=False))
    carrier.run("nobody.knows@7")
    assert carrier.work()
    assert ran == []


def test_what_fails_is_noted_and_stops_no_other(app: Flask, ran: list[int]) -> None:
    jobs.job("bad", MINUTE, lambda: 1 / 0)
    carrier = Carrier(app, MemoryHuey(results=False))
    assert carrier.offer() == ["count", "bad"]
    assert carrier.work()
    assert carrier.work()
    found = {row.name: row.error for row in scalars(select(JobRun))}
    assert found == {"count": "", "bad": "ZeroDivisionError"}


def test_while_redis_is_away_the_jobs_run_here(
    app: Flask, ran: list[int], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    carrier = Carrier(app, MemoryHuey(results=False))
    stop, looked = Event(), Event()

    def away(*_: object) -> None:
        looked.set()
        raise ConnectionError

    monkeypatch.setattr(carrier.queue, "pending", away)
    thread = Thread(target=carrier.offer_until, args=(stop, 0.01))
    thread.start()
    assert looked.wait(10)
    stop.set()
    thread.join(10)
    assert ran == [1]
    assert "they run here" in caplog.text


def test_threads_of_two_servers_share_the_jobs(
    app: Flask, ran: list[int], redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = Event()
    jobs.job("last", MINUTE, done.set)
    settings = replace(app.config["SETTINGS"], redis_url=redis_url)
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    monkeypatch.setattr(Carrier.offer_until, "__defaults__", (0.01,))
    ends = [server.start_jobs(app) for _ in range(2)]
    assert done.wait(20)
    for end in ends:
        end()
    assert ran == [1]


def test_what_lies_in_redis_is_signed(app: Flask, redis_url: str) -> None:
    queue = RedisHuey(carrying.QUEUE, url=redis_url, results=False)
    queue.storage.flush_queue()  # what the tests before left is signed
    Carrier(app, queue).run("count")
    forged = queue.storage.dequeue()
    honest = carrying._queue(replace(app.config["SETTINGS"], redis_url=redis_url))
    honest.storage.enqueue(forged)
    with pytest.raises(ValueError, match=r"Signature|Separator"):
        honest.dequeue()


def test_without_its_packages_it_says_what_to_install(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "huey", None)
    with pytest.raises(Misconfigured, match=r"civic\[redis\]"):
        Carrier(app)
