"""Who speaks for a need or a resource: liaisons of its unit, or who posted it for a group."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Select, or_, select

from civic.api import Actor, Community, Organisation, acting_for, allowed, db, liaisons, units_at
from civic_party.joint_models import NEED, OFFICE, RESOURCE, Match, Project
from civic_party.list_models import Entry, Need, Resource


def may(actor: Actor, code: str, community: Community) -> bool:
    """Tell whether an actor has a permission of this plugin in a community."""
    return allowed(actor, f"party.{code}", community.path)


def own_units(actor: Actor, community: Community) -> Sequence[Organisation]:
    """Return the units of a community that an actor acts for, by name."""
    own = units(actor)
    return [unit for unit in units_at(community) if unit.id in own] if own else ()


def mine(actor: Actor, model: type[Need] | type[Resource]) -> ColumnElement[bool]:
    """Return the condition on rows that an actor speaks for, or has posted."""
    person_id = actor.person_id or 0
    return or_(model.posted_by == person_id, model.organisation_id.in_(acting_for(person_id)))


def units(actor: Actor) -> frozenset[int]:
    """Return the ids of all units that an actor acts for, here and elsewhere."""
    if actor.person_id is None:
        return frozenset()
    found = db.session.scalars(acting_for(actor.person_id))
    return frozenset(one for one in found if one is not None)


def speaks(actor: Actor, row: Entry, own: Collection[int] | None = None) -> bool:
    """Tell whether an actor speaks for a need or a resource.

    For a unit all its liaisons do; for a group who posted the need, unless it was the office.

    :param own: `units` of the actor, where they are known already.
    """
    if actor.person_id is None:
        return False
    if row.organisation_id is not None:
        return row.organisation_id in (units(actor) if own is None else own)
    return isinstance(row, Need) and not row.by_office and row.posted_by == actor.person_id


def by_paper(row: Entry) -> bool:
    """Tell whether a group has nobody with an account here, so that the office notes its word."""
    if not isinstance(row, Need) or row.organisation_id is not None:
        return False
    return row.by_office or row.posted_by is None


def of_match(actor: Actor, match: Match, own: Collection[int] | None = None) -> list[str]:
    """Return the sides of a match that an actor can answer for, those of the office too."""
    own = units(actor) if own is None else own
    found = []
    paper = by_paper(match.need) and may(actor, "check", match.community)
    if speaks(actor, match.need, own) or paper:
        found.append(NEED)
    if speaks(actor, match.resource, own):
        found.append(RESOURCE)
    return found


def of_project(actor: Actor, project: Project) -> set[str]:
    """Return as what an actor stands to a project: `need`, `resource`, `office`."""
    own = units(actor)
    found = {side for match in project.matches for side in of_match(actor, match, own)}
    if may(actor, "match", project.community):
        found.add(OFFICE)
    return found


def people(row: Entry) -> Select[int | None]:
    """Return a statement of who is told about a need or a resource."""
    if row.organisation_id is not None:
        return liaisons([row.organisation_id])
    model = type(row)
    query = select(model.posted_by).where(model.id == row.id, model.posted_by.is_not(None))
    return query if not by_paper(row) else query.where(model.id < 0)


def told(rows: Collection[Entry]) -> set[int]:
    """Return who is told about some needs and resources."""
    found = {one for row in rows for one in db.session.scalars(people(row))}
    return {one for one in found if one is not None}
