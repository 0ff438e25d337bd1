"""Migrations: one history and one version table per owner, all through one env.py."""

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from civic.kernel import plugins
from civic.kernel.db import Model, db
from civic.kernel.errors import Misconfigured
from civic.kernel.fitting import TABLES, Unfit

log = logging.getLogger(__name__)

CORE = "civic"
VERSION = "alembic_version"


def resource(name: str) -> Path:
    """Return a data folder of the core, in a wheel and in a checkout alike."""
    package = Path(__file__).parent.parent
    inside = package / name
    return inside if inside.is_dir() else package.parent / name


@dataclass(frozen=True)
class Owner:
    """Name who owns a history of migrations, and the folder it lies in."""

    name: str
    versions: Path

    @property
    def table(self) -> str:
        """Return the name of the table that holds this owner's version."""
        return VERSION if self.name == CORE else f"{VERSION}_{self.name}"


def owners() -> list[Owner]:
    """Return the core and each loaded plugin that has migrations, the core first."""
    found = [Owner(CORE, resource("migrations") / "versions")]
    for name, plugin in plugins.registry().loaded.items():
        folder = plugin.folder / "migrations"
        if folder.is_dir():
            found.append(Owner(name, folder))
    return found


def owner_of(table: str, names: set[str]) -> str | None:
    """Return who owns a table by its prefix; None for version tables."""
    if table.startswith(VERSION):
        return None
    return next((name for name in names if table.startswith(f"{name}_")), CORE)


def known_plugins(tables: list[str]) -> set[str]:
    """Return the plugins that are here, or have left models or a version table behind.

    One that was refused has already put its models among the others.
    """
    registry = plugins.registry()
    left = {name.removeprefix(f"{VERSION}_") for name in tables if name.startswith(f"{VERSION}_")}
    packages = {mapper.class_.__module__.partition(".")[0] for mapper in Model.registry.mappers}
    known = {name.removeprefix("civic_") for name in packages if name.startswith("civic_")}
    return known | left | registry.loaded.keys() | registry.failed.keys()


def _config(of: Owner) -> Config:
    config = Config()
    config.set_main_option("script_location", str(resource("migrations")).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", str(of.versions).replace("%", "%%"))
    config.attributes["owner"] = of
    return config


def owner(name: str) -> Owner:
    """Return the owner of this name.

    :raises Misconfigured: when there is none.
    """
    found = next((found for found in owners() if found.name == name), None)
    if found is None:
        known = ", ".join(each.name for each in owners())
        message = f"Nobody called {name} has migrations here. Known are: {known}."
        raise Misconfigured(message)
    return found


def upgrade(only: str = "") -> None:
    """Bring the tables of each owner, or of one, to their newest version.

    A plugin's migration that fails leaves the tables of that plugin as they were and stops nobody.

    :raises Misconfigured: at the end, with the names of the plugins whose migrations failed.
    """
    failed = {}
    for each in [owner(only)] if only else owners():
        try:
            command.upgrade(_config(each), "head")
        except Exception as error:
            if each.name == CORE:
                raise
            log.exception("migrations of plugin %s failed", each.name)
            failed[each.name] = f"{type(error).__name__}: {error}".splitlines()[0]
    if failed:
        reasons = "; ".join(f"{name} ({reason})" for name, reason in failed.items())
        message = (
            f"The migrations of these plugins failed, their tables are as they were: {reasons}. "
            "All others are up to date; the site runs without these plugins. "
            "Install versions that fit and run `civic db upgrade` again."
        )
        raise Misconfigured(message)


def downgrade(name: str, revision: str) -> None:
    """Take the tables of one owner back to a revision, or to `base`."""
    command.downgrade(_config(owner(name)), revision)


def revise(name: str, message: str) -> None:
    """Write a new migration for what the models of one owner have changed."""
    command.revision(_config(owner(name)), message, autogenerate=True)


def differences(of: Owner) -> list[Any]:
    """Return how the tables of an owner differ from its models; nothing when they agree."""
    with db.engine.connect() as connection:
        names = known_plugins(inspect(connection).get_table_names())
        context = MigrationContext.configure(
            connection,
            opts={
                "version_table": of.table,
                "target_metadata": db.metadata,
                "include_name": lambda name, kind, _: (
                    kind != "table" or owner_of(name or "", names) == of.name
                ),
                "include_object": lambda item, name, kind, *_: (
                    owner_of((name if kind == "table" else item.table.name) or "", names) == of.name
                ),
            },
        )
        return compare_metadata(context, db.metadata)


def pending() -> list[str]:
    """Return the owners whose tables are not at their newest version, the core first."""
    behind = []
    with db.engine.connect() as connection:
        for each in owners():
            context = MigrationContext.configure(connection, opts={"version_table": each.table})
            if set(context.get_current_heads()) != _heads(each):
                behind.append(each.name)
    return behind


def ready() -> None:
    """Hold back the plugins whose tables are not at their newest version; the site runs without.

    :raises Misconfigured: when those of the core are not.
    """
    behind = pending()
    if CORE in behind:
        message = f"The database is not up to date ({', '.join(behind)}): run `civic db upgrade`."
        raise Misconfigured(message)
    for name in behind:
        plugins.registry().hold(name, Unfit("its tables are not up to date", TABLES))


def _heads(of: Owner) -> set[str]:
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - only asked at start

    try:
        return set(ScriptDirectory.from_config(_config(of)).get_heads())
    except Exception:
        if of.name == CORE:
            raise
        log.exception("migrations of plugin %s cannot be read", of.name)
        return {"unreadable"}
