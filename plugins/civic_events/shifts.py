"""Shifts of volunteers: taken, done, hours said by one side and confirmed by the other."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus

from sqlalchemy import select

from civic.api import Actor, Community, Person, Refused, clock, db, holds
from civic.api import lazy_gettext as _l
from civic_events import filing, kinds
from civic_events.manifest import plugin
from civic_events.models import Activity
from civic_events.service import Certificate, Service, Shift

MOST_MINUTES = 24 * 60


def of(activity: Activity) -> Sequence[Shift]:
    """Return the shifts of an event, the earliest first."""
    query = select(Shift).filter_by(activity_id=activity.id)
    return db.session.scalars(query.order_by(Shift.starts_at, Shift.id)).all()


def one(activity: Activity, shift_id: int) -> Shift:
    """Return a shift of an event.

    :raises Refused: 404 where there is none.
    """
    found = db.session.get(Shift, shift_id)
    if found is None or found.activity_id != activity.id:
        message = _l("There is no such shift here.")
        raise Refused("no_shift", message, HTTPStatus.NOT_FOUND)
    return found


def plan(
    actor: Actor, activity: Activity, task: str, times: tuple[datetime, datetime], wanted: int
) -> Shift:
    """Ask for volunteers for a task of a published event.

    :raises Refused: `not_published`, `shift` for times outside of a day around the event.
    """
    starts_at, ends_at = times
    if activity.state != kinds.PUBLISHED:
        message = _l("Volunteers are asked once the event is published.")
        raise Refused("not_published", message, HTTPStatus.CONFLICT)
    if starts_at <= clock.now() or not filing.DAY > ends_at - starts_at > filing.DAY * 0:
        raise Refused("shift", _l("A shift begins later than now, and ends within a day."))
    made = Shift(community_id=activity.community_id, activity_id=activity.id, task=task)
    made.starts_at, made.ends_at, made.wanted = starts_at, ends_at, wanted
    db.session.add(made)
    db.session.flush()
    holds.provide(
        activity.community,
        made.subject,
        title=f"{activity.title} · {task}",
        path=f"/c/{activity.community.slug}/events/{activity.id}/shifts",
        capacity=wanted,
        closes_at=starts_at,
    )
    subject = f"events_shift:{made.id}"
    plugin.audit("shift", community=activity.community, subject=subject, actor=actor)
    return made


def take(actor: Actor, shift: Shift) -> Service:
    """Take a shift, or wait for one; taking it again changes nothing.

    :raises Refused: `not_adult`, and what `holds.claim` refuses.
    """
    if not actor.adult or actor.person_id is None:
        message = _l("Who volunteers here by themself is 18 or older. Please ask at the office.")
        raise Refused("not_adult", message, HTTPStatus.FORBIDDEN)
    claim = holds.claim(shift.subject, actor.person_id)
    query = select(Service).filter_by(claim_id=claim.id)
    found = db.session.scalar(query)
    if found is None:
        found = Service(shift_id=shift.id, person_id=actor.person_id, claim_id=claim.id)
        found.said_by_staff = False
        db.session.add(found)
        db.session.flush()
    return found


def leave(actor: Actor, shift: Shift) -> None:
    """Give a shift back before it begins.

    :raises Refused: `begun`, 404.
    """
    if shift.starts_at <= clock.now():
        message = _l("The shift has begun; please tell the office.")
        raise Refused("begun", message, HTTPStatus.CONFLICT)
    holds.leave(_claim(actor.person_id, shift).id, actor.person_id or 0)


def _claim(person_id: int | None, shift: Shift) -> holds.Claim:
    found = holds.mine(person_id, [shift.subject]).get(shift.subject)
    if found is None or not found.active:
        message = _l("This shift is not yours.")
        raise Refused("not_yours", message, HTTPStatus.NOT_FOUND)
    return found


def service(shift: Shift, person_id: int | None) -> Service:
    """Return what somebody did in a shift.

    :raises Refused: 404 for who does not have it.
    """
    claim = _claim(person_id, shift)
    if claim.state not in {"held", "offered"}:
        raise Refused("not_yours", _l("This shift is not yours."), HTTPStatus.NOT_FOUND)
    return db.session.scalars(select(Service).filter_by(claim_id=claim.id)).one()


def of_others(actor: Actor, shift: Shift, service_id: int) -> Service:
    """Return what somebody else did in a shift, for the office to confirm.

    :raises Refused: `own` for one's own, and for what is of another shift.
    """
    found = db.session.get(Service, service_id)
    if found is None or found.shift_id != shift.id or found.person_id == actor.person_id:
        message = _l("The hours of this volunteer are confirmed by somebody else.")
        raise Refused("own", message, HTTPStatus.FORBIDDEN)
    return found


def say(found: Service, shift: Shift, minutes: int, *, staff: bool) -> None:
    """Say how long somebody helped; the other side confirms it, or says otherwise.

    :param staff: whether the office says it, else the volunteer.
    :raises Refused: `not_over`, `minutes`, `confirmed` for what both have said.
    """
    if shift.ends_at > clock.now():
        message = _l("Hours are said when the shift is over.")
        raise Refused("not_over", message, HTTPStatus.CONFLICT)
    if not 1 <= minutes <= MOST_MINUTES:
        raise Refused("minutes", _l("Please give the time in minutes, a day at most."))
    if found.confirmed_at is not None:
        message = _l("Both sides have confirmed the hours; the office can explain them.")
        raise Refused("confirmed", message, HTTPStatus.CONFLICT)
    agreed = found.minutes == minutes and found.said_by_staff != staff
    found.minutes, found.said_by_staff = minutes, staff
    found.confirmed_at = clock.now() if agreed else None
    db.session.flush()


def confirmed(person_id: int, community: Community) -> list[tuple[Shift, Service, str]]:
    """Return what somebody did here, as far as both sides confirm it."""
    query = (
        select(Shift, Service, Activity.title)
        .join(Service, Service.shift_id == Shift.id)
        .join(Activity, Activity.id == Shift.activity_id)
        .where(Service.person_id == person_id, Service.confirmed_at.is_not(None))
        .where(Shift.community_id == community.id)
        .order_by(Shift.starts_at, Shift.id)
    )
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
