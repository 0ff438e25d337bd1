"""Check homes and buildings as they are kept against the limits of this site."""

from collections.abc import Mapping

from civic.api import gettext as _
from civic.api import site_jurisdiction
from civic_rental import limits
from civic_rental.checks import (
    BuildingFacts,
    Finding,
    HomeFacts,
    RoomFacts,
    check_building,
    check_home,
)
from civic_rental.home_models import Listing
from civic_rental.models import Conversion, Record
from civic_rental.words import titles


def here() -> limits.Limits:
    """Return the limits that hold here."""
    return limits.of(site_jurisdiction())


def home_facts(listing: Listing) -> HomeFacts:
    """Return what the checks need of a listing."""
    uses = titles("homes", "use")
    rooms = [
        RoomFacts(
            _("Room %(number)d (%(use)s)", number=number, use=uses[room.use]),
            room.use,
            room.area,
            room.persons,
            room.window,
        )
        for number, room in enumerate(listing.rooms, 1)
    ]
    return HomeFacts(
        kind=listing.kind,
        area=listing.area,
        rooms=rooms,
        rent=listing.rent,
        deposit=listing.deposit,
        custody=listing.custody,
        pay_months=listing.pay_months,
        texts=(listing.title, listing.layout, listing.text, listing.fees),
    )


def home_findings(listing: Listing) -> list[Finding]:
    """Return what a home of a listing does not keep to."""
    return check_home(home_facts(listing), here())


def building_findings(conversion: Conversion, there: Mapping[str, Record]) -> list[Finding]:
    """Return what a building lacks.

    :param there: the records that count, by their codes.
    """
    facts = BuildingFacts(conversion.kind, frozenset(conversion.facts), frozenset(there))
    return check_building(facts, here())
