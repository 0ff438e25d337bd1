"""Find homes: by rent, size, people, accessibility, and the way to work."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import exists, func, select, tuple_
from sqlalchemy.orm import selectinload

from civic.api import Community, db
from civic_rental.home_models import LISTED, Commute, Listing, Photo, Workplace
from civic_rental.words import codes, data

PAGE = 20
BANDS: tuple[int, ...] = tuple(data("homes")["commute"]["bands"])
MODES = codes("homes", "mode")
KINDS = codes("homes", "kind")
MOST_FEN, MOST_AREA, MOST_PERSONS = 10**9, 10**6, 100


@dataclass(frozen=True)
class Filter:
    """Say which homes are looked for; what is nothing does not count.

    :ivar rent: per month at most, in fen.
    :ivar area: at least, in hundredths of a square metre.
    :ivar workplace: id; `minutes` is one of the bands, `mode` one way of getting there or any.
    """

    rent: int = 0
    area: int = 0
    persons: int = 0
    kind: str = ""
    workplace: int = 0
    minutes: int = 0
    mode: str = ""
    lift: bool = False
    step_free: bool = False

    @property
    def narrow(self) -> bool:
        """Tell whether it leaves anything out."""
        return self != Filter(workplace=self.workplace, mode=self.mode)


@dataclass(frozen=True)
class Page:
    """Hold one page of homes.

    :ivar after: id behind which the next page begins; nothing on the last one.
    :ivar ways: minutes by listing id, workplace and mode, for the workplace looked for or for all.
    """

    rows: Sequence[Listing]
    total: int
    after: int | None
    ways: Mapping[int, Mapping[str, int]]


def page(community: Community, which: Filter, after: int | None = None) -> Page:
    """Return the homes of a page, the lowest rent first."""
    query = select(Listing).where(Listing.community_id == community.id, Listing.state == LISTED)
    if which.rent:
        query = query.where(Listing.rent <= which.rent)
    if which.area:
        query = query.where(Listing.area >= which.area)
    if which.persons:
        query = query.where(Listing.persons >= which.persons)
    if which.kind:
        query = query.where(Listing.kind == which.kind)
    if which.lift:
        query = query.where(Listing.lift)
    if which.step_free:
        query = query.where(Listing.step_free)
    if which.workplace and which.minutes:
        near = exists().where(
            Commute.conversion_id == Listing.conversion_id,
            Commute.workplace_id == which.workplace,
            Commute.minutes <= which.minutes,
        )
        query = query.where(near.where(Commute.mode == which.mode) if which.mode else near)
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    last = db.session.get(Listing, after) if after else None
    if last is not None and last.community_id == community.id:
        query = query.where(tuple_(Listing.rent, Listing.id) > (last.rent, last.id))
    query = query.options(selectinload(Listing.photos))
    found = db.session.scalars(query.order_by(Listing.rent, Listing.id).limit(PAGE + 1)).all()
    rows = found[:PAGE]
    ways = _ways(rows, which.workplace) if which.workplace else {}
    return Page(rows, total, rows[-1].id if len(found) > PAGE else None, ways)


def _ways(rows: Collection[Listing], workplace: int) -> dict[int, dict[str, int]]:
    """Return the minutes to a workplace by listing and mode."""
    ids = {row.conversion_id for row in rows}
    query = select(Commute.conversion_id, Commute.mode, Commute.minutes).where(
        Commute.conversion_id.in_(ids), Commute.workplace_id == workplace
    )
    by_building: dict[int, dict[str, int]] = defaultdict(dict)
    for building, mode, minutes in db.session.execute(query):
        by_building[building][mode] = minutes
    return {row.id: by_building[row.conversion_id] for row in rows}


def workplaces(community: Community) -> Sequence[Workplace]:
    """Return the workplaces to which ways are known, by their names."""
    query = select(Workplace).filter_by(community_id=community.id)
    return db.session.scalars(query.order_by(Workplace.name, Workplace.id)).all()


def commutes(conversion_id: int) -> dict[str, dict[str, int]]:
    """Return the minutes from a building to each workplace, by its name and by mode."""
    query = (
        select(Workplace.name, Commute.mode, Commute.minutes)
        .join(Workplace, Workplace.id == Commute.workplace_id)
        .where(Commute.conversion_id == conversion_id)
        .order_by(Workplace.name, Workplace.id, Commute.id)
    )
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for name, mode, minutes in db.session.execute(query):
        found[name][mode] = minutes
    return found


def band(minutes: int) -> int:
    """Return the band that so many minutes are in; 0 where they are above all."""
    return next((most for most in BANDS if minutes <= most), 0)


def photos(listing: Listing) -> Sequence[Photo]:
    """Return the pictures of a listing, in the order in which they came."""
    query = select(Photo).filter_by(listing_id=listing.id)
    return db.session.scalars(query.order_by(Photo.id)).all()
