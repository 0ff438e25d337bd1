"""Pictures of homes."""

from http import HTTPStatus

from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage

from civic.api import Actor, Refused, db, files
from civic.api import lazy_gettext as _l
from civic_rental import listings
from civic_rental.home_models import CLOSED, Listing, Photo
from civic_rental.manifest import plugin

MOST, LONGEST_ALT = 12, 120


def one(listing: Listing, photo_id: int) -> Photo:
    """Return a picture of a listing.

    :raises Refused: 404 when there is none.
    """
    found = db.session.get(Photo, photo_id)
    if found is None or found.listing_id != listing.id:
        raise Refused("no_photo", _l("There is no such picture."), HTTPStatus.NOT_FOUND)
    return found


def add(actor: Actor, listing: Listing, sent: FileStorage | None, alt: str) -> Photo:
    """Keep a picture with the words that say what it shows.

    :raises Refused: `alt`, `too_many`, `closed`, or why the file is not accepted.
    """
    if not alt:
        raise Refused("alt", _l("Please say what the picture shows, for people who do not see it."))
    listings.hold(listing)
    if listing.state == CLOSED:
        raise Refused("closed", _l("These homes are taken off for good."), HTTPStatus.CONFLICT)
    count = select(func.count()).where(Photo.listing_id == listing.id)
    if (db.session.scalar(count) or 0) >= MOST:
        message = _l("%(most)d pictures are the most. Take one off first.")
        raise Refused("too_many", message, HTTPStatus.CONFLICT, {"most": MOST})
    stored = files.keep(sent, pictures=True)
    made = Photo(
        listing_id=listing.id,
        alt=alt[:LONGEST_ALT],
        name=stored.name,
        stored=stored.stored_name,
        media_type=stored.media_type,
        size=stored.size,
        sha256=stored.sha256,
        is_image=stored.is_image,
        width=stored.width,
        height=stored.height,
    )
    try:
        db.session.add(made)
        db.session.flush()
        _note(actor, "photo_added", listing, made)
    except Exception:
        files.discard(stored.stored_name)
        raise
    return made


def remove(actor: Actor, listing: Listing, photo_id: int) -> str:
    """Take a picture off, and return what its file is called, to be deleted after the commit.

    :raises Refused: 404 when there is none.
    """
    listings.hold(listing)
    found = one(listing, photo_id)
    db.session.delete(found)
    db.session.flush()
    _note(actor, "photo_removed", listing, found)
    return found.stored


def _note(actor: Actor, act: str, listing: Listing, photo: Photo) -> None:
    plugin.audit(
        act,
        community=listing.community,
        subject=listings.subject(listing),
        actor=actor,
        data={"sha256": photo.sha256},
    )
