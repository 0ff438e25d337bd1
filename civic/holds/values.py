"""Places and claims as others see them: frozen values and the states of a claim (pure)."""

from dataclasses import dataclass
from datetime import datetime

#: A claim waits in line, is offered its places for a while, or holds them; the rest is over.
WAITING, OFFERED, HELD = "waiting", "offered", "held"
DECLINED, EXPIRED, LEFT, ENDED = "declined", "expired", "left", "ended"
#: Those that take places away from others, and those of which one person has one at most.
TAKING = (OFFERED, HELD)
ACTIVE = (WAITING, *TAKING)
STATES = (*ACTIVE, DECLINED, EXPIRED, LEFT, ENDED)


@dataclass(frozen=True, kw_only=True)
class Places:
    """Be the places of one thing: how many there are, are taken, and are waited for.

    :ivar subject: the thing, as its plugin calls it: `events.session:12`.
    :ivar capacity: how many there are.
    :ivar taken: how many are held or offered; never more than there are.
    :ivar closes_at: when nobody can claim or accept any more; None where that has no end.
    :ivar waiting: how many claims wait in line.
    """

    subject: str
    title: str
    path: str
    capacity: int
    taken: int
    waiting: int
    closes_at: datetime | None = None

    @property
    def free(self) -> int:
        """Return how many places nobody holds or is offered."""
        return self.capacity - self.taken


@dataclass(frozen=True, kw_only=True)
class Claim:
    """Be the claim of one person to one or several places of a thing.

    :ivar person_id: whose; nobody's once the account is closed.
    :ivar places: how many are claimed together; they are offered together or not at all.
    :ivar state: `waiting`, `offered`, `held`, or how it ended: `declined`, `expired`, `left` by
        its person, `ended` with the thing.
    :ivar ahead: how many claims wait before this one; 0 unless it waits.
    :ivar at: when it was made.
    :ivar position: place in line, the lowest first; others before it may have gone.
    :ivar until: until when an offer is to be accepted; None unless it is offered.
    """

    id: int
    subject: str
    person_id: int | None
    places: int
    state: str
    at: datetime
    position: int
    until: datetime | None = None
    ahead: int = 0

    @property
    def active(self) -> bool:
        """Tell whether it waits, is offered places or holds them."""
        return self.state in ACTIVE
