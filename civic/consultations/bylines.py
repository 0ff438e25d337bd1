"""By which place and standing somebody speaks in a case."""

from sqlalchemy import select

from civic.communities.kinds import BUILDING, FUNCTIONAL
from civic.communities.models import Node
from civic.consultations.models import Consultation
from civic.kernel.db import db
from civic.kernel.permissions import Actor, Path


def byline_of(actor: Actor, consultation: Consultation, path: Path) -> dict[str, str]:
    """Return by which place and standing somebody speaks here, as others read it."""
    for standing in actor.standings:
        if standing.groups & set(consultation.audience) and standing.path[: len(path)] == path:
            query = select(Node.name).where(
                Node.id.in_(standing.path), Node.kind.in_((BUILDING, FUNCTIONAL))
            )
            place = db.session.scalars(query.order_by(Node.ids.desc())).first()
            return {"place": place or "", "standing": standing.code}
    return {"place": "", "standing": ""}
