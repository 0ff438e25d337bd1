"""The board of a community: what hangs there, what hung there, and what stands in a feed."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, tuple_
from sqlalchemy.orm import aliased, joinedload

from civic.communities.models import Community
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor, visible
from civic.notices import kinds
from civic.notices.audience import concerns
from civic.notices.models import Notice

PER_PAGE = 30


def over() -> ColumnElement[bool]:
    """Return the condition that a notice hangs no longer: withdrawn, or its time has passed."""
    ends = func.coalesce(Notice.valid_to, Notice.display_to)
    return or_(Notice.withdrawn_at.is_not(None), and_(ends.is_not(None), ends <= clock.now()))


def is_over(notice: Notice) -> bool:
    """Tell whether a notice hangs no longer."""
    ends = notice.valid_to or notice.display_to
    return notice.withdrawn_at is not None or (ends is not None and ends <= clock.now())


def _board(actor: Actor, community: Community) -> Select[Notice]:
    return (
        select(Notice)
        .options(joinedload(Notice.community))
        .where(Notice.issued_at.is_not(None), concerns(community), visible(actor, Notice))
    )


def board(
    actor: Actor,
    community: Community,
    *,
    kind: str = "",
    before: int | None = None,
    limit: int = PER_PAGE,
) -> Sequence[Notice]:
    """Return what hangs on a board now: urgent ones first, then the newest first.

    :param kind: only notices of this kind.
    :param before: id of the last one of the page before.
    :raises Refused: for a kind that there is not.
    """
    query = _of_kind(_board(actor, community).where(~over()), kind)
    return _page(query, [_urgent(Notice), Notice.issued_at, Notice.id], before, limit)


def archive(
    actor: Actor, community: Community, *, kind: str = "", before: int | None = None
) -> Sequence[Notice]:
    """Return what hung on a board once, the newest first."""
    query = _of_kind(_board(actor, community).where(over()), kind)
    return _page(query, [Notice.issued_at, Notice.id], before, PER_PAGE)


def feed(actor: Actor, community: Community) -> Sequence[Notice]:
    """Return the newest notices of a board, withdrawn ones among them."""
    return _page(_board(actor, community), [Notice.issued_at, Notice.id], None, PER_PAGE)


def _of_kind(query: Select[Notice], kind: str) -> Select[Notice]:
    if not kind:
        return query
    if kind not in kinds.KINDS:
        raise Refused("no_kind", _l("There is no such kind of notice."), HTTPStatus.NOT_FOUND)
    return query.where(Notice.kind == kind)


def _urgent(of: Any) -> ColumnElement[int]:  # noqa: ANN401 - the table or an alias of it
    return case((of.level == kinds.URGENT, literal(1)), else_=literal(0))


def _page(
    query: Select[Notice], order: list[Any], before: int | None, limit: int
) -> Sequence[Notice]:
    if before is not None:
        last = aliased(Notice)
        columns = [_urgent(last), last.issued_at, last.id][-len(order) :]
        query = query.where(
            tuple_(*order) < select(*columns).where(last.id == before).scalar_subquery()
        )
    query = query.order_by(*(column.desc() for column in order)).limit(limit)
    return db.session.scalars(query).all()
