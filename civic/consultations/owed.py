"""What a community owes to people: answers and work, with the date of each; rooms register."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

from flask import current_app

from civic.communities.models import Community

#: Of each source, and of a page.
MOST = 50
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Owed:
    """Be one thing that somebody waits for.

    :ivar kind: what it is, in words: an answer to an objection, a task.
    :ivar title: what it is about, as everybody may read it.
    :ivar since: since when it is owed.
    :ivar due: by when; None where nothing says so.
    """

    kind: str
    title: str
    url: str
    since: datetime
    due: datetime | None

    def late(self, now: datetime) -> bool:
        """Tell whether it is overdue."""
        return self.due is not None and self.due <= now


#: Takes a community and how many are wanted; returns these, the earliest due first.
Source: TypeAlias = Callable[[Community, int], Iterable[Owed]]


def register(source: Source) -> None:
    """Show what a room owes, in the current app."""
    current_app.extensions.setdefault("civic_owed", []).append(source)


def of(community: Community) -> list[Owed]:
    """Return what a community owes, the earliest due first."""
    sources: list[Source] = current_app.extensions.get("civic_owed", [])
    found = [one for source in sources for one in source(community, MOST)]
    return sorted(found, key=lambda one: (one.due or _NEVER, one.since))[:MOST]
