"""Ask the office, want to know it too, take one's question back."""

from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from civic.communities.models import Community
from civic.consultations.bylines import byline_of
from civic.consultations.models import Consultation
from civic.consultations.speaking import participate
from civic.deliberation import asked
from civic.deliberation.gate import QUESTIONS, admit, missing, within, written
from civic.deliberation.models import Question, QuestionSupport
from civic.deliberation.rules import rules
from civic.kernel import clock, holidays, text
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor
from civic.moderation import counts, reporting, waiting
from civic.moderation.models import REMOVED, WaitingText

KIND = asked.KIND


def ask(
    actor: Actor, community: Community, case: Consultation, *, words: str, form_key: str
) -> Question | WaitingText:
    """Ask something, or keep it until the office has checked it; a form sent twice counts once.

    :raises Refused: a reason of `gate.admit`, `words` or `too_many`.
    """
    person_id = admit(actor, community, case, QUESTIONS)
    mine = select(Question).filter_by(author_id=person_id)
    twin = db.session.scalar(mine.filter_by(form_key=form_key))
    kept = twin or waiting.kept(person_id, form_key)
    if kept is not None:
        return kept
    words = text.plain(words)
    if not words:
        raise Refused("words", _l("Please write your question first."))
    within(words, rules().question_words, "words")
    most = rules().questions_each
    if written(person_id, case.id, Question, KIND) >= most:
        message = _l("You have asked %(most)d questions here. Please leave room for others.")
        raise Refused("too_many", message, HTTPStatus.TOO_MANY_REQUESTS, {"most": most})
    byline = byline_of(actor, case, community.path)
    if case.checked_first:
        return waiting.keep(
            person_id,
            community,
            kind=KIND,
            place=f"consultation:{case.id}",
            content={"text": words} | byline,
            form_key=form_key,
        )
    made = Question(
        consultation_id=case.id, words=words, author_id=person_id, form_key=form_key, **byline
    )
    return add(made)


def add(made: Question) -> Question:
    """Publish a question that is allowed; the time for its answer begins."""
    made.at = clock.now()
    made.due_at = holidays.end_of(made.at, rules().answer)
    made.supports = 0
    participate(made.consultation_id, made.author_id)
    db.session.add(made)
    db.session.flush()
    asked.count(made.consultation_id)
    return made


def held(case_id: int, question_id: int) -> Question:
    """Return a question that has not been taken back, held until the transaction ends.

    :raises Refused: 404.
    """
    query = select(Question).filter_by(id=question_id, consultation_id=case_id, removed_at=None)
    found = db.session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if found is None:
        raise missing()
    return found


def support(
    actor: Actor, community: Community, case: Consultation, question_id: int, *, wants: bool
) -> Question:
    """Want to know it too, or no longer; twice the same changes nothing.

    :raises Refused: a reason of `gate.admit`, 404, `own`, or `answered`.
    """
    person_id = admit(actor, community, case, QUESTIONS)
    found = held(case.id, question_id)
    if found.hidden_by is not None:
        raise missing()
    if found.author_id == person_id:
        raise Refused("own", _l("This question is yours; you are told of the answer."))
    if found.answered_at is not None:
        message = _l("This question is answered by now. You find the answer on its page.")
        raise Refused("answered", message, HTTPStatus.CONFLICT)
    kept = db.session.scalar(
        select(QuestionSupport).filter_by(question_id=found.id, person_id=person_id)
    )
    if wants and kept is None:
        participate(case.id, person_id)
        made = QuestionSupport(
            question_id=found.id,
            author_id=found.author_id,
            person_id=person_id,
            at=clock.now(),
        )
        db.session.add(made)
        found.supports += 1
    elif kept is not None and not wants:
        db.session.delete(kept)
        found.supports -= 1
    db.session.flush()
    return found


def own(actor: Actor, case: Consultation, question_id: int, *, alone: bool = False) -> Question:
    """Return one's own question, which can be taken back.

    :param alone: whether it is the caller's alone until the transaction ends.
    :raises Refused: 404 where there is none; `hidden`, or `shared` where others rely on it.
    """
    found = held(case.id, question_id) if alone else asked.find(case, question_id)
    if found.author_id != actor.person_id:
        raise missing()
    if found.hidden_by is not None:
        message = _l("The office has hidden this text. You can object on the page of your texts.")
        raise Refused("hidden", message, HTTPStatus.CONFLICT)
    if found.answered_at is not None or found.supports:
        message = _l("Others want to know this too, or it is answered already; so it stays.")
        raise Refused("shared", message, HTTPStatus.CONFLICT)
    return found


def take_back(actor: Actor, community: Community, case: Consultation, question_id: int) -> None:
    """Take one's own question back: its words are erased, and no answer is owed.

    :raises Refused: as `own`.
    """
    found = own(actor, case, question_id, alone=True)
    found.words, found.removed_at = "", clock.now()
    db.session.flush()
    asked.count(case.id)
    counts.add(community.id, counts.REMOVED)
    reporting.settle(actor, community, f"{KIND}:{found.id}", REMOVED)
