"""Consultations as rows of a list, in words."""

from datetime import datetime
from typing import NamedTuple

from flask import g, url_for

from civic.consultations import threads
from civic.consultations.models import Consultation
from civic.consultations.pages import left, state, turnout
from civic.consultations.services import Listed
from civic.consultations.threads import Thread


class CaseRow(NamedTuple):
    """Be a consultation as a row of a list, in words."""

    title: str
    url: str
    state: str
    left: str
    turnout: str
    question: str


def _list_url(slug: str) -> str:
    # A list has fifty rows of two or three communities.
    known: dict[str, str] = g.setdefault("list_urls", {})
    if slug not in known:
        known[slug] = url_for("consultations.index", community=slug)
    return known[slug]


def list_row(item: Listed, now: datetime) -> CaseRow:
    """Return a consultation as a row of a list."""
    consultation = item.consultation
    place = consultation.community
    return CaseRow(
        title=consultation.title,
        url=f"{_list_url(place.slug)}{consultation.id}/",
        state=state(consultation, now),
        left=left(consultation, now),
        turnout=turnout(consultation),
        question="" if consultation.community_id == g.community.id else place.name,
    )


def older(found: list[Thread], consultation: Consultation) -> str:
    """Return the address of older threads, or nothing where this page is the last."""
    shown = len(found) + sum(len(thread.replies) for thread in found)
    if len(found) < threads.THREADS and shown < threads.ROWS:
        return ""
    last = found[-1].comment.id
    return url_for("consultations.comments", consultation_id=consultation.id, before=last)
