"""How objections to resolutions and words of ratings are hidden and shown again."""

from typing import Any

from flask import url_for
from sqlalchemy import select, update

from civic.communities.models import Community
from civic.consultations.models import Consultation
from civic.kernel.db import db
from civic.moderation.services import Kind, Text, register
from civic.outcomes.models import Rating, Resolution, ResolutionObjection


def _objection(community_id: int, objection_id: int) -> Text | None:
    row = db.session.execute(
        select(ResolutionObjection, Resolution.consultation_id, Community.slug)
        .join(Resolution, Resolution.id == ResolutionObjection.resolution_id)
        .join(Community, Community.id == Resolution.community_id)
        .where(ResolutionObjection.id == objection_id, Resolution.community_id == community_id)
    ).one_or_none()
    if row is None:
        return None
    one: ResolutionObjection = row[0]
    url = url_for("outcomes.resolution", community=row[2], consultation_id=row[1])
    return Text(one.person_id, {"text": one.words}, f"{url}#objection-{one.id}")


def _rating(community_id: int, rating_id: int) -> Text | None:
    row = db.session.execute(
        select(Rating, Community.slug)
        .join(Consultation, Consultation.id == Rating.consultation_id)
        .join(Community, Community.id == Consultation.community_id)
        .where(Rating.id == rating_id, Consultation.community_id == community_id)
    ).one_or_none()
    if row is None or not (row[0].words or row[0].hidden_by):
        return None
    one: Rating = row[0]
    url = url_for("outcomes.rate_page", community=row[1], consultation_id=one.consultation_id)
    return Text(one.person_id, {"text": one.words}, url)


def _hide_objection(key: int, decision_id: int) -> None:
    hidden = update(ResolutionObjection).where(ResolutionObjection.id == key)
    db.session.execute(hidden.values(words="", hidden_by=decision_id))


def _restore_objection(key: int, sealed: dict[str, Any]) -> None:
    shown = update(ResolutionObjection).where(ResolutionObjection.id == key)
    db.session.execute(shown.values(words=sealed["text"], hidden_by=None))


def _hide_rating(key: int, decision_id: int) -> None:
    hidden = update(Rating).where(Rating.id == key)
    db.session.execute(hidden.values(words="", hidden_by=decision_id))


def _restore_rating(key: int, sealed: dict[str, Any]) -> None:
    shown = update(Rating).where(Rating.id == key)
    db.session.execute(shown.values(words=sealed["text"], hidden_by=None))


def init() -> None:
    """Register both kinds, in the current app."""
    register("resolution_objection", Kind(_objection, _hide_objection, _restore_objection))
    register("rating", Kind(_rating, _hide_rating, _restore_rating))
