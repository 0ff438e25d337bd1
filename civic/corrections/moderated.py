"""How the words of a correction are hidden and shown again; registered with moderation."""

from typing import Any

from flask import url_for
from sqlalchemy import select, update

from civic.communities.models import Community
from civic.corrections.models import Correction
from civic.kernel.db import db
from civic.moderation.services import Kind, Text, register


def _load(community_id: int, correction_id: int) -> Text | None:
    row = db.session.execute(
        select(Correction.raised_by, Correction.words, Community.slug)
        .join(Community, Community.id == Correction.community_id)
        .where(Correction.id == correction_id, Correction.community_id == community_id)
    ).one_or_none()
    if row is None:
        return None
    url = url_for("corrections.show", community=row.slug, correction_id=correction_id)
    return Text(row.raised_by, {"text": row.words}, url)


def _hide(correction_id: int, decision_id: int) -> None:
    hidden = update(Correction).where(Correction.id == correction_id)
    db.session.execute(hidden.values(words="", hidden_by=decision_id))


def _restore(correction_id: int, sealed: dict[str, Any]) -> None:
    shown = update(Correction).where(Correction.id == correction_id)
    db.session.execute(shown.values(words=sealed["text"], hidden_by=None))


def init() -> None:
    """Register the kind, in the current app."""
    register("correction", Kind(_load, _hide, _restore))
