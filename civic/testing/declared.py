"""Points of the checklist about what a plugin declares."""

import inspect
import re
from collections.abc import Callable, Iterator
from typing import Any

import pluggy
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Field

from civic.kernel import hookspecs, plugin_settings
from civic.kernel.permissions import registry
from civic.testing.subject import Subject

CODE = re.compile(r"[a-z][a-z_]*")
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def permissions(subject: Subject) -> Iterator[str]:
    """Find codes that are malformed, and such as nobody declared."""
    own = subject.plugin.permissions
    for permission in own:
        code = permission.code.removeprefix(f"{subject.name}.")
        if not CODE.fullmatch(code):
            yield f"{permission.code}: write the part after {subject.name}. in small letters"
        if not permission.groups:
            yield f"{permission.code} is given to nobody by default"
    if subject.refusal:
        return
    with subject.inside():
        known = registry().known
        for name, view in _views(subject):
            asked = getattr(view, "permission", "")
            if asked and asked not in known:
                yield f"{name} requires {asked}, which is not declared"
        for item in subject.plugin.nav:
            if item.permission and item.permission not in known:
                yield f"the way to {item.endpoint} asks for {item.permission}, not declared"


def _views(subject: Subject) -> list[tuple[str, Callable[..., Any]]]:
    found = subject.app.view_functions.items()
    return sorted((name, view) for name, view in found if name.startswith(f"{subject.name}."))


def hooks(subject: Subject) -> Iterator[str]:
    """Find hooks that are not ours, and arguments that we do not pass."""
    manager = pluggy.PluginManager("civic")
    known = {
        name: set(inspect.signature(function).parameters)
        for name, function in vars(hookspecs).items()
        if manager.parse_hookspec_opts(hookspecs, name) is not None and callable(function)
    }
    for name, function in vars(subject.module).items():
        if (
            not inspect.isroutine(function)
            or manager.parse_hookimpl_opts(subject.module, name) is None
        ):
            continue
        if name not in known:
            yield f"{name} is not a hook; there are {', '.join(sorted(known))}"
            continue
        for argument in inspect.signature(function).parameters:
            if argument not in known[name]:
                passed = ", ".join(sorted(known[name]))
                yield f"{name} takes {argument}, which is not passed; it may take {passed}"


def loads(subject: Subject) -> Iterator[str]:
    """Find why a plugin is not loaded, unless an earlier point has said so."""
    if subject.folder is None:
        yield f"there is no package civic_{subject.name} that could be imported"
    elif subject.refusal and not subject.known_refusal:
        yield subject.refusal


def guards(subject: Subject) -> Iterator[str]:
    """Find views that change something and name neither a permission nor that they are public."""
    rules = subject.app.url_map.iter_rules()
    asked = {rule.endpoint for rule in rules if UNSAFE & (rule.methods or set())}
    for name, view in _views(subject):
        bare = not getattr(view, "permission", "") and not getattr(view, "public", "")
        if name in asked and bare:
            yield f'{name}: put @require("{subject.name}....") above the view, below the route'


def nav(subject: Subject) -> Iterator[str]:
    """Find ways that lead nowhere."""
    found = {rule.endpoint: rule for rule in subject.rules}
    for item in subject.plugin.nav:
        rule = found.get(item.endpoint)
        if rule is None:
            yield f"{item.endpoint} is not a page of the plugin"
        elif rule.arguments - {"community", *item.values} or "GET" not in (rule.methods or ()):
            yield f"{item.endpoint} cannot be opened by its address alone"


def settings(subject: Subject) -> Iterator[str]:
    """Find settings that a community cannot begin with."""
    form = getattr(subject.plugin, "settings", None)
    if form is None:
        return
    with subject.app.test_request_context():
        fields = plugin_settings.fields(form())
        for name, field in fields.items():
            # A box that is not ticked says no; what may be left empty may begin so.
            if field.default is None and not (isinstance(field, BooleanField) or _optional(field)):
                yield f"{name} has no default, and is not `Optional()`"
        given = MultiDict((name, _text(field)) for name, field in fields.items() if _text(field))
        filled = form(given)
        if not filled.validate():
            for name, errors in filled.errors.items():
                if _text(fields[name]):
                    yield f"the default of {name} is refused: {' '.join(map(str, errors))}"


def _optional(field: Field) -> bool:
    return bool(field.flags.optional)


def _text(field: Field) -> str:
    """Return the default of a field as a browser would send it; nothing where it sends none."""
    shown = getattr(field, "_value", None)
    return str(shown()) if shown and field.default is not None else ""
