"""Questions that were asked: which wait for an answer, in what order, and since when too long."""

from collections.abc import Collection, Sequence
from datetime import datetime

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from civic.consultations import figures
from civic.consultations.checks import Check
from civic.consultations.models import Consultation
from civic.deliberation.gate import missing
from civic.deliberation.models import Question, QuestionSupport
from civic.deliberation.places import Place
from civic.kernel.db import db
from civic.moderation import waiting

#: Kind of questions for moderation.
KIND = "question"
PER_PAGE = 30
#: Figures of a case: questions that stand, those without an answer, when the first is due.
ALL, OPEN, DUE = "questions", "questions_open", "questions_due"
#: An answer is owed to these.
OWED = and_(
    Question.answered_at.is_(None), Question.hidden_by.is_(None), Question.removed_at.is_(None)
)


def late(found: Question, now: datetime) -> bool:
    """Tell whether the answer to a question is overdue."""
    return found.answered_at is None and found.due_at is not None and found.due_at <= now


def count(case_id: int) -> None:
    """Bring the figures of a case up to date, whose row is held from now on."""
    figures.add(case_id, ALL, 0)
    kept = db.session.get_one(Consultation, case_id).figures
    db.session.flush()
    everything, owed, due = db.session.execute(
        select(
            func.count(), func.count().filter(OWED), func.min(Question.due_at).filter(OWED)
        ).where(Question.consultation_id == case_id, Question.removed_at.is_(None))
    ).one()
    found = {ALL: everything, OPEN: owed, DUE: int(due.timestamp()) if due else 0}
    for code, value in found.items():
        if value != kept.get(code, 0):
            figures.add(case_id, code, value - kept.get(code, 0))


def find(case: Consultation, question_id: int) -> Question:
    """Return a question with its author, hidden or not.

    :raises Refused: 404 also where it was taken back.
    """
    query = select(Question).filter_by(id=question_id, consultation_id=case.id, removed_at=None)
    whole = joinedload(Question.author), joinedload(Question.decision)
    found = db.session.scalar(query.options(*whole))
    if found is None:
        raise missing()
    return found


def waiting_ones(case_id: int, after: Place | None = None) -> Sequence[Question]:
    """Return a page of questions without an answer: the most wanted first, then the older."""
    query = _of(case_id).where(Question.answered_at.is_(None))
    if after is not None:
        newer = and_(Question.supports == after.number, Question.id > after.key)
        query = query.where(or_(Question.supports < after.number, newer))
    return db.session.scalars(query.order_by(Question.supports.desc(), Question.id)).all()


def answered(case_id: int, before: int | None = None) -> Sequence[Question]:
    """Return a page of questions with an answer, the newest first."""
    query = _of(case_id).where(Question.answered_at.is_not(None))
    if before is not None:
        query = query.where(Question.id < before)
    return db.session.scalars(query.order_by(Question.id.desc())).all()


def _of(case_id: int) -> Select[Question]:
    whole = joinedload(Question.author), joinedload(Question.decision)
    query = select(Question).options(*whole).limit(PER_PAGE)
    return query.filter_by(consultation_id=case_id, removed_at=None)


def supported(person_id: int | None, question_ids: Collection[int]) -> set[int]:
    """Return which of some questions somebody wants to know the answer to, too."""
    if person_id is None or not question_ids:
        return set()
    query = select(QuestionSupport.question_id).where(
        QuestionSupport.person_id == person_id, QuestionSupport.question_id.in_(question_ids)
    )
    return set(db.session.scalars(query))


def _missing(case: Consultation) -> list[str]:
    query = select(func.count()).select_from(Question).where(OWED)
    owed = db.session.scalar(query.where(Question.consultation_id == case.id)) or 0
    unchecked = waiting.unchecked(KIND, case.id)
    missing_ = []
    if unchecked:
        missing_.append(
            ngettext(
                "%(num)d question waits to be checked.",
                "%(num)d questions wait to be checked.",
                unchecked,
            )
        )
    if owed:
        missing_.append(
            ngettext(
                "%(num)d question has no answer yet.", "%(num)d questions have no answer yet.", owed
            )
        )
    return missing_


CHECK = Check("questions_answered", _l("All questions are answered"), _missing)
