"""What is due for a post: domains register where it is found, the staff desk shows it by date."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from flask import Flask, current_app

from civic.kernel.permissions import Actor


@dataclass(frozen=True, kw_only=True)
class Due:
    """Be one thing that waits for somebody with a post.

    :ivar kind: what sort of thing, in words.
    :ivar title: which one, in words; never more than its reader may see.
    :ivar action: verb of what is to be done.
    :ivar at: by when; None where nobody set a date.
    :ivar since: since when it waits.
    :ivar community_id: where it belongs.
    """

    kind: str
    title: str
    action: str
    url: str
    at: datetime | None
    since: datetime | None
    community_id: int


#: Finds what is due for an actor over all their posts, in a bounded number of statements, and at
#: most `limit` items, the earliest first.
Source: TypeAlias = Callable[[Actor, int], Iterable[Due]]


def init_app(app: Flask) -> None:
    """Give an app its own list of sources."""
    app.extensions["civic_due"] = []


def register(source: Source) -> None:
    """Add a source of what is due."""
    current_app.extensions["civic_due"].append(source)


def sources() -> list[Source]:
    """Return the sources of the current app, in the order of registration."""
    found: list[Source] = current_app.extensions["civic_due"]
    return found
