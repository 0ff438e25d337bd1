"""Find what waits: to be checked, to be answered, to be rated."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from civic.api import Actor, Community, acting_for, allowed, clock, db
from civic_party.joint_models import ACCEPTED, PROPOSED, Match, Project, Rating
from civic_party.list_models import CHECKING, Need, Resource
from civic_party.list_rules import RATING, rules


def to_check(
    community_ids: Collection[int], model: type[Need] | type[Resource], limit: int
) -> Sequence[Any]:
    """Return what waits to be checked, the earliest first."""
    query: Select[Any] = select(model).where(
        model.community_id.in_(community_ids), model.state == CHECKING
    )
    return db.session.scalars(query.order_by(model.posted_at, model.id).limit(limit)).all()


def on_paper(community_ids: Collection[int], limit: int) -> Sequence[Match]:
    """Return the proposals whose group has no account, so that the office asks it."""
    query = select(Match).join(Need, Need.id == Match.need_id)
    query = query.where(Match.community_id.in_(community_ids), Match.state == PROPOSED)
    query = query.where(Match.need_yes_at.is_(None), Match.until > clock.now())
    query = query.where(Need.organisation_id.is_(None))
    query = query.where(or_(Need.by_office, Need.posted_by.is_(None)))
    return db.session.scalars(query.order_by(Match.until, Match.id).limit(limit)).all()


def _needs(actor: Actor) -> ColumnElement[bool]:
    person_id = actor.person_id or 0
    group = and_(
        Need.organisation_id.is_(None), Need.by_office.is_(False), Need.posted_by == person_id
    )
    return or_(group, Need.organisation_id.in_(acting_for(person_id)))


def _gives(actor: Actor) -> ColumnElement[bool]:
    return Resource.organisation_id.in_(acting_for(actor.person_id or 0))


def speaks(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on a need and a resource that an actor speaks for one of them."""
    return or_(_needs(actor), _gives(actor))


def joined() -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that join a match with its need and its resource."""
    return Match.need_id == Need.id, Match.resource_id == Resource.id


@dataclass(frozen=True)
class Waiting:
    """Be what waits for somebody: a proposal to answer, or a project to rate.

    :ivar project_id: of the project to rate; else a proposal is to be answered.
    """

    match: Match
    project_id: int | None


def waiting(actor: Actor, community_ids: Collection[int], limit: int) -> list[Waiting]:
    """Return what waits for somebody's answer, in one statement, the first that ends first."""
    if actor.person_id is None:
        return []
    person_id = actor.person_id
    to_answer = and_(
        Match.state == PROPOSED,
        Match.until > clock.now(),
        or_(
            and_(
                _needs(actor), Match.need_yes_at.is_(None), _not(Match.resource_yes_by, person_id)
            ),
            and_(
                _gives(actor), Match.resource_yes_at.is_(None), _not(Match.need_yes_by, person_id)
            ),
        ),
    )
    rated_from = {
        state for move in rules().moves.values() if move.words == RATING for state in move.sources
    }
    rated = exists().where(Rating.project_id == Match.project_id, Rating.need_id == Match.need_id)
    to_rate = and_(Match.state == ACCEPTED, Project.state.in_(rated_from), _needs(actor), ~rated)
    query = (
        select(Match, Project.id)
        .join(Need, Need.id == Match.need_id)
        .join(Resource, Resource.id == Match.resource_id)
        .outerjoin(Project, (Project.id == Match.project_id) & Project.state.in_(rated_from))
        .where(Match.community_id.in_(community_ids), or_(to_answer, to_rate))
        .order_by(Match.until, Match.id)
        .limit(limit)
    )
    return [Waiting(match, project_id) for match, project_id in db.session.execute(query)]


def _not(column: Any, person_id: int) -> ColumnElement[bool]:  # noqa: ANN401 - a column
    return or_(column.is_(None), column != person_id)


def checks_at(communities: Collection[Community], actor: Actor) -> dict[int, Community]:
    """Return the communities whose lists an actor checks."""
    return {one.id: one for one in communities if allowed(actor, "party.check", one.path)}
