"""Fixtures of the suite: an app on each database, clients, and a street with people."""

import gc
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings
from sqlalchemy import event

from civic.identities.models import Person
from civic.kernel import act_words, clock, plugins
from civic.kernel.audit import AuditEntry
from tests.databases import Postgresql, Sqlite, postgresql_server
from tests.factories import World, build_world, session_key
from tools.catalogues import compile_all
from tools.chromium import HOW, executable

# Tests assert no times, and a busy machine takes its time.
settings.register_profile("civic", deadline=None)
settings.load_profile("civic")

#: Files in memory, where there are such: a test commits often, and every commit is synced.
MEMORY = Path("/dev/shm")


@pytest.fixture(scope="session", autouse=True)
def _catalogues() -> None:
    """Let tests read what the catalogues say now; each worker does it, at one moment or another."""
    compile_all()


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sqlite]:
    folder = tmp_path_factory.mktemp("sqlite")
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else folder) as quick:
        yield Sqlite(Path(quick))


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgresql]:
    folder = tmp_path_factory.mktemp("postgresql")
    with postgresql_server() as server:
        database = Postgresql(folder, server)
        yield database
        database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """An app with an empty, migrated database; each test runs on both."""
    yield from _empty(request.getfixturevalue(request.param).fresh())


def _empty(app: Flask) -> Iterator[Flask]:
    for known in ("civic_demo", "civic_language"):
        app.extensions.pop(known, None)
    app.extensions["civic_throttle"]._windows.storage.reset()
    with app.app_context():
        yield app
        from civic.kernel.db import db

        db.session.rollback()
    clock.shift(timedelta())


@pytest.fixture
def sqlite_app(sqlite: Sqlite) -> Iterator[Flask]:
    """An app on SQLite alone, for what no database decides."""
    yield from _empty(sqlite.fresh())


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def world(app: Flask) -> World:
    """A street with two communities, a tower, and one person for each role."""
    return build_world()


@pytest.fixture
def login(app: Flask) -> Callable[[Person | None], FlaskClient]:
    """A function that returns a client signed in as a person, or as nobody."""

    def as_person(person: Person | None) -> FlaskClient:
        client = app.test_client()
        if person is not None:
            key = session_key(person)
            with client.session_transaction() as session:
                session["_user_id"] = key
        return client

    return as_person


@event.listens_for(AuditEntry, "before_insert")
def _declared(_mapper: object, _connection: object, entry: AuditEntry) -> None:
    """Let no test add an act of which nobody has said whether everybody may read it."""
    act, kind = entry.act, entry.act.partition(".")[0]
    if act in act_words.public() or act_words.closed(act):
        return
    assert kind == "test" or kind in plugins.registry().loaded, (
        f"civic/data/acts.toml does not say who may read about {act}"
    )


#: Modules whose fixtures cost more than their tests: one process runs each of them whole.
WHOLE = frozenset(
    {
        "tests.browser.test_pages",
        "tests.demo.test_demo",
        "tests.docs.test_tutorial",
        "tests.examples.test_examples",
        "tests.kernel.test_carrying",
        "tests.kernel.test_events_killed",
        "tests.test_layers",
        "tests.test_packaging",
        "tests.test_scaffold",
        "tests.test_server",
        "tests.testing.test_conformance",
    }
)


#: Objects made beyond those let go before somebody looks for rings among them, and how seldom all
#: that has lived on is looked through: with Python's own figures that is a quarter of the suite.
YOUNG, OLDER, OLDEST = 100_000, 20, 100


def pytest_collection_finish() -> None:
    """Let nobody look again and again through what has been loaded and stays."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, OLDER, OLDEST)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of such a module together, where several processes share the suite."""
    for item in items:
        if isinstance(item, pytest.Function) and item.module.__name__ in WHOLE:
            item.add_marker(pytest.mark.xdist_group(item.module.__name__))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly, once, that nobody has walked through the pages."""
    if executable() is None and terminalreporter.stats.get("skipped"):
        line = f"NO BROWSER WALKS: no Chromium was found. {HOW}"
        terminalreporter.write_line(line, red=True, bold=True)
