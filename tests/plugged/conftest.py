"""A town whose site has the sample of kinds, on in one community alone."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from civic.communities import switching
from civic.identities.models import Person
from civic.kernel import plugins
from civic.kernel.db import db
from tests.conftest import _empty
from tests.databases import Postgresql, Sqlite, make_app, postgresql_server
from tests.factories import World, build_world, session_key
from tests.sample import point

KINDS = point("kinds")


@pytest.fixture(scope="session")
def kinds_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Sqlite:
    return Sqlite(tmp_path_factory.mktemp("kinds"), found=[KINDS])


@pytest.fixture(scope="session")
def kinds_postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgresql]:
    with postgresql_server() as server:
        folder = tmp_path_factory.mktemp("kinds_postgresql")
        database = Postgresql(folder, server, [KINDS], name="kinds")
        yield database
        database.close()


@pytest.fixture(params=["kinds_sqlite", "kinds_postgresql"])
def app(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """An app with the sample of kinds; each test runs on both databases."""
    app = request.getfixturevalue(request.param).fresh()
    with app.app_context():
        assert plugins.registry().failed == {}
    yield from _empty(app)


@pytest.fixture
def world(app: Flask) -> World:
    made = build_world()
    switching.switch(made.erlong, "kinds", on=True)
    db.session.commit()
    return made


def off(world: World) -> None:
    """Switch the sample off where it is on."""
    switching.switch(world.erlong, "kinds", on=False)
    db.session.commit()


@pytest.fixture
def without(app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An app on the same database in which the plugin is no longer installed."""
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    bare = make_app(tmp_path_factory.mktemp("without"), url)
    yield bare
    with bare.app_context():
        db.session.rollback()
        db.engine.dispose()


@pytest.fixture
def bare_login(without: Flask) -> Callable[[Person], FlaskClient]:
    """A function that returns a client of the bare app, signed in as a person."""

    def as_person(person: Person) -> FlaskClient:
        client = without.test_client()
        key = session_key(person)
        with client.session_transaction() as session:
            session["_user_id"] = key
        return client

    return as_person
