"""Find places: filtered, a page at a time, in the order of their numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, or_, select, tuple_

from civic.api import Community, db
from civic_facility.kinds import HANDLED, REPORTED
from civic_facility.models import Defect, Place

PAGE = 50
#: Shown as a filter beside the states of places.
DEFECTIVE = "defective"
#: Numbers are painted with leading noughts or without; shorter ones come first.
ORDER = (Place.kind, func.length(Place.number), Place.number)


@dataclass(frozen=True)
class Filter:
    """Say which places are looked for; what is empty does not count.

    :ivar state: of the place, or `DEFECTIVE` for those with an open report.
    :ivar words: beginning of a number, or a part of the location.
    """

    kind: str = ""
    state: str = ""
    words: str = ""

    def narrow(self, query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
        """Return the query for those places alone."""
        if self.kind:
            query = query.where(Place.kind == self.kind)
        if self.state == DEFECTIVE:
            query = query.where(Place.id.in_(_open()))
        elif self.state:
            query = query.where(Place.state == self.state)
        if self.words:
            number = Place.number.istartswith(self.words, autoescape=True)
            query = query.where(or_(number, Place.location.contains(self.words, autoescape=True)))
        return query


@dataclass(frozen=True)
class Page:
    """Hold one page of places, which of them have an open report, and where the next begins.

    :ivar older: id after which the next page begins; nothing on the last one.
    """

    places: Sequence[Place]
    defective: frozenset[int]
    total: int
    older: int | None


def _open() -> Select[int]:
    return select(Defect.place_id).where(Defect.state.in_((REPORTED, HANDLED)))


def page(community: Community, which: Filter, after: int | None = None) -> Page:
    """Return the places of a page."""
    query = which.narrow(select(Place).where(Place.community_id == community.id))
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    last = db.session.get(Place, after) if after else None
    if last is not None:
        query = query.where(tuple_(*ORDER) > (last.kind, len(last.number), last.number))
    found = db.session.scalars(query.order_by(*ORDER).limit(PAGE + 1)).all()
    shown = found[:PAGE]
    ids = [place.id for place in shown]
    defective = db.session.scalars(_open().where(Defect.place_id.in_(ids)))
    older = shown[-1].id if len(found) > PAGE else None
    return Page(shown, frozenset(defective), total, older)


def every(community: Community) -> Sequence[Place]:
    """Return all places of a community, for a table of them."""
    query = select(Place).where(Place.community_id == community.id).order_by(*ORDER)
    return db.session.scalars(query).all()


def counts(community: Community) -> dict[str, int]:
    """Return how many places there are of each kind."""
    query = select(Place.kind, func.count()).where(Place.community_id == community.id)
    found = db.session.execute(query.group_by(Place.kind))
    return {row[0]: row[1] for row in found}


def defective(community: Community) -> int:
    """Return how many places have an open report."""
    query = select(func.count()).select_from(Place).where(Place.community_id == community.id)
    return db.session.scalar(query.where(Place.id.in_(_open()))) or 0
