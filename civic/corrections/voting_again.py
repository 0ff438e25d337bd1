"""The way back to a vote: open where a correction decided that it is held again."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from civic.consultations import linked
from civic.consultations.checks import Check
from civic.consultations.models import Consultation
from civic.corrections.models import DECIDED, Correction
from civic.corrections.rules import COUNT, REVOTE
from civic.kernel.db import db


def _missing(case: Consultation) -> list[str]:
    """Say that nobody decided it, that what was decided is done, or that no notice told it."""
    rests_on = linked.decided_by(case)
    decided = select(func.max(Correction.decided_at)).filter_by(
        target=COUNT, subject_id=rests_on.id if rests_on else 0, effect=REVOTE, state=DECIDED
    )
    at = db.session.scalar(decided)
    if at is None:
        return [_("No correction has decided that the vote is held again.")]
    for _link, notice in linked.notices(case.id):
        if notice.issued_at and notice.issued_at > at and notice.withdrawn_at is None:
            return []
    return [_("No notice issued since that decision says that the vote is held again.")]


CHECK = Check("revote_decided", _l("A correction decided that the vote is held again"), _missing)
