"""Units that plugins work with: which there are at a place, and who acts for them now."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import BindParameter, Select, select

from civic.communities.models import Community
from civic.identities import organisations
from civic.identities.actors import in_force
from civic.identities.models import Organisation, Standing
from civic.kernel import clock


def units_at(community: Community) -> Sequence[Organisation]:
    """Return the organisations in force at a community or below, by name, at most 200."""
    return organisations.choices(community)


def unit_at(community: Community, organisation_id: int) -> Organisation:
    """Return an organisation of a community or below.

    :raises Refused: 404 when there is none; the same for one of elsewhere.
    """
    return organisations.one(community, organisation_id)


def acting_for(
    person_id: int | BindParameter[int] | None, at: datetime | BindParameter[datetime] | None = None
) -> Select[int | None]:
    """Return a statement of the ids of the organisations that somebody acts for now.

    :param person_id: or a parameter of a statement that is built once; then `at` is one, too.
    """
    now = clock.now() if at is None else at
    who = 0 if person_id is None else person_id
    return select(Standing.organisation_id).where(
        Standing.person_id == who,
        Standing.organisation_id.is_not(None),
        in_force(Standing.valid_from, Standing.valid_to, now),
    )


def liaisons(organisation_ids: Collection[int] | Select[int]) -> Select[int]:
    """Return a statement of the ids of the people who act for some organisations now."""
    now = clock.now()
    return select(Standing.person_id).where(
        Standing.organisation_id.in_(organisation_ids),
        in_force(Standing.valid_from, Standing.valid_to, now),
    )
