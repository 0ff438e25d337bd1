"""Match owners of a list with people who are known here, and let households choose who speaks.

What is matched puts a standing on the roll (level 4, domain.md §1). Staff do it, for others only.
"""

from collections.abc import Sequence
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from civic.communities.models import Community
from civic.identities import looks, services, standings
from civic.identities.dwellings import Dwelling, Household, HouseholdRep, Owner, Ownership
from civic.identities.models import Person, Standing
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor
from civic.kernel.phones import Identifier

OWNER, REPRESENTATIVE = "owner", "household_rep"
ROLL = "roll"
ON_ROLL = 4
LONGEST_BASIS = 200


def dwelling(community: Community, dwelling_id: int, *, lock: bool = False) -> Dwelling:
    """Return an exclusive part of a community.

    :raises Refused: 404 when there is none; the same for one of elsewhere.
    """
    query = (
        select(Dwelling)
        .options(joinedload(Dwelling.node))
        .where(Dwelling.id == dwelling_id, Dwelling.community_id == community.id)
        .where(Dwelling.valid_to.is_(None))
    )
    found = db.session.scalar(query.with_for_update(of=Dwelling) if lock else query)
    if found is None:
        raise Refused("no_dwelling", _l("There is no such home here."), HTTPStatus.NOT_FOUND)
    return found


def owners_of(dwelling_id: int) -> Sequence[Owner]:
    """Return who owns a part now."""
    query = (
        select(Owner)
        .join(Ownership, Ownership.owner_id == Owner.id)
        .where(Ownership.dwelling_id == dwelling_id, Ownership.valid_to.is_(None))
        .order_by(Owner.id)
    )
    return db.session.scalars(query).all()


def match(
    actor: Actor, community: Community, dwelling_id: int, owner_id: int, account: Identifier
) -> Person:
    """Say who an owner is here; their standing as an owner goes to the level of the roll.

    :raises Refused: for nobody of this community, oneself, or an owner of another part.
    """
    home = dwelling(community, dwelling_id, lock=True)
    owner = _owner(home, owner_id)
    person = services.here(community, account)
    standings.others_only(actor, person.id)
    looks.looked(actor, person.id, "contact", community)
    if owner.guardian_id == person.id:
        raise Refused("guardian", _l("This person is the guardian already."), HTTPStatus.CONFLICT)
    owner.person_id, owner.matched_by, owner.matched_at = person.id, actor.person_id, clock.now()
    _on_roll(actor, community, person.id, OWNER, home.node_id)
    standings.record(actor, community, "owner.matched", f"owner:{owner.id}")
    return person


def guard(
    actor: Actor, community: Community, dwelling_id: int, owner_id: int, account: Identifier
) -> Person:
    """Say who votes for an owner who is a minor or lacks capacity (民法典 §§18–24).

    :raises Refused: as `match`, and where the guardian would be the owner.
    """
    owner = _owner(dwelling(community, dwelling_id, lock=True), owner_id)
    person = services.here(community, account)
    standings.others_only(actor, person.id)
    looks.looked(actor, person.id, "contact", community)
    if owner.person_id == person.id:
        raise Refused("guardian", _l("Nobody is their own guardian."))
    if not person.adult:
        raise Refused("minor", _l("A guardian is an adult."))
    owner.guardian_id, owner.matched_by, owner.matched_at = person.id, actor.person_id, clock.now()
    standings.record(actor, community, "owner.guarded", f"owner:{owner.id}")
    return person


def release(actor: Actor, community: Community, dwelling_id: int, owner_id: int) -> None:
    """Take back who an owner is here, and who votes for them."""
    owner = _owner(dwelling(community, dwelling_id, lock=True), owner_id)
    owner.person_id = owner.guardian_id = None
    owner.matched_by, owner.matched_at = actor.person_id, clock.now()
    standings.record(actor, community, "owner.released", f"owner:{owner.id}")


def choose(
    actor: Actor, community: Community, dwelling_id: int, account: Identifier, basis: str
) -> HouseholdRep:
    """Record whom a household has chosen to speak for it; who spoke before does so no longer.

    :param basis: what it rests on, as a paper that the household has signed.
    :raises Refused: for nobody of this community, oneself, a minor, or without a basis.
    """
    home = dwelling(community, dwelling_id, lock=True)
    words = " ".join(basis.split())[:LONGEST_BASIS]
    if not words:
        raise Refused("basis", _l("Please say what the choice rests on."))
    person = services.here(community, account)
    standings.others_only(actor, person.id)
    looks.looked(actor, person.id, "contact", community)
    if not person.adult:
        raise Refused("minor", _l("Who speaks for a household is an adult."))
    household = _household(community, home)
    now = clock.now()
    before = _current(household.id)
    if before is not None:
        if before.person_id == person.id:
            raise Refused("same", _l("This person speaks for it already."), HTTPStatus.CONFLICT)
        before.valid_to = now
        db.session.flush()
    made = HouseholdRep(
        household_id=household.id,
        person_id=person.id,
        basis=words,
        recorded_by=actor.person_id,
        valid_from=now,
    )
    db.session.add(made)
    db.session.flush()
    _on_roll(actor, community, person.id, REPRESENTATIVE, home.node_id)
    standings.record(actor, community, "household.chosen", f"household:{household.id}")
    return made


def _owner(home: Dwelling, owner_id: int) -> Owner:
    query = (
        select(Owner)
        .join(Ownership, Ownership.owner_id == Owner.id)
        .where(Owner.id == owner_id, Ownership.dwelling_id == home.id)
        .where(Ownership.valid_to.is_(None))
        .with_for_update(of=Owner)
    )
    found = db.session.scalar(query)
    if found is None:
        raise Refused("no_owner", _l("There is no such owner here."), HTTPStatus.NOT_FOUND)
    return found


def _household(community: Community, home: Dwelling) -> Household:
    query = select(Household).filter_by(dwelling_id=home.id, valid_to=None)
    found = db.session.scalar(query)
    if found is None:
        found = Household(community_id=community.id, dwelling_id=home.id, valid_from=clock.now())
        db.session.add(found)
        db.session.flush()
    return found


def _current(household_id: int) -> HouseholdRep | None:
    query = select(HouseholdRep).filter_by(household_id=household_id, valid_to=None)
    return db.session.scalar(query.with_for_update())


def _on_roll(actor: Actor, community: Community, person_id: int, kind: str, node_id: int) -> None:
    """Let a standing that somebody holds at a place be one of the roll, or grant it."""
    query = (
        select(Standing)
        .where(Standing.person_id == person_id, Standing.kind == kind, Standing.node_id == node_id)
        .where(or_(Standing.valid_to.is_(None), Standing.valid_to > clock.now()))
        .with_for_update()
    )
    standing = db.session.scalars(query).first()
    if standing is None:
        wanted = standings.Grant(kind=kind, node_id=node_id, rests_on=ROLL)
        standings.grant(actor, community, person_id, wanted)
    elif standing.level < ON_ROLL:
        standing.level, standing.source = ON_ROLL, ROLL
        standing.verified_by = actor.person_id
        standings.told(actor, community, standing, "raised", rests_on=ROLL)
