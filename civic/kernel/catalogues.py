"""Translations of the core and, behind them, of the plugins; read once for each language.

Where two say the same English text, the core's translation counts, then that of the plugin whose
name comes first: a plugin can add texts and change none. Who means another thing by the same word
says so with `pgettext`.
"""

import logging
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, Request, current_app
from flask_babel import Babel, Domain, get_babel, get_locale
from wtforms.i18n import messages_path

log = logging.getLogger(__name__)

CORE = "messages"


class Catalogues(Domain):  # type: ignore[misc]
    """Be all texts of an app, in each language."""

    def __init__(self) -> None:
        """Begin with the core alone."""
        super().__init__(domain=CORE)
        self.plugins: dict[str, Path] = {}

    def get_translations(self) -> Translations:
        """Return the texts in the language of the page."""
        locale = str(get_locale())
        if locale not in self.cache:
            self.cache[locale] = self._read(locale)
        return self.cache[locale]

    def _read(self, locale: str) -> Translations:
        merged = Translations()
        for name in sorted(self.plugins, reverse=True):
            try:
                merged.merge(_of_plugin(self.plugins[name] / locale / "LC_MESSAGES", name))
            except Exception:  # whatever a plugin ships, the page is shown
                log.exception("plugin %s: its texts in %s cannot be read", name, locale)
        core: Any = Translations.load(get_babel().translation_directories[0], [locale], CORE)
        merged.merge(core)
        if hasattr(core, "plural"):
            merged.plural = core.plural  # merging leaves it out
        return merged


class Languages(Babel):  # type: ignore[misc]
    """Be Flask-Babel with catalogues that are kept, where it reads them for each page."""

    @property
    def domain_instance(self) -> Catalogues:
        """Return the texts of the current app."""
        return catalogues(current_app)


class WithForms(Request):
    """Be a request that has the texts of forms at hand, where the library reads them for each."""

    @property
    def wtforms_translations(self) -> NullTranslations:
        """Return the texts of WTForms in the language of the page; Flask-WTF asks for them."""
        return _of_forms(str(get_locale()))


@cache
def _of_forms(locale: str) -> NullTranslations:
    return Translations.load(messages_path(), [locale], "wtforms")


def catalogues(app: Flask) -> Catalogues:
    """Return the texts of an app."""
    kept: Catalogues = app.extensions.setdefault("civic_catalogues", Catalogues())
    return kept


def _of_plugin(folder: Path, name: str) -> Translations:
    """Read the compiled catalogue of a plugin, or its source where that is newer or alone."""
    source, compiled = folder / f"{name}.po", folder / f"{name}.mo"
    if not source.exists() and not compiled.exists():
        return Translations()
    if compiled.exists() and (
        not source.exists() or compiled.stat().st_mtime >= source.stat().st_mtime
    ):
        return Translations(BytesIO(compiled.read_bytes()))
    made = BytesIO()
    with source.open("rb") as stream:
        write_mo(made, read_po(stream))
    made.seek(0)
    return Translations(made)
