"""Plugins: found by entry points, switched per community, isolated when they fail."""

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pluggy
from flask import Flask, current_app
from markupsafe import Markup
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from civic.kernel import activations, declared, events, hookspecs
from civic.kernel.catalogues import catalogues
from civic.kernel.db import db
from civic.kernel.declared import Check
from civic.kernel.hookspecs import API_VERSION
from civic.kernel.permissions import Actor
from civic.kernel.plugin import NavItem, Plugin

if TYPE_CHECKING:
    from civic.communities.models import Community

log = logging.getLogger(__name__)

GROUP = "civic.plugins"
NAME = "[a-z][a-z0-9]*"
#: First words that a plugin may not take: core paths under a community, and core tables.
RESERVED = frozenset({"civic", "codes", "consultations", "desk", "moderation", "static", "p"})


@dataclass
class Plugins:
    """Hold one app's plugins: those loaded, and those that could not be, with the reason."""

    manager: pluggy.PluginManager = field(default_factory=lambda: pluggy.PluginManager("civic"))
    loaded: dict[str, Plugin] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    #: What the rooms above the kernel ask of a plugin before it is taken in.
    checks: list[Check] = field(default_factory=list)

    def load(self, found: Sequence[EntryPoint] | None = None) -> None:
        """Load each entry point on its own; one that fails is kept with its reason."""
        self.manager.add_hookspecs(hookspecs)
        points = entry_points(group=GROUP) if found is None else found
        for point in sorted(points, key=lambda point: point.name):
            try:
                module = point.load()
                self._add(point.name, module)
            except Exception as error:  # noqa: BLE001 - whatever a plugin raises, the site goes on
                log.warning("plugin %s is not loaded: %s", point.name, error)
                self.failed[point.name] = f"{type(error).__name__}: {error}"

    def _add(self, name: str, module: ModuleType) -> None:
        plugin = getattr(module, "plugin", None)
        if not isinstance(plugin, Plugin):
            message = f"{module.__name__} has no `plugin = Plugin(…)`"
            raise TypeError(message)
        _check(name, plugin, module)
        for check in self.checks:
            check(plugin)
        self.manager.register(module, name)
        try:
            self.manager.check_pending()
        except Exception:
            self.manager.unregister(name=name)
            raise
        self.loaded[name] = plugin

    def call(
        self, hook: str, *, community: "Community", **values: object
    ) -> Iterator[tuple[str, Any]]:
        """Call a hook in each plugin that is on here, skipping those that fail.

        Each runs in a savepoint: what a failing one wrote is undone, and what the caller had
        pending stays.
        """
        arguments = {"community": community, **values}
        for implementation in reversed(getattr(self.manager.hook, hook).get_hookimpls()):
            if implementation.plugin_name not in community.plugins:
                continue
            try:
                with db.session.begin_nested():
                    result = implementation.function(
                        *(arguments[name] for name in implementation.argnames)
                    )
            except Exception:
                log.exception("plugin %s failed in %s", implementation.plugin_name, hook)
            else:
                if result is not None:
                    yield implementation.plugin_name, result

    def home_panels(self, community: "Community", actor: Actor) -> Markup:
        """Return what the plugins show on the home page of a community."""
        results = self.call("home_panel", community=community, actor=actor)
        return Markup().join(Markup(panel) for _, panel in results)  # noqa: S704 - hooks return markup

    def nav(self, community: "Community") -> list[NavItem]:
        """Return the ways to the pages of the plugins that are on here."""
        items = [
            item
            for name in sorted(community.plugins)
            if name in self.loaded
            for item in self.loaded[name].nav
        ]
        return sorted(items, key=lambda item: item.order)


def _check(name: str, plugin: Plugin, module: ModuleType) -> None:
    if plugin.name != name or not re.fullmatch(NAME, name) or name in RESERVED:
        message = f"the name {name!r} is taken, differs from its entry point, or is not {NAME}"
        raise ValueError(message)
    if module.__name__.partition(".")[0] != f"civic_{name}":
        message = f"its package is {module.__name__}, not civic_{name}"
        raise ValueError(message)
    try:
        fits = API_VERSION in SpecifierSet(plugin.api)
    except InvalidSpecifier as error:
        message = f"its API range {plugin.api!r} cannot be read"
        raise ValueError(message) from error
    if not fits:
        message = f"it needs civic.api {plugin.api}, this is {API_VERSION}"
        raise ValueError(message)
    templates = plugin.folder / "templates"
    strangers = [p for p in templates.rglob("*.html") if p.relative_to(templates).parts[0] != name]
    if strangers:
        message = f"its templates must lie in templates/{name}/, not {strangers[0].name}"
        raise ValueError(message)


def registry() -> Plugins:
    """Return the current app's plugins."""
    found: Plugins = current_app.extensions["civic_plugins"]
    return found


def init_app(app: Flask, found: Sequence[EntryPoint] | None = None) -> Plugins:
    """Load the plugins and put their pages under each community."""
    plugins = Plugins(checks=declared.checks(app))
    plugins.load(found)
    app.extensions["civic_plugins"] = plugins
    bus: events.Bus = app.extensions["civic_events"]
    for name, plugin in plugins.loaded.items():
        app.register_blueprint(plugin, url_prefix=f"/c/<community>/{name}")
        app.extensions["civic_permissions"].declare(*plugin.permissions)
        catalogues(app).plugins[name] = plugin.folder / "translations"
        for kind, function in plugin.listeners:
            bus.subscribe(kind, f"{name}.{function.__name__}", _only_where_on(name, function))
    return plugins


def _only_where_on(name: str, function: events.Subscriber) -> events.Subscriber:
    def heard(event: events.Event) -> None:
        if name in activations.on_in(event.community_id):
            function(event)

    heard.__name__ = function.__name__
    return heard
