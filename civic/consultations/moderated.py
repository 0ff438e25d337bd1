"""How comments and statements are hidden, restored, and published when checked."""

from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from civic.communities.models import Community
from civic.consultations import speaking, statements
from civic.consultations.models import Comment, Consultation, Participant, Statement
from civic.kernel import plugins
from civic.kernel.db import db
from civic.moderation.models import WaitingText
from civic.moderation.services import Kind, Text, missing, register


def _load_comment(community_id: int, comment_id: int) -> Text | None:
    row = db.session.execute(
        select(Comment, Community.slug)
        .join(Consultation, Consultation.id == Comment.consultation_id)
        .join(Community, Community.id == Consultation.community_id)
        .where(Comment.id == comment_id, Consultation.community_id == community_id)
    ).one_or_none()
    if row is None:
        return None
    comment: Comment = row[0]
    if comment.removed_at is not None:
        return None
    address = url_for(
        "consultations.thread",
        community=row[1],
        consultation_id=comment.consultation_id,
        comment_id=comment.parent_id or comment.id,
    )
    return Text(comment.author_id, {"text": comment.text}, f"{address}#comment-{comment.id}")


def _hide_comment(comment_id: int, decision_id: int) -> None:
    there = select(Comment.removed_at).where(Comment.id == comment_id).with_for_update()
    if db.session.scalars(there).one() is not None:
        raise missing()
    db.session.execute(
        update(Comment)
        .where(Comment.id == comment_id)
        .values(text="", html="", hidden_by=decision_id)
    )


def _restore_comment(comment_id: int, sealed: dict[str, Any]) -> None:
    words = sealed["text"]
    community_id = db.session.scalars(
        select(Consultation.community_id)
        .join(Comment, Comment.consultation_id == Consultation.id)
        .where(Comment.id == comment_id)
    ).one()
    html = plugins.registry().render_text(community_id, words)
    db.session.execute(
        update(Comment)
        .where(Comment.id == comment_id)
        .values(text=words, html=str(html), hidden_by=None)
    )


def _load_statement(community_id: int, statement_id: int) -> Text | None:
    row = db.session.execute(
        select(Statement, Participant.person_id, Community.slug)
        .outerjoin(Participant, Participant.id == Statement.participant_id)
        .join(Consultation, Consultation.id == Statement.consultation_id)
        .join(Community, Community.id == Consultation.community_id)
        .where(Statement.id == statement_id, Consultation.community_id == community_id)
    ).one_or_none()
    if row is None:
        return None
    statement: Statement = row[0]
    address = url_for(
        "consultations.statement_list", community=row[2], consultation_id=statement.consultation_id
    )
    return Text(row[1], {"text": statement.text}, address)


def _hide_statement(statement_id: int, decision_id: int) -> None:
    db.session.execute(
        update(Statement).where(Statement.id == statement_id).values(text="", hidden_by=decision_id)
    )


def _restore_statement(statement_id: int, sealed: dict[str, Any]) -> None:
    db.session.execute(
        update(Statement)
        .where(Statement.id == statement_id)
        .values(text=sealed["text"], hidden_by=None)
    )


def _case_of(community: Community, held: WaitingText) -> Consultation:
    case_id = int(held.place.partition(":")[2])
    found = select(Consultation).filter_by(id=case_id, community_id=community.id)
    return db.session.scalars(found).one()


def _publish_comment(community: Community, held: WaitingText) -> tuple[str, str]:
    assert held.author_id is not None  # noqa: S101 - asked before
    case, content = _case_of(community, held), held.content
    made = speaking.add(
        Comment(
            consultation_id=case.id,
            level=content["level"],
            parent_id=content["parent"],
            parent_level=1 if content["parent"] else None,
            author_id=held.author_id,
            text=content["text"],
            place=content["place"],
            standing=content["standing"],
            form_key=held.form_key,
        ),
        community,
    )
    address = url_for(
        "consultations.thread",
        community=community.slug,
        consultation_id=case.id,
        comment_id=made.parent_id or made.id,
    )
    return f"comment:{made.id}", f"{address}#comment-{made.id}"


def _publish_statement(community: Community, held: WaitingText) -> tuple[str, str]:
    assert held.author_id is not None  # noqa: S101 - asked before
    case = _case_of(community, held)
    made, _mine = statements.add(case, held.author_id, held.content["text"])
    address = url_for(
        "consultations.statement_list", community=community.slug, consultation_id=case.id
    )
    return f"statement:{made.id}", address


def init() -> None:
    """Register both kinds, in the current app."""
    register(
        "comment",
        Kind(_load_comment, _hide_comment, _restore_comment, _l("Opinion"), _publish_comment),
    )
    register(
        "statement",
        Kind(
            _load_statement,
            _hide_statement,
            _restore_statement,
            _l("Statement"),
            _publish_statement,
        ),
    )
