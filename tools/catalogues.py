"""Gather texts into the translation catalogues, compile them, and say what is missing.

    python -m tools.catalogues update    gather from code and templates, then compile
    python -m tools.catalogues compile   compile only
    python -m tools.catalogues check     say what is missing or stale, changing nothing

The catalogues hold no places and no dates that move, and are sorted, so that a change of one text
is a change of one entry.
"""

import copy
import os
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALES = ("en", "zh_Hans_CN")
SOURCE_LOCALE = "en"
METHODS = [
    ("tests/**", "ignore"),
    ("**.py", "python"),
    ("**.html", "jinja2"),
    ("**.txt", "jinja2"),
]
OPTIONS = {"**.html": {"silent": "false"}, "**.txt": {"silent": "false"}}
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


def sources(root: Path) -> Iterator[Path]:
    """Yield the catalogues of the core and of every plugin."""
    for folder in ("civic", "plugins"):
        yield from sorted((root / folder).rglob("translations/*/LC_MESSAGES/*.po"))


def compile_all(root: Path = ROOT) -> None:
    """Write the binary form beside each catalogue."""
    for source in sources(root):
        with source.open("rb") as stream:
            catalogue = read_po(stream, locale=source.parent.parent.name)
        compiled = BytesIO()
        write_mo(compiled, catalogue)
        # Moved into place whole: a server may be reading it, and others may be compiling too.
        fresh = source.with_suffix(f".{os.getpid()}.new")
        fresh.write_bytes(compiled.getvalue())
        fresh.replace(source.with_suffix(".mo"))


def gather(root: Path = ROOT) -> Catalog:
    """Return the texts that the core's code and templates ask for."""
    return _gathered("Civic", root / "civic", root / "templates")


def _gathered(project: str, *folders: Path) -> Catalog:
    template = Catalog(project=project, version="", charset="utf-8")
    for folder in folders:
        found = extract_from_dir(
            folder,
            METHODS,
            OPTIONS,
            keywords=KEYWORDS,
            comment_tags=("i18n:",),
            strip_comment_tags=True,
        )
        for _path, _line, message, comments, context in found:
            template.add(message, auto_comments=comments, context=context)
    return template


def plugins(root: Path) -> Iterator[tuple[Path, Catalog]]:
    """Yield the Chinese catalogue of each bundled plugin, and the texts it asks for.

    Their English stands in the code, as for plugins of others, and needs no catalogue.
    """
    for folder in sorted((root / "plugins").glob("civic_*")):
        name = folder.name.removeprefix("civic_")
        path = folder / "translations" / LOCALES[1] / "LC_MESSAGES" / f"{name}.po"
        yield path, _gathered(f"Civic {name}", folder)


def core_catalogue(root: Path, locale: str) -> Path:
    """Return where the core's catalogue of a language lies."""
    return root / "civic" / "translations" / locale / "LC_MESSAGES" / "messages.po"


def render(catalogue: Catalog) -> bytes:
    """Return the catalogue as text, in the form that gives small differences."""
    text = BytesIO()
    write_po(
        text,
        catalogue,
        no_location=True,
        omit_header=True,
        sort_output=True,
        ignore_obsolete=True,
        width=100,
    )
    header = (
        "# Translations of Civic. Gathered by `make i18n`.\n"
        'msgid ""\nmsgstr ""\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Language: {catalogue.locale}\\n"\n'
        f'"Plural-Forms: {catalogue.plural_forms}\\n"\n\n'
    )
    return header.encode() + text.getvalue()


def updated(path: Path, locale: str, template: Catalog) -> Catalog:
    """Return a language's catalogue with the template's texts, keeping what is translated.

    A changed text counts as new: no guessing (fuzzy matching), since a guess reads as done.
    """
    catalogue = Catalog(locale=locale)
    if path.exists():
        with path.open("rb") as stream:
            catalogue = read_po(stream, locale=locale)
    # A copy, since the catalogue takes the template's messages as its own.
    catalogue.update(copy.deepcopy(template), no_fuzzy_matching=True)
    if locale == SOURCE_LOCALE:
        for message in catalogue:
            if message.id and not any(message.string or ()):
                message.string = message.id
    return catalogue


def update(root: Path = ROOT) -> None:
    """Bring all catalogues in line with the code, and compile them."""
    template = gather(root)
    (root / "civic" / "translations").mkdir(exist_ok=True)
    (root / "civic" / "translations" / "messages.pot").write_bytes(render(template))
    for locale in LOCALES:
        path = core_catalogue(root, locale)
        path.parent.mkdir(parents=True, exist_ok=True)
        core = updated(path, locale, template)
        path.write_bytes(render(core))
    for path, template in plugins(root):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(render(_as_in(core, updated(path, LOCALES[1], template))))
    compile_all(root)


def _as_in(core: Catalog, catalogue: Catalog) -> Catalog:
    """Return a plugin's catalogue that says what the core says too as the core says it."""
    for message in catalogue:
        known = core.get(message.id, message.context) if message.id else None
        if known is not None and known.string and any(known.string):
            message.string = known.string
    return catalogue


def complaints(root: Path = ROOT) -> list[str]:
    """Return what is untranslated, stale or wrong in the catalogues, one line each."""
    template = gather(root)
    found = [
        line
        for locale in LOCALES
        for line in _complaints(locale, core_catalogue(root, locale), locale, template)
    ]
    for path, wanted in plugins(root):
        found += _complaints(f"{path.stem} {LOCALES[1]}", path, LOCALES[1], wanted)
    return sorted(found)


def _complaints(called: str, path: Path, locale: str, template: Catalog) -> Iterator[str]:
    wanted = {(message.context, message.id) for message in template if message.id}
    if not path.exists():
        yield f"{called}: there is no catalogue"
        return
    with path.open("rb") as stream:
        catalogue = read_po(stream, locale=locale)
    held = {(message.context, message.id): message for message in catalogue if message.id}
    yield from (f"{called}: not gathered: {key[1]!r}" for key in wanted - held.keys())
    yield from (f"{called}: no longer used: {key[1]!r}" for key in held.keys() - wanted)
    for key in wanted & held.keys():
        message = held[key]
        forms = message.string if message.pluralizable else (message.string,)
        if message.fuzzy or not forms or not all(forms):
            yield f"{called}: untranslated: {message.id!r}"
        yield from (f"{called}: {message.id!r}: {error}" for error in message.check(catalogue))


def main() -> int:
    """Do what the command line asks; return the exit status."""
    match sys.argv[1:]:
        case ["update"]:
            update()
            missing = complaints()
            print("\n".join(missing) or "All texts are translated.")
            return 0
        case ["compile"]:
            compile_all()
            return 0
        case ["check"]:
            missing = complaints()
            print("\n".join(missing) or "All texts are translated.")
            return 1 if missing else 0
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
