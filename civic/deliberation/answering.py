"""Answer questions in the name of the office; a wrong answer is worded anew beside the old one."""

from collections.abc import Collection, Mapping
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from civic.communities.models import Community
from civic.consultations.models import Consultation
from civic.deliberation import asked, gate, news, questions
from civic.deliberation.models import QuestionAnswer
from civic.deliberation.rules import rules
from civic.kernel import clock, text
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor


def answer(
    actor: Actor,
    community: Community,
    case: Consultation,
    question_id: int,
    *,
    words: str,
    reason: str = "",
) -> QuestionAnswer:
    """Answer a question; where there is an answer, word it anew and say why.

    Whoever asked, or wants to know it too, is told. The same words again change nothing.

    :raises Refused: 404, `words`, `reason`, or `often`.
    """
    assert actor.person_id is not None  # noqa: S101 - the view asked for a permission
    words, reason = text.plain(words), text.plain(reason)
    if not words:
        raise Refused("words", _l("Please write the answer first."))
    gate.within(words, rules().answer_words, "words")
    gate.within(reason, rules().answer_reason, "reason")
    found = questions.held(case.id, question_id)
    if found.hidden_by is not None:
        raise gate.missing()
    earlier = editions([found.id]).get(found.id, [])
    if earlier and earlier[-1].words == words:
        return earlier[-1]
    if earlier and not reason:
        message = _l("It is answered already. Please say why you word the answer anew.")
        raise Refused("reason", message, HTTPStatus.CONFLICT)
    if len(earlier) >= rules().editions:
        message = _l("This answer was worded anew too often. Please publish a notice instead.")
        raise Refused("often", message, HTTPStatus.CONFLICT)
    made = QuestionAnswer(
        question_id=found.id,
        edition=len(earlier) + 1,
        words=words,
        reason=reason if earlier else "",
        office=gate.office(actor, community),
        by_id=actor.person_id,
        at=clock.now(),
    )
    db.session.add(made)
    if not earlier:
        found.answered_at = made.at
        db.session.flush()
        asked.count(case.id)
    db.session.flush()
    act = "question.answer_corrected" if earlier else "question.answered"
    gate.recorded(act, actor, community, f"question:{found.id}", edition=made.edition)
    news.answered(community, case, found, made)
    return made


def editions(question_ids: Collection[int]) -> Mapping[int, list[QuestionAnswer]]:
    """Return the answers to some questions, each with its earlier wordings, the oldest first."""
    if not question_ids:
        return {}
    query = (
        select(QuestionAnswer)
        .where(QuestionAnswer.question_id.in_(question_ids))
        .order_by(QuestionAnswer.question_id, QuestionAnswer.edition)
    )
    found: dict[int, list[QuestionAnswer]] = {}
    for one in db.session.scalars(query):
        found.setdefault(one.question_id, []).append(one)
    return found
