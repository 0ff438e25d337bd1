"""How comments on a text are hidden, shown again, and published when checked."""

from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from civic.communities.models import Community
from civic.consultations import figures, public
from civic.consultations.models import Consultation
from civic.drafting import commenting, held
from civic.drafting.conditions import COMMENT
from civic.drafting.models import OPEN, DraftComment
from civic.kernel.db import db
from civic.moderation.models import WaitingText
from civic.moderation.services import Kind, Text, missing, register


def _load(community_id: int, comment_id: int) -> Text | None:
    row = db.session.execute(
        select(DraftComment, Community.slug)
        .join(Consultation, Consultation.id == DraftComment.consultation_id)
        .join(Community, Community.id == Consultation.community_id)
        .where(DraftComment.id == comment_id, Consultation.community_id == community_id)
    ).one_or_none()
    if row is None or row[0].removed_at is not None:
        return None
    one: DraftComment = row[0]
    return Text(one.author_id, commenting.sealed(one.words, one.wording), _address(row[1], one))


def _address(slug: str, one: DraftComment) -> str:
    url = url_for(
        "drafts.one", community=slug, consultation_id=one.consultation_id, comment_id=one.id
    )
    return f"{url}#comment-{one.id}"


def _held(comment_id: int) -> DraftComment:
    """Return a comment with its case held, in the order in which all acts take them."""
    case = select(DraftComment.consultation_id).where(DraftComment.id == comment_id)
    query = select(Consultation.id).where(Consultation.id.in_(case)).with_for_update()
    db.session.scalars(query).one()
    return db.session.get_one(DraftComment, comment_id, populate_existing=True)


def _hide(comment_id: int, decision_id: int) -> None:
    found = _held(comment_id)
    if found.removed_at is not None:
        raise missing()
    hidden = update(DraftComment).where(DraftComment.id == comment_id)
    db.session.execute(hidden.values(words="", wording="", hidden_by=decision_id))
    if found.state == OPEN:
        figures.add(found.consultation_id, held.WAITING, -1)


def _restore(comment_id: int, sealed: dict[str, Any]) -> None:
    found = _held(comment_id)
    shown = update(DraftComment).where(DraftComment.id == comment_id)
    values = {"words": sealed["words"], "wording": sealed["wording"], "hidden_by": None}
    db.session.execute(shown.values(**values))
    if found.state == OPEN:
        figures.add(found.consultation_id, held.WAITING)


def _publish(community: Community, waiting: WaitingText) -> tuple[str, str]:
    assert waiting.author_id is not None  # noqa: S101 - asked before
    content, case_id = waiting.content, int(waiting.place.partition(":")[2])
    made = commenting.add(
        DraftComment(
            consultation_id=public.held(community, case_id).id,
            version_id=content["version"],
            paragraph=content["paragraph"],
            author_id=waiting.author_id,
            words=content["words"],
            wording=content["wording"],
            place=content["place"],
            standing=content["standing"],
            form_key=waiting.form_key,
        )
    )
    return f"{COMMENT}:{made.id}", _address(community.slug, made)


def init() -> None:
    """Register comments on texts, in the current app."""
    kind = Kind(_load, _hide, _restore, _l("Comment on a text"), _publish)
    register(COMMENT, kind)
