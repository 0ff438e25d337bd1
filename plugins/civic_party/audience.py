"""Whom notices can be for by the word of this plugin: liaisons of the units of bodies."""

from typing import Any

from sqlalchemy import Select, select

from civic.api import AudienceTerm, Organisation, Person, acting_for, liaisons
from civic.api import lazy_gettext as _l
from civic_party.models import Body, Seat


def unit_liaisons() -> Select[Any]:
    """Return a statement of who acts for a unit with a seat in a body, and where the body is.

    Seats that have ended and bodies that were dissolved mean nobody; so do seats of offices, which
    have no liaisons.
    """
    units = (
        select(Organisation.id)
        .join(Seat, Seat.organisation_id == Organisation.id)
        .join(Body, Body.id == Seat.body_id)
        .where(Seat.ended_at.is_(None), Body.dissolved_at.is_(None))
    )
    # Few people act for such units; only theirs are looked up one by one.
    few = select(Person.id).where(Person.id.in_(liaisons(units))).subquery()
    who: Any = few.c.id  # a column in the place of a number, so that it is one statement
    return (
        select(who, Body.community_id)
        .select_from(few)
        .join(Seat, Seat.organisation_id.in_(acting_for(who)))
        .join(Body, Body.id == Seat.body_id)
        .where(Seat.ended_at.is_(None), Body.dissolved_at.is_(None))
        .distinct()
    )


AUDIENCE = [AudienceTerm("liaison", _l("Liaisons of the units of bodies"), unit_liaisons)]
