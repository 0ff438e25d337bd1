"""Whether a plugin fits this site, and if not, why and what to do."""

import re
from collections.abc import Collection
from importlib.metadata import EntryPoint
from types import ModuleType
from typing import NoReturn

import pluggy
from flask import Flask
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from werkzeug.routing import BuildError

from civic.kernel.hookspecs import API_VERSION
from civic.kernel.plugin import Plugin

NAME = "[a-z][a-z0-9]*"
ADVICE = _l(
    "It failed while it was loaded; the log of the server has the details. Install another "
    "version, or remove it, and start the server again. The rest of the site runs without it."
)
_VERSION = _l(
    "It was made for another version of this site. Install a version that fits, or remove it, and "
    "start the server again. The rest of the site runs without it."
)
_AUTHOR = _l(
    "Only its author can mend this. Remove it, or ask the author for a version that is put right, "
    "and start the server again. The rest of the site runs without it."
)
_IMPORT = _l(
    "Its package cannot be imported: it was removed, or something it needs is not installed. "
    "Install it again, or remove it, and start the server again. The rest of the site runs without "
    "it."
)

TABLES = _l(
    "Its tables do not fit its version: run `civic db upgrade`, or install a version whose "
    "migrations run through, and start the server again. The rest of the site runs without it."
)


class Unfit(Exception):  # noqa: N818 - says what does not fit, as a sentence
    """Say why a plugin does not fit, and what to do."""

    def __init__(self, reason: str, advice: LazyString = _AUTHOR) -> None:
        """Keep the advice beside the reason."""
        super().__init__(reason)
        self.advice = advice


def load(point: EntryPoint) -> ModuleType:
    """Import the package of a plugin.

    :raises Unfit: where it, or what it needs, is not there.
    """
    try:
        found: ModuleType = point.load()
    except ImportError as error:
        reason = f"{type(error).__name__}: {error}"
        raise Unfit(reason, _IMPORT) from error
    return found


def twice(name: str) -> NoReturn:
    """Refuse a second plugin of one name."""
    message = f"two installed packages are called {name}"
    raise Unfit(message)


def check(name: str, module: ModuleType, taken: Collection[str]) -> Plugin:
    """Return the plugin of a package that fits.

    :param taken: names that it may not have.
    :raises Unfit: where something does not fit.
    """
    plugin = getattr(module, "plugin", None)
    if not isinstance(plugin, Plugin):
        message = f"{module.__name__} has no `plugin = Plugin(…)`"
        raise Unfit(message)
    if plugin.name != name or not re.fullmatch(NAME, name) or name in taken:
        message = f"the name {name!r} is taken, differs from its entry point, or is not {NAME}"
        raise Unfit(message)
    if module.__name__.partition(".")[0] != f"civic_{name}":
        message = f"its package is {module.__name__}, not civic_{name}"
        raise Unfit(message)
    _check_version(plugin)
    templates = plugin.folder / "templates"
    strangers = [p for p in templates.rglob("*.*") if p.relative_to(templates).parts[0] != name]
    if strangers:
        message = f"its templates must lie in templates/{name}/, not {strangers[0].name}"
        raise Unfit(message)
    codes = [permission.code for permission in plugin.permissions]
    if len(set(codes)) < len(codes):
        message = "it declares a permission twice"
        raise Unfit(message)
    heard = [(kind.__name__, function.__name__) for kind, function in plugin.listeners]
    jobs = [job.name for job in plugin.jobs]
    if len(set(heard)) < len(heard) or len(set(jobs)) < len(jobs):
        message = "two of its subscribers of one event, or two of its jobs, have the same name"
        raise Unfit(message)
    return plugin


def _check_version(plugin: Plugin) -> None:
    try:
        fits = API_VERSION in SpecifierSet(plugin.api)
    except InvalidSpecifier as error:
        message = f"its API range {plugin.api!r} cannot be read"
        raise Unfit(message) from error
    if not fits:
        message = f"it needs civic.api {plugin.api}, this is {API_VERSION}"
        raise Unfit(message, _VERSION)


def check_hooks(manager: pluggy.PluginManager, name: str) -> None:
    """Check that a registered plugin answers only hooks that there are, and each plainly.

    :raises Unfit: for an unknown hook, or a wrapper around the answers of others.
    """
    try:
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        raise Unfit(str(error), _VERSION) from error
    for caller in manager.get_hookcallers(manager.get_plugin(name)) or ():
        for item in caller.get_hookimpls():
            if item.plugin_name == name and (item.hookwrapper or item.wrapper):
                message = f"its {caller.name} wraps the answers of others, which is not supported"
                raise Unfit(message)


def rehearse(plugin: Plugin, known: Collection[str]) -> None:
    """Register a plugin's pages where nobody sees them, so that what fails, fails here.

    :param known: endpoints of the core.
    :raises Unfit: for a way that leads nowhere.
    """
    stage = Flask("civic.rehearsal", static_folder=None)
    stage.register_blueprint(plugin, url_prefix=f"/c/<community>/{plugin.name}")
    nowhere = [item for item in plugin.nav if item.endpoint not in {*stage.view_functions, *known}]
    if nowhere:
        message = f"its way {nowhere[0].title} leads to {nowhere[0].endpoint}, which is no page"
        raise Unfit(message)
    addresses = stage.url_map.bind("localhost")
    for item in plugin.nav:
        if item.endpoint in stage.view_functions:
            try:
                addresses.build(item.endpoint, {"community": "here", **item.values})
            except BuildError as error:
                message = f"its way {item.title} lacks values for the address: {error}"
                raise Unfit(message) from error
