"""Choose the statement that a participant sees next (pure; peers' practice, Polis)."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Candidate:
    """Hold what the choice among statements rests on.

    :ivar seen: votes of any kind, passes included.
    :ivar extremity: distance of the statement from the centre of the opinion map; 0 without a map.
    """

    id: int
    agrees: int
    passes: int
    seen: int
    extremity: float = 0.0


def priority(item: Candidate) -> float:
    """Weigh a statement: new ones, and those that people agree with and do not pass on."""
    smoothed = item.seen + 2
    importance = (
        (1 - (item.passes + 1) / smoothed) * (item.extremity + 1) * (item.agrees + 1) / smoothed
    )
    return (importance * (1 + 8 * 2 ** (-item.seen / 5))) ** 2


def choose(unseen: Sequence[Candidate], random: Random) -> int | None:
    """Draw one of the unseen statements in proportion to its priority; None when none is left."""
    if not unseen:
        return None
    return random.choices(unseen, [priority(item) for item in unseen])[0].id
