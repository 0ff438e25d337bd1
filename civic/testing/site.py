"""A site for tests of plugins: built once by the migrations, copied for each test."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask, has_app_context
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from civic.app import create_app
from civic.communities.models import Community
from civic.kernel import clock, config, migrate
from civic.kernel.db import db
from civic.kernel.plugins import GROUP
from civic.procedures import loading

#: Files in memory, where there are such: a test commits often, and every commit is synced.
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of a random name is made in it
DATABASE = "civic.sqlite3"
SECRET = "only-for-tests-" * 3


class NotLoadedError(Exception):
    """A plugin that is to be tested cannot be loaded; the text says why."""


class Browser(FlaskClient):
    """Ask as a browser does: each request in a context of its own, and the answer to its end.

    What the test has written is committed before, since nobody else could see it; what it has read
    is read anew after.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Ask for a page."""
        kwargs.setdefault("buffered", True)
        if has_app_context():
            db.session.commit()
        with self.application.app_context():
            response = super().open(*args, **kwargs)
        if has_app_context():
            for row in db.session:
                # What is on in it is fetched with it and never again by itself.
                if not isinstance(row, Community):
                    db.session.expire(row)
        return response


def point(name: str) -> EntryPoint:
    """Return the entry point of a plugin: the installed one, else its package by convention."""
    found = [each for each in entry_points(group=GROUP) if each.name == name]
    return found[0] if found else EntryPoint(name, f"civic_{name}", GROUP)


def make(instance: Path, names: Sequence[str], url: str = "") -> Flask:
    """Make an application that carries the named plugins and no others."""
    settings = config.load({}, instance=instance, database_url=url, secret_key=SECRET)
    app = create_app(settings, found=[point(name) for name in names])
    app.test_client_class = Browser
    app.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=False, WTF_CSRF_ENABLED=False)
    return app


def let_go(app: Flask) -> None:
    """Close what an application holds of its database, so that its file is whole."""
    with app.app_context():
        db.session.rollback()
        db.engine.dispose()


@dataclass
class Site:
    """Be a site in a folder, with plugins, from which each test gets a fresh copy."""

    folder: Path
    plugins: Sequence[str]

    @classmethod
    @contextmanager
    def made(cls, folder: Path, plugins: Sequence[str]) -> Iterator["Site"]:
        """Make a site and migrate it once.

        :raises NotLoadedError: when one of the plugins cannot be loaded.
        """
        with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else folder) as quick:
            site = cls(Path(quick), plugins)
            app = make(site.folder / "template", plugins)
            failed = app.extensions["civic_plugins"].failed
            if failed:
                told = "; ".join(f"{name}: {reason}" for name, reason in failed.items())
                let_go(app)
                raise NotLoadedError(told)
            with app.app_context():
                migrate.upgrade()
                loading.sync()
                db.session.commit()
            let_go(app)
            yield site

    @contextmanager
    def fresh(self) -> Iterator[Flask]:
        """Yield an application of its own with an empty database, in its context."""
        instance = self.folder / "instance"
        shutil.rmtree(instance, ignore_errors=True)
        instance.mkdir()
        shutil.copy(self.folder / "template" / DATABASE, instance / DATABASE)
        app = make(instance, self.plugins)
        with app.app_context():
            yield app
            db.session.rollback()
        clock.shift(timedelta())
        let_go(app)
