"""What this room owes, for the page of the community and for desks."""

from collections.abc import Iterable
from typing import Any, TypeAlias

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, select

from civic.communities.models import Community, Node
from civic.communities.services import within
from civic.consultations import owed
from civic.consultations.models import Consultation
from civic.consultations.owed import Owed
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.due import Due
from civic.kernel.permissions import Actor, scopes
from civic.moderation.models import Decision
from civic.outcomes import carrying_out
from civic.outcomes.models import RatingRound, Resolution, ResolutionObjection, Task
from civic.outcomes.resolutions import MANAGE

#: Case, its community's name in addresses, the community, a title, since when, by when.
Rows: TypeAlias = Select[*tuple[Any, ...]]


def _objections(community: Community, most: int) -> Iterable[Owed]:
    query = (
        select(ResolutionObjection, Resolution.title, Resolution.consultation_id)
        .join(Resolution, Resolution.id == ResolutionObjection.resolution_id)
        .where(Resolution.community_id == community.id, ResolutionObjection.answered_at.is_(None))
        .order_by(ResolutionObjection.due_at)
        .limit(most)
    )
    for one, title, case_id in db.session.execute(query):
        url = url_for("outcomes.resolution", community=community.slug, consultation_id=case_id)
        yield Owed(
            kind=_("Answer to an objection"),
            title=title,
            url=f"{url}#objection-{one.id}",
            since=one.at,
            due=one.due_at,
        )


def _tasks(community: Community, most: int) -> Iterable[Owed]:
    query = (
        select(Task)
        .join(Consultation, Consultation.id == Task.consultation_id)
        .where(
            Consultation.community_id == community.id,
            Task.done_at.is_(None),
            ~carrying_out.overtaken(),
        )
        .order_by(Task.due_at)
        .limit(most)
    )
    for one in db.session.scalars(query):
        url = url_for(
            "outcomes.tasks", community=community.slug, consultation_id=one.consultation_id
        )
        yield Owed(
            kind=_("Task"),
            title=f"{one.title} · {one.body}",
            url=f"{url}#task-{one.id}",
            since=one.made_at,
            due=one.due_at,
        )


def _hidden(community: Community, most: int) -> Iterable[Owed]:
    """Say that objections to hiding wait, and since when; not whose nor what was hidden."""
    query = (
        select(Decision)
        .where(
            Decision.community_id == community.id,
            Decision.objected_at.is_not(None),
            Decision.answered_at.is_(None),
        )
        .order_by(Decision.objected_at)
        .limit(most)
    )
    for one in db.session.scalars(query):
        assert one.objected_at is not None  # noqa: S101 - asked for these
        yield Owed(
            kind=_("Answer to an objection"),
            title=_("Against the hiding of a text"),
            url=url_for("moderation.months", community=community.slug),
            since=one.objected_at,
            due=None,
        )


def due(actor: Actor, limit: int) -> Iterable[Due]:
    """Return what of resolutions, objections, tasks and ratings waits for the actor's offices."""
    paths = scopes(actor, MANAGE)
    if not paths:
        return []
    mine = within(paths)
    found: list[Due] = []
    for query, kind, action in (
        (_waiting(mine), _("Objection"), _("Answer it")),
        (_drafts(mine, actor), _("Resolution"), _("Publish it, as the second person")),
        (_undone(mine), _("Task"), _("Report how far it is")),
        (_over(mine), _("Rating"), _("Count the ratings")),
    ):
        for case_id, slug, place, title, since, at in db.session.execute(query.limit(limit)):
            url = url_for("outcome_desk.work", community=slug, consultation_id=case_id)
            found.append(
                Due(
                    kind=kind,
                    title=title,
                    action=action,
                    url=url,
                    at=at,
                    since=since,
                    community_id=place,
                )
            )
    return found[:limit]


def _placed(query: Rows, mine: ColumnElement[bool]) -> Rows:
    return (
        query.join(Community, Community.id == Consultation.community_id)
        .join(Node, Node.id == Community.id)
        .where(mine)
    )


def _waiting(mine: ColumnElement[bool]) -> Rows:
    query = (
        select(
            Consultation.id,
            Community.slug,
            Consultation.community_id,
            Resolution.title,
            ResolutionObjection.at,
            ResolutionObjection.due_at,
        )
        .select_from(ResolutionObjection)
        .join(Resolution, Resolution.id == ResolutionObjection.resolution_id)
        .join(Consultation, Consultation.id == Resolution.consultation_id)
        .where(ResolutionObjection.answered_at.is_(None))
        .order_by(ResolutionObjection.due_at)
    )
    return _placed(query, mine)


def _drafts(mine: ColumnElement[bool], actor: Actor) -> Rows:
    query = (
        select(
            Consultation.id,
            Community.slug,
            Consultation.community_id,
            Resolution.title,
            Resolution.written_at,
            Resolution.display_until,
        )
        .select_from(Resolution)
        .join(Consultation, Consultation.id == Resolution.consultation_id)
        .where(Resolution.published_at.is_(None), Resolution.written_by != (actor.person_id or 0))
        .order_by(Resolution.written_at)
    )
    return _placed(query, mine)


def _undone(mine: ColumnElement[bool]) -> Rows:
    query = (
        select(
            Consultation.id,
            Community.slug,
            Consultation.community_id,
            Task.title,
            Task.made_at,
            Task.due_at,
        )
        .select_from(Task)
        .join(Consultation, Consultation.id == Task.consultation_id)
        .where(Task.done_at.is_(None), ~carrying_out.overtaken())
        .order_by(Task.due_at)
    )
    return _placed(query, mine)


def _over(mine: ColumnElement[bool]) -> Rows:
    query = (
        select(
            Consultation.id,
            Community.slug,
            Consultation.community_id,
            Consultation.title,
            RatingRound.opens_at,
            RatingRound.until,
        )
        .select_from(RatingRound)
        .join(Consultation, Consultation.id == RatingRound.consultation_id)
        .where(RatingRound.ended_at.is_(None), RatingRound.until <= clock.now())
        .order_by(RatingRound.until)
    )
    return _placed(query, mine)


def init() -> None:
    """Register what is owed, in the current app."""
    for source in (_objections, _tasks, _hidden):
        owed.register(source)
