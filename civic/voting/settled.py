"""Whether the roll of a ballot is settled: no objection without an answer, no change half made."""

from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, exists, func, select

from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.voting.models import Ballot
from civic.voting.rolls import RollChange, RollObjection


def waits() -> ColumnElement[bool]:
    """Return the condition of ballots whose roll is not settled."""
    unanswered = exists().where(
        RollObjection.roll_id == Ballot.roll_id, RollObjection.answered_at.is_(None)
    )
    half_made = exists().where(
        RollChange.roll_id == Ballot.roll_id, RollChange.confirmed_at.is_(None)
    )
    return unanswered | half_made


def refuse_open(ballot: Ballot) -> None:
    """Refuse while the roll of a ballot is not settled.

    An objection that is upheld takes votes back, which only an open box allows: so no ballot is
    sealed before. Nor does one begin from which nothing can be taken back (`services.vote`).

    :raises Refused: `roll_objections` or `roll_change`.
    """
    if ballot.roll_id is None or ballot.rehearsal:
        return
    waiting = select(func.count()).select_from(RollObjection)
    if db.session.scalar(waiting.filter_by(roll_id=ballot.roll_id, answered_at=None)):
        raise Refused(
            "roll_objections",
            _l("An objection to the roll waits for an answer. Answer it on the page of the roll."),
            HTTPStatus.CONFLICT,
        )
    changes = select(func.count()).select_from(RollChange)
    if db.session.scalar(changes.filter_by(roll_id=ballot.roll_id, confirmed_at=None)):
        raise Refused(
            "roll_change",
            _l(
                "A change of the roll waits for its second person. Confirm it on the page of the "
                "roll first."
            ),
            HTTPStatus.CONFLICT,
        )
