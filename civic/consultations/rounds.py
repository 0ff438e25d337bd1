"""One's way through the statements: which comes next, and how far one is."""

from dataclasses import dataclass
from functools import cache
from random import SystemRandom
from typing import Any

from sqlalchemy import Row, Select, bindparam, case, exists, func, select, true, union_all

from civic.consultations.models import (
    LOTS,
    Consultation,
    Participant,
    Statement,
    StatementVote,
)
from civic.consultations.routing import Candidate, choose
from civic.kernel.db import db

#: Unseen statements of which the next is drawn; in a case that has fewer, all of them.
POOL = 60
_SHOWN = (
    Statement.id,
    Statement.text,
    Statement.agrees,
    Statement.disagrees,
    Statement.passes,
    Statement.extremity,
    Statement.lot,
)
_random = SystemRandom()


@dataclass(frozen=True)
class Next:
    """Hold the statement to show next, if any is left, and how far one has come."""

    statement: Row[Any] | None
    answered: int
    total: int


@cache
def _round() -> Select[*tuple[Any, ...]]:
    """Ask how far a person has come, and for the unseen statements whose lots follow a number."""
    mine = (
        select(Participant.id)
        .where(
            Participant.consultation_id == bindparam("consultation_id"),
            Participant.person_id == bindparam("person_id"),
        )
        .scalar_subquery()
    )
    answered = (
        select(func.count())
        .select_from(StatementVote)
        .join(Statement, Statement.id == StatementVote.statement_id)
        .where(StatementVote.participant_id == mine, Statement.hidden_by.is_(None))
    )
    hidden = select(func.count()).where(
        Statement.consultation_id == bindparam("consultation_id"), Statement.hidden_by.is_not(None)
    )
    far = (
        select(
            answered.scalar_subquery().label("answered"),
            (Consultation.statement_count - hidden.scalar_subquery()).label("total"),
        )
        .where(Consultation.id == bindparam("consultation_id"))
        .subquery("far")
    )
    seen = exists().where(
        StatementVote.statement_id == Statement.id, StatementVote.participant_id == mine
    )
    unseen = select(*_SHOWN).where(
        Statement.consultation_id == bindparam("consultation_id"),
        Statement.hidden_by.is_(None),
        ~seen,
    )
    start = bindparam("start", type_=Statement.lot.type)
    # The lots lie in a ring: after the largest comes the smallest.
    halves = (
        unseen.where(where).order_by(Statement.lot, Statement.id).limit(POOL).subquery()
        for where in (Statement.lot >= start, Statement.lot < start)
    )
    pool = union_all(*(select(half) for half in halves)).subquery("pool")
    ordered = case((pool.c.lot >= start, 0), else_=1), pool.c.lot, pool.c.id
    return select(far, pool).outerjoin(pool, true()).order_by(*ordered).limit(POOL)


def next_for(consultation_id: int, person_id: int) -> Next:
    """Draw the next statement for a person among those they have not answered.

    Where there are very many, the draw is among `POOL` of them that lots have chosen.
    """
    values = {
        "consultation_id": consultation_id,
        "person_id": person_id,
        "start": _random.randrange(LOTS),
    }
    rows = db.session.execute(_round(), values).all()
    unseen = {row.id: row for row in rows if row.id is not None}
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
    return Next(statement, rows[0].answered, rows[0].total)
