"""The point of the checklist about a plugin's texts."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from babel.support import Translations

from civic.kernel.catalogues import CORE
from civic.kernel.migrate import resource
from civic.testing.subject import Subject

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


def catalogues(subject: Subject) -> Iterator[str]:
    """Find catalogues that do not compile, are named otherwise, or leave texts in English."""
    chinese = None
    for path in subject.files("translations/*/LC_MESSAGES/*.po"):
        yield from _wrong(subject, path)
        if path.parent.parent.name == CHINESE:
            chinese = path
    wanted = _texts(subject)
    if chinese is None and wanted:
        yield f"there is no translations/{CHINESE}/LC_MESSAGES/{subject.name}.po"
    elif chinese is not None and not list(_wrong(subject, chinese)):
        yield from _missing(_read(chinese), wanted)


def _wrong(subject: Subject, path: Path) -> Iterator[str]:
    """Find what is wrong with one catalogue by itself."""
    if path.stem != subject.name:
        yield f"{subject.place(path)} must be called {subject.name}.po"
    try:
        catalogue = _read(path)
    except PoFileError as error:
        yield f"{subject.place(path)} cannot be read: {error}"
        return
    wrong = [f"{message.id!r}: {error}" for message in catalogue for error in message.check()]
    yield from (f"{subject.place(path)}: {line}" for line in wrong)
    if not wrong:
        write_mo(BytesIO(), catalogue)


def _missing(catalogue: Catalog, wanted: list[tuple[str, str | None]]) -> Iterator[str]:
    """Find texts that stay English, and such as the site says in other words."""
    core = Translations.load(resource("translations"), [CHINESE], CORE)
    for text, context in wanted:
        message = catalogue.get(text, context)
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
