"""Certificates of voluntary service: what both sides confirmed, up to the day it was given."""

import secrets
from datetime import datetime
from http import HTTPStatus

from sqlalchemy import select

from civic.api import Actor, Community, Person, Refused, clock, db
from civic.api import lazy_gettext as _l
from civic_events.models import Activity
from civic_events.service import Certificate, Service, Shift


def confirmed(
    person_id: int, community: Community, until: datetime | None = None
) -> list[tuple[Shift, Service, str]]:
    """Return what somebody did here, as far as both sides confirm it.

    :param until: leaves out what was confirmed later.
    """
    query = (
        select(Shift, Service, Activity.title)
        .join(Service, Service.shift_id == Shift.id)
        .join(Activity, Activity.id == Shift.activity_id)
        .where(Service.person_id == person_id, Service.confirmed_at.is_not(None))
        .where(Shift.community_id == community.id)
        .order_by(Shift.starts_at, Shift.id)
    )
    if until is not None:
        query = query.where(Service.confirmed_at <= until)
    return [(shift, found, title) for shift, found, title in db.session.execute(query)]


def certify(actor: Actor, community: Community) -> Certificate:
    """Give a certificate of confirmed hours, free and whenever asked; the same hours, the same one.

    :raises Refused: `no_hours`.
    """
    rows = confirmed(actor.person_id or 0, community)
    if not rows:
        message = _l("No hours are confirmed by both sides yet.")
        raise Refused("no_hours", message, HTTPStatus.CONFLICT)
    minutes = sum(found.minutes or 0 for _shift, found, _title in rows)
    person = db.session.get_one(Person, actor.person_id)
    query = select(Certificate).filter_by(
        person_id=actor.person_id, community_id=community.id, minutes=minutes, count=len(rows)
    )
    made = db.session.scalar(query)
    if made is None:
        made = Certificate(community_id=community.id, person_id=actor.person_id, minutes=minutes)
        made.count, made.name, made.at = len(rows), person.public_name, clock.now()
        made.serial = secrets.token_hex(6).upper()
        db.session.add(made)
        db.session.flush()
    return made


def certificate(community: Community, serial: str) -> Certificate:
    """Return a certificate by its serial number, as whoever is shown one checks it.

    :raises Refused: 404 for a number that was never given.
    """
    query = select(Certificate).filter_by(community_id=community.id, serial=serial.upper())
    found = db.session.scalar(query)
    if found is None:
        message = _l("No certificate of this community has this number.")
        raise Refused("no_certificate", message, HTTPStatus.NOT_FOUND)
    return found
