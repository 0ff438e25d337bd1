"""Find bodies and what belongs to them."""

from collections.abc import Sequence
from http import HTTPStatus

from sqlalchemy import select

from civic.api import Community, Refused, db
from civic.api import lazy_gettext as _l
from civic_party.models import Body

MOST = 100


def listed(community: Community) -> Sequence[Body]:
    """Return the bodies of a community that are not dissolved, in the order of their kinds."""
    query = select(Body).filter_by(community_id=community.id).where(Body.dissolved_at.is_(None))
    return db.session.scalars(query.order_by(Body.begins_on, Body.id).limit(MOST)).all()


def body(community: Community, body_id: int) -> Body:
    """Return a body of a community.

    :raises Refused: 404 when there is none.
    """
    found = db.session.get(Body, body_id)
    if found is None or found.community_id != community.id:
        raise Refused("no_body", _l("There is no such body here."), HTTPStatus.NOT_FOUND)
    return found
