"""Offer homes in the order of the draw, by the core's line of places; the door after a yes."""

from datetime import datetime, timedelta
from http import HTTPStatus

from sqlalchemy import Select, select

from civic.api import Actor, Refused, clock, days_off, db, holds, periods
from civic.api import lazy_gettext as _l
from civic_rental import allocating, appeals, conducting
from civic_rental.allocation_models import PUBLISHED, Allocation, DrawRank, Publication
from civic_rental.application_models import SUBMITTED, Applicant, Letting
from civic_rental.home_models import Home
from civic_rental.manifest import plugin
from civic_rental.words import data


def begin(actor: Actor, which: Allocation) -> None:
    """Begin to offer homes, once people had time to look at the draw: an official act.

    :raises Refused: `not_now`, `too_early`, `unanswered` while a request for a review waits.
    """
    allocating.locked(which)
    drawn = conducting.last_draw(which)
    if which.state != PUBLISHED or drawn is None or which.offers_at is not None:
        message = _l("Homes are offered once the draw is published, and once.")
        raise Refused("not_now", message, HTTPStatus.CONFLICT)
    shown = db.session.scalars(select(Publication).filter_by(draw_id=drawn.id)).one()
    over = looked_at(shown)
    if clock.now() < over:
        message = _l("The draw can be looked at until %(moment)s; homes are offered after that.")
        moment = f"{clock.local(over):%Y-%m-%d %H:%M}"
        raise Refused("too_early", message, HTTPStatus.CONFLICT, {"moment": moment})
    if appeals.waiting(which):
        message = _l("Somebody has asked for a review of the draw. Please answer it first.")
        raise Refused("unanswered", message, HTTPStatus.CONFLICT)
    which.offers_at = clock.now()
    provide(which)
    plugin.audit(
        "offers_begun",
        community=which.community,
        subject=allocating.subject(which),
        actor=actor,
        data={"homes": allocating.homes(which)},
    )


def looked_at(shown: Publication) -> datetime:
    """Return until when people can look at a draw before homes are offered."""
    return periods.end_of(shown.at, periods.Period.parse(data("allocation")["review"]), days_off())


def provide(which: Allocation) -> None:
    """Say how many homes there are."""
    holds.provide(
        which.community,
        which.subject,
        title=which.title,
        path=f"/c/{which.community.slug}/rental/allocations/{which.id}/",
        capacity=allocating.homes(which),
        offer_for=timedelta(hours=data("allocation")["offer_hours"]),
    )


def fill(which: Allocation) -> int:
    """Let those next in the order of the draw wait for a home; return how many were added.

    The line is kept short, and filled up as it moves. Each is put in by a transaction of its own,
    since the account of each is held for it.
    """
    added = 0
    while line_up(which):
        db.session.commit()
        added += 1
    if which.offers_at is not None and which.state == PUBLISHED:
        holds.advance(which.subject)
    db.session.commit()
    return added


def line_up(which: Allocation) -> bool:
    """Put whoever comes next in the order of the draw into line; return whether somebody came."""
    while (found := _next(allocating.locked(which))) is not None:
        rank, person_id = found
        which.lined_up = rank
        try:
            with db.session.begin_nested():
                holds.claim(which.subject, person_id, position=rank, at_once=False)
        except Refused:
            continue  # The account was closed a moment ago: whoever comes next is next.
        db.session.flush()
        return True
    return False


def _next(which: Allocation) -> tuple[int, int] | None:
    """Return who comes next, rank and person, where the line is too short."""
    drawn = conducting.last_draw(which)
    if which.state != PUBLISHED or which.offers_at is None or drawn is None:
        return None
    places = holds.places([which.subject])[which.subject]
    if places.waiting >= places.free + places.capacity * data("allocation")["reserve"]:
        return None
    for rank, person_id in db.session.execute(_behind(which, drawn.id)):
        if person_id is not None:
            return rank, person_id
    return None


def _behind(which: Allocation, draw_id: int) -> Select[int, int | None]:
    """Select who stands behind the end of the line; those who withdrew are passed over."""
    mine = (Applicant.number == DrawRank.number) & (Applicant.allocation_id == which.id)
    return (
        select(DrawRank.rank, Applicant.person_id)
        .join(Applicant, mine)
        .where(DrawRank.draw_id == draw_id, DrawRank.rank > which.lined_up)
        .where(Applicant.state == SUBMITTED, Applicant.person_id.is_not(None))
        .order_by(DrawRank.rank)
        .limit(1)
    )


def running(community_id: int) -> list[Allocation]:
    """Return the allocations of a community whose homes are offered now."""
    query = select(Allocation).filter_by(community_id=community_id, state=PUBLISHED)
    query = query.where(Allocation.offers_at.is_not(None)).order_by(Allocation.id)
    return list(db.session.scalars(query))


def claim_of(which: Applicant) -> holds.Claim | None:
    """Return where an applicant stands in the line of homes."""
    subject = which.allocation.subject
    return holds.mine(which.person_id, [subject]).get(subject)


def letting(which: Applicant) -> Letting | None:
    """Return which home somebody took."""
    return db.session.scalars(select(Letting).filter_by(applicant_id=which.id)).first()


def accept(actor: Actor, which: Applicant) -> Letting:
    """Take the home that is offered; only now its door is told. Once more changes nothing.

    :raises Refused: `no_offer` where nothing is offered, or no longer; `none_free`.
    """
    allocating.locked(which.allocation)
    found = claim_of(which)
    if found is None or actor.person_id is None:
        message = _l("No home is offered to you now.")
        raise Refused("no_offer", message, HTTPStatus.CONFLICT)
    if (before := letting(which)) is not None:
        return before
    found = holds.accept(found.id, actor.person_id)
    which.place, which.place_until = found.state, found.until
    taken = select(Letting.home_id)
    free = select(Home).where(Home.listing_id == which.allocation.listing_id)
    home = db.session.scalars(free.where(Home.id.not_in(taken)).order_by(Home.id)).first()
    if home is None:
        message = _l("All homes are let. Please call the community office.")
        raise Refused("none_free", message, HTTPStatus.CONFLICT)
    made = Letting(home_id=home.id, applicant_id=which.id, claim_id=found.id, at=clock.now())
    db.session.add(made)
    db.session.flush()
    plugin.audit(
        "home_taken",
        community=which.community,
        subject=f"rental_applicant:{which.id}",
        actor=actor,
        data={"allocation": which.allocation_id, "home": home.id},
    )
    return made


def decline(actor: Actor, which: Applicant) -> None:
    """Leave the home that is offered to the next in line.

    :raises Refused: `no_offer`.
    """
    allocating.locked(which.allocation)
    found = claim_of(which)
    if found is None or actor.person_id is None:
        message = _l("No home is offered to you now.")
        raise Refused("no_offer", message, HTTPStatus.CONFLICT)
    found = holds.decline(found.id, actor.person_id)
    which.place, which.place_until = found.state, found.until
    plugin.audit(
        "home_declined",
        community=which.community,
        subject=f"rental_applicant:{which.id}",
        actor=actor,
        data={"allocation": which.allocation_id},
    )


@plugin.on(holds.ClaimMoved)
def moved(event: holds.ClaimMoved) -> None:
    """Repeat beside an application where it stands in the line, as lists and the desk show it."""
    head = "rental.allocation-"
    if not event.subject.startswith(head) or event.person_id is None:
        return
    found = holds.mine(event.person_id, [event.subject]).get(event.subject)
    if found is None or found.id != event.claim_id:
        return
    query = select(Applicant).filter_by(
        allocation_id=int(event.subject.removeprefix(head)), person_id=event.person_id
    )
    one = db.session.scalars(query.order_by(Applicant.id.desc()).limit(1)).first()
    if one is not None:
        one.place, one.place_until = found.state, found.until
