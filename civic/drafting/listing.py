"""Find the comments on a text with their answers, in few statements however many there are."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, func, or_, select, union_all

from civic.drafting.models import (
    DraftAnswer,
    DraftCluster,
    DraftComment,
    DraftParagraph,
    DraftSupport,
    DraftVersion,
)
from civic.drafting.rules import rules
from civic.identities.models import Person
from civic.kernel.db import db
from civic.moderation.models import Decision

PER_PAGE = 50
#: Comments that stand beside a paragraph: those that most people support.
BESIDE = 3


class Row(NamedTuple):
    """Hold a comment as it is read.

    :ivar gone: whether its author has closed their account.
    :ivar reason: why it is hidden, or None.
    """

    id: int
    version_id: int
    version: int
    paragraph: int
    author_id: int
    author: str
    gone: datetime | None
    place: str
    standing: str
    words: str
    wording: str
    created_at: datetime
    supporters: int
    state: str
    cluster_id: int | None
    cluster: str | None
    changed_in: int | None
    removed_at: datetime | None
    reason: str | None


@dataclass(frozen=True)
class Found:
    """Hold comments with what belongs to them.

    :ivar answers: of each comment or cluster, the newest first, by (kind, id).
    :ivar supported: which of them this reader supports.
    """

    rows: Sequence[Row]
    answers: dict[tuple[str, int], list[DraftAnswer]] = field(default_factory=dict)
    supported: frozenset[int] = frozenset()

    def of(self, row: Row) -> list[DraftAnswer]:
        """Return the answers of a comment, its own or those of its cluster."""
        if row.cluster_id is not None:
            return self.answers.get(("cluster", row.cluster_id), [])
        return self.answers.get(("comment", row.id), [])


def _rows() -> Select[*tuple[Any, ...]]:
    return (
        select(
            DraftComment.id,
            DraftComment.version_id,
            DraftVersion.number,
            DraftComment.paragraph,
            DraftComment.author_id,
            Person.public_name,
            Person.closed_at,
            DraftComment.place,
            DraftComment.standing,
            DraftComment.words,
            DraftComment.wording,
            DraftComment.created_at,
            DraftComment.supporters,
            DraftComment.state,
            DraftComment.cluster_id,
            DraftCluster.title,
            DraftComment.changed_in,
            DraftComment.removed_at,
            Decision.reason,
        )
        .select_from(DraftComment)
        .join(Person, Person.id == DraftComment.author_id)
        .join(DraftVersion, DraftVersion.id == DraftComment.version_id)
        .outerjoin(DraftCluster, DraftCluster.id == DraftComment.cluster_id)
        .outerjoin(Decision, Decision.id == DraftComment.hidden_by)
    )


def _found(query: Select[*tuple[Any, ...]], person_id: int | None) -> Found:
    rows = [Row._make(row) for row in db.session.execute(query)]
    return Found(rows, answers(rows), _supported(rows, person_id))


def listed(
    case_id: int,
    person_id: int | None = None,
    *,
    state: str = "",
    version_id: int | None = None,
    paragraph: int | None = None,
    cluster_id: int | None = None,
    changed: Collection[int] = (),
    before: int | None = None,
) -> Found:
    """Return a page of comments, the newest first.

    :param state: those that are `open` or were answered so; all of them where it is empty.
    :param paragraph: those on a paragraph of a version.
    :param changed: those that led to a change in one of these versions.
    :param before: id from which to go on to older ones.
    """
    query = _rows().where(DraftComment.consultation_id == case_id)
    if state:
        # Nobody is owed an answer to what is gone, but what was answered stays on its list.
        query = query.where(DraftComment.state == state)
        query = query.where(DraftComment.removed_at.is_(None), DraftComment.hidden_by.is_(None))
    if paragraph is not None:
        query = query.where(
            DraftComment.version_id == version_id, DraftComment.paragraph == paragraph
        )
    if cluster_id is not None:
        query = query.where(DraftComment.cluster_id == cluster_id)
    if changed:
        query = query.where(DraftComment.changed_in.in_(changed))
    if before is not None:
        query = query.where(DraftComment.id < before)
    return _found(query.order_by(DraftComment.id.desc()).limit(PER_PAGE), person_id)


def one(case_id: int, comment_id: int, person_id: int | None = None) -> Found:
    """Return one comment, or nothing."""
    query = _rows().where(DraftComment.consultation_id == case_id, DraftComment.id == comment_id)
    return _found(query, person_id)


def counted(version_id: int) -> dict[int, int]:
    """Return how many comments each paragraph of a version has."""
    query = select(DraftParagraph.number, DraftParagraph.comments)
    return {row[0]: row[1] for row in db.session.execute(query.filter_by(version_id=version_id))}


def beside(version_id: int, numbers: Collection[int], person_id: int | None = None) -> Found:
    """Return the comments that stand beside paragraphs: of each those that most support."""
    if not numbers:
        return Found([])
    there = DraftComment.removed_at.is_(None) & DraftComment.hidden_by.is_(None)
    each = [
        select(
            select(DraftComment.id)
            .where(DraftComment.version_id == version_id, DraftComment.paragraph == number, there)
            .order_by(DraftComment.supporters.desc(), DraftComment.id.desc())
            .limit(BESIDE)
            .subquery()
        )
        for number in sorted(numbers)
    ]
    top = union_all(*each).subquery() if len(each) > 1 else each[0].subquery()
    query = _rows().join(top, top.c.id == DraftComment.id)
    order = DraftComment.paragraph, DraftComment.supporters.desc(), DraftComment.id.desc()
    return _found(query.order_by(*order), person_id)


def answers(rows: Collection[Row]) -> dict[tuple[str, int], list[DraftAnswer]]:
    """Return the answers of comments and of the clusters they are in, the newest first."""
    alone = {row.id for row in rows if row.cluster_id is None}
    gathered = {row.cluster_id for row in rows if row.cluster_id is not None}
    if not rows:
        return {}
    query = select(DraftAnswer).where(
        or_(DraftAnswer.comment_id.in_(alone), DraftAnswer.cluster_id.in_(gathered))
    )
    found: dict[tuple[str, int], list[DraftAnswer]] = {}
    for one_ in db.session.scalars(query.order_by(DraftAnswer.number.desc())):
        key = ("comment", one_.comment_id) if one_.comment_id else ("cluster", one_.cluster_id or 0)
        found.setdefault(key, []).append(one_)
    return found


class Cluster(NamedTuple):
    """Hold a cluster with how many comments are in it."""

    id: int
    title: str
    state: str
    size: int


def clusters(case_id: int) -> list[Cluster]:
    """Return the clusters of a case, in the order in which they were made."""
    query = (
        select(DraftCluster.id, DraftCluster.title, DraftCluster.state, func.count(DraftComment.id))
        .outerjoin(DraftComment, DraftComment.cluster_id == DraftCluster.id)
        .where(DraftCluster.consultation_id == case_id)
        .group_by(DraftCluster.id)
        .order_by(DraftCluster.id)
        .limit(rules().clusters)
    )
    return [Cluster._make(row) for row in db.session.execute(query)]


def _supported(rows: Collection[Row], person_id: int | None) -> frozenset[int]:
    if person_id is None or not rows:
        return frozenset()
    query = select(DraftSupport.comment_id).where(
        DraftSupport.person_id == person_id,
        DraftSupport.comment_id.in_([row.id for row in rows]),
    )
    return frozenset(db.session.scalars(query))
