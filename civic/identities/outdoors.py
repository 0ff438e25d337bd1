"""Places that plugins choose among: buildings and what is wider, never a gate or a door."""

from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, select

from civic.communities import known
from civic.communities.kinds import GATE, GRID, MICRO_GRID
from civic.communities.models import Community, Node
from civic.communities.services import ancestors
from civic.identities.actors import in_force
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused

#: Places that a choice offers.
MOST = 300
#: Parts of an office's work that nobody gives as an address.
GRIDS = frozenset({GRID, MICRO_GRID})


def places_at(community: Community) -> dict[int, str]:
    """Return the buildings and wider places of a community, in the order of the tree.

    Ids and names, each with what it stands in. Grids are left out, since nobody calls a place so;
    gates and what is narrower too, since a page that everybody reads says where somebody is to the
    building at most. At most 300.
    """
    query = select(Node).where(_wide(community)).order_by(Node.ids).limit(MOST)
    found = db.session.scalars(query).all()
    steps = {step.id: step for step in ancestors(sum((node.path for node in found), ()))}
    depth = len(community.path)
    return {
        node.id: " ".join(
            steps[step].name for step in node.path[depth:] if steps[step].kind not in GRIDS
        )
        or node.name
        for node in found
    }


def place_at(community: Community, place_id: int) -> int:
    """Return the id of a building or wider place of a community.

    :raises Refused: 404 when there is none; the same for one of elsewhere.
    """
    found = db.session.scalar(select(Node.id).where(_wide(community), Node.id == place_id))
    if found is None:
        raise Refused("no_place", _l("There is no such place here."), HTTPStatus.NOT_FOUND)
    return found


def _wide(community: Community) -> ColumnElement[bool]:
    return (
        Node.ids.startswith(community.node.ids)
        & Node.kind.in_(known.places().places - {GATE, *GRIDS})
        & in_force(Node.valid_from, Node.valid_to, clock.now())
    )
