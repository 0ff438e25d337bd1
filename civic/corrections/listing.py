"""Corrections in lists, and who has signed."""

from collections.abc import Sequence

from sqlalchemy import select

from civic.communities.models import Community
from civic.corrections.models import Correction, CorrectionSignature
from civic.kernel.db import db

PER_PAGE = 50


def listed(community: Community, before: int | None = None) -> Sequence[Correction]:
    """Return the corrections of a community, the newest first."""
    query = select(Correction).filter_by(community_id=community.id)
    if before is not None:
        query = query.where(Correction.id < before)
    return db.session.scalars(query.order_by(Correction.id.desc()).limit(PER_PAGE)).all()


def has_signed(person_id: int | None, correction_id: int) -> bool:
    """Tell whether somebody has signed."""
    query = select(CorrectionSignature.id)
    mine = query.filter_by(correction_id=correction_id, person_id=person_id)
    return person_id is not None and db.session.scalar(mine) is not None
