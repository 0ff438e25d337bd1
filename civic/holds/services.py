"""Claim places, wait in line for them, accept what is offered, and give them back."""

from datetime import datetime, timedelta
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from civic.communities.models import Community
from civic.holds import line
from civic.holds.models import HoldClaim, HoldPool
from civic.holds.reading import seen, seen_claim
from civic.holds.values import ACTIVE, DECLINED, ENDED, HELD, LEFT, OFFERED, WAITING, Claim, Places
from civic.identities import staying
from civic.kernel import clock, declared
from civic.kernel.db import db
from civic.kernel.errors import Refused

DAY = timedelta(days=1)


def provide(
    community: Community,
    subject: str,
    *,
    title: str,
    path: str,
    capacity: int,
    offer_for: timedelta = DAY,
    closes_at: datetime | None = None,
) -> Places:
    """Say how many places a thing has, for the first time or anew; who waits moves up.

    :param subject: the thing, as `events.session:12`: the plugin's name, a dot, its own words.
    :param title: what those who wait are told of, with `path`, the address of its page.
    :param offer_for: how long an offer lasts before it goes to the next in line.
    :param closes_at: from when on nobody can claim or accept; all who still wait are let go then.
    :raises Refused: `source` where the plugin is off in the community, `too_few_places` for fewer
        places than are taken.
    """
    owner = declared.owner(subject)
    if owner and owner not in community.plugins:
        raise Refused(
            "source", _l("No plugin that is on here has these places."), HTTPStatus.CONFLICT
        )
    pool = _begun(community, subject)
    if capacity < pool.taken:
        message = _l(
            "%(taken)d places are taken already, so there cannot be fewer. "
            "Let people give places back first."
        )
        raise Refused("too_few_places", message, HTTPStatus.CONFLICT, {"taken": pool.taken})
    pool.title, pool.path, pool.capacity, pool.closes_at = title, path, capacity, closes_at
    pool.offer_minutes = max(1, int(offer_for.total_seconds() // 60))
    db.session.flush()
    line.shorten(pool)
    line.go_on(pool)
    return seen(pool)


def _begun(community: Community, subject: str) -> HoldPool:
    """Return the places of a thing, locked; new ones are put in, as somebody else may do too."""
    query = select(HoldPool.id).filter_by(subject=subject)
    if db.session.scalar(query) is None:
        made = HoldPool(
            community_id=community.id, subject=subject, title="", path="", capacity=0, taken=0
        )
        made.offer_minutes, made.last = 1, 0
        try:
            with db.session.begin_nested():
                db.session.add(made)
        except IntegrityError:
            db.session.expunge(made) if made in db.session else None
    return line.locked(subject)


def claim(
    subject: str,
    person_id: int,
    places: int = 1,
    *,
    position: int | None = None,
    at_once: bool = True,
) -> Claim:
    """Claim places for somebody: they are held at once where they are free, else waited for.

    Claiming the same once more returns the claim that is there.

    :param position: place in line, in an order that the caller has found; else that of arrival.
    :param at_once: False to wait in any case, until `advance` offers the places in order.
    :raises Refused: `closed`, `too_many` for more places than the thing has, `claimed` for
        somebody who has a claim to another number of places, `position` where it is taken.
    """
    staying.hold(person_id)
    pool = line.locked(subject)
    (line.go_on if at_once else line.let_end)(pool)
    mine = select(HoldClaim).where(HoldClaim.pool_id == pool.id, HoldClaim.person_id == person_id)
    found = db.session.scalar(mine.where(HoldClaim.state.in_(ACTIVE)))
    if found is not None:
        if found.places == places:
            return seen_claim(found, pool.subject)
        message = _l("You have claimed places here already. Change their number instead.")
        raise Refused("claimed", message, HTTPStatus.CONFLICT)
    _check(pool, places)
    free = pool.taken + places <= pool.capacity
    held = at_once and free and not _waits(pool)
    if position is not None and _at(pool, position):
        message = _l("Somebody stands at this place of the line already.")
        raise Refused("position", message, HTTPStatus.CONFLICT)
    place = pool.last + 1 if position is None else position
    pool.last = max(pool.last, place)
    now = clock.now()
    made = HoldClaim(pool_id=pool.id, person_id=person_id, places=places, position=place)
    made.state, made.at, made.moved_at, made.until = WAITING, now, now, None
    db.session.add(made)
    line.move(pool, made, HELD if held else WAITING)
    return seen_claim(made, pool.subject)


def _check(pool: HoldPool, places: int) -> None:
    if line.closed(pool):
        message = _l("It is too late: places are given no more.")
        raise Refused("closed", message, HTTPStatus.CONFLICT)
    if not 1 <= places <= pool.capacity:
        message = _l("Please claim at least 1 place and at most %(most)d.")
        raise Refused("too_many", message, values={"most": pool.capacity})


def _waits(pool: HoldPool) -> bool:
    query = select(HoldClaim.id).filter_by(pool_id=pool.id, state=WAITING).limit(1)
    return db.session.scalar(query) is not None


def _at(pool: HoldPool, position: int) -> bool:
    query = select(HoldClaim.id).filter_by(pool_id=pool.id, position=position)
    return db.session.scalar(query) is not None


def advance(subject: str) -> Places:
    """Offer free places to those next in line, and let offers end whose time is over."""
    pool = line.locked(subject)
    line.go_on(pool)
    return seen(pool)


def accept(claim_id: int, person_id: int) -> Claim:
    """Take the places that are offered. Accepting once more changes nothing.

    :raises Refused: 404 for the claim of somebody else, `no_offer` where nothing is offered, or no
        longer.
    """
    pool, found = _own(claim_id, person_id)
    if found.state == HELD:
        return seen_claim(found, pool.subject)
    late = line.closed(pool) or (found.until is not None and found.until <= clock.now())
    if found.state != OFFERED or late:
        message = _l(
            "This offer is over, and the places went to the next in line. You can claim anew."
        )
        raise Refused("no_offer", message, HTTPStatus.CONFLICT)
    line.move(pool, found, HELD)
    return seen_claim(found, pool.subject)


def decline(claim_id: int, person_id: int) -> Claim:
    """Leave the places that are offered to the next in line.

    :raises Refused: 404 for the claim of somebody else, `no_offer`.
    """
    return _end(claim_id, person_id, DECLINED, (OFFERED,))


def leave(claim_id: int, person_id: int) -> Claim:
    """Give places back, or leave the line; what becomes free is offered to the next.

    :raises Refused: 404 for the claim of somebody else.
    """
    return _end(claim_id, person_id, LEFT, ACTIVE)


def _end(claim_id: int, person_id: int | None, state: str, of: tuple[str, ...]) -> Claim:
    pool, found = _own(claim_id, person_id)
    if found.state == state:
        return seen_claim(found, pool.subject)
    if found.state not in of:
        raise Refused("no_offer", _l("This claim is over already."), HTTPStatus.CONFLICT)
    line.move(pool, found, state)
    line.go_on(pool)
    return seen_claim(found, pool.subject)


def resize(claim_id: int, person_id: int, places: int) -> Claim:
    """Claim another number of places; the place in line stays, where fewer are wanted.

    Who wants more while the others wait has to go to the end of the line: leave, and claim anew.

    :raises Refused: `too_many` where so many are not free, `no_offer` for a claim that is over.
    """
    pool, found = _own(claim_id, person_id)
    line.go_on(pool)
    _check(pool, places)
    if found.state not in ACTIVE:
        raise Refused("no_offer", _l("This claim is over already."), HTTPStatus.CONFLICT)
    free = pool.capacity - pool.taken if found.state != WAITING and not _waits(pool) else 0
    if places > found.places + free:
        message = _l(
            "There are not so many free places. Keep what you have, or give it back and claim anew."
        )
        raise Refused("too_many", message, HTTPStatus.CONFLICT)
    if places != found.places:
        found.places = places
        line.move(pool, found, found.state, found.until)
        line.go_on(pool)
    return seen_claim(found, pool.subject)


def end(subject: str) -> list[Claim]:
    """Let all claims to a thing end, since it does not happen; return those that were active."""
    pool = line.locked(subject)
    query = select(HoldClaim).where(HoldClaim.pool_id == pool.id, HoldClaim.state.in_(ACTIVE))
    ended = db.session.scalars(query.order_by(HoldClaim.position)).all()
    pool.closes_at = min(pool.closes_at or clock.now(), clock.now())
    for found in ended:
        line.move(pool, found, ENDED)
    return [seen_claim(found, pool.subject) for found in ended]


def _own(claim_id: int, person_id: int | None) -> tuple[HoldPool, HoldClaim]:
    pool, found = line.locked_by(claim_id)
    if found.person_id is None or found.person_id != person_id:
        raise Refused("no_claim", _l("There is no such claim to places."), HTTPStatus.NOT_FOUND)
    return pool, found


def forget_plugin(name: str) -> None:
    """Take away all places of a plugin that leaves the site, with the claims to them."""
    pools = select(HoldPool.id).where(HoldPool.subject.startswith(f"{name}.", autoescape=True))
    db.session.execute(delete(HoldClaim).where(HoldClaim.pool_id.in_(pools)))
    db.session.execute(delete(HoldPool).where(HoldPool.id.in_(pools)))
