"""Answers to comments that are owed, for the page of the community and for desks."""

from collections.abc import Iterable
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Select, func, select

from civic.communities.models import Community, Node
from civic.communities.services import within
from civic.consultations import owed
from civic.consultations.models import Consultation
from civic.consultations.owed import Owed
from civic.drafting import conditions
from civic.drafting.held import MANAGE
from civic.drafting.models import DraftComment, TextDraft
from civic.kernel.db import db
from civic.kernel.due import Due
from civic.kernel.permissions import Actor, scopes


def _waiting() -> Select[*tuple[Any, ...]]:
    """Ask for the texts with comments that have no answer: how many, since when, by when."""
    return (
        select(
            Consultation.id,
            Consultation.title,
            func.count(DraftComment.id),
            func.min(DraftComment.created_at),
            TextDraft.answers_by,
        )
        .select_from(TextDraft)
        .join(Consultation, Consultation.id == TextDraft.consultation_id)
        .join(DraftComment, DraftComment.consultation_id == TextDraft.consultation_id)
        .where(conditions.waits())
        .group_by(Consultation.id, TextDraft.answers_by)
        .order_by(TextDraft.answers_by, Consultation.id)
    )


def _said(number: int) -> str:
    return ngettext(
        "%(num)d comment on the text has no answer yet.",
        "%(num)d comments on the text have no answer yet.",
        number,
    )


def _owed(community: Community, most: int) -> Iterable[Owed]:
    query = _waiting().where(Consultation.community_id == community.id).limit(most)
    for case_id, title, number, since, due in db.session.execute(query):
        yield Owed(
            kind=_("Answers to comments on a text"),
            title=f"{title} · {_said(number)}",
            url=url_for(
                "drafts.comments", community=community.slug, consultation_id=case_id, state="open"
            ),
            since=since,
            due=due,
        )


def due(actor: Actor, limit: int) -> Iterable[Due]:
    """Return the texts whose comments wait for an answer of the actor's offices."""
    paths = scopes(actor, MANAGE)
    if not paths:
        return []
    query = (
        _waiting()
        .add_columns(Community.slug, Community.id)
        .join(Community, Community.id == Consultation.community_id)
        .join(Node, Node.id == Community.id)
        .where(within(paths))
        .group_by(Community.slug, Community.id)
        .limit(limit)
    )
    return [
        Due(
            kind=_("Comments on a text"),
            title=f"{title} · {_said(number)}",
            action=_("Answer them"),
            url=url_for("draft_desk.answers", community=slug, consultation_id=case_id),
            at=at,
            since=since,
            community_id=place,
        )
        for case_id, title, number, since, at, slug, place in db.session.execute(query)
    ]


def init() -> None:
    """Register what is owed, in the current app."""
    owed.register(_owed)
