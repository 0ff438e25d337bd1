"""Jobs of plugins: where the plugin is on, each community on its own, once for many threads."""

from collections.abc import Iterator
from datetime import timedelta
from threading import Barrier, Event, Thread

import pytest
from flask import Flask
from sqlalchemy import inspect, select

from civic.communities import switching
from civic.kernel import clock, jobs, plugins
from civic.kernel.db import db
from civic.kernel.fitting import Unfit
from civic.kernel.jobs import JobRun
from civic.kernel.plugin import PluginJob
from tests.factories import World, rows, scalars

HOUR = timedelta(hours=1)


@pytest.fixture
def ran(site: Flask, town: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What a job of the sample plugin was called with; it is on in two communities."""
    import civic_hello

    seen: list[str] = []

    def tidy(community) -> None:
        seen.append(community.slug)
        if community.slug == "erlonglu":
            db.session.add(civic_hello.Greeting(community_id=community.id, words="半"))
            db.session.flush()
            message = "张桂兰 13800000000"
            raise LookupError(message)

    monkeypatch.setattr(civic_hello.plugin, "jobs", [PluginJob("tidy", tidy, HOUR)])
    monkeypatch.setitem(site.extensions, "civic_jobs", {})
    for community in (town.erlong, town.jingji):
        switching.switch(community, "hello", on=True)
    db.session.commit()
    return seen


def names(town: World) -> list[str]:
    keys = [inspect(community).identity[0] for community in (town.erlong, town.jingji)]
    return [f"hello.tidy@{key}" for key in keys]


def test_each_community_has_its_run_and_one_that_fails_stops_none(
    site: Flask, town: World, ran: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    import civic_hello

    assert jobs.run_due(site) == names(town)
    assert ran == ["erlonglu", "jingjidao"]
    found = {row.name: (row.community_id, row.error) for row in scalars(select(JobRun))}
    bad, good = names(town)
    assert found == {bad: (town.erlong.id, "LookupError"), good: (town.jingji.id, "")}
    assert f"job {bad} failed" in caplog.text
    assert scalars(select(civic_hello.Greeting.id)) == []
    assert jobs.run_due(site) == []
    clock.shift(HOUR + timedelta(seconds=1))
    assert jobs.run_due(site) == names(town)


def test_off_it_does_not_run(site: Flask, town: World, ran: list[str]) -> None:
    switching.switch(town.erlong, "hello", on=False)
    db.session.commit()
    assert jobs.run_due(site) == names(town)[1:]
    assert ran == ["jingjidao"]


def test_switched_off_between_the_look_and_the_run_it_does_not_run(
    site: Flask, town: World, ran: list[str]
) -> None:
    with jobs.reading():
        found = {item.name: item for item in jobs._due()}
    switching.switch(town.jingji, "hello", on=False)
    db.session.commit()
    assert jobs._take(site, found[names(town)[1]])
    assert ran == []


def test_one_that_is_held_back_does_not_run(site: Flask, ran: list[str]) -> None:
    plugins.registry().hold("hello", Unfit("not today"))
    assert jobs.run_due(site) == []
    assert ran == []


def test_of_many_threads_one_runs_a_job(site: Flask, town: World, ran: list[str]) -> None:
    for number in range(1, 4):
        barrier = Barrier(4)

        def look(barrier: Barrier = barrier) -> None:
            barrier.wait(10)
            jobs.run_due(site)

        threads = [Thread(target=look) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert sorted(ran) == sorted(["erlonglu", "jingjidao"] * number)
        clock.shift(number * 2 * HOUR)


def test_no_run_begins_while_one_is_at_work(
    site: Flask, town: World, ran: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import civic_hello

    at_work, go_on, often = Event(), Event(), timedelta(seconds=1)

    def slow(community) -> None:
        ran.append(community.slug)
        at_work.set()
        go_on.wait(10)

    monkeypatch.setattr(civic_hello.plugin, "jobs", [PluginJob("tidy", slow, often)])
    switching.switch(town.erlong, "hello", on=False)
    db.session.commit()
    first = Thread(target=jobs.run_due, args=(site,))
    first.start()
    assert at_work.wait(10)
    clock.shift(timedelta(minutes=1))
    assert jobs.run_due(site) == []
    go_on.set()
    first.join(30)
    assert ran == ["jingjidao"]
    clock.shift(timedelta(minutes=2))
    assert jobs.run_due(site) == names(town)[1:]


def test_a_run_that_died_is_due_again_after_an_hour(
    site: Flask, town: World, ran: list[str]
) -> None:
    with jobs.reading():
        item = jobs._due()[1]
    assert jobs._claim(item) is not None  # and no more is heard of it
    clock.shift(HOUR + timedelta(seconds=1))
    assert names(town)[1] in jobs.run_due(site)
    assert rows(select(JobRun.error).filter_by(name=names(town)[1])) == [("",)]
