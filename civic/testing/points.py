"""What a point of the checklist is, and what it says when it is not held."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from civic.testing.subject import Subject


class Fault(Exception):  # noqa: N818 - a finding
    """A plugin does not hold a point of the checklist.

    :ivar lines: what was found, each with its place and what to do.
    """

    def __init__(self, *lines: str) -> None:
        """Keep what was found."""
        super().__init__("; ".join(lines))
        self.lines = lines


class NotAsked(Exception):  # noqa: N818 - an answer
    """A point cannot be looked at because of what another point has found."""


Look: TypeAlias = Callable[["Subject"], Iterable[str]]


@dataclass(frozen=True)
class Check:
    """Be one point: a stable code, the sentence that must be true, and how it is looked at.

    :ivar why: what happens to a site with a plugin of which it is not true.
    :ivar look: yields what is found against it.
    """

    code: str
    says: str
    why: str
    look: Look

    def run(self, subject: "Subject") -> None:
        """Look at a plugin.

        :raises Fault: with all that was found.
        """
        found = list(self.look(subject))
        if found:
            raise Fault(*found)
