"""An app with the sample plugin, on each database."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from civic.kernel import clock, migrate
from civic.kernel.db import db
from tests.databases import make_app
from tests.factories import World, build_world
from tests.sample import HELLO


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An app with the sample plugin and a database without a table."""
    url = ""
    if request.param == "postgresql":
        server = request.getfixturevalue("postgresql")
        name = f"{server.name}_plugins"
        server._run(f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name}")
        url = server._url(name)
    app = make_app(tmp_path / "instance", url, found=[HELLO])
    with app.app_context():
        yield app
        clock.shift(timedelta())
        db.session.rollback()
        db.engine.dispose()
    if url:
        server._run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def site(empty: Flask) -> Flask:
    """The same with its tables."""
    migrate.upgrade()
    return empty


@pytest.fixture
def town(site: Flask) -> World:
    """The street on it."""
    return build_world()
