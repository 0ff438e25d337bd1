"""Find a case that everybody reads, as the rooms above ask for it: to show it, or to act on it."""

from sqlalchemy import select

from civic.communities.models import Community
from civic.consultations import services
from civic.consultations.models import Consultation
from civic.kernel.db import db
from civic.kernel.permissions import Actor


def find(actor: Actor, community: Community, case_id: int) -> Consultation:
    """Return a case that is published, with its ballot.

    :raises Refused: 404, for a draft as well, whoever asks.
    """
    found = services.find(actor, community, case_id)
    if found.published_at is None:
        raise services.missing()
    return found


def held(community: Community, case_id: int) -> Consultation:
    """Return a case that is published, held until the transaction ends.

    Acts hold it before they lock what belongs to it, so that none waits for another in a circle.

    :raises Refused: 404.
    """
    query = select(Consultation).filter_by(id=case_id, community_id=community.id).with_for_update()
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None or found.published_at is None:
        raise services.missing()
    return found
