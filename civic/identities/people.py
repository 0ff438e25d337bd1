"""The register of a community: who has a standing or a waiting claim there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import aliased, joinedload

from civic.communities.models import Community, Node
from civic.communities.services import in_words
from civic.identities import known as kinds
from civic.identities.actors import in_force
from civic.identities.claim_states import WAITING
from civic.identities.claimed import Claim
from civic.identities.models import Contact, Organisation, Person, Standing
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.phones import identify

PAGE = 40
#: How long somebody stays on the register whose standings here have ended, to be renewed.
REMEMBERED = timedelta(days=365)


@dataclass(frozen=True)
class Entry:
    """Be one person on the register.

    :ivar standings: in force here, each as kind, place in words, and level.
    """

    id: int
    name: str
    standings: list[tuple[str, str, int]]


@dataclass(frozen=True)
class Held:
    """Hold one standing of a person as staff read it."""

    standing: Standing
    place: str
    verifier: str
    organisation: str
    current: bool


def page(
    community: Community, words: str = "", *, organisation_id: int = 0, after: int = 0
) -> tuple[list[Entry], int]:
    """Return a page of the register, who joined last first, and the key of the next, 0 at the end.

    A number or address is found in full only: part by part it could be spelled out, and no look
    at it would be recorded. A name is found by its beginning.
    """
    query = select(Person).where(_of(community), Person.closed_at.is_(None))
    if words := words.strip():
        query = query.where(_fits(words))
    if organisation_id:
        held = select(Standing.person_id).where(
            Standing.organisation_id == organisation_id,
            in_force(Standing.valid_from, Standing.valid_to, clock.now()),
        )
        query = query.where(Person.id.in_(held))
    if after:
        query = query.where(Person.id < after)
    found = db.session.scalars(query.order_by(Person.id.desc()).limit(PAGE + 1)).all()
    shown = found[:PAGE]
    current = _standings(community, [person.id for person in shown], current=True)
    places = in_words([standing.node for standing in current])
    entries = [
        Entry(
            person.id,
            person.name,
            [
                (standing.kind, places[standing.node_id], standing.level)
                for standing in current
                if standing.person_id == person.id
            ],
        )
        for person in shown
    ]
    return entries, shown[-1].id if len(found) > PAGE else 0


def one(community: Community, person_id: int) -> Person:
    """Return a person of the register.

    :raises Refused: 404 when there is none; the same for somebody of elsewhere.
    """
    query = select(Person).where(Person.id == person_id, _of(community), Person.closed_at.is_(None))
    person = db.session.scalar(query)
    if person is None:
        raise Refused("nobody", _l("There is no such person here."), HTTPStatus.NOT_FOUND)
    return person


def held(community: Community, person_id: int) -> list[Held]:
    """Return what somebody holds or held at a community and below, in force first."""
    found = _standings(community, [person_id], current=False)
    places = in_words([standing.node for standing in found])
    verifiers = _names(Person, {standing.verified_by for standing in found})
    organisations = _names(Organisation, {standing.organisation_id for standing in found})
    now = clock.now()
    rows = [
        Held(
            standing,
            places[standing.node_id],
            verifiers.get(standing.verified_by or 0, ""),
            organisations.get(standing.organisation_id or 0, ""),
            standing.valid_to is None or standing.valid_to > now,
        )
        for standing in found
    ]
    return sorted(rows, key=lambda row: not row.current)


def held_one(community: Community, person_id: int, standing_id: int) -> Held:
    """Return one standing of a person here.

    :raises Refused: 404 when there is none; the same for one of elsewhere or of somebody else.
    """
    for row in held(community, person_id):
        if row.standing.id == standing_id:
            return row
    raise Refused("no_standing", _l("There is no such standing here."), HTTPStatus.NOT_FOUND)


def contacts(person_id: int) -> Sequence[Contact]:
    """Return what somebody signs in with."""
    query = select(Contact).filter_by(person_id=person_id).order_by(Contact.id)
    return db.session.scalars(query).all()


def _names(table: type[Person | Organisation], ids: set[int | None]) -> dict[int, str]:
    query = select(table.id, table.name).where(table.id.in_([key for key in ids if key]))
    return {row.id: row.name for row in db.session.execute(query)}


def _standings(community: Community, people: list[int], *, current: bool) -> Sequence[Standing]:
    query = (
        select(Standing)
        .join(Standing.node)
        .options(joinedload(Standing.node))
        .where(Standing.person_id.in_(people), Standing.kind.in_(kinds.open_kinds()))
        .where(Node.ids.startswith(community.node.ids))
        .order_by(Standing.id.desc())
    )
    if current:
        query = query.where(in_force(Standing.valid_from, Standing.valid_to, clock.now()))
    return db.session.scalars(query).all()


def _of(community: Community) -> ColumnElement[bool]:
    """Return the condition that a person has, or lately had, a standing here, or claims one."""
    place = aliased(Node)
    since = clock.now() - REMEMBERED
    held = (
        select(Standing.person_id)
        .join(place, place.id == Standing.node_id)
        .where(place.ids.startswith(community.node.ids), Standing.kind.in_(kinds.open_kinds()))
        .where(or_(Standing.valid_to.is_(None), Standing.valid_to > since))
    )
    claimed = (
        select(Claim.person_id)
        .join(place, place.id == Claim.node_id)
        .where(place.ids.startswith(community.node.ids), Claim.state.in_(WAITING))
    )
    return or_(Person.id.in_(held), Person.id.in_(claimed))


def _fits(words: str) -> ColumnElement[bool]:
    name = Person.name.startswith(words, autoescape=True)
    try:
        known = identify(words)
    except ValueError:
        return name
    holders = select(Contact.person_id).filter_by(kind=known.kind, value=known.value)
    return or_(name, Person.id.in_(holders))
