"""Draw a roll: fetch dwellings, households, people or seats of a place and turn them into rights.

How they count is said by `electorate`; here is where they come from. The rule of a roll is data
(`Rule`), so that it can be published with the roll and drawn again.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select

from civic.communities.models import Community, Node, Post
from civic.communities.services import in_words
from civic.identities.actors import in_force
from civic.identities.dwellings import Dwelling, Household, HouseholdRep, Owner, Ownership
from civic.identities.kinds import STANDINGS
from civic.identities.models import Appointment, Organisation, Person, Standing
from civic.identities.names import masked
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.voting import electorate, places
from civic.voting.electorate import Part, Party, Right, State

PERSON, HOUSEHOLD, OWNER, SEAT = "person", "household", "owner", "seat"
#: What seats are of: each holder of a standing, each organisation, or each post of a body.
SEATS = ("standing", "organisation", "body")


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Say how a roll is drawn.

    :ivar node_id: the place whose electorate it is; a property area means the places it covers.
    :ivar standings: codes or groups of standings, one of which a person needs; of seats, whose.
    :ivar level: level of identity that is needed (domain.md §1).
    :ivar adults: whether whoever votes has to be of age.
    :ivar uses: of owners and households: uses of the parts that count; empty for all.
    :ivar seats: of seats: one of `SEATS`.
    :ivar body_id: of seats of a body: which.
    """

    unit: str
    node_id: int
    standings: tuple[str, ...] = ()
    level: int = 4
    adults: bool = True
    uses: tuple[str, ...] = ()
    seats: str = "standing"
    body_id: int | None = None

    def data(self) -> dict[str, Any]:
        """Return it as JSON keeps it."""
        return {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in asdict(self).items()
        }

    @classmethod
    def load(cls, data: dict[str, Any]) -> "Rule":
        """Read it from JSON."""
        lists = {key: tuple(data.get(key, ())) for key in ("standings", "uses")}
        return cls(**(data | lists))


def draw(community: Community, rule: Rule) -> list[Right]:
    """Return the rights of an electorate as it is now; a bounded number of statements.

    :raises Refused: for a place of elsewhere, or where an area is missing.
    """
    node = places.find(community, rule.node_id)
    if rule.unit == OWNER:
        try:
            return electorate.owner_rights(_parts(node, rule))
        except ValueError as error:
            message = _l("Mend the list of properties first: %(what)s.")
            raise Refused("area", message, HTTPStatus.CONFLICT, {"what": str(error)}) from error
    if rule.unit == HOUSEHOLD:
        return electorate.household_rights(_households(node, rule))
    if rule.unit == PERSON:
        return electorate.person_rights(_people(node, rule))
    if rule.unit == SEAT:
        return electorate.seat_rights(_seats(node, rule))
    message = f"no such unit: {rule.unit}"
    raise ValueError(message)


def _dwellings(node: Node, rule: Rule) -> Select[Dwelling, Node]:
    query = (
        select(Dwelling, Node)
        .join(Node, Node.id == Dwelling.node_id)
        .where(places.inside(node), in_force(Dwelling.valid_from, Dwelling.valid_to, clock.now()))
        .order_by(Node.ids, Dwelling.number, Dwelling.id)
    )
    return query.where(Dwelling.use.in_(rule.uses)) if rule.uses else query


def _parts(node: Node, rule: Rule) -> list[Part]:
    rows = db.session.execute(_dwellings(node, rule)).all()
    labels = in_words([row[1] for row in rows])
    owners = _owners([row[0].id for row in rows])
    return [
        Part(
            id=dwelling.id,
            label=f"{labels[place.id]} {dwelling.number}",
            area_cm2={
                source: cm2
                for source in electorate.AREA_SOURCES
                if (cm2 := getattr(dwelling, f"area_{source}_cm2")) is not None
            },
            state=State(dwelling.state),
            owners=tuple(owners.get(dwelling.id, ())),
            developer=str(node.id),
        )
        for dwelling, place in rows
    ]


def _owners(dwelling_ids: Sequence[int]) -> dict[int, list[Party]]:
    now = clock.now()
    query = (
        select(Ownership.dwelling_id, Owner.id, Owner.name, Owner.person_id, Owner.guardian_id)
        .join(Owner, Owner.id == Ownership.owner_id)
        .where(in_force(Ownership.valid_from, Ownership.valid_to, now))
        .order_by(Owner.id)
    )
    wanted, found = set(dwelling_ids), dict[int, list[Party]]()
    for row in db.session.execute(query.where(Ownership.dwelling_id.in_(wanted))):
        party = Party(
            key=str(row.id),
            person_id=row.person_id,
            guardian_id=row.guardian_id,
            name=masked(row.name),
        )
        found.setdefault(row.dwelling_id, []).append(party)
    return found


def _households(node: Node, rule: Rule) -> list[electorate.Household]:
    now = clock.now()
    query = (
        _dwellings(node, rule)
        .add_columns(Household.id, HouseholdRep.person_id)
        .join(Household, Household.dwelling_id == Dwelling.id)
        .outerjoin(
            HouseholdRep,
            (HouseholdRep.household_id == Household.id)
            & in_force(HouseholdRep.valid_from, HouseholdRep.valid_to, now),
        )
        .where(in_force(Household.valid_from, Household.valid_to, now))
    )
    rows = db.session.execute(query).all()
    labels = in_words([row[1] for row in rows])
    return [
        electorate.Household(
            id=household_id,
            label=f"{labels[place.id]} {dwelling.number}",
            representative=person_id,
        )
        for dwelling, place, household_id, person_id in rows
    ]


def _held(node: Node, rule: Rule) -> Select[int, str, int]:
    """Return who holds one of the standings of a rule at a place, each standing with its person."""
    kinds = [
        code
        for code, kind in STANDINGS.items()
        if not kind.private and (code in rule.standings or kind.groups & set(rule.standings))
    ]
    query = (
        select(Person.id, Person.name, Standing.id)
        .join(Standing, Standing.person_id == Person.id)
        .join(Node, Node.id == Standing.node_id)
        .where(places.inside(node), Standing.kind.in_(kinds), Standing.level >= rule.level)
        .where(in_force(Standing.valid_from, Standing.valid_to, clock.now()))
        .where(Person.closed_at.is_(None))
        .order_by(Person.id)
    )
    return query.where(Person.adult.is_(True)) if rule.adults else query


def _people(node: Node, rule: Rule) -> list[tuple[int, str]]:
    return [(row[0], masked(row[1])) for row in db.session.execute(_held(node, rule))]


def _seats(node: Node, rule: Rule) -> list[tuple[str, str, int | None]]:
    if rule.seats == "standing":
        rows = db.session.execute(_held(node, rule)).all()
        return [(f"standing:{row[2]}", masked(row[1]), row[0]) for row in rows]
    if rule.seats == "organisation":
        return _organisations(node, rule)
    if rule.seats == "body":
        return _posts(node, rule)
    message = f"no such kind of seat: {rule.seats}"
    raise ValueError(message)


def _organisations(node: Node, rule: Rule) -> list[tuple[str, str, int | None]]:
    """Return a seat for each organisation, filled by whoever has acted for it the longest."""
    now = clock.now()
    query = (
        select(Organisation.id, Organisation.name, Standing.person_id)
        .join(Node, Node.id == Organisation.node_id)
        .outerjoin(
            Standing,
            (Standing.organisation_id == Organisation.id)
            & (Standing.level >= rule.level)
            & in_force(Standing.valid_from, Standing.valid_to, now),
        )
        .where(places.inside(node), in_force(Organisation.valid_from, Organisation.valid_to, now))
        .where(Organisation.kind.in_(rule.standings))
        .order_by(Organisation.id, Standing.valid_from, Standing.id)
    )
    found: dict[int, tuple[str, str, int | None]] = {}
    for key, name, person_id in db.session.execute(query):
        found.setdefault(key, (f"organisation:{key}", name, person_id))
    return list(found.values())


def _posts(node: Node, rule: Rule) -> list[tuple[str, str, int | None]]:
    """Return a seat for each post of a body and each of its holders; a vacant post is one seat."""
    now = clock.now()
    query = (
        select(Post.id, Post.title, Appointment.id, Appointment.person_id)
        .outerjoin(
            Appointment,
            (Appointment.post_id == Post.id)
            & in_force(Appointment.valid_from, Appointment.valid_to, now),
        )
        .join(Node, Node.id == Post.node_id)
        .where(Post.body_id == rule.body_id, Post.valid_to.is_(None), places.inside(node))
        .order_by(Post.id, Appointment.id)
    )
    return [
        (f"post:{post_id}:{appointment_id or 0}", title, person_id)
        for post_id, title, appointment_id, person_id in db.session.execute(query)
    ]
