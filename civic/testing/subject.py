"""The plugin that is looked at: its files, its module, and a site that carries it."""

import importlib
import importlib.util
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from types import ModuleType

from flask import Flask
from werkzeug.routing import Rule

from civic.kernel import migrate
from civic.kernel.db import db
from civic.kernel.plugin import Plugin
from civic.testing import people, site
from civic.testing.points import NotAsked

#: Folders of a plugin's package that are no part of what it does on a site.
ASIDE = frozenset({"tests", "migrations"})


class Subject:
    """Be one plugin on the table.

    :ivar name: of the plugin; its package is `civic_NAME`.
    """

    def __init__(self, name: str, scratch: Path) -> None:
        """Take the plugin's name, and a folder for sites with it."""
        self.name = name
        self.scratch = scratch
        self._apps: list[Flask] = []

    @cached_property
    def folder(self) -> Path | None:
        """Return the folder of its package, found without importing it."""
        found = importlib.util.find_spec(f"civic_{self.name}")
        if found is None or not found.submodule_search_locations:
            return None
        return Path(next(iter(found.submodule_search_locations)))

    def files(self, pattern: str) -> list[Path]:
        """Return files of the package, in a stable order."""
        return sorted(self.folder.rglob(pattern)) if self.folder else []

    def place(self, path: Path) -> str:
        """Name a file as its author knows it."""
        base = self.folder.parent if self.folder else path.parent
        return path.relative_to(base).as_posix()

    @cached_property
    def module(self) -> ModuleType:
        """Import the package.

        :raises NotAsked: when it cannot be; the point `loads` says why.
        """
        try:
            return importlib.import_module(f"civic_{self.name}")
        except Exception as error:
            reason = f"civic_{self.name} does not import; see the point `loads`"
            raise NotAsked(reason) from error

    @property
    def plugin(self) -> Plugin:
        """Return what the package declares.

        :raises NotAsked: when it declares nothing; the point `loads` says so.
        """
        found = getattr(self.module, "plugin", None)
        if not isinstance(found, Plugin):
            reason = f"civic_{self.name} has no `plugin = Plugin(...)`; see the point `loads`"
            raise NotAsked(reason)
        return found

    @contextmanager
    def aside(self) -> Iterator[Flask]:
        """Be in the context of the application, and undo whatever is done to its tables."""
        file = self.scratch / self.name / "site" / site.DATABASE
        site.let_go(self.app)
        kept = shutil.copy(file, file.with_suffix(".kept"))
        try:
            with self.app.app_context():
                yield self.app
        finally:
            site.let_go(self.app)
            shutil.move(kept, file)

    def make(self, folder: str, *, tables: bool = True) -> Flask:
        """Make another application with the plugin; its tables are made unless told otherwise."""
        instance = self.scratch / self.name / folder
        shutil.rmtree(instance, ignore_errors=True)
        instance.mkdir(parents=True)
        app = site.make(instance, [self.name])
        self._apps.append(app)
        shutil.copy(self._core(), instance / site.DATABASE)
        if tables and self.name in app.extensions["civic_plugins"].loaded:
            with app.app_context():
                migrate.upgrade()
        return app

    def _core(self) -> Path:
        """Return a database with the tables of the core alone, made once for all plugins."""
        kept = self.scratch / "core.sqlite3"
        if not kept.exists():
            folder = self.scratch / "core"
            app = site.make(folder, [])
            with app.app_context():
                migrate.upgrade()
            site.let_go(app)
            shutil.move(folder / site.DATABASE, kept)
        return kept

    @cached_property
    def _made(self) -> Flask:
        return self.make("site")

    @cached_property
    def refusal(self) -> str:
        """Return why the plugin is not loaded; empty when it is."""
        failed: dict[str, object] = self._made.extensions["civic_plugins"].failed
        return str(failed.get(self.name, ""))

    @property
    def known_refusal(self) -> bool:
        """Tell whether another point says why the plugin is not loaded."""
        from civic.testing import declared, source

        try:
            looks = (source.api_range, source.files, declared.hooks, declared.nav)
            return any(list(look(self)) for look in looks)
        except NotAsked:
            return False

    @cached_property
    def app(self) -> Flask:
        """Return an application with the plugin and an empty database.

        :raises NotAsked: when the plugin does not load.
        """
        if self.refusal:
            reason = "the plugin does not load; see the points before this one"
            raise NotAsked(reason)
        return self._made

    @cached_property
    def rules(self) -> list[Rule]:
        """Return the addresses of the plugin, as they are without a site."""
        trial = Flask(__name__)
        trial.register_blueprint(self.plugin, url_prefix=f"/c/<community>/{self.name}")
        return [rule for rule in trial.url_map.iter_rules() if rule.endpoint != "static"]

    @cached_property
    def login(self) -> people.Login:
        """Return people of a community in which the plugin is on."""
        with self.app.app_context():
            community = people.settle([self.name])
            return people.Login(self.app.test_client(), community)

    @contextmanager
    def inside(self) -> Iterator[Flask]:
        """Be in the context of the application."""
        with self.app.app_context():
            yield self.app
            db.session.rollback()

    def close(self) -> None:
        """Let go of everything."""
        for app in self._apps:
            site.let_go(app)
