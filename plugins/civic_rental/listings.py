"""Homes of a conversion: written down, checked, published, taken off."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from civic.api import Actor, Community, Refused, clock, db
from civic.api import lazy_gettext as _l
from civic_rental import checking, findings, recording, states
from civic_rental.home_models import CLOSED, DRAFT, LISTED, SUSPENDED, Home, Listing, Room
from civic_rental.manifest import plugin
from civic_rental.models import Conversion

#: In these its text, rooms and doors can be changed.
OPEN = (DRAFT, SUSPENDED)
MOST_DOORS, LONGEST_DOOR = 500, 60


def one(community: Community, listing_id: int, *, staff: bool) -> Listing:
    """Return a listing of a community; one that was never published for staff alone.

    :raises Refused: 404 when there is none.
    """
    found = db.session.get(Listing, listing_id)
    hidden = found is None or found.community_id != community.id
    if found is None or hidden or not (staff or found.public):
        message = _l("There is no such home here.")
        raise Refused("no_home", message, HTTPStatus.NOT_FOUND)
    return found


def of(conversion: Conversion) -> Sequence[Listing]:
    """Return the listings of a conversion, in the order in which they were written."""
    query = select(Listing).filter_by(conversion_id=conversion.id)
    query = query.options(selectinload(Listing.rooms))
    return db.session.scalars(query.order_by(Listing.id)).all()


def hold(listing: Listing) -> None:
    """Keep others from deciding on a listing until this transaction ends, and read it anew.

    Its conversion is held first, so that everybody takes the two in the same order.
    """
    recording.hold(listing.conversion)
    db.session.refresh(listing, with_for_update=True)


def subject(listing: Listing) -> str:
    """Return what the audit calls a listing."""
    return f"rental_listing:{listing.id}"


def write(
    actor: Actor,
    conversion: Conversion,
    values: Mapping[str, Any],
    rooms: Sequence[Mapping[str, Any]],
    form_key: str,
    listing: Listing | None = None,
    version: int = 0,
) -> Listing:
    """Write homes down, new ones or such as are not public; whoever writes does not publish them.

    :param values: columns of the listing; `rooms` those of its rooms, in their order.
    :param version: of the one that was read, where it is changed.
    :raises Refused: `fixed`, `closed`, `meanwhile`.
    """
    if listing is None:
        known = select(Listing).filter_by(made_by=actor.person_id, form_key=form_key)
        if (found := db.session.scalar(known)) is not None:
            return found
        recording.hold(conversion)
        recording.not_closed(conversion)
        listing = Listing(community_id=conversion.community_id, conversion_id=conversion.id)
        listing.form_key, listing.made_at, listing.state = form_key, clock.now(), DRAFT
        act = "home_written"
    else:
        hold(listing)
        _open(listing)
        recording.not_older(listing.version, version)
        listing.version += 1
        listing.rooms.clear()
        db.session.flush()
        act = "home_changed"
    for name, value in values.items():
        setattr(listing, name, value)
    listing.made_by = actor.person_id
    listing.rooms = [Room(position=place, **room) for place, room in enumerate(rooms, 1)]
    listing.persons = sum(room["persons"] for room in rooms)
    db.session.add(listing)
    db.session.flush()
    db.session.refresh(listing)
    _note(actor, act, listing)
    return listing


def _open(listing: Listing) -> None:
    if listing.state not in OPEN:
        message = _l(
            "These homes are public. Take them off for a time first, with the reason, then change "
            "them."
        )
        raise Refused("fixed", message, HTTPStatus.CONFLICT)


def doors(listing: Listing) -> Sequence[Home]:
    """Return the single homes with their doors; for staff, and for whom one is let to."""
    query = select(Home).filter_by(listing_id=listing.id)
    return db.session.scalars(query.order_by(Home.door, Home.id)).all()


def set_doors(actor: Actor, listing: Listing, names: Sequence[str]) -> None:
    """Say which homes there are, one door each; what is known already stays the same home.

    :raises Refused: `fixed`; `doors` for too many or too long ones; `let` where one that goes is
        spoken for.
    """
    hold(listing)
    _open(listing)
    wanted = list(dict.fromkeys(names))
    if len(wanted) > MOST_DOORS or any(len(name) > LONGEST_DOOR for name in wanted):
        message = _l("At most %(most)d doors, of %(long)d characters each.")
        raise Refused("doors", message, values={"most": MOST_DOORS, "long": LONGEST_DOOR})
    known = {home.door: home for home in doors(listing)}
    gone = [home.id for door, home in known.items() if door not in wanted]
    try:
        with db.session.begin_nested():
            db.session.execute(delete(Home).where(Home.id.in_(gone)))
    except IntegrityError as error:
        message = _l("One of the homes that you take out is spoken for already.")
        raise Refused("let", message, HTTPStatus.CONFLICT) from error
    db.session.add_all(
        Home(listing_id=listing.id, door=door) for door in wanted if door not in known
    )
    listing.homes = len(wanted)
    db.session.flush()
    _note(actor, "doors_set", listing)


def publish(actor: Actor, listing: Listing) -> None:
    """Let everybody find the homes; another person than wrote them does.

    :raises Refused: `own`, `moved_on`, `not_listed` while their conversion is not, `checks` with
        the first thing that stops them, `doors`.
    """
    hold(listing)
    if listing.state not in OPEN:
        raise _moved_on()
    if actor.person_id == listing.made_by:
        message = _l("You wrote these homes down yourself. Somebody else of the office publishes.")
        raise Refused("own", message, HTTPStatus.FORBIDDEN)
    if listing.conversion.state != states.LISTED:
        message = _l("Their conversion has not come to “listed” yet; homes are published then.")
        raise Refused("not_listed", message, HTTPStatus.CONFLICT)
    found = checking.building_findings(listing.conversion, recording.latest(listing.conversion))
    stops = [each for each in (*found, *checking.home_findings(listing)) if each.stops]
    if stops:
        first = findings.told(stops)[0]
        message = _l("It cannot be published yet. %(text)s %(cure)s")
        values: dict[str, object] = {"text": first.text, "cure": first.cure}
        raise Refused("checks", message, HTTPStatus.CONFLICT, values)
    if not listing.homes:
        raise Refused("doors", _l("Please write down the doors first, one line for each home."))
    if not listing.audience or not listing.tiers:
        raise Refused("audience", _l("Please say first who may apply."))
    listing.state, listing.reason = LISTED, ""
    listing.published_at = listing.published_at or clock.now()
    db.session.flush()
    _note(actor, "home_published", listing)


def take_off(actor: Actor, listing: Listing, state: str, words: str) -> None:
    """Take homes off for a time, or for good, with the reason.

    :param state: `suspended` or `closed`.
    :raises Refused: `reason`, `moved_on`.
    """
    hold(listing)
    before = (LISTED,) if state == SUSPENDED else (LISTED, SUSPENDED)
    if state not in {SUSPENDED, CLOSED} or listing.state not in before:
        raise _moved_on()
    if not words:
        raise Refused("reason", _l("Please give the reason: everybody who looks at it reads it."))
    listing.state, listing.reason = state, words
    db.session.flush()
    _note(actor, "home_taken_off", listing)


def _moved_on() -> Refused:
    message = _l("These homes have moved on meanwhile. Look at the page again.")
    return Refused("moved_on", message, HTTPStatus.CONFLICT)


def _note(actor: Actor, act: str, listing: Listing) -> None:
    plugin.audit(
        act,
        community=listing.community,
        subject=subject(listing),
        actor=actor,
        data={"state": listing.state, "homes": listing.homes, "rent": listing.rent},
    )
