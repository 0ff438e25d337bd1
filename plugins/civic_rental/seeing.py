"""What staff look at: who applied, how many, and what was decided about doubles."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from civic.api import Actor, db
from civic_rental import verifying
from civic_rental.allocation_models import FIXED, Allocation
from civic_rental.application_models import (
    CLAIMED,
    DRAFT,
    SET_ASIDE,
    SUBMITTED,
    WITHDRAWN,
    Applicant,
    Doubles,
    Ground,
)
from civic_rental.freezing import PAGE
from civic_rental.words import said

#: What a list of applications can be narrowed to.
ONLY = ("undecided", SUBMITTED, WITHDRAWN, SET_ASIDE)


def applications(which: Allocation, only: str, after: int) -> Sequence[Applicant]:
    """Return what was handed in, by receipt number, a page at a time."""
    query = (
        select(Applicant)
        .where(Applicant.allocation_id == which.id, Applicant.number > after)
        .options(selectinload(Applicant.grounds))
        .order_by(Applicant.number)
        .limit(PAGE)
    )
    if only == "undecided":
        waits = select(Ground.applicant_id).where(Ground.state == CLAIMED)
        query = query.where(Applicant.state == SUBMITTED, Applicant.id.in_(waits))
    elif only in ONLY:
        query = query.where(Applicant.state == only)
    return db.session.scalars(query).all()


def counts(which: Allocation) -> dict[str, int]:
    """Return how many applications there are of each state; drafts are counted and not shown."""
    query = select(Applicant.state, func.count()).where(Applicant.allocation_id == which.id)
    rows = db.session.execute(query.group_by(Applicant.state))
    found = {row[0]: int(row[1]) for row in rows}
    return {state: found.get(state, 0) for state in (DRAFT, SUBMITTED, WITHDRAWN, SET_ASIDE)}


def decidable(actor: Actor, which: Applicant) -> bool:
    """Tell whether an actor can decide on the claims of an application now."""
    mine = which.person_id == actor.person_id
    return which.allocation.state == FIXED and which.state == SUBMITTED and not mine


def tier(which: Applicant) -> str:
    """Return the words of the tier that an application is in by now."""
    code = verifying.tier_of(verifying.verified(which), which.allocation.tiers)
    return next(said(row) for row in which.allocation.tiers if row["code"] == code)


def decided(which: Allocation) -> Sequence[Doubles]:
    """Return what was decided about doubles, the earliest first."""
    query = select(Doubles).filter_by(allocation_id=which.id).order_by(Doubles.id)
    return db.session.scalars(query).all()
