"""Who sits on the panel of a call, and which applications come before it."""

from collections.abc import Collection, Sequence
from http import HTTPStatus

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from civic.api import Actor, Refused, clock, db, holders
from civic.api import lazy_gettext as _l
from civic_incubator import calls, phases
from civic_incubator.manifest import plugin
from civic_incubator.models import PASSED, RETURNED, SUBMITTED, Application, Call
from civic_incubator.ranking import EXPERT, RESIDENT
from civic_incubator.review_models import Declaration, Seat

STANDING = "incubator.expert"


def screen(actor: Actor, which: Application, *, passed: bool, reason: str) -> None:
    """Say whether an application goes on to the panel, an official act.

    :raises Refused: `reason` for one that does not and is not told why, `no_move`.
    """
    db.session.refresh(which.call, with_for_update=True)
    if which.call.phase != calls.SCREENING or which.state not in {SUBMITTED, PASSED, RETURNED}:
        message = _l("The forms of this call are not being checked now.")
        raise Refused("no_move", message, HTTPStatus.CONFLICT)
    if not (passed or reason):
        raise Refused("reason", _l("Please say why; the organisation reads it."))
    which.state = PASSED if passed else RETURNED
    which.reason = "" if passed else reason
    plugin.audit(
        "screened",
        community=which.community,
        subject=f"incubator_application:{which.id}",
        actor=actor,
        data={"passed": passed},
    )


def seat_experts(actor: Actor, which: Call, person_ids: Collection[int]) -> None:
    """Choose the experts of a call among those who hold the standing, an official act.

    One who has declared something stays.

    :raises Refused: `no_expert` for somebody who is none, `late` once it is decided.
    """
    db.session.refresh(which, with_for_update=True)
    if which.phase not in {calls.PREPARING, calls.OPEN, calls.SCREENING, calls.REVIEW}:
        message = _l("The review is over; the panel stays as it was.")
        raise Refused("late", message, HTTPStatus.CONFLICT)
    wanted = set(person_ids)
    seated = seats(which, EXPERT)
    busy = {seat.person_id for seat in seated if _declared(seat)}
    known = {holder.person_id for holder in holders(which.community, STANDING)} | busy
    if not wanted <= known:
        raise Refused("no_expert", _l("Only people with the standing of an expert can be chosen."))
    for seat in seated:
        if seat.person_id not in wanted | busy:
            db.session.delete(seat)
    for person_id in sorted(wanted - {seat.person_id for seat in seated}):
        made = Seat(call_id=which.id, person_id=person_id, side=EXPERT, seated_at=clock.now())
        try:
            with db.session.begin_nested():
                db.session.add(made)
        except IntegrityError as error:
            message = _l("One of them scores as a resident already, and cannot do both.")
            raise Refused("both", message, HTTPStatus.CONFLICT) from error
    db.session.flush()
    plugin.audit(
        "panel",
        community=which.community,
        subject=f"incubator_call:{which.id}",
        actor=actor,
        data={"experts": len(seats(which, EXPERT))},
    )


def take_part(actor: Actor, which: Call) -> Seat:
    """Let a resident score the projects of a call, as one of the side of residents.

    :raises Refused: `no_review` outside of the review, `expert` for one of the experts.
    """
    check_in_review(which)
    if not which.resident_weight:
        raise Refused("no_residents", _l("Residents do not score in this call."))
    found = own_seat(actor, which)
    if found is not None:
        return found
    made = Seat(call_id=which.id, person_id=actor.person_id, side=RESIDENT, seated_at=clock.now())
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        found = own_seat(actor, which)
        assert found is not None  # noqa: S101 - a second press of the same button
        return found
    return made


def seats(which: Call, side: str = "") -> Sequence[Seat]:
    """Return the seats of a call, in the order in which they were taken."""
    query = select(Seat).where(Seat.call_id == which.id)
    if side:
        query = query.where(Seat.side == side)
    return db.session.scalars(query.order_by(Seat.id)).all()


def own_seat(actor: Actor, which: Call) -> Seat | None:
    """Return somebody's seat on the panel of a call."""
    if actor.person_id is None:
        return None
    query = select(Seat).filter_by(call_id=which.id, person_id=actor.person_id)
    return db.session.scalar(query)


def _declared(seat: Seat) -> bool:
    query = select(Declaration.id).where(Declaration.seat_id == seat.id).limit(1)
    return db.session.scalar(query) is not None


def check_in_review(which: Call) -> None:
    """Refuse unless the panel scores now.

    :raises Refused: `no_review`.
    """
    flow = calls.workflow(which)
    if not flow.may(which.phase, "review", [phases.REVIEWER]):
        message = _l("This call is not being reviewed now.")
        raise Refused("no_review", message, HTTPStatus.CONFLICT)
