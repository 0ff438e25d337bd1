"""Answer comments in the name of the office, alone or as a cluster; correct an answer."""

from collections.abc import Collection
from dataclasses import dataclass
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, select, update

from civic.communities.models import Community
from civic.consultations import figures, public
from civic.consultations.models import Consultation
from civic.drafting import conditions, held, news
from civic.drafting.models import (
    ADOPTED,
    NOT_ADOPTED,
    OPEN,
    VERDICTS,
    DraftAnswer,
    DraftComment,
)
from civic.drafting.rules import rules
from civic.kernel import clock, text
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor


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


def answer_comment(
    actor: Actor, community: Community, case_id: int, comment_id: int, answer: Answer
) -> DraftAnswer:
    """Answer one comment, or correct its answer; the one before is kept.

    :raises Refused: `no_draft`, `gone`, `clustered`, `verdict`, `reason` or `answered`.
    """
    case = public.held(community, case_id)
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
    tell_authors(community, case, made, {found.author_id}, comment=found.id)
    return made


def answer_cluster(
    actor: Actor, community: Community, case_id: int, cluster_id: int, answer: Answer
) -> DraftAnswer:
    """Answer all comments of a cluster at once, or correct that; the answer before is kept.

    :raises Refused: `no_draft`, `empty`, `verdict`, `reason` or `answered`.
    """
    case = public.held(community, case_id)
    found = held.cluster(case.id, cluster_id)
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
    db.session.execute(rows)
    found.state = answer.verdict
    if waiting:
        figures.add(case.id, held.WAITING, -waiting)
    db.session.flush()
    _record(actor, community, case, made, cluster=found.id)
    authors = select(DraftComment.author_id).where(
        *mine, DraftComment.removed_at.is_(None), DraftComment.hidden_by.is_(None)
    )
    tell_authors(community, case, made, authors, cluster=found.id)
    return made


def last(**thing: int) -> DraftAnswer | None:
    """Return the answer in force of a comment or a cluster."""
    query = select(DraftAnswer).filter_by(**thing).order_by(DraftAnswer.number.desc())
    return db.session.scalar(query.limit(1))


def _write(actor: Actor, community: Community, answer: Answer, **thing: int) -> DraftAnswer:
    assert actor.person_id is not None  # noqa: S101 - the view asked for a permission
    before = last(**thing)
    if (before.number if before else 0) != answer.seen:
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
    data["reason"] = made.reason
    held.recorded(act, actor, community, case.id, **data)


def tell_authors(
    community: Community,
    case: Consultation,
    made: DraftAnswer | None,
    people: Collection[int] | Select[int],
    **thing: int,
) -> None:
    """Tell authors of comments how these were answered."""
    assert made is not None  # noqa: S101 - what is told of is answered
    values: dict[str, object] = {"office": made.office, "verdict": made.verdict, **thing}
    news.answered(community, case, people, **values)
