"""Read what was said: pages of threads, and one thread with its replies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from http import HTTPStatus
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l
from sqlalchemy import Integer, Select, and_, bindparam, select, union_all

from civic.consultations.models import Comment
from civic.identities.models import Person
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.moderation.models import Decision

#: Threads on one page, and rows with their replies; more of a thread stand on its own page.
THREADS, ROWS = 50, 100
#: Above every id, which PostgreSQL keeps in four bytes.
_LAST = 2**31 - 1


class Said(NamedTuple):
    """Hold a comment as it is read; rows of the hot page are values, not entities.

    :ivar author: name of the author as others read it.
    :ivar reason: why it is hidden, or None.
    :ivar hidden_author_id: whose text it is that is hidden.
    :ivar objected: whether an objection against hiding it waits for its answer.
    :ivar removed: whether its author has taken it back.
    """

    id: int
    parent_id: int | None
    created_at: datetime
    html: str
    place: str
    standing: str
    office: str | None
    author: str
    reason: str | None
    hidden_author_id: int | None
    objected: bool
    removed: bool


@dataclass(frozen=True)
class Thread:
    """Hold a comment with its replies; `more` when some stand only on its own page."""

    comment: Said
    replies: list[Said]
    more: bool = False


@cache
def _page() -> Select[*tuple[Any, ...]]:
    top = (
        select(Comment.id)
        .where(
            Comment.consultation_id == bindparam("consultation_id"),
            Comment.level == 1,
            Comment.id < bindparam("before"),
        )
        .order_by(Comment.id.desc())
        .limit(THREADS)
        .cte("top")
    )
    replies = select(Comment.id, Comment.parent_id).where(Comment.parent_id.in_(select(top.c.id)))
    found = union_all(select(top.c.id, top.c.id.label("thread")), replies).subquery()
    # Ids alone are put in order and cut off, in whatever thread very many have replied.
    shown = select(found).order_by(found.c.thread.desc(), found.c.id).limit(ROWS).subquery()
    rows = _with_author().join(shown, shown.c.id == Comment.id)
    return rows.order_by(shown.c.thread.desc(), Comment.id)


@cache
def _one() -> Select[*tuple[Any, ...]]:
    thread = bindparam("comment_id", type_=Integer)
    replies = (
        select(Comment.id)
        .where(Comment.parent_id == thread, Comment.id > bindparam("after"))
        .order_by(Comment.id)
        .limit(ROWS)
        .subquery()
    )
    first = select(Comment.id).where(Comment.id == thread)
    shown = union_all(first, select(replies.c.id)).subquery()
    rows = _with_author().join(shown, shown.c.id == Comment.id)
    return rows.where(Comment.consultation_id == bindparam("consultation_id")).order_by(Comment.id)


def threads(consultation_id: int, *, before: int | None = None) -> list[Thread]:
    """Return a page of threads: official answers first, then the newest first.

    :param before: id from which to go on to older threads.
    """
    values = {"consultation_id": consultation_id, "before": before or _LAST}
    return _gather([Said._make(row) for row in db.session.execute(_page(), values)])


def thread(consultation_id: int, comment_id: int, *, after: int = 0) -> Thread:
    """Return one comment with a page of its replies, the oldest first.

    :raises Refused: 404 when there is no such comment here.
    """
    values = {"consultation_id": consultation_id, "comment_id": comment_id, "after": after}
    found = _gather([Said._make(row) for row in db.session.execute(_one(), values)])
    if not found:
        raise Refused("no_comment", _l("There is no such comment here."), HTTPStatus.NOT_FOUND)
    first = found[0]
    return Thread(first.comment, first.replies[:ROWS], more=len(first.replies) >= ROWS)


def mine(found: Thread, person_id: int | None) -> set[int]:
    """Return which comments of a thread somebody may take back: their own, in no office's name."""
    if person_id is None:
        return set()
    ids = [found.comment.id, *(reply.id for reply in found.replies)]
    own = select(Comment.id).where(
        Comment.id.in_(ids),
        Comment.author_id == person_id,
        Comment.office.is_(None),
        Comment.hidden_by.is_(None),
        Comment.removed_at.is_(None),
    )
    return set(db.session.scalars(own))


def _with_author() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Comment.id,
            Comment.parent_id,
            Comment.created_at,
            Comment.html,
            Comment.place,
            Comment.standing,
            Comment.office,
            Person.public_name,
            Decision.reason,
            Decision.author_id,
            and_(Decision.objected_at.is_not(None), Decision.answered_at.is_(None)),
            Comment.removed_at.is_not(None),
        )
        .join(Comment.author)
        .outerjoin(Comment.decision)
    )


def _gather(rows: Sequence[Said]) -> list[Thread]:
    found: dict[int, Thread] = {}
    for row in rows:
        if row.parent_id is None:
            found[row.id] = Thread(row, [])
        elif row.parent_id in found:
            found[row.parent_id].replies.append(row)
    if rows and len(rows) == ROWS:
        last = rows[-1].parent_id or rows[-1].id
        found[last] = Thread(found[last].comment, found[last].replies, more=True)
    return list(found.values())
