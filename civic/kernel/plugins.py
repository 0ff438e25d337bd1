"""Plugins: found by entry points, kept apart when they do not fit, switched per community."""

import logging
import warnings
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType
from typing import TYPE_CHECKING, Any

from flask import Flask, current_app
from flask_babel.speaklater import LazyString

from civic.kernel import activations, declared, events, faults, fitting, hookspecs, own_data
from civic.kernel.catalogues import catalogues
from civic.kernel.db import Model
from civic.kernel.faults import Watch
from civic.kernel.fitting import Unfit
from civic.kernel.hooks import Hooks
from civic.kernel.hookspecs import API_VERSION
from civic.kernel.own_data import Part
from civic.kernel.plugin import NavItem, Plugin

if TYPE_CHECKING:
    from civic.communities.models import Community

__all__ = ["API_VERSION", "GROUP", "Failed", "Plugins", "init_app", "registry"]

log = logging.getLogger(__name__)

GROUP = "civic.plugins"


@dataclass(frozen=True)
class Failed:
    """Say why a plugin is not loaded, and what to do.

    :ivar reason: for whoever wrote or installed it, in English.
    :ivar advice: what the administrator can do.
    """

    reason: str
    advice: LazyString | str

    def __str__(self) -> str:
        """Return the reason."""
        return self.reason


class Plugins(Hooks):
    """Hold one app's plugins: those loaded, and those that could not be, with the reason.

    :ivar outdated: what plugins still use of the contract and will go, in words, by name.
    """

    def __init__(self, watch: Watch, slow: float, taken: Collection[str] = ()) -> None:
        """Start without plugins.

        :param taken: names that a plugin may not have.
        """
        super().__init__(watch, slow)
        self.taken = frozenset(taken)
        self.loaded: dict[str, Plugin] = {}
        self.failed: dict[str, Failed] = {}
        self.outdated: dict[str, list[str]] = {}
        self.absent: frozenset[str] = frozenset()
        self.versions: dict[str, str] = {}
        self.manager.add_hookspecs(hookspecs)

    def load(
        self, found: Sequence[EntryPoint] | None = None, absent: frozenset[str] = frozenset()
    ) -> None:
        """Load each entry point on its own; one that fails is kept with its reason.

        :param absent: names that this site does without, although their packages may be there.
        """
        self.absent = absent
        points = entry_points(group=GROUP) if found is None else found
        for point in sorted(points, key=lambda point: point.name):
            if point.name in absent:
                continue
            try:
                if point.name in self.loaded or point.name in self.failed:
                    fitting.twice(point.name)
                self._add(point.name, fitting.load(point))
                self.versions[point.name] = point.dist.version if point.dist else ""
            except Exception as error:  # noqa: BLE001 - whatever a plugin raises, the site goes on
                self.reject(point.name, error)

    def reject(self, name: str, error: Exception) -> None:
        """Keep a plugin out, with the reason."""
        log.warning("plugin %s is not loaded: %s", name, error)
        self.loaded.pop(name, None)
        self.manager.unregister(name=name) if self.manager.has_plugin(name) else None
        self._known.clear()
        advice = error.advice if isinstance(error, Unfit) else fitting.ADVICE
        self.failed[name] = Failed(f"{type(error).__name__}: {error}", advice)

    def hold(self, name: str, error: Unfit) -> None:
        """Take a loaded plugin out of service, as if it had not been loaded, until the next start.

        Its pages are not found, its hooks not called; what it had not heard yet waits for it.
        """
        self.reject(name, error)
        events.bus().forget(name)

    def _add(self, name: str, module: ModuleType) -> None:
        plugin = fitting.check(name, module, self.taken)
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            self.manager.register(module, name)
        fitting.check_hooks(self.manager, name)
        old = [str(item.message) for item in said if isinstance(item.message, DeprecationWarning)]
        if old:
            self.outdated[name] = old
            log.warning("plugin %s uses what will go: %s", name, "; ".join(old))
        self.loaded[name] = plugin

    def nav(self, community: "Community") -> list[tuple[str, NavItem]]:
        """Return the ways to the pages of the plugins that are on here, each with whose it is."""
        items = [
            (name, item)
            for name in sorted(community.plugins)
            if name in self.loaded
            for item in self.loaded[name].nav
        ]
        return sorted(items, key=lambda pair: pair[1].order)


def registry() -> Plugins:
    """Return the current app's plugins."""
    found: Plugins = current_app.extensions["civic_plugins"]
    return found


def init_app(
    app: Flask,
    found: Sequence[EntryPoint] | None = None,
    absent: frozenset[str] = frozenset(),
) -> Plugins:
    """Load the plugins that are not marked absent, and put their pages under each community.

    After all rooms of the core: what they have taken, no plugin may take.
    """
    slow = app.config["SETTINGS"].plugin_slow_seconds
    plugins = Plugins(app.extensions["civic_faults"], slow, _taken(app))
    plugins.load(found, absent)
    app.extensions["civic_plugins"] = plugins
    for name, plugin in list(plugins.loaded.items()):
        try:
            for check in declared.checks(app):
                check(plugin)
            fitting.rehearse(plugin, app.view_functions)
            plugins.configure(name, app)
        except Exception as error:  # noqa: BLE001 - whatever a plugin raises, the site goes on
            plugins.reject(name, error)
        else:
            _register(app, plugins, plugin)
    app.extensions["civic_permissions"].ask(plugins.visible, plugins.veto)
    return plugins


def _register(app: Flask, plugins: Plugins, plugin: Plugin) -> None:
    name = plugin.name
    bus: events.Bus = app.extensions["civic_events"]
    app.register_blueprint(plugin, url_prefix=f"/c/<community>/{name}")
    app.extensions["civic_permissions"].declare(*plugin.permissions)
    app.extensions["civic_telling"].declare(*plugin.messages)
    catalogues(app).plugins[name] = plugin.folder / "translations"
    for kind, function in plugin.listeners:
        bus.subscribe(kind, f"{name}.{function.__name__}", _only_where_on(name, function))
    hooks = {item.plugin for hook in _MEMBERS for item in plugins.answers(hook)}
    if name in hooks:
        part = Part(
            owner=name,
            title=plugin.title,
            stored=(),
            export=lambda person_id: plugins.export_member(name, person_id),
            forget=lambda person_id: plugins.forget_member(name, person_id),
        )
        with app.app_context():
            own_data.register(part)


_MEMBERS = ("export_member", "forget_member")


def _taken(app: Flask) -> set[str]:
    """Return the first words that the core has taken: of addresses, tables, owners and parts."""
    paths = [rule.rule.split("/") for rule in app.url_map.iter_rules()]
    tables = (
        mapper.local_table.description.partition("_")[0]
        for mapper in Model.registry.mappers
        if mapper.class_.__module__.partition(".")[0] == "civic"
    )
    return {
        "civic",
        "p",
        *app.blueprints,
        *app.extensions["civic_own_data"],
        *(code.partition(".")[0] for code in app.extensions["civic_permissions"].known),
        *(parts[3] for parts in paths if parts[1:3] == ["c", "<community>"]),
        *tables,
    }


def _only_where_on(name: str, function: events.Subscriber) -> events.Subscriber:
    def heard(event: Any) -> None:  # noqa: ANN401 - of the kind that is listened for
        if name not in activations.on_in(event.community_id):
            return
        try:
            function(event)
        except Exception as error:
            faults.note(name, f"event {type(event).__name__}", event.community_id, error)
            raise

    heard.__name__ = function.__name__
    return heard
