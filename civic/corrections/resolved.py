"""How a consultation was decided: by its way, or by its vote."""

from sqlalchemy import select

from civic.consultations import stages
from civic.consultations.models import Consultation
from civic.kernel.db import db
from civic.voting.models import Ballot, BallotOption

#: Stages of a case that was decided in favour; of one that goes the way of a process.
FOR = frozenset(
    {
        stages.RESOLVED,
        stages.PUBLICISED,
        stages.EXECUTING,
        stages.RESULT_PUBLICISED,
        stages.RATED,
        stages.ARCHIVED,
    }
)
AGAINST = frozenset({stages.REJECTED, stages.INQUORATE, stages.WITHDRAWN, stages.VOIDED})


def in_favour(case: Consultation) -> bool | None:
    """Tell how a case was decided; None while it is not."""
    if case.stage in FOR | AGAINST:
        return case.stage in FOR
    if case.stage is not None or case.ballot_id is None:
        return None
    ballot = db.session.get_one(Ballot, case.ballot_id)
    if ballot.sealed_at is None or ballot.published_at is None:
        return None
    yes, no = db.session.scalars(
        select(BallotOption.id).filter_by(ballot_id=ballot.id).order_by(BallotOption.position)
    )
    figures = ballot.closing["result"]["figures"]
    return bool(figures[str(yes)] > figures[str(no)])
