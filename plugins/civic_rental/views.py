"""Pages of homes that everybody reads: the list with what one looks for, and one home."""

from collections.abc import Mapping
from typing import Any

from flask import g, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from civic.api import files, identifier, money
from civic_rental import allocating, finding, listings, photos, recording
from civic_rental.finding import BANDS, KINDS, MODES, Filter
from civic_rental.home_models import Listing
from civic_rental.manifest import plugin
from civic_rental.pages import may, office, sheet, show


def _figure(name: str, most: int) -> int:
    """Return an amount or an area of the address; 0 for what is none, and for one beyond all."""
    found = money.read(request.args.get(name, "")[:20])
    return found if found is not None and found <= most else 0


def _chosen(places: Mapping[int, str]) -> Filter:
    """Return what is looked for; what nobody can mean is left out."""
    args = request.args
    minutes, persons = identifier(args.get("minutes", "")), identifier(args.get("persons", ""))
    workplace = identifier(args.get("workplace", "")) or 0
    mode, kind = args.get("mode", ""), args.get("kind", "")
    return Filter(
        rent=_figure("rent", finding.MOST_FEN),
        area=_figure("area", finding.MOST_AREA),
        persons=min(persons or 0, finding.MOST_PERSONS),
        kind=kind if kind in KINDS else "",
        workplace=workplace if workplace in places else 0,
        minutes=minutes if minutes in BANDS else 0,
        mode=mode if mode in MODES else "",
        lift=bool(args.get("lift")),
        step_free=bool(args.get("step_free")),
    )


def _again(which: Filter) -> dict[str, Any]:
    """Return the address of what is looked for, for the next page."""
    found: dict[str, Any] = {
        "rent": money.plain(which.rent) if which.rent else None,
        "area": money.plain(which.area) if which.area else None,
        "persons": which.persons or None,
        "kind": which.kind or None,
        "workplace": which.workplace or None,
        "minutes": which.minutes or None,
        "mode": which.mode or None,
    }
    return found | {name: "y" for name in ("lift", "step_free") if getattr(which, name)}


@plugin.get("/")
def index() -> ResponseReturnValue:
    """Show the homes that are for rent, as one looks for them."""
    places = {row.id: row.name for row in finding.workplaces(g.community)}
    which = _chosen(places)
    page = finding.page(g.community, which, identifier(request.args.get("after", "")))
    return show(
        "index",
        which=which,
        page=page,
        places=places,
        bands=BANDS,
        plain=money.plain,
        older=url_for(".index", **_again(which), after=page.after) if page.after else "",
        office=office(),
    )


def seen(listing_id: int) -> Listing:
    """Return a listing that whoever looks may see."""
    return listings.one(g.community, listing_id, staff=office())


@plugin.get("/homes/<int:listing_id>/")
def home(listing_id: int) -> ResponseReturnValue:
    """Show one home: what it is like, what it costs, how far it is to work, whom to ask."""
    found = seen(listing_id)
    allotted = allocating.of_homes(found)
    return show("home", **of_home(found), office=office(), keeps=may("keep"), allotted=allotted)


def of_home(found: Listing) -> dict[str, Any]:
    """Return what the pages of a home show."""
    there = recording.latest(found.conversion)
    return {
        "home": found,
        "conversion": found.conversion,
        "photos": finding.photos(found),
        "ways": finding.commutes(found.conversion_id),
        "band": finding.band,
        "records": there,
    }


@plugin.get("/homes/<int:listing_id>/photos/<int:photo_id>/<name>")
def photo(listing_id: int, photo_id: int, name: str) -> ResponseReturnValue:
    """Send a picture of a home to whoever may see the home."""
    found = photos.one(seen(listing_id), photo_id)
    if found.name != name:
        raise NotFound
    return files.send(found)


@plugin.get("/homes/<int:listing_id>/print")
def home_sheet(listing_id: int) -> ResponseReturnValue:
    """Show a home as it hangs on the board."""
    found = seen(listing_id)
    address = url_for(".home", listing_id=found.id, _external=True)
    return sheet("home_sheet", address, **of_home(found))
