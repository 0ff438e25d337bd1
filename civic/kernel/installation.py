"""What an installation knows of itself."""

from flask import current_app
from sqlalchemy.orm import Mapped, mapped_column

from civic.kernel.db import Model, db

DEMO = "demo"


class Installation(Model):
    """Keep one fact of this installation; a row `demo` marks invented data."""

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
