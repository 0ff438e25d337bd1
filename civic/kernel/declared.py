"""What plugins declare for the rooms above the kernel: each code begins with its plugin's name.

A room reads what the loaded plugins declare when it needs it, and lives on when one of them is off,
failed to load, or is no longer installed: what is stored then carries a code that nobody knows.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from flask import Flask, current_app
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from civic.kernel import faults
from civic.kernel.errors import Refused
from civic.kernel.isolation import isolated

if TYPE_CHECKING:
    from civic.kernel.plugin import Plugin

log = logging.getLogger(__name__)
T = TypeVar("T")
#: Raises `ValueError`, with a sentence for the author, for what a room cannot take.
Check: TypeAlias = Callable[["Plugin"], None]


def owner(code: str) -> str:
    """Return the plugin to which a code belongs, or nothing for one of the core."""
    name, dot, _rest = code.partition(".")
    return name if dot else ""


def of_plugin(name: str, code: str) -> str:
    """Return a code as it is kept: after the name of its plugin and a dot."""
    return code if owner(code) == name else f"{name}.{code}"


def owned(name: str, items: Iterable[T]) -> tuple[T, ...]:
    """Return declarations with their codes, and those of permissions, as they are kept."""
    return tuple(_owned(name, item) for item in items)


def _owned(name: str, item: T) -> T:
    changes = {"code": of_plugin(name, item.code)}  # type: ignore[attr-defined]
    if permission := getattr(item, "permission", ""):
        changes["permission"] = of_plugin(name, permission)
    return replace(item, **changes)  # type: ignore[type-var]


def loaded(what: str) -> Iterator[Any]:
    """Yield what the loaded plugins declare under a keyword, plugin by plugin."""
    registry = current_app.extensions.get("civic_plugins") if current_app else None
    for plugin in registry.loaded.values() if registry else ():
        yield from getattr(plugin, what)


def checks(app: Flask) -> list[Check]:
    """Return what an app's rooms ask of a plugin before it is taken in; rooms add theirs."""
    found: list[Check] = app.extensions.setdefault("civic_plugin_checks", [])
    return found


def former(code: str) -> LazyString:
    """Say that nobody knows a kind any more: its plugin is not installed, or knows it no more."""
    plugin = owner(code)
    if not plugin:
        return _l("former kind “%(code)s”", code=code)
    rest = code.removeprefix(f"{plugin}.")
    return _l("former kind “%(code)s” of the plugin %(plugin)s", code=rest, plugin=plugin)


def attempt(code: str, what: str, function: Callable[..., T], *arguments: object) -> T:
    """Call what a plugin gave; where it fails, what it wrote is undone, and it is named.

    :param code: of what it declared, by which it is blamed.
    :raises Refused: its own refusals as they are, `plugin_failed` for all other failures.
    """
    try:
        return isolated(function, *arguments)
    except Refused:
        raise
    except Exception as error:
        plugin = owner(code)
        log.exception("plugin %s failed in %s of %s", plugin, what, code)
        faults.note(plugin, f"{what} of {code}", None, error)
        raise Refused(
            "plugin_failed",
            _l(
                "The plugin “%(plugin)s” failed here, and nothing was changed. "
                "Please tell the administrator of the site."
            ),
            HTTPStatus.SERVICE_UNAVAILABLE,
            {"plugin": titled(plugin)},
        ) from error


def titled(plugin: str) -> str:
    """Return what a plugin is called on pages: its title, or its name where it is not loaded."""
    registry = current_app.extensions.get("civic_plugins")
    found = registry.loaded.get(plugin) if registry else None
    return str(found.title) if found else plugin
