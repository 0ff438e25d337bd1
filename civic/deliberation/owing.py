"""Answers to questions that a community owes, for its page and for desks."""

from collections.abc import Iterable

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from civic.communities.models import Community, Node
from civic.communities.services import within
from civic.consultations import owed
from civic.consultations.models import Consultation
from civic.consultations.owed import Owed
from civic.deliberation import asked, gate
from civic.deliberation.models import Question
from civic.kernel import text
from civic.kernel.db import db
from civic.kernel.due import Due
from civic.kernel.permissions import Actor, scopes

#: Characters of a question in a list of what is owed.
SHORT = 60


def questions(community: Community, most: int) -> Iterable[Owed]:
    """Return questions without an answer, the earliest due first."""
    query = (
        select(Question)
        .join(Consultation, Consultation.id == Question.consultation_id)
        .where(Consultation.community_id == community.id, asked.OWED)
        .order_by(Question.due_at.is_(None), Question.due_at, Question.id)
        .limit(most)
    )
    for one in db.session.scalars(query):
        yield Owed(
            kind=_("Answer to a question"),
            title=text.excerpt(one.words, SHORT),
            url=_url(community.slug, one),
            since=one.at,
            due=one.due_at,
        )


def due(actor: Actor, limit: int) -> Iterable[Due]:
    """Return the questions that the actor's offices have to answer, the earliest due first."""
    paths = scopes(actor, gate.ANSWER)
    if not paths:
        return []
    query = (
        select(Question, Community.slug, Community.id)
        .join(Consultation, Consultation.id == Question.consultation_id)
        .join(Community, Community.id == Consultation.community_id)
        .join(Node, Node.id == Community.id)
        .where(asked.OWED, within(paths))
        .order_by(Question.due_at.is_(None), Question.due_at, Question.id)
        .limit(limit)
    )
    return [
        Due(
            kind=_("Question"),
            title=text.excerpt(one.words, SHORT),
            action=_("Answer it"),
            url=_url(slug, one),
            at=one.due_at,
            since=one.at,
            community_id=place,
        )
        for one, slug, place in db.session.execute(query)
    ]


def _url(slug: str, one: Question) -> str:
    return url_for(
        "questions.show", community=slug, consultation_id=one.consultation_id, question_id=one.id
    )


def init() -> None:
    """Register what is owed, in the current app."""
    owed.register(questions)
