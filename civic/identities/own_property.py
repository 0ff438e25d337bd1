"""What is stored about a person as an owner, a guardian or a household's voice."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import joinedload

from civic.communities.services import in_words
from civic.identities.dwellings import Dwelling, Household, HouseholdRep, Owner, Ownership
from civic.kernel.db import db
from civic.kernel.own_data import Collected, Kept, Part, Table


def _export(person_id: int) -> list[Table]:
    owned = db.session.execute(
        select(Ownership, Owner, Dwelling)
        .join(Owner, Owner.id == Ownership.owner_id)
        .join(Dwelling, Dwelling.id == Ownership.dwelling_id)
        .options(joinedload(Dwelling.node))
        .where(or_(Owner.person_id == person_id, Owner.guardian_id == person_id))
        .order_by(Ownership.id)
    ).all()
    spoken = db.session.execute(
        select(HouseholdRep, Dwelling)
        .join(Household, Household.id == HouseholdRep.household_id)
        .join(Dwelling, Dwelling.id == Household.dwelling_id)
        .options(joinedload(Dwelling.node))
        .where(HouseholdRep.person_id == person_id)
        .order_by(HouseholdRep.id)
    ).all()
    dwellings = [row[2] for row in owned] + [row[1] for row in spoken]
    places = in_words([dwelling.node for dwelling in dwellings])
    place, number, begin, end = _l("Place"), _l("Door"), _l("From"), _l("Until")
    return [
        Table(
            "property",
            _l("What you own here, or vote for as a guardian"),
            {
                "place": place,
                "number": number,
                "as": _l("As"),
                "name": _l("Name on the list"),
                "last4": _l("Last digits of the paper"),
                "from": begin,
                "until": end,
            },
            [
                (
                    places[dwelling.node_id],
                    dwelling.number,
                    _l("owner") if owner.person_id == person_id else _l("guardian"),
                    owner.name if owner.person_id == person_id else "",
                    owner.last4 if owner.person_id == person_id else "",
                    held.valid_from,
                    held.valid_to,
                )
                for held, owner, dwelling in owned
            ],
        ),
        Table(
            "households",
            _l("Households you speak for"),
            {
                "place": place,
                "number": number,
                "basis": _l("Rests on"),
                "from": begin,
                "until": end,
            },
            [
                (places[home.node_id], home.number, rep.basis, rep.valid_from, rep.valid_to)
                for rep, home in spoken
            ],
        ),
    ]


def _forget(person_id: int) -> None:
    """Part a person from the lists; the lists themselves are the office's."""
    for column in (Owner.person_id, Owner.guardian_id):
        db.session.execute(update(Owner).where(column == person_id).values({column: None}))
    db.session.execute(delete(HouseholdRep).where(HouseholdRep.person_id == person_id))


PART = Part(
    owner="property",
    title=_l("Property and households"),
    stored=(
        Collected(
            _l("Which home you own, or whose guardian you are, as staff matched it"),
            _l("Who may vote where owners vote"),
            _l("until staff end it, or you close your account"),
        ),
        Collected(
            _l("For which household you speak, and since when"),
            _l("Who may vote where households vote"),
            _l("until another is chosen, or you close your account"),
        ),
    ),
    export=_export,
    forget=_forget,
    keeps=(
        Kept(
            _l("Your name on the list of properties that the office was given, without a link"),
            _l("the list is the register's; rolls of owners are drawn from it"),
        ),
    ),
)
