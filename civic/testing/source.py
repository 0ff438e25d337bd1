"""Points of the checklist that are seen in a plugin's files alone."""

import ast
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from babel.support import Translations
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from civic.api import VERSION
from civic.kernel.catalogues import CORE
from civic.kernel.migrate import resource
from civic.testing.subject import Subject

OURS = frozenset({"civic.api", "civic.testing"})
CHINESE = "zh_Hans_CN"
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
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


def catalogues(subject: Subject) -> Iterator[str]:
    """Find catalogues that do not compile, are named otherwise, or leave texts in English."""
    found = {}
    for path in subject.files("translations/*/LC_MESSAGES/*.po"):
        if path.stem != subject.name:
            yield f"{subject.place(path)} must be called {subject.name}.po"
        try:
            catalogue = _read(path)
        except PoFileError as error:
            yield f"{subject.place(path)} cannot be read: {error}"
            continue
        wrong = [f"{message.id!r}: {error}" for message in catalogue for error in message.check()]
        for line in wrong:
            yield f"{subject.place(path)}: {line}"
        if not wrong:
            write_mo(BytesIO(), catalogue)
        found[path.parent.parent.name] = catalogue
    wanted = _texts(subject)
    if CHINESE not in found:
        folder = f"translations/{CHINESE}/LC_MESSAGES"
        if wanted and not subject.files(f"{folder}/{subject.name}.po"):
            yield f"there is no {folder}/{subject.name}.po"
        return
    core = Translations.load(resource("translations"), [CHINESE], CORE)
    for text, context in wanted:
        message = found[CHINESE].get(text, context)
        if message is None or not _whole(message):
            yield f"{CHINESE} does not translate {text!r}"
            continue
        theirs = message.string if isinstance(message.string, str) else (message.string or "")[0]
        ours = core.ungettext(text, text, 1) if message.pluralizable else core.ugettext(text)
        if not context and ours not in {text, theirs}:
            yield f"{text!r} is {ours!r} on this site, not {theirs!r}: use pgettext or other words"


def _read(path: Path) -> Catalog:
    with path.open("rb") as stream:
        return read_po(stream, locale=path.parent.parent.name, abort_invalid=True)


def _whole(message: Message) -> bool:
    forms = (message.string,) if isinstance(message.string, str) else message.string or ()
    return bool(forms) and all(forms) and not message.fuzzy


def _texts(subject: Subject) -> list[tuple[str, str | None]]:
    """Return the texts that code and templates ask for, with their contexts, in a stable order."""
    if subject.folder is None:
        return []
    gathered = extract_from_dir(
        subject.folder,
        METHODS,
        {"**.html": {"silent": "false"}, "**.txt": {"silent": "false"}},
        keywords=KEYWORDS,
        directory_filter=lambda path: Path(path).name not in {"tests", "translations"},
    )
    found = {
        (text if isinstance(text, str) else text[0], context)
        for _path, _line, text, _comments, context in gathered
    }
    return sorted(found, key=lambda each: (each[0], each[1] or ""))
