"""The way back to a vote: open where a correction decided that it is held again."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from civic.consultations import linked
from civic.consultations.checks import Check
from civic.consultations.models import Consultation
from civic.corrections.models import DECIDED, Correction
from civic.corrections.rules import COUNT, REVOTE
from civic.kernel.db import db


def _missing(case: Consultation) -> list[str]:
    """Say that nobody decided it, or that what was decided is done."""
    held = [ballot for _link, ballot in linked.ballots(case.id)]
    published = [ballot.id for ballot in held if ballot.published_at is not None]
    last = max(published, default=0)
    decided = select(Correction.id).filter_by(
        target=COUNT, subject_id=last, effect=REVOTE, state=DECIDED
    )
    if db.session.scalar(decided.limit(1)) is not None:
        return []
    return [_("No correction has decided that the vote is held again.")]


CHECK = Check("revote_decided", _l("A correction decided that the vote is held again"), _missing)
