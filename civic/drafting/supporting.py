"""Say "I think so too" to a comment, once; or take that back."""

from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from civic.communities.models import Community
from civic.consultations import public, speaking
from civic.consultations.models import Consultation
from civic.drafting import commenting, held
from civic.drafting.models import DraftComment, DraftSupport
from civic.identities import staying
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor


def support(
    actor: Actor, community: Community, case: Consultation, comment_id: int, *, wants: bool
) -> DraftComment:
    """Support a comment of somebody else, or no longer; the same again changes nothing.

    :raises Refused: a reason of `commenting.why_not`, `no_draft`, or `own` for one's own comment.
    """
    commenting.admit(actor, case, community.path, supports=True)
    person_id = actor.person_id
    assert person_id is not None  # noqa: S101 - visitors have been refused
    staying.take_turns(person_id)
    # The case comes before its comments, as in every act; what was read before may be outdated.
    case = public.held(community, case.id)
    commenting.admit(actor, case, community.path, supports=True)
    query = select(DraftComment.author_id).filter_by(id=comment_id, consultation_id=case.id)
    author_id = db.session.scalar(query)
    if author_id is None:
        raise held.missing()
    if author_id == person_id:
        raise Refused("own", _l("This is your own comment."), HTTPStatus.CONFLICT)
    by = _write(comment_id, person_id, wants=wants)
    if by > 0:
        speaking.participate(case.id, person_id)
    there = DraftComment.removed_at.is_(None) & DraftComment.hidden_by.is_(None)
    counted = (
        update(DraftComment)
        .where(DraftComment.id == comment_id, there)
        .values(supporters=DraftComment.supporters + by)
        .returning(DraftComment)
        .execution_options(populate_existing=True)
    )
    done = db.session.scalar(counted)
    if done is None:
        raise held.missing()
    return done


def _write(comment_id: int, person_id: int, *, wants: bool) -> int:
    """Return by how much the number of supporters changes."""
    here = {"comment_id": comment_id, "person_id": person_id}
    if not wants:
        gone = delete(DraftSupport).filter_by(**here).returning(DraftSupport.id)
        return -len(db.session.scalars(gone).all())
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    new = insert(DraftSupport).values(**here, at=clock.now())
    new = new.on_conflict_do_nothing(index_elements=["comment_id", "person_id"])
    return len(db.session.scalars(new.returning(DraftSupport.id)).all())
