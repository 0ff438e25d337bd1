"""Gather comments of one opinion into a cluster, which is answered as a whole."""

from collections.abc import Collection
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select, update

from civic.communities.models import Community
from civic.consultations import figures, public
from civic.consultations.models import Consultation
from civic.drafting import answering, conditions, held
from civic.drafting.models import OPEN, DraftCluster, DraftComment
from civic.drafting.rules import rules
from civic.kernel import clock, text
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor


def gather(
    actor: Actor,
    community: Community,
    case_id: int,
    comments: Collection[int],
    *,
    title: str = "",
    cluster_id: int | None = None,
) -> DraftCluster:
    """Put comments without an answer into a cluster; one that is answered answers them, too.

    :param title: of a new cluster, or of one that there is; read where `cluster_id` is not given.
    :raises Refused: `no_draft`, `nothing_chosen`, `title`, `too_many` or `answered`.
    """
    case = public.held(community, case_id)
    if not comments or len(comments) > rules().at_once:
        raise Refused("nothing_chosen", _l("Please choose the comments that say the same."))
    found = _cluster(actor, case, text.plain(title), cluster_id)
    mine = DraftComment.consultation_id == case.id, DraftComment.id.in_(comments)
    chosen = db.session.execute(
        update(DraftComment)
        .where(*mine, conditions.waits())
        .values(cluster_id=found.id, state=found.state)
        .returning(DraftComment.id, DraftComment.author_id)
    ).all()
    if len(chosen) < len(set(comments)):
        message = _l("One of these comments is answered or gone by now. Please choose again.")
        raise Refused("answered", message, HTTPStatus.CONFLICT)
    ids = sorted(row.id for row in chosen)
    held.recorded("draft.gathered", actor, community, case_id, cluster=found.id, comments=ids)
    if found.state != OPEN:
        figures.add(case_id, held.WAITING, -len(ids))
        authors = {row.author_id for row in chosen}
        answering.tell_authors(
            community, case, answering.last(cluster_id=found.id), authors, cluster=found.id
        )
    return found


def take_out(actor: Actor, community: Community, case_id: int, comment_id: int) -> None:
    """Take a comment out of a cluster that has no answer yet.

    :raises Refused: `no_draft` or `answered`.
    """
    public.held(community, case_id)
    query = select(DraftComment).filter_by(id=comment_id, consultation_id=case_id)
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None or found.cluster_id is None:
        raise held.missing()
    if found.state != OPEN:
        message = _l("This cluster has its answer. Please correct the answer instead.")
        raise Refused("answered", message, HTTPStatus.CONFLICT)
    before, found.cluster_id = found.cluster_id, None
    db.session.flush()
    held.recorded("draft.taken_out", actor, community, case_id, cluster=before, comment=found.id)


def _cluster(actor: Actor, case: Consultation, title: str, cluster_id: int | None) -> DraftCluster:
    if cluster_id is not None:
        return held.cluster(case.id, cluster_id)
    if not title or len(title) > rules().cluster:
        message = _l("Please say in at most %(most)d characters what these comments say.")
        raise Refused("title", message, values={"most": rules().cluster})
    same = select(DraftCluster).filter_by(consultation_id=case.id, title=title)
    found = db.session.scalar(same)
    if found is None:
        assert actor.person_id is not None  # noqa: S101 - the view asked for a permission
        _room(case)
        found = DraftCluster(
            consultation_id=case.id,
            title=title,
            state=OPEN,
            made_by=actor.person_id,
            made_at=clock.now(),
        )
        db.session.add(found)
        db.session.flush()
    return found


def _room(case: Consultation) -> None:
    """Refuse one cluster more than the pages of a case show."""
    many = select(func.count()).select_from(DraftCluster).filter_by(consultation_id=case.id)
    if (db.session.scalar(many) or 0) < rules().clusters:
        return
    message = _l("There are %(most)d clusters already. Please put the comments into one of them.")
    raise Refused("too_many", message, HTTPStatus.CONFLICT, {"most": rules().clusters})
