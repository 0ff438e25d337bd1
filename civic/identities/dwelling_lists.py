"""The list of homes and other exclusive parts of a community, as its office reads it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from civic.communities.models import Community, Node
from civic.communities.services import in_words
from civic.identities.dwellings import Dwelling, Household, HouseholdRep, Owner, Ownership
from civic.identities.models import Person
from civic.kernel.db import db
from civic.kernel.i18n import square_metres

PAGE = 40
AREA_SOURCES = ("register", "survey", "contract")
USES: dict[str, LazyString] = {
    "dwelling": _l("home"),
    "shop": _l("shop"),
    "office": _l("office"),
    "parking": _l("parking bay"),
    "other": _l("other"),
}
STATES: dict[str, LazyString] = {
    "owned": _l("sold"),
    "unsold": _l("not sold"),
    "undelivered": _l("sold, not handed over"),
}
SOURCES: dict[str, LazyString] = {
    "register": _l("by the register"),
    "survey": _l("by the survey"),
    "contract": _l("by the contract"),
}


@dataclass(frozen=True)
class Line:
    """Be one part in the list.

    :ivar owners: how many own it.
    :ivar matched: how many of these are known here, or have a guardian who is.
    :ivar spoken: whether its household has chosen who speaks for it.
    """

    dwelling: Dwelling
    place: str
    owners: int
    matched: int
    spoken: bool


@dataclass(frozen=True)
class Figures:
    """Hold what the whole list adds up to."""

    parts: int
    area_cm2: int


def page(
    community: Community, *, near: Node | None = None, after: int = 0
) -> tuple[list[Line], int]:
    """Return a page of the list, and the key of the next, 0 at the end; four statements.

    :param near: the place whose parts alone are listed.
    """
    query = (
        select(Dwelling)
        .join(Dwelling.node)
        .options(joinedload(Dwelling.node))
        .where(Dwelling.community_id == community.id, Dwelling.valid_to.is_(None))
        .where(Dwelling.id > after)
        .order_by(Dwelling.id)
        .limit(PAGE + 1)
    )
    if near is not None:
        query = query.where(Node.ids.startswith(near.ids))
    found = db.session.scalars(query).all()
    shown = found[:PAGE]
    places = in_words([dwelling.node for dwelling in shown])
    owned, spoken = _owned(shown), _spoken(shown)
    lines = [
        Line(
            dwelling,
            f"{places[dwelling.node_id]} {dwelling.number}",
            *owned.get(dwelling.id, (0, 0)),
            dwelling.id in spoken,
        )
        for dwelling in shown
    ]
    return lines, shown[-1].id if len(found) > PAGE else 0


def _owned(dwellings: Sequence[Dwelling]) -> dict[int, tuple[int, int]]:
    known = func.count(func.coalesce(Owner.person_id, Owner.guardian_id))
    query = (
        select(Ownership.dwelling_id, func.count(Owner.id), known)
        .join(Owner, Owner.id == Ownership.owner_id)
        .where(Ownership.valid_to.is_(None))
        .where(Ownership.dwelling_id.in_([dwelling.id for dwelling in dwellings]))
        .group_by(Ownership.dwelling_id)
    )
    return {row[0]: (row[1], row[2]) for row in db.session.execute(query)}


def _spoken(dwellings: Sequence[Dwelling]) -> set[int]:
    query = (
        select(Household.dwelling_id)
        .join(HouseholdRep, HouseholdRep.household_id == Household.id)
        .where(HouseholdRep.valid_to.is_(None), Household.valid_to.is_(None))
        .where(Household.dwelling_id.in_([dwelling.id for dwelling in dwellings]))
    )
    return set(db.session.scalars(query))


def figures(community: Community) -> Figures:
    """Return how many parts there are, and their area by the best source of each."""
    best = func.coalesce(
        Dwelling.area_register_cm2, Dwelling.area_survey_cm2, Dwelling.area_contract_cm2
    )
    query = select(func.count(Dwelling.id), func.coalesce(func.sum(best), 0)).where(
        Dwelling.community_id == community.id, Dwelling.valid_to.is_(None)
    )
    row = db.session.execute(query).one()
    return Figures(int(row[0]), int(row[1]))


def voice(dwelling_id: int) -> tuple[HouseholdRep, Person] | None:
    """Return who speaks for the household of a part, and since when."""
    query = (
        select(HouseholdRep, Person)
        .join(Household, Household.id == HouseholdRep.household_id)
        .join(Person, Person.id == HouseholdRep.person_id)
        .where(Household.dwelling_id == dwelling_id, Household.valid_to.is_(None))
        .where(HouseholdRep.valid_to.is_(None))
    )
    row = db.session.execute(query).first()
    return (row[0], row[1]) if row else None


def names(owners: Sequence[Owner]) -> dict[int, str]:
    """Return the names of the people that owners are matched with."""
    ids = {key for owner in owners for key in (owner.person_id, owner.guardian_id) if key}
    query = select(Person.id, Person.name).where(Person.id.in_(ids))
    return {row.id: row.name for row in db.session.execute(query)}


def areas(dwelling: Dwelling) -> list[tuple[LazyString, str]]:
    """Return the areas that are known, in square metres, the one that counts first."""
    found = []
    for source in AREA_SOURCES:
        cm2 = getattr(dwelling, f"area_{source}_cm2")
        if cm2 is not None:
            found.append((SOURCES[source], square_metres(cm2)))
    return found
