"""Pages on which staff write homes down, check, picture, publish and take them off."""

from collections.abc import Callable
from http import HTTPStatus

from flask import g, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from civic.api import Refused, db, files, require, see_other
from civic.api import gettext as _
from civic_rental import (
    checking,
    finding,
    findings,
    listings,
    photos,
    recording,
    states,
)
from civic_rental.conversion_views import seen as conversion_seen
from civic_rental.forms import RequestForm, WordsForm
from civic_rental.home_forms import (
    DoorsForm,
    HomeForm,
    PhotoForm,
    Rooms,
    of_listing,
    read_rooms,
    rooms_of,
)
from civic_rental.home_models import Listing
from civic_rental.manifest import plugin
from civic_rental.models import Conversion
from civic_rental.pages import WRONG, done, may, show


def _one(listing_id: int) -> Listing:
    return listings.one(g.community, listing_id, staff=True)


def _address(listing_id: int, part: str = "") -> str:
    return url_for(".home_office", listing_id=listing_id) + part


@plugin.get("/conversions/<int:conversion_id>/homes/new")
@require("rental.keep")
def new_home(conversion_id: int) -> ResponseReturnValue:
    """Ask what the homes of a conversion are like."""
    row = conversion_seen(conversion_id)
    first = Rooms({"use_1": "bedroom", "window_1": "y"})
    form = HomeForm(kind=row.kind, audience=["worker"], tiers=["partner", "far", "other"])
    return _edit(form, first, row)


def _edit(
    form: HomeForm,
    rooms: Rooms,
    conversion: Conversion,
    listing: Listing | None = None,
    error: str = "",
    status: int = HTTPStatus.OK,
) -> ResponseReturnValue:
    form.version.data = str(listing.version) if listing else ""
    return show(
        "home_edit",
        status,
        form=form,
        rooms=rooms,
        conversion=conversion,
        listing=listing,
        error=error,
    )


@plugin.post("/conversions/<int:conversion_id>/homes/new")
@require("rental.keep")
def write_home(conversion_id: int) -> ResponseReturnValue:
    """Write homes down."""
    return _write(conversion_seen(conversion_id), None)


@plugin.get("/homes/<int:listing_id>/edit")
@require("rental.keep")
def edit_home(listing_id: int) -> ResponseReturnValue:
    """Ask how homes change."""
    found = _one(listing_id)
    if found.state not in listings.OPEN:
        return see_other(_address(listing_id))
    return _edit(of_listing(found), rooms_of(found), found.conversion, found)


@plugin.post("/homes/<int:listing_id>/edit")
@require("rental.keep")
def change_home(listing_id: int) -> ResponseReturnValue:
    """Change homes that are not public."""
    found = _one(listing_id)
    return _write(found.conversion, found)


def _write(conversion: Conversion, listing: Listing | None) -> ResponseReturnValue:
    form, rooms = HomeForm(), read_rooms(request.form)
    if not form.validate_on_submit() or rooms.wrong:
        return _edit(form, rooms, conversion, listing, status=WRONG)
    key = form.form_key.data or ""
    try:
        kept = listings.write(
            g.actor, conversion, form.values(), rooms.rows, key, listing, form.read()
        )
    except Refused as refused:
        db.session.rollback()
        return _edit(form, rooms, conversion, listing, str(refused), refused.status)
    done(_("Kept. See what the checks say; somebody else of the office publishes."))
    return see_other(_address(kept.id))


@plugin.get("/homes/<int:listing_id>/office")
@require("rental.keep")
def home_office(listing_id: int) -> ResponseReturnValue:
    """Show homes to staff: what the checks say, doors, pictures, what can be done."""
    return _office(listing_id)


def _office(
    listing_id: int,
    *,
    forms: dict[str, FlaskForm] | None = None,
    error: str = "",
    status: int = HTTPStatus.OK,
) -> ResponseReturnValue:
    found, shown = _one(listing_id), forms or {}
    row = found.conversion
    doors = listings.doors(found)
    all_findings = [
        *checking.home_findings(found),
        *checking.building_findings(row, recording.latest(row)),
    ]
    return show(
        "home_office",
        status,
        home=found,
        conversion=row,
        findings=findings.told(all_findings),
        stopped=any(each.stops for each in all_findings),
        verified=checking.here().verified,
        ready=row.state == states.LISTED,
        open=found.state in listings.OPEN,
        own=found.made_by == g.actor.person_id,
        doors=doors,
        doors_form=shown.get("doors") or DoorsForm(doors="\n".join(home.door for home in doors)),
        photos=finding.photos(found),
        photo_form=shown.get("photo") or PhotoForm(),
        words_form=shown.get("words") or WordsForm(),
        leads=may("lead"),
        forms=list(shown.values()),
        error=error,
    )


def _act(
    listing_id: int, form: FlaskForm, name: str, doing: Callable[[Listing], object], said: str
) -> ResponseReturnValue:
    """Do an act on a listing; where it is refused, the page says why and keeps what was typed."""
    found = _one(listing_id)
    if not form.validate_on_submit():
        return _office(listing_id, forms={name: form}, status=WRONG)
    try:
        doing(found)
    except Refused as refused:
        db.session.rollback()
        return _office(listing_id, forms={name: form}, error=str(refused), status=refused.status)
    done(said)
    return see_other(_address(listing_id))


@plugin.post("/homes/<int:listing_id>/doors")
@require("rental.keep")
def set_doors(listing_id: int) -> ResponseReturnValue:
    """Say which homes there are."""
    form = DoorsForm()
    return _act(
        listing_id,
        form,
        "doors",
        lambda found: listings.set_doors(g.actor, found, form.names()),
        _("The doors are kept."),
    )


@plugin.post("/homes/<int:listing_id>/photos")
@require("rental.keep")
def add_photo(listing_id: int) -> ResponseReturnValue:
    """Add a picture."""
    form = PhotoForm()
    return _act(
        listing_id,
        form,
        "photo",
        lambda found: photos.add(g.actor, found, form.file.data, (form.alt.data or "").strip()),
        _("The picture is added."),
    )


@plugin.post("/homes/<int:listing_id>/photos/<int:photo_id>/remove")
@require("rental.keep")
def remove_photo(listing_id: int, photo_id: int) -> ResponseReturnValue:
    """Take a picture off."""
    gone: list[str] = []
    answer = _act(
        listing_id,
        RequestForm(),
        "remove",
        lambda found: gone.append(photos.remove(g.actor, found, photo_id)),
        _("The picture is taken off."),
    )
    for name in gone:
        files.discard(name)
    return answer


@plugin.post("/homes/<int:listing_id>/publish")
@require("rental.lead")
def publish_home(listing_id: int) -> ResponseReturnValue:
    """Let everybody find the homes."""
    said = _("They are public. People find them in the list, and on the home page.")
    return _act(
        listing_id,
        RequestForm(),
        "publish",
        lambda found: listings.publish(g.actor, found),
        said,
    )


@plugin.post("/homes/<int:listing_id>/take-off")
@require("rental.lead")
def take_off(listing_id: int) -> ResponseReturnValue:
    """Take homes off, for a time or for good."""
    form = WordsForm()
    state = request.form.get("act", "")
    words = (form.words.data or "").strip()
    return _act(
        listing_id,
        form,
        "words",
        lambda found: listings.take_off(g.actor, found, state, words),
        _("They are taken off."),
    )
