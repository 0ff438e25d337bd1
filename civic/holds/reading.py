"""Look at places and claims without changing them; as many at a time as a list shows."""

from collections.abc import Collection, Sequence

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import aliased

from civic.holds.models import HoldClaim, HoldPool
from civic.holds.values import ACTIVE, WAITING, Claim, Places
from civic.kernel.db import db

#: Claims on a page, unless told otherwise.
PAGE = 100


def seen(pool: HoldPool) -> Places:
    """Return what others see of the places of a thing."""
    query = select(func.count()).select_from(HoldClaim).filter_by(pool_id=pool.id, state=WAITING)
    return _value(pool, db.session.scalar(query) or 0)


def _value(pool: HoldPool, waiting: int) -> Places:
    return Places(
        subject=pool.subject,
        title=pool.title,
        path=pool.path,
        capacity=pool.capacity,
        taken=pool.taken,
        waiting=waiting,
        closes_at=pool.closes_at,
    )


def seen_claim(claim: HoldClaim, subject: str) -> Claim:
    """Return what its person sees of a claim, with how many wait before it."""
    before = select(func.count()).select_from(HoldClaim)
    before = before.filter_by(pool_id=claim.pool_id, state=WAITING)
    before = before.where(HoldClaim.position < claim.position)
    return _claim(claim, subject, db.session.scalar(before) or 0)


def _claim(claim: HoldClaim, subject: str, ahead: int) -> Claim:
    return Claim(
        id=claim.id,
        subject=subject,
        person_id=claim.person_id,
        places=claim.places,
        state=claim.state,
        at=claim.at,
        until=claim.until,
        position=claim.position,
        ahead=ahead if claim.state == WAITING else 0,
    )


def places(subjects: Collection[str]) -> dict[str, Places]:
    """Return the places of several things, by subject, in one question to the database."""
    waiting = select(func.count()).where(
        HoldClaim.pool_id == HoldPool.id, HoldClaim.state == WAITING
    )
    query = select(HoldPool, waiting.scalar_subquery()).where(HoldPool.subject.in_(subjects))
    return {pool.subject: _value(pool, count) for pool, count in db.session.execute(query)}


def mine(person_id: int | None, subjects: Collection[str]) -> dict[str, Claim]:
    """Return somebody's claims to several things, by subject: the active one, else the last."""
    if person_id is None or not subjects:
        return {}
    query = (
        select(HoldClaim, HoldPool.subject, _ahead())
        .join(HoldPool, HoldPool.id == HoldClaim.pool_id)
        .where(HoldClaim.person_id == person_id, HoldPool.subject.in_(subjects))
        .order_by(HoldClaim.state.in_(ACTIVE), HoldClaim.id)
    )
    return {
        subject: _claim(claim, subject, count)
        for claim, subject, count in db.session.execute(query)
    }


def claims(
    subject: str, states: Collection[str] = ACTIVE, *, after: int = 0, limit: int = PAGE
) -> Sequence[Claim]:
    """Return the claims to a thing in the order of the line, a page at a time.

    :param after: position of the claim behind which the page begins.
    """
    query = (
        select(HoldClaim, _ahead())
        .join(HoldPool, HoldPool.id == HoldClaim.pool_id)
        .where(HoldPool.subject == subject, HoldClaim.state.in_(states))
        .where(HoldClaim.position > after)
        .order_by(HoldClaim.position)
        .limit(limit)
    )
    return [_claim(claim, subject, count) for claim, count in db.session.execute(query)]


def _ahead() -> ScalarSelect[int]:
    other = aliased(HoldClaim)
    query = select(func.count()).where(
        other.pool_id == HoldClaim.pool_id,
        other.state == WAITING,
        other.position < HoldClaim.position,
    )
    return query.scalar_subquery()
