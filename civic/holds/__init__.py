"""Places held for people: of events, of homes, of rooms (one piece that all plugins share).

A thing has so many places. Who claims them has them at once while there are enough, or waits in
line, one after the other, in the order of arrival or in one that the caller has found. What becomes
free is offered to the next in line for a while: accepted, declined, or, unanswered, offered to the
next. Several places that are claimed together are given together. Nobody is ranked, and nobody
passed over. The database itself gives no place twice.
"""

from civic.holds.line import ClaimMoved
from civic.holds.reading import claims, mine, places
from civic.holds.services import (
    accept,
    advance,
    claim,
    decline,
    end,
    leave,
    provide,
    resize,
)
from civic.holds.values import Claim, Places

__all__ = [
    "Claim",
    "ClaimMoved",
    "Places",
    "accept",
    "advance",
    "claim",
    "claims",
    "decline",
    "end",
    "leave",
    "mine",
    "places",
    "provide",
    "resize",
]
