"""A street behind the production server, on a file and on PostgreSQL."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask

from tests.factories import World, build_world
from tests.server import Server, database_url, own_postgresql, own_sqlite, serving
from tests.visitors import Visitor, signed_in


@dataclass
class Street:
    """The world, the server before it, and an app that looks into its database."""

    app: Flask
    world: World
    server: Server

    def visitor(self) -> Visitor:
        return Visitor(self.server.port)

    def signed_in(self, person) -> Visitor:
        return signed_in(self.app, self.server.port, person)


@pytest.fixture(scope="package", params=["sqlite", "postgresql"])
def started(request, tmp_path_factory) -> Iterator[Street]:
    template = request.getfixturevalue(request.param)
    own = own_sqlite if request.param == "sqlite" else own_postgresql
    instance = tmp_path_factory.mktemp("races")
    with own(template, instance) as app:
        with app.app_context():
            world = build_world()
        with serving(instance, database_url=database_url(app)) as server:
            yield Street(app, world, server)


@pytest.fixture
def street(started: Street) -> Iterator[Street]:
    """The street, inside the app; no failure in the server's log is let pass."""
    started.server.said()
    with started.app.app_context():
        yield started
        from civic.kernel.db import db

        db.session.commit()
    said = started.server.said()
    assert "Traceback" not in said, said
    assert started.server.process.poll() is None
