"""A server and workers with plugins good and bad: the site is up, and each job runs once."""

import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError

import pytest
from flask import Flask
from sqlalchemy import text

from civic.kernel.activations import Activation
from civic.kernel.db import db
from tests.factories import build_world
from tests.installed import command, environment, install, register
from tests.redis_server import redis_server
from tests.server import ROOT, database_url, own_postgresql, own_sqlite, serving

PATIENCE = 60


@pytest.fixture(params=["sqlite", "postgresql"])
def street(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Flask, str]]:
    """The street with a good plugin, two bad ones, and the rest of one that is gone."""
    template = request.getfixturevalue(request.param)
    own = own_sqlite if request.param == "sqlite" else own_postgresql
    environ = tmp_path / "environment"
    path = install(environ, "mortal", "halfway")
    (environ / "civic_broken").mkdir()
    (environ / "civic_broken/__init__.py").write_text("raise SystemError('not today')")
    register(environ, "broken")
    with own(template, tmp_path / "served") as app:
        done = command(app, path, "db", "upgrade")
        assert done.returncode == 1
        assert "halfway" in done.stderr.splitlines()[-1]
        with app.app_context():
            world = build_world()
            for community in (world.erlong, world.jingji):
                for name in ("mortal", "halfway", "broken", "ghost"):
                    db.session.add(Activation(community_id=community.id, plugin=name))
            db.session.execute(text("CREATE TABLE alembic_version_ghost (version_num VARCHAR(32))"))
            db.session.execute(text("CREATE TABLE ghost_thing (id INTEGER PRIMARY KEY)"))
            db.session.commit()
        yield app, path


def status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return answer.status
    except HTTPError as error:
        return error.code


def beats(app: Flask) -> tuple[int, int]:
    """Return how many beats were written, and how many runs of the job have come to their end."""
    ended = "name LIKE 'mortal.beat@%' AND finished_at IS NOT NULL AND error = ''"
    with app.app_context(), db.engine.connect() as connection:
        return (
            connection.scalar(text("SELECT count(*) FROM mortal_heard")),
            connection.scalar(text(f"SELECT count(*) FROM job_run WHERE {ended}")),
        )


def test_the_site_is_up_with_what_works(street: tuple[Flask, str]) -> None:
    app, path = street
    instance = Path(app.config["SETTINGS"].instance)
    with serving(instance, database_url=database_url(app), PYTHONPATH=path) as server:
        base = f"{server.url}/c/erlonglu"
        found = [status(f"{base}/{page}") for page in ("", "mortal/1/never", "halfway/", "ghost/")]
        assert found == [200, 200, 404, 404]
        said = server.said()
        assert "halfway" in said
        assert "not today" in said


def test_workers_of_two_machines_run_each_job_once(street: tuple[Flask, str]) -> None:
    app, path = street
    with redis_server() as url:
        words = [sys.executable, "-m", "civic.cli", "jobs", "work"]
        variables = environment(app, path, CIVIC_REDIS_URL=url)
        log = Path(app.config["SETTINGS"].instance) / "workers.log"
        with log.open("wb") as output:
            workers = [
                subprocess.Popen(words, cwd=ROOT, env=variables, stdout=output, stderr=output)
                for _ in range(2)
            ]
        end = time.monotonic() + PATIENCE
        while beats(app)[1] < 2 and time.monotonic() < end:
            time.sleep(0.3)
        time.sleep(1)
        for worker in workers:
            worker.send_signal(signal.SIGTERM)
        assert [worker.wait(30) for worker in workers] == [0, 0]
    assert beats(app) == (2, 2)
    said = log.read_text("utf-8")
    assert "they run here" not in said
    assert "Redis" not in said
