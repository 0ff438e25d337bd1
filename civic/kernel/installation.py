"""What an installation knows of itself."""

from flask import current_app
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from civic.kernel.db import Model, db

DEMO = "demo"
LANGUAGE = "language"
_KNOWN = "civic_language"


class Installation(Model):
    """Keep one fact of this installation.

    A row `demo` marks invented data; `language` is that of pages for whoever chose none.
    """

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


def mark_as_demo() -> None:
    """Mark the database as one of invented data, for good."""
    db.session.add(Installation(name=DEMO, value="yes"))


def is_demo() -> bool:
    """Tell whether the data here are invented; asked of the database once per process."""
    known: bool | None = current_app.extensions.get("civic_demo")
    if known is None:
        known = db.session.get(Installation, DEMO) is not None
        current_app.extensions["civic_demo"] = known
    return known


def choose_language(tag: str) -> None:
    """Choose the language of pages for whoever chose none; a second choice breaks the key."""
    db.session.add(Installation(name=LANGUAGE, value=tag))
    current_app.extensions.pop(_KNOWN, None)


def chosen_language() -> str:
    """Return the language chosen for this site, or nothing; asked once per process."""
    known: str | None = current_app.extensions.get(_KNOWN)
    if known is None:
        try:
            found = db.session.get(Installation, LANGUAGE)
        except SQLAlchemyError:  # the page that says so needs a language too
            return ""
        known = found.value if found else ""
        current_app.extensions[_KNOWN] = known
    return known
