"""The line before places: lock it, let offers end, and offer what is free to the next in it.

Whoever changes a claim locks the places first, and holds accounts before that; what others are to
hear of is told by events after the transaction, since a message would wait for their accounts.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, or_, select

from civic.holds.models import HoldClaim, HoldPool
from civic.holds.values import ENDED, EXPIRED, OFFERED, WAITING
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.events import Event, publish


@dataclass(frozen=True, kw_only=True)
class ClaimMoved(Event):
    """Say that a claim has come to a state: offered places, holding them, or over.

    :ivar subject: the thing, as its plugin calls it.
    :ivar person_id: whose; None once the account is closed.
    :ivar state: as in `Claim`, at that moment; a later one may have followed.
    """

    subject: str
    claim_id: int
    person_id: int | None
    places: int
    state: str


def locked(subject: str) -> HoldPool:
    """Return the places of a thing, locked until the transaction ends.

    :raises Refused: 404 for a thing without places.
    """
    query = select(HoldPool).filter_by(subject=subject).with_for_update()
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise Refused("no_places", _l("There are no places to be had."), HTTPStatus.NOT_FOUND)
    return found


def locked_by(claim_id: int) -> tuple[HoldPool, HoldClaim]:
    """Return a claim and its places, both locked until the transaction ends.

    :raises Refused: 404 for no such claim.
    """
    query = select(HoldPool.subject).join(HoldClaim, HoldClaim.pool_id == HoldPool.id)
    subject = db.session.scalar(query.where(HoldClaim.id == claim_id))
    if subject is None:
        raise Refused("no_claim", _l("There is no such claim to places."), HTTPStatus.NOT_FOUND)
    pool = locked(subject)
    claim = db.session.get_one(HoldClaim, claim_id, populate_existing=True)
    return pool, claim


def move(pool: HoldPool, claim: HoldClaim, state: str, until: datetime | None = None) -> None:
    """Bring a claim to a state; the database counts what is taken then."""
    claim.state, claim.until, claim.moved_at = state, until, clock.now()
    db.session.flush()
    db.session.refresh(pool, ["taken"])
    publish(
        ClaimMoved(
            community_id=pool.community_id,
            subject=pool.subject,
            claim_id=claim.id,
            person_id=claim.person_id,
            places=claim.places,
            state=state,
        )
    )


def closed(pool: HoldPool) -> bool:
    """Tell whether it is too late to claim or to accept."""
    return pool.closes_at is not None and pool.closes_at <= clock.now()


def let_end(pool: HoldPool) -> None:
    """Let offers end that are over, and, once it is too late, all that still waits."""
    over = closed(pool)
    ended = HoldClaim.state.in_((WAITING, OFFERED)) if over else HoldClaim.until <= clock.now()
    for claim in db.session.scalars(_line(pool).where(ended)).all():
        move(pool, claim, ENDED if claim.state == WAITING else EXPIRED)


def shorten(pool: HoldPool) -> None:
    """Let no offer last longer than places are given; whoever has it is told anew until when."""
    if pool.closes_at is None:
        return
    longer = _line(pool).where(HoldClaim.until > pool.closes_at)
    for claim in db.session.scalars(longer).all():
        move(pool, claim, OFFERED, pool.closes_at)


def _line(pool: HoldPool) -> Select[HoldClaim]:
    mine = select(HoldClaim).filter_by(pool_id=pool.id).order_by(HoldClaim.position)
    return mine.execution_options(populate_existing=True)


def go_on(pool: HoldPool) -> None:
    """Let offers end that are over, and offer free places to the next in line, as far as they go.

    Nobody is passed over: where the next in line wants more places than are free, all wait.
    """
    let_end(pool)
    now, over = clock.now(), closed(pool)
    waiting = _line(pool).filter_by(state=WAITING).limit(1)
    while not over and pool.taken < pool.capacity:
        first = db.session.scalar(waiting)
        if first is None or first.places > pool.capacity - pool.taken:
            return
        until = now + timedelta(minutes=pool.offer_minutes)
        move(pool, first, OFFERED, min(until, pool.closes_at or until))


def due() -> list[str]:
    """Return the things of which an offer, or the time to claim, is over."""
    now = clock.now()
    query = select(HoldPool.subject).join(HoldClaim, HoldClaim.pool_id == HoldPool.id)
    late = HoldClaim.state.in_((WAITING, OFFERED)) & (HoldPool.closes_at <= now)
    query = query.where(or_(HoldClaim.until <= now, late)).distinct()
    return list(db.session.scalars(query.order_by(HoldPool.subject).limit(500)))


def run() -> None:
    """Let offers end whose time is over, each thing in a transaction of its own."""
    for subject in due():
        go_on(locked(subject))
        db.session.commit()
