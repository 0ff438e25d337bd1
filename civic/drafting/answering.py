"""Answer comments in the name of the office: alone, or gathered into a cluster of one opinion."""

from collections.abc import Collection
from dataclasses import dataclass
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, select, update

from civic.communities.models import Community
from civic.consultations import figures
from civic.consultations.models import Consultation
from civic.drafting import conditions, held, news
from civic.drafting.models import (
    ADOPTED,
    NOT_ADOPTED,
    OPEN,
    VERDICTS,
    DraftAnswer,
    DraftCluster,
    DraftComment,
)
from civic.drafting.rules import rules
from civic.kernel import clock, text
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor

#: Comments that are gathered at a time.
MOST = 200


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Hold what the office answers.

    :ivar seen: number of the answer that stood there when the form was filled; 0 for none.
    :ivar done: whether the newest version has the change already; else the next one brings it.
    """

    verdict: str
    reason: str = ""
    seen: int = 0
    done: bool = False


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
    :raises Refused: `no_draft`, `nothing_chosen`, `title` or `answered`.
    """
    case = held.held(community, case_id)
    if not comments or len(comments) > MOST:
        raise Refused("nothing_chosen", _l("Please choose the comments that say the same."))
    found = _cluster(actor, case, text.plain(title), cluster_id)
    mine = DraftComment.consultation_id == case.id, DraftComment.id.in_(comments)
    chosen = db.session.execute(
        update(DraftComment)
        .where(*mine, conditions.waits())
        .values(cluster_id=found.id, state=found.state)
        .returning(DraftComment.id, DraftComment.author_id)
        .execution_options(synchronize_session=False)
    ).all()
    if len(chosen) < len(set(comments)):
        message = _l("One of these comments is answered or gone by now. Please choose again.")
        raise Refused("answered", message, HTTPStatus.CONFLICT)
    db.session.expire_all()
    ids = sorted(row.id for row in chosen)
    held.recorded("draft.gathered", actor, community, case_id, cluster=found.id, comments=ids)
    if found.state != OPEN:
        figures.add(case_id, held.WAITING, -len(ids))
        authors = {row.author_id for row in chosen}
        _tell(community, case, _last(cluster_id=found.id), authors, cluster=found.id)
    return found


def take_out(actor: Actor, community: Community, case_id: int, comment_id: int) -> None:
    """Take a comment out of a cluster that has no answer yet.

    :raises Refused: `no_draft` or `answered`.
    """
    held.held(community, case_id)
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


def answer_comment(
    actor: Actor, community: Community, case_id: int, comment_id: int, answer: Answer
) -> DraftAnswer:
    """Answer one comment, or correct its answer; the one before is kept.

    :raises Refused: `no_draft`, `gone`, `clustered`, `verdict`, `reason` or `answered`.
    """
    case = held.held(community, case_id)
    query = select(DraftComment).filter_by(id=comment_id, consultation_id=case.id)
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise held.missing()
    if found.removed_at is not None or found.hidden_by is not None:
        message = _l("This comment was taken back or hidden; it needs no answer.")
        raise Refused("gone", message, HTTPStatus.CONFLICT)
    if found.cluster_id is not None:
        message = _l("This comment is in a cluster, which is answered as a whole.")
        raise Refused("clustered", message, HTTPStatus.CONFLICT)
    made = _write(actor, community, answer, comment_id=found.id)
    if found.state == OPEN:
        figures.add(case.id, held.WAITING, -1)
    found.state = answer.verdict
    found.changed_in = _changed_in(case, answer, found.changed_in)
    db.session.flush()
    _record(actor, community, case, made, comment=found.id)
    _tell(community, case, made, {found.author_id}, comment=found.id)
    return made


def answer_cluster(
    actor: Actor, community: Community, case_id: int, cluster_id: int, answer: Answer
) -> DraftAnswer:
    """Answer all comments of a cluster at once, or correct that; the answer before is kept.

    :raises Refused: `no_draft`, `empty`, `verdict`, `reason` or `answered`.
    """
    case = held.held(community, case_id)
    found = find_cluster(case.id, cluster_id)
    mine = DraftComment.consultation_id == case.id, DraftComment.cluster_id == found.id
    size = select(func.count()).select_from(DraftComment).where(*mine)
    if not db.session.scalar(size):
        raise Refused("empty", _l("No comment is in this cluster yet."), HTTPStatus.CONFLICT)
    made = _write(actor, community, answer, cluster_id=found.id)
    waiting = db.session.scalar(size.where(conditions.waits())) or 0
    values: dict[str, object] = {"state": answer.verdict}
    if answer.verdict == NOT_ADOPTED or answer.done:
        values["changed_in"] = _changed_in(case, answer, None)
    rows = update(DraftComment).where(*mine).values(**values)
    db.session.execute(rows, execution_options={"synchronize_session": False})
    found.state = answer.verdict
    if waiting:
        figures.add(case.id, held.WAITING, -waiting)
    db.session.flush()
    db.session.expire_all()
    _record(actor, community, case, made, cluster=found.id)
    authors = select(DraftComment.author_id).where(
        *mine, DraftComment.removed_at.is_(None), DraftComment.hidden_by.is_(None)
    )
    _tell(community, case, made, authors, cluster=found.id)
    return made


def find_cluster(case_id: int, cluster_id: int) -> DraftCluster:
    """Return a cluster of a case.

    :raises Refused: 404.
    """
    query = select(DraftCluster).filter_by(id=cluster_id, consultation_id=case_id)
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise held.missing()
    return found


def _cluster(
    actor: Actor, case: Consultation, title: str, cluster_id: int | None
) -> DraftCluster:
    if cluster_id is not None:
        return find_cluster(case.id, cluster_id)
    if not title or len(title) > rules().cluster:
        message = _l("Please say in at most %(most)d characters what these comments say.")
        raise Refused("title", message, values={"most": rules().cluster})
    same = select(DraftCluster).filter_by(consultation_id=case.id, title=title)
    found = db.session.scalar(same)
    if found is None:
        assert actor.person_id is not None  # noqa: S101 - the view asked for a permission
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


def _last(**thing: int) -> DraftAnswer | None:
    query = select(DraftAnswer).filter_by(**thing).order_by(DraftAnswer.number.desc())
    return db.session.scalar(query.limit(1))


def _write(actor: Actor, community: Community, answer: Answer, **thing: int) -> DraftAnswer:
    assert actor.person_id is not None  # noqa: S101 - the view asked for a permission
    last = _last(**thing)
    if (last.number if last else 0) != answer.seen:
        message = _l(
            "Somebody else has answered this meanwhile; their answer stands below yours. "
            "Nothing that you wrote is lost. Send it again only if theirs is to be corrected."
        )
        raise Refused("answered", message, HTTPStatus.CONFLICT)
    if answer.verdict not in VERDICTS:
        raise Refused("verdict", _l("Please choose one of the three answers."))
    reason, most = text.plain(answer.reason), rules().reason
    if len(reason) > most or (not reason and answer.verdict != ADOPTED):
        message = _l("Please give a reason of at most %(most)d characters; everybody reads it.")
        raise Refused("reason", message, values={"most": most})
    made = DraftAnswer(
        **thing,
        number=answer.seen + 1,
        verdict=answer.verdict,
        reason=reason,
        office=held.office(actor, community),
        answered_by=actor.person_id,
        answered_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    return made


def _changed_in(case: Consultation, answer: Answer, before: int | None) -> int | None:
    if answer.verdict == NOT_ADOPTED:
        return None
    newest = held.newest(case.id)
    return newest.number if answer.done and newest else before


def _record(
    actor: Actor, community: Community, case: Consultation, made: DraftAnswer, **thing: int
) -> None:
    act = "draft.answered" if made.number == 1 else "draft.answer_corrected"
    data: dict[str, object] = {"verdict": made.verdict, "number": made.number, **thing}
    held.recorded(act, actor, community, case.id, **data)


def _tell(
    community: Community,
    case: Consultation,
    made: DraftAnswer | None,
    people: Collection[int] | Select[int],
    **thing: int,
) -> None:
    assert made is not None  # noqa: S101 - what is told of is answered
    values: dict[str, object] = {"office": made.office, "verdict": made.verdict, **thing}
    news.answered(community, case, people, **values)
