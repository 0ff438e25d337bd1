"""Plugins that are installed and that this site does without: neither loaded nor migrated.

The marks are rows, so that all processes and machines of a site know them; they are read before
plugins are loaded, and so count from the next start on.
"""

from datetime import datetime
from pathlib import Path

from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapped, mapped_column

from civic.kernel import clock
from civic.kernel.db import Model, db, reading


class AbsentPlugin(Model):
    """Mark a plugin that is not to be loaded, although its package is installed."""

    name: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime]


def marked(app: Flask) -> frozenset[str]:
    """Return the plugins that are marked; none where there is no database yet."""
    with app.app_context():
        file = db.engine.url.database if db.engine.dialect.name == "sqlite" else None
        if file and not Path(file).exists():
            return frozenset()  # asking would make an empty one
        try:
            with reading():
                return frozenset(db.session.scalars(select(AbsentPlugin.name)))
        except DBAPIError:
            return frozenset()


def mark(name: str) -> None:
    """Let a plugin be left out from the next start on."""
    unmark(name)
    db.session.add(AbsentPlugin(name=name, since=clock.now()))


def unmark(name: str) -> bool:
    """Let a plugin be loaded again from the next start on; tell whether it was marked."""
    found = db.session.execute(
        delete(AbsentPlugin).filter_by(name=name).returning(AbsentPlugin.name)
    ).all()
    return bool(found)
