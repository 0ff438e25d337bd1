"""Shifts of volunteers: taken, done, hours said by one side and confirmed by the other."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from http import HTTPStatus

from sqlalchemy import select

from civic.api import Actor, Person, Refused, clock, db, holds, looked, looked_at
from civic.api import lazy_gettext as _l
from civic_events import kinds, owning
from civic_events.manifest import plugin
from civic_events.models import Activity
from civic_events.service import Service, Shift

DAY = timedelta(days=1)
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

    :raises Refused: `not_published`, `shift` for times outside of a day around the event,
        `not_yours`.
    """
    owning.hold(actor, activity)
    starts_at, ends_at = times
    if activity.state != kinds.PUBLISHED:
        message = _l("Volunteers are asked once the event is published.")
        raise Refused("not_published", message, HTTPStatus.CONFLICT)
    if starts_at <= clock.now() or not timedelta() < ends_at - starts_at < DAY:
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

    :raises Refused: `not_adult`, `not_published`, and what `holds.claim` refuses.
    """
    if not actor.adult or actor.person_id is None:
        message = _l("Who volunteers here by themself is 18 or older. Please ask at the office.")
        raise Refused("not_adult", message, HTTPStatus.FORBIDDEN)
    activity = db.session.get_one(Activity, shift.activity_id)
    owning.lock(activity)
    if activity.state != kinds.PUBLISHED:
        message = _l("This event does not take place, so no volunteers are wanted.")
        raise Refused("not_published", message, HTTPStatus.CONFLICT)
    claim = holds.claim(shift.subject, actor.person_id)
    query = select(Service).filter_by(claim_id=claim.id)
    found = db.session.scalar(query)
    if found is None:
        found = Service(shift_id=shift.id, person_id=actor.person_id, claim_id=claim.id)
        found.said_by_staff = False
        db.session.add(found)
        db.session.flush()
    return found


def accept(actor: Actor, shift: Shift) -> None:
    """Take a shift that is offered.

    :raises Refused: 404 for who does not wait for it, and what `holds.accept` refuses.
    """
    holds.accept(_claim(actor.person_id, shift).id, actor.person_id or 0)


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


def say_own(actor: Actor, shift: Shift, minutes: int) -> None:
    """Say how long one helped oneself.

    :raises Refused: 404 for who does not have the shift, and what `say` refuses.
    """
    say(service(shift, actor.person_id), shift, minutes, staff=False)


def confirm(actor: Actor, shift: Shift, service_id: int, minutes: int) -> None:
    """Say for the office how long somebody helped; that they were looked at is noted.

    :raises Refused: as `of_others` and `say`.
    """
    found = of_others(actor, shift, service_id)
    if found.person_id is not None:
        looked(actor, found.person_id, "profile", shift.community)
    say(found, shift, minutes, staff=True)
    subject = f"events_service:{found.id}"
    data = {"minutes": found.minutes}
    plugin.audit("hours", community=shift.community, subject=subject, actor=actor, data=data)


def helpers(
    actor: Actor, found: Sequence[Shift], *, everybody: bool
) -> dict[int, list[tuple[Service, str, bool]]]:
    """Return who helps in which shift: the name, and whether it is whoever looks.

    :param everybody: whether others are shown too; that they were looked at is noted.
    """
    query = (
        select(Service, Person.name)
        .join(Person, Person.id == Service.person_id)
        .where(Service.shift_id.in_([shift.id for shift in found]))
        .order_by(Service.id)
    )
    if not everybody:
        query = query.where(Service.person_id == (actor.person_id or 0))
    rows: dict[int, list[tuple[Service, str, bool]]] = {}
    seen: set[int] = set()
    for service, name in db.session.execute(query).all():
        own = service.person_id == actor.person_id
        rows.setdefault(service.shift_id, []).append((service, name, own))
        if service.person_id is not None:
            seen.add(service.person_id)
    if seen:
        looked_at(actor, seen, "profile", found[0].community)
    return rows
