"""Compare needs with resources as they stand in the database."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from civic.api import db
from civic_party import fitting, posting, walking
from civic_party.fitting import Fit, Offered, Wanted
from civic_party.joint_models import Use
from civic_party.list_models import PUBLIC, Need, Resource
from civic_party.list_rules import rules
from civic_party.weekly import Use as Taken

#: Resources that one need is compared with, and needs one resource.
MOST = 300


@dataclass(frozen=True)
class Found:
    """Be a resource with what it comes to for a need.

    :ivar minutes: on foot; None where nobody has noted them.
    """

    resource: Resource
    fit: Fit
    minutes: int | None


def taken(resource_ids: Iterable[int]) -> dict[int, tuple[Taken, ...]]:
    """Return what is used of resources, in one statement."""
    rows = db.session.execute(
        select(Use.resource_id, Use.begins, Use.ends, Use.load)
        .where(Use.resource_id.in_(list(resource_ids)))
        .order_by(Use.id)
    )
    found: dict[int, tuple[Taken, ...]] = {}
    for resource_id, begins, ends, load in rows:
        found[resource_id] = (*found.get(resource_id, ()), Taken(begins, ends, load))
    return found


def wanted(need: Need) -> Wanted:
    """Return what a need asks for."""
    return Wanted(
        need.kind, need.heads, need.times, need.holidays, need.by_day, need.organisation_id
    )


def offered(row: Resource, uses: tuple[Taken, ...]) -> Offered:
    """Return what a resource offers."""
    return Offered(
        row.kind,
        row.capacity,
        row.times,
        row.holidays,
        row.organisation_id,
        row.until,
        uses,
    )


def one(need: Need, resource: Resource) -> Found:
    """Return what one resource comes to for a need."""
    uses = taken([resource.id]).get(resource.id, ())
    ways = walking.ways(need.community, need.place_id)
    return found(need, resource, uses, ways.get(resource.place_id))


def found(need: Need, resource: Resource, uses: tuple[Taken, ...], minutes: int | None) -> Found:
    """Return what a resource comes to for a need, with what is used and the way given."""
    known = rules()
    fit = fitting.fit(
        wanted(need), offered(resource, uses), known.kinds, known.limits, minutes, posting.today()
    )
    return Found(resource, fit, minutes)


def compared(need: Need) -> list[Found]:
    """Return the public resources that fit a need, the nearest first, then the near misses."""
    query = (
        select(Resource)
        .where(Resource.community_id == need.community_id, Resource.state == PUBLIC)
        .order_by(Resource.id)
        .limit(MOST)
    )
    rows = db.session.scalars(query).all()
    uses = taken([row.id for row in rows])
    ways = walking.ways(need.community, need.place_id)
    all_ = [found(need, row, uses.get(row.id, ()), ways.get(row.place_id)) for row in rows]
    shown = [each for each in all_ if each.fit.fits or each.fit.near_miss]
    far = rules().longest_walk + 1
    return sorted(
        shown,
        key=lambda each: (
            not each.fit.fits,
            far if each.minutes is None else each.minutes,
            each.resource.id,
        ),
    )
