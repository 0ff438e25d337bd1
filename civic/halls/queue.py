"""Say who speaks next: whoever has spoken less often on the item, then whoever waits longer (pure).

Rules of order in their Chinese short form: nobody speaks again while others who want to speak have
not; among these the hand that was raised first counts, whoever raised it and by which way.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Hand:
    """Be a raised hand.

    :ivar id: in the order in which hands came in.
    :ivar who: by what two hands of one person are known: their id, or the words for them.
    """

    id: int
    who: Hashable
    raised_at: datetime


def order(hands: Iterable[Hand], spoken: Mapping[Hashable, int]) -> list[Hand]:
    """Return hands in the order in which they are called.

    :param spoken: how often somebody has spoken on this item.
    """
    return sorted(hands, key=lambda hand: (spoken.get(hand.who, 0), hand.raised_at, hand.id))
