"""Conversions of old premises into homes for rent: taken in, changed, looked up."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from civic.api import Actor, Community, Refused, clock, db
from civic.api import lazy_gettext as _l
from civic_rental import states
from civic_rental.manifest import plugin
from civic_rental.models import Conversion, Partner
from civic_rental.recording import hold, not_closed, not_older, subject
from civic_rental.words import codes

#: While the offices have not been asked yet, what a conversion is can be changed.
OPEN = ("intake", "eligibility", "demand", "neighbours")
MOST_PARTNERS = 20


def one(community: Community, conversion_id: int) -> Conversion:
    """Return a conversion of a community.

    :raises Refused: 404 when there is none.
    """
    found = db.session.get(Conversion, conversion_id)
    if found is None or found.community_id != community.id:
        message = _l("There is no such conversion here.")
        raise Refused("no_conversion", message, HTTPStatus.NOT_FOUND)
    return found


def write(
    actor: Actor,
    community: Community,
    values: Mapping[str, Any],
    form_key: str,
    conversion: Conversion | None = None,
    version: int = 0,
) -> Conversion:
    """Keep what a conversion is, a new one or one that no office has been asked about.

    :param values: `title`, `building`, `old_use`, `kind`, `operator` and `about`.
    :param version: of the one that was read, where it is changed.
    :raises Refused: `fixed` for one that is past the point, `meanwhile`.
    """
    if conversion is None:
        known = select(Conversion).filter_by(made_by=actor.person_id, form_key=form_key)
        if (found := db.session.scalar(known)) is not None:
            return found
        now = clock.now()
        first = states.way().first
        made = Conversion(community_id=community.id, community=community, state=first)
        made.made_by, made.form_key, made.made_at, made.entered_at = (
            actor.person_id,
            form_key,
            now,
            now,
        )
        made.facts = []
        _set(made, values)
        db.session.add(made)
        db.session.flush()
        plugin.audit("begun", community=community, subject=subject(made), actor=actor)
        return made
    hold(conversion)
    if conversion.state not in OPEN:
        message = _l(
            "The offices have been asked about this conversion: what it is stays as it is. Lead it "
            "back to the check of eligibility to change it."
        )
        raise Refused("fixed", message, HTTPStatus.CONFLICT)
    not_older(conversion.version, version)
    _set(conversion, values)
    conversion.version += 1
    db.session.flush()
    plugin.audit("changed", community=community, subject=subject(conversion), actor=actor)
    return conversion


def _set(conversion: Conversion, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(conversion, name, value)


def tick(actor: Actor, conversion: Conversion, facts: Sequence[str]) -> None:
    """Say what is so in the building.

    :raises Refused: `closed`.
    """
    hold(conversion)
    not_closed(conversion)
    known = codes("conversion", "fact")
    conversion.facts = [code for code in known if code in facts]
    data = {"facts": conversion.facts}
    community = conversion.community
    plugin.audit("ticked", community=community, subject=subject(conversion), actor=actor, data=data)


def add_partner(actor: Actor, conversion: Conversion, name: str, homes: int) -> None:
    """Note a unit for whose staff homes are converted, or how many more it asks for.

    :raises Refused: `closed`, `too_many`.
    """
    hold(conversion)
    not_closed(conversion)
    found = db.session.scalar(select(Partner).filter_by(conversion_id=conversion.id, name=name))
    if found is None:
        count = select(func.count()).where(Partner.conversion_id == conversion.id)
        if (db.session.scalar(count) or 0) >= MOST_PARTNERS:
            message = _l("%(most)d units are the most for one conversion.")
            raise Refused("too_many", message, HTTPStatus.CONFLICT, {"most": MOST_PARTNERS})
        found = Partner(conversion_id=conversion.id, name=name)
        db.session.add(found)
    found.homes = homes
    db.session.flush()
    data = {"unit": name, "homes": homes}
    community = conversion.community
    plugin.audit("asked", community=community, subject=subject(conversion), actor=actor, data=data)


def drop_partner(actor: Actor, conversion: Conversion, partner_id: int) -> None:
    """Take a unit out; one that is out already is no matter.

    :raises Refused: `closed`; `named` where homes are for its staff already.
    """
    hold(conversion)
    not_closed(conversion)
    mine = Partner.conversion_id == conversion.id
    gone = delete(Partner).where(Partner.id == partner_id, mine).returning(Partner.name)
    try:
        with db.session.begin_nested():
            name = db.session.scalar(gone)
    except IntegrityError as error:
        message = _l("Applications name this unit, so it stays.")
        raise Refused("named", message, HTTPStatus.CONFLICT) from error
    if name is not None:
        plugin.audit(
            "asked",
            community=conversion.community,
            subject=subject(conversion),
            actor=actor,
            data={"unit": name, "homes": 0},
        )


def partners(conversion: Conversion) -> Sequence[Partner]:
    """Return the units for whose staff homes are converted, by their names."""
    query = select(Partner).filter_by(conversion_id=conversion.id)
    return db.session.scalars(query.order_by(Partner.name, Partner.id)).all()


def listed(
    community: Community,
    state: str = "",
    words: str = "",
    after: int | None = None,
    limit: int = 50,
) -> Sequence[Conversion]:
    """Return the conversions of a community, the newest first; one more than a page has."""
    query = select(Conversion).filter_by(community_id=community.id)
    if state:
        query = query.where(Conversion.state == state)
    if words:
        has = Conversion.title.icontains(words, autoescape=True)
        query = query.where(has | Conversion.building.icontains(words, autoescape=True))
    if after:
        query = query.where(Conversion.id < after)
    return db.session.scalars(query.order_by(Conversion.id.desc()).limit(limit + 1)).all()
