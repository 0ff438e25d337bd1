"""Notes that stand on something for everybody to read; rooms above give them, pages below ask.

A page asks once, with one statement, for all that stands on what it shows.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from flask import current_app


@dataclass(frozen=True, kw_only=True)
class Note:
    """Be one note.

    :ivar kind: of its box: info, done, warn or stop.
    :ivar url: where it is explained.
    """

    kind: str
    title: str
    text: str
    url: str
    at: datetime


@dataclass(frozen=True)
class Standing:
    """Hold the notes on one thing, and where one says that something is wrong with it."""

    notes: list[Note] = field(default_factory=list)
    url: str = ""


#: Takes what it is, its key, and the community's name in addresses (nothing outside one).
Source: TypeAlias = Callable[[str, int, str], Standing]


def register(source: Source) -> None:
    """Give notes, in the current app."""
    current_app.extensions["civic_public_notes"] = source


def of(kind: str, key: int, community: str = "") -> Standing:
    """Return what stands on one thing, the newest first.

    :param kind: what it is: `count`, `notice`, `rule` or `resolution`.
    """
    source: Source | None = current_app.extensions.get("civic_public_notes")
    return source(kind, key, community) if source else Standing()
