"""Points of the checklist that are seen in a plugin's files alone."""

import ast
import re
from collections.abc import Iterator

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from civic.api import VERSION
from civic.testing.subject import Subject

OURS = frozenset({"civic.api", "civic.testing"})
#: How templates name a static file of a plugin.
STATIC = re.compile(r"""static\(\s*["']p/([^/"']+)/([^"']+)["']""")


def imports(subject: Subject) -> Iterator[str]:
    """Find imports of the core that are not promised."""
    for path in subject.files("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            for name in _imported(node):
                top = name.partition(".")[0]
                if top == "civic" and name not in OURS:
                    where = f"{subject.place(path)}:{getattr(node, 'lineno', 1)}"
                    yield f"{where} imports {name}; what plugins may use is in civic.api"
                elif top.startswith("civic_") and top != f"civic_{subject.name}":
                    where = f"{subject.place(path)}:{getattr(node, 'lineno', 1)}"
                    yield f"{where} imports {top}; plugins meet each other in hooks and events"


def _imported(node: ast.AST) -> list[str]:
    """Return the modules that a statement imports from, `civic.api` for `from civic import api`."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        if node.module == "civic":
            return [f"civic.{alias.name}" for alias in node.names]
        return [node.module]
    return []


def api_range(subject: Subject) -> Iterator[str]:
    """Find a range of versions that cannot be read or leaves this version out."""
    given = subject.plugin.api
    try:
        fits = VERSION in SpecifierSet(given)
    except InvalidSpecifier:
        yield f"api={given!r} cannot be read; write it like `>=1.0,<2`"
    else:
        if not fits:
            yield f"api={given!r} leaves out {VERSION}, the version that is here"


def files(subject: Subject) -> Iterator[str]:
    """Find templates and static files that are not under the plugin's own name."""
    if subject.folder is None:
        return
    folder = subject.folder / "templates"
    for path in subject.files("templates/**/*"):
        if path.is_file() and path.relative_to(folder).parts[0] != subject.name:
            yield f"{subject.place(path)} must lie in templates/{subject.name}/"
    for path in subject.files("templates/**/*.*"):
        for owner, name in STATIC.findall(path.read_text("utf-8")):
            if owner != subject.name:
                yield f"{subject.place(path)} uses static files of {owner}"
            elif not (subject.folder / "static" / name).is_file():
                yield f"{subject.place(path)} names static/{name}, which is not there"
