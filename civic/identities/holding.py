"""Add a standing where its place, its kind and what the person holds already allow it."""

from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select

from civic.communities.models import Community, Node
from civic.identities import choosing, known, staying
from civic.identities.models import Organisation, Standing
from civic.kernel import clock, declared
from civic.kernel.db import db
from civic.kernel.errors import Refused


def add(community: Community, standing: Standing) -> Standing:
    """Add a standing where its place, its organisation and what the person holds allow it.

    :raises Refused: `kind`, `no_place`, `organisation` or `standing_held`.
    """
    kind = known.standings()[standing.kind]
    if kind.private and not declared.owner(kind.code):
        raise Refused("kind", _l("This standing is not granted here."))
    choosing.find(community, standing.node_id)
    check_on(standing.kind, standing.node_id)
    if kind.for_organisation:
        _check_organisation(community, standing)
    else:
        standing.organisation_id = None
    free(standing.person_id, standing.kind, standing.node_id)
    db.session.add(standing)
    db.session.flush()
    return standing


def check_on(kind: str, node_id: int) -> None:
    """Refuse a kind of a plugin that is not there, or is off at a place.

    :raises Refused: `kind`.
    """
    if kind not in known.standings() or known.asleep([(kind, node_id)]):
        raise Refused("kind", _l("This standing is not granted here."))


def free(person_id: int, kind: str, node_id: int) -> None:
    """Make sure that a person does not hold a standing already, and let nobody grant it meanwhile.

    :raises Refused: `standing_held`.
    """
    staying.take_turns(person_id)
    query = select(Standing.id).where(
        Standing.person_id == person_id,
        Standing.kind == kind,
        Standing.node_id == node_id,
        or_(Standing.valid_to.is_(None), Standing.valid_to > clock.now()),
    )
    if db.session.scalars(query).first() is not None:
        raise Refused(
            "standing_held",
            _l("This standing is already held at this place."),
            HTTPStatus.CONFLICT,
        )


def _check_organisation(community: Community, standing: Standing) -> None:
    query = (
        select(Organisation.id)
        .join(Node, Node.id == Organisation.node_id)
        .where(Organisation.id == standing.organisation_id, Organisation.kind == standing.kind)
        .where(Node.ids.startswith(community.node.ids), Organisation.valid_to.is_(None))
        .with_for_update(of=Organisation)
    )
    if db.session.scalar(query) is None:
        raise Refused(
            "organisation", _l("Please choose the organisation for which this standing is held.")
        )
