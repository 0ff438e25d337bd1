"""How each plugin stands in this site: loaded, failed, absent, or vanished with its tables left."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from importlib.metadata import Distribution, entry_points

from sqlalchemy import inspect, select

from civic.kernel import migrate, plugins
from civic.kernel.absent import AbsentPlugin
from civic.kernel.activations import Activation
from civic.kernel.db import db

LOADED, FAILED, ABSENT, VANISHED = "loaded", "failed", "absent", "vanished"
#: The distribution of the core; the plugins in it are bundled.
OURS = "civic"


@dataclass(frozen=True)
class State:
    """Say how a plugin stands.

    :ivar package: the distribution that holds it, empty where none is installed.
    :ivar api: versions of `civic.api` it works with, where that is known.
    :ivar reason: why it is not in service.
    :ivar todo: what to do about that.
    :ivar on: ids of the communities in which it is switched on.
    """

    name: str
    state: str
    package: str = ""
    version: str = ""
    api: str = ""
    reason: str = ""
    todo: str = ""
    on: tuple[int, ...] = field(default=())


def states() -> list[State]:
    """Return how each plugin stands that is here, or has left something, by name."""
    found = plugins.registry()
    marked = set(db.session.scalars(select(AbsentPlugin.name))) | found.absent
    on = _on()
    left = {name for name in _tables_left() if name != OURS} | on.keys()
    names = found.loaded.keys() | found.failed.keys() | marked | left
    packages = distributions()
    return [_state(name, marked, packages.get(name), on.get(name, ())) for name in sorted(names)]


def state(name: str) -> State | None:
    """Return how one plugin stands, or None where nothing is known of it."""
    return next((each for each in states() if each.name == name), None)


def distributions() -> dict[str, Distribution]:
    """Return the installed distributions that hold plugins, by the name of the plugin."""
    return {point.name: point.dist for point in entry_points(group=plugins.GROUP) if point.dist}


def _state(
    name: str, marked: Iterable[str], package: Distribution | None, on: tuple[int, ...]
) -> State:
    found = plugins.registry()
    plugin = found.loaded.get(name)
    there = State(
        name,
        VANISHED,
        package=package.name if package else "",
        version=package.version if package else "",
        on=on,
    )
    if name in marked:
        todo = f"To have it again: civic plugins install {name}"
        return replace(there, state=ABSENT, reason="This site does without it.", todo=todo)
    if plugin is not None:
        return replace(there, state=LOADED, api=plugin.api)
    if name in found.failed:
        failed = found.failed[name]
        return replace(there, state=FAILED, reason=failed.reason, todo=str(failed.advice))
    todo = (
        "Its data wait for it. Install its package again and start the site, "
        f"or take what it left away: civic plugins purge {name}"
    )
    reason = "Its package is gone, what it kept is still here."
    return replace(there, reason=reason, todo=todo)


def _on() -> dict[str, tuple[int, ...]]:
    query = select(Activation.plugin, Activation.community_id).where(Activation.on)
    found: dict[str, tuple[int, ...]] = {}
    for name, community_id in db.session.execute(query.order_by(Activation.community_id)):
        found[name] = (*found.get(name, ()), community_id)
    return found


def _tables_left() -> set[str]:
    prefix = f"{migrate.VERSION}_"
    tables = inspect(db.session.connection()).get_table_names()
    return {name.removeprefix(prefix) for name in tables if name.startswith(prefix)}
