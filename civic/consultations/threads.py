"""Read what was said: pages of threads, and one thread with its replies."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import contains_eager

from civic.consultations.models import Comment
from civic.identities.models import Person
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.moderation.models import Decision

#: Threads on one page, and rows with their replies; more of a thread stand on its own page.
THREADS, ROWS = 50, 100


@dataclass(frozen=True)
class Thread:
    """Hold a comment with its replies; `more` when some stand only on its own page."""

    comment: Comment
    replies: list[Comment]
    more: bool = False


def threads(consultation_id: int, *, before: int | None = None) -> list[Thread]:
    """Return a page of threads: official answers first, then the newest first.

    :param before: id from which to go on to older threads.
    """
    top = select(Comment.id).filter_by(consultation_id=consultation_id, level=1)
    if before is not None:
        top = top.where(Comment.id < before)
    top = top.order_by(Comment.id.desc()).limit(THREADS)
    rows = _with_author(or_(Comment.id.in_(top), Comment.parent_id.in_(top)))
    ordered = rows.order_by(func.coalesce(Comment.parent_id, Comment.id).desc(), Comment.id)
    return _gather(db.session.scalars(ordered.limit(ROWS)).all())


def thread(consultation_id: int, comment_id: int, *, after: int = 0) -> Thread:
    """Return one comment with a page of its replies, the oldest first.

    :raises Refused: 404 when there is no such comment here.
    """
    rows = _with_author(
        Comment.consultation_id == consultation_id,
        or_(
            Comment.id == comment_id,
            (Comment.parent_id == comment_id) & (Comment.id > after),
        ),
    )
    found = _gather(db.session.scalars(rows.order_by(Comment.id).limit(ROWS + 1)).all())
    if not found:
        raise Refused("no_comment", _l("There is no such comment here."), HTTPStatus.NOT_FOUND)
    first = found[0]
    return Thread(first.comment, first.replies[:ROWS], more=len(first.replies) >= ROWS)


def _with_author(*where: ColumnElement[bool]) -> Select[Comment]:
    return (
        select(Comment)
        .join(Comment.author)
        .outerjoin(Comment.decision)
        .options(
            contains_eager(Comment.author).load_only(Person.public_name, raiseload=True),
            contains_eager(Comment.decision).load_only(
                Decision.reason, Decision.author_id, raiseload=True
            ),
        )
        .where(*where)
    )


def _gather(rows: Sequence[Comment]) -> list[Thread]:
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
