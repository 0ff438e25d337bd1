"""Put together a right that is added to a frozen roll: its area, and who holds it."""

from typing import Any

from flask_babel import lazy_gettext as _l

from civic.communities.models import Community
from civic.identities import services as identities
from civic.identities.property_tables import cm2
from civic.kernel.errors import Refused
from civic.kernel.phones import NotAnIdentifierError, identify
from civic.voting import kinds
from civic.voting.codes import fresh
from civic.voting.electorate import Capacity
from civic.voting.rolls import Roll

AREA = "area_cm2"
#: As what somebody holds a right of each unit by themself.
CAPACITIES = {
    kinds.PERSON: Capacity.SELF,
    kinds.OWNER: Capacity.SELF,
    kinds.HOUSEHOLD: Capacity.REPRESENTATIVE,
    kinds.SEAT: Capacity.SEAT,
}


def wanted(
    community: Community, roll: Roll, *, label: str, area: str, account: str
) -> dict[str, Any]:
    """Return the data of a change that adds a right (`roll_changes.propose`).

    :param area: in square metres as typed; asked for where the roll counts area.
    :param account: what its holder signs in with; empty where it is used on paper alone.
    :raises Refused: `area`, or `account` for nobody of this community.
    """
    data: dict[str, Any] = {"key": f"added:{fresh()}", "label": label, "heads": 1}
    if AREA in roll.measures:
        try:
            data[AREA] = cm2(area.strip() or "0")
        except (ValueError, ArithmeticError) as error:
            raise Refused("area", _l("Please enter the area, as 89.35.")) from error
    if account.strip():
        try:
            person = identities.here(community, identify(account))
        except NotAnIdentifierError as error:
            raise Refused("account", error.message) from error
        except Refused as refused:
            raise Refused("account", refused.message) from refused
        capacity = str(CAPACITIES[roll.unit])
        data["holders"] = [{"person_id": person.id, "capacity": capacity}]
    return data
