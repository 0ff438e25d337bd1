"""How arguments and questions are hidden, shown again, and published when checked."""

from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from civic.communities.models import Community
from civic.consultations.models import Consultation
from civic.deliberation import arguments, asked, questions
from civic.deliberation.models import Argument, Question
from civic.kernel.db import db
from civic.moderation.models import WaitingText
from civic.moderation.services import Kind, Text, missing, register


def _load_argument(community_id: int, argument_id: int) -> Text | None:
    row = db.session.execute(
        select(Argument, Community.slug)
        .join(Consultation, Consultation.id == Argument.consultation_id)
        .join(Community, Community.id == Consultation.community_id)
        .where(Argument.id == argument_id, Consultation.community_id == community_id)
    ).one_or_none()
    if row is None or row[0].removed_at is not None:
        return None
    found: Argument = row[0]
    url = url_for("arguments.index", community=row[1], consultation_id=found.consultation_id)
    content = {
        "text": f"{found.title}\n\n{found.words}".strip(),
        "title": found.title,
        "words": found.words,
    }
    return Text(found.author_id, content, f"{url}#argument-{found.id}")


def _there(model: type[Argument] | type[Question], key: int) -> None:
    """Hold a text that is to be hidden.

    :raises Refused: 404 where its author has taken it back meanwhile.
    """
    query = select(model.removed_at).where(model.id == key).with_for_update()
    if db.session.scalars(query).one() is not None:
        raise missing()


def _hide_argument(key: int, decision_id: int) -> None:
    _there(Argument, key)
    hidden = update(Argument).where(Argument.id == key)
    db.session.execute(hidden.values(title="", words="", hidden_by=decision_id))


def _restore_argument(key: int, sealed: dict[str, Any]) -> None:
    shown = update(Argument).where(Argument.id == key)
    values = {"title": sealed["title"], "words": sealed["words"], "hidden_by": None}
    db.session.execute(shown.values(**values))


def _load_question(community_id: int, question_id: int) -> Text | None:
    row = db.session.execute(
        select(Question, Community.slug)
        .join(Consultation, Consultation.id == Question.consultation_id)
        .join(Community, Community.id == Consultation.community_id)
        .where(Question.id == question_id, Consultation.community_id == community_id)
    ).one_or_none()
    if row is None or row[0].removed_at is not None:
        return None
    found: Question = row[0]
    url = url_for(
        "questions.show",
        community=row[1],
        consultation_id=found.consultation_id,
        question_id=found.id,
    )
    return Text(found.author_id, {"text": found.words}, url)


def _set_question(key: int, words: str, decision_id: int | None) -> None:
    """Change what is shown of a question; an answer is owed to one that stands."""
    changed = update(Question).where(Question.id == key).returning(Question.consultation_id)
    case_id = db.session.scalars(changed.values(words=words, hidden_by=decision_id)).one()
    asked.count(case_id)


def _hide_question(key: int, decision_id: int) -> None:
    _there(Question, key)
    _set_question(key, "", decision_id)


def _restore_question(key: int, sealed: dict[str, Any]) -> None:
    _set_question(key, sealed["text"], None)


def _case_id(held: WaitingText) -> int:
    return int(held.place.partition(":")[2])


def _publish_argument(community: Community, held: WaitingText) -> tuple[str, str]:
    assert held.author_id is not None  # noqa: S101 - asked before
    names = ("side", "title", "words", "place", "standing")
    made = arguments.add(
        Argument(
            consultation_id=_case_id(held),
            author_id=held.author_id,
            form_key=held.form_key,
            **{name: held.content[name] for name in names},
        )
    )
    url = url_for("arguments.index", community=community.slug, consultation_id=made.consultation_id)
    return f"{arguments.KIND}:{made.id}", f"{url}#argument-{made.id}"


def _publish_question(community: Community, held: WaitingText) -> tuple[str, str]:
    assert held.author_id is not None  # noqa: S101 - asked before
    made = questions.add(
        Question(
            consultation_id=_case_id(held),
            author_id=held.author_id,
            form_key=held.form_key,
            words=held.content["text"],
            place=held.content["place"],
            standing=held.content["standing"],
        )
    )
    url = url_for(
        "questions.show",
        community=community.slug,
        consultation_id=made.consultation_id,
        question_id=made.id,
    )
    return f"{questions.KIND}:{made.id}", url


def init() -> None:
    """Register both kinds, in the current app."""
    register(
        arguments.KIND,
        Kind(_load_argument, _hide_argument, _restore_argument, _l("Argument"), _publish_argument),
    )
    register(
        questions.KIND,
        Kind(_load_question, _hide_question, _restore_question, _l("Question"), _publish_question),
    )
