"""One's way through the statements: which comes next, and how far one is."""

from dataclasses import dataclass
from functools import cache
from random import SystemRandom
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, select

from civic.consultations.models import Participant, Statement, StatementVote
from civic.consultations.routing import Candidate, choose
from civic.kernel.db import db

_random = SystemRandom()


@dataclass(frozen=True)
class Next:
    """Hold the statement to show next, if any is left, and how far one has come."""

    statement: Row[Any] | None
    answered: int
    total: int


@cache
def _round() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Statement.id,
            Statement.text,
            Statement.agrees,
            Statement.disagrees,
            Statement.passes,
            Statement.extremity,
            StatementVote.choice,
        )
        .outerjoin(
            Participant,
            and_(
                Participant.consultation_id == Statement.consultation_id,
                Participant.person_id == bindparam("person_id"),
            ),
        )
        .outerjoin(
            StatementVote,
            and_(
                StatementVote.statement_id == Statement.id,
                StatementVote.participant_id == Participant.id,
            ),
        )
        .where(
            Statement.consultation_id == bindparam("consultation_id"),
            Statement.hidden_by.is_(None),
        )
    )


def next_for(consultation_id: int, person_id: int) -> Next:
    """Draw the next statement for a person among those they have not answered."""
    values = {"consultation_id": consultation_id, "person_id": person_id}
    rows = db.session.execute(_round(), values).all()
    unseen = {row.id: row for row in rows if row.choice is None}
    candidates = [
        Candidate(
            item.id,
            item.agrees,
            item.passes,
            item.agrees + item.disagrees + item.passes,
            item.extremity,
        )
        for item in unseen.values()
    ]
    chosen = choose(candidates, _random)
    statement = unseen[chosen] if chosen is not None else None
    return Next(statement, len(rows) - len(unseen), len(rows))
