"""Find needs, resources, matches and projects, a page at a time."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, false, or_, select

from civic.api import Actor, Community, db
from civic_party import sides
from civic_party.joint_models import ACCEPTED, Match, Project
from civic_party.list_models import (
    CHECKING,
    KINDS,
    MATCHED,
    MET,
    NEED_STATES,
    PUBLIC,
    RESOURCE_STATES,
    SHOWN,
    Entry,
    Need,
    Resource,
)
from civic_party.list_rules import rules
from civic_party.list_waiting import joined, speaks

PAGE = 20
#: Rows of a list that go into a file or on paper.
ALL = 2000


@dataclass(frozen=True)
class Filter:
    """Say what is looked for; what is empty does not count.

    :ivar mine: whether only what one posted or speaks for is looked for.
    :ivar words: a part of the title, or of the text.
    """

    kind: str = ""
    state: str = ""
    mine: bool = False
    words: str = ""


@dataclass(frozen=True)
class Page:
    """Hold one page of a list; `after` is where the next begins."""

    rows: Sequence[Any]
    after: int | None


def entries(
    community: Community,
    actor: Actor,
    model: type[Need] | type[Resource],
    which: Filter,
    after: int | None = None,
    limit: int = PAGE,
) -> Page:
    """Return needs or resources, the newest first; what is not public for its side and staff."""
    query: Select[Any] = select(model).where(model.community_id == community.id)
    own = sides.mine(actor, model) if actor.person_id is not None else false()
    if which.mine:
        query = query.where(own)
    elif not sides.may(actor, "check", community):
        query = query.where(or_(model.state.in_(SHOWN), own))
    if which.kind:
        query = query.where(model.kind == which.kind)
    if which.state:
        query = query.where(model.state == which.state)
    elif not which.mine:
        open_ = [state for state in (CHECKING, *SHOWN) if state != MET or model is Need]
        query = query.where(or_(model.state.in_(open_), own))
    if which.words:
        query = query.where(
            or_(
                *(part.contains(which.words, autoescape=True) for part in (model.title, model.text))
            )
        )
    return _page(query, model, after, limit)


def projects(
    community: Community,
    actor: Actor,
    which: Filter,
    after: int | None = None,
    limit: int = PAGE,
) -> Page:
    """Return joint projects, the newest first; `kind` of the filter is their line."""
    query: Select[Any] = select(Project).where(Project.community_id == community.id)
    if which.mine:
        mine = select(Match.project_id).where(speaks(actor), *joined())
        query = query.where(Project.id.in_(mine))
    if which.kind:
        query = query.where(Project.line == which.kind)
    if which.state:
        query = query.where(Project.state == which.state)
    if which.words:
        query = query.where(Project.title.contains(which.words, autoescape=True))
    return _page(query, Project, after, limit)


def _page(query: Select[Any], model: Any, after: int | None, limit: int) -> Page:  # noqa: ANN401
    if after:
        query = query.where(model.id < after)
    found = db.session.scalars(query.order_by(model.id.desc()).limit(limit + 1)).all()
    return Page(found[:limit], found[limit - 1].id if len(found) > limit else None)


def states(list_name: str) -> tuple[str, ...]:
    """Return the states that a list is filtered by."""
    if list_name == "projects":
        return rules().states
    return NEED_STATES if list_name == "needs" else RESOURCE_STATES


def kinds(list_name: str) -> tuple[str, ...]:
    """Return the kinds, or the lines, that a list is filtered by."""
    return tuple(dict.fromkeys(rules().lines.values())) if list_name == "projects" else KINDS


def matches_of(row: Entry, limit: int = 50) -> Sequence[Match]:
    """Return the proposals of a need or a resource, the newest first."""
    own = Match.need_id if isinstance(row, Need) else Match.resource_id
    query = select(Match).where(own == row.id).order_by(Match.id.desc()).limit(limit)
    return db.session.scalars(query).all()


def going_on(community: Community, limit: int = 100) -> Sequence[Project]:
    """Return the projects that keep the hours of their resources."""
    query = select(Project).where(
        Project.community_id == community.id, Project.state.in_(rules().uses)
    )
    return db.session.scalars(query.order_by(Project.id.desc()).limit(limit)).all()


def sides_of(projects_: Collection[Project]) -> dict[int, list[tuple[str, str]]]:
    """Return who needs and who gives in some projects, in one statement."""
    ids = [one.id for one in projects_]
    query = select(Match).where(Match.project_id.in_(ids), Match.state == ACCEPTED)
    found: dict[int, list[tuple[str, str]]] = {}
    for match in db.session.scalars(query.order_by(Match.id)):
        assert match.project_id is not None  # noqa: S101 - they were asked for
        found.setdefault(match.project_id, []).append((match.need.side, match.resource.side))
    return found


def unmatched(community: Community, limit: int = ALL) -> Sequence[Need]:
    """Return the public needs that no project meets yet, the first to end first."""
    query = select(Need).filter_by(community_id=community.id, state=PUBLIC)
    return db.session.scalars(query.order_by(Need.by_day, Need.id).limit(limit)).all()


def in_projects(community: Community, limit: int = ALL) -> Sequence[Need]:
    """Return the needs that a project meets."""
    query = select(Need).filter_by(community_id=community.id, state=MATCHED)
    return db.session.scalars(query.order_by(Need.id).limit(limit)).all()
