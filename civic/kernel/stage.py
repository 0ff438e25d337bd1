"""The demonstration, as a plugin plays in it: its invented people, and its days."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from civic.kernel import clock
from civic.kernel.permissions import Actor


@dataclass(frozen=True)
class Stage:
    """Be the demonstration for a plugin that plays in it.

    :ivar person: returns an invented person as an actor, by their name in the script: `zhouhong`
        is the secretary, `sunwei` her deputy, `hejing` an officer of the street; residents are
        `zhiqiang`, `xiulan`, `jianguo` and others. Who signs in as a visitor has done nothing.
    :ivar moment: returns the moment of a day and an hour, as `-3 18:40`: day 0 is today.
    """

    person: Callable[[str], Actor]
    moment: Callable[[str], datetime]

    def at(self, words: str) -> AbstractContextManager[None]:
        """Let the clock start from a moment until the block ends."""
        return clock.at(self.moment(words))
