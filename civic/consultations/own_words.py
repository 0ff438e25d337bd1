"""Take one's own words back."""

from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from civic.communities.models import Community
from civic.consultations.models import Comment, Consultation
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor
from civic.moderation import counts, reporting
from civic.moderation.models import REMOVED


def own(
    actor: Actor, consultation: Consultation, comment_id: int, *, held: bool = False
) -> Comment:
    """Return a comment that somebody may take back: their own, in no office's name.

    :raises Refused: `no_comment` where there is none of one's own, `hidden` where the office has
        hidden it: what is sealed is kept for the objection.
    """
    query = select(Comment).filter_by(
        id=comment_id,
        consultation_id=consultation.id,
        author_id=actor.person_id or 0,
        office=None,
    )
    if held:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = db.session.scalar(query)
    if found is None:
        raise Refused("no_comment", _l("There is no comment of yours here."), HTTPStatus.NOT_FOUND)
    if found.hidden_by is not None:
        raise Refused(
            "hidden",
            _l("The office has hidden this text. You can object on the page of your texts."),
            HTTPStatus.CONFLICT,
        )
    return found


def take_back(
    actor: Actor, community: Community, consultation: Consultation, comment_id: int
) -> Comment:
    """Take one's own comment back: its words are erased, replies stay.

    :raises Refused: as `own`.
    """
    found = own(actor, consultation, comment_id, held=True)
    if found.removed_at is None:
        found.text = found.html = ""
        found.removed_at = clock.now()
        counts.add(community.id, counts.REMOVED)
        reporting.settle(actor, community, f"comment:{found.id}", REMOVED)
        db.session.flush()
    return found
