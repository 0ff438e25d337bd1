"""Read what people said in a round of ratings."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from civic.kernel.db import db
from civic.outcomes.models import Rating, RatingRound

PER_PAGE = 50


def mine(person_id: int | None, found: RatingRound) -> Rating | None:
    """Return what somebody said in a round."""
    key: dict[str, Any] = {"consultation_id": found.consultation_id, "number": found.number}
    query = select(Rating).filter_by(**key, person_id=person_id)
    return db.session.scalar(query) if person_id is not None else None


def said(found: RatingRound) -> Sequence[Rating]:
    """Return the newest ratings of a round that has ended, for their words."""
    query = select(Rating).filter_by(consultation_id=found.consultation_id, number=found.number)
    return db.session.scalars(query.order_by(Rating.at.desc()).limit(PER_PAGE)).all()
