"""What of notices is due for somebody with a post: checking, changing, receipts, displays."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import and_, func, or_, select

from civic.communities.models import Community
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.due import Due
from civic.kernel.permissions import Actor, narrowed
from civic.notices import kinds
from civic.notices.audience import DRAFT, ISSUE, works_on
from civic.notices.models import Notice, NoticeVersion

#: For how long receipts and displays stay on the desk after their day.
AFTER = timedelta(days=3)
MOMENT = timedelta(minutes=1)


def notices(actor: Actor, limit: int) -> Iterable[Due]:
    """Return what waits in notices of the actor's offices, in two statements."""
    if not actor.posts:
        return []
    found = [*_drafts(actor, limit), *_corrections(actor, limit)]
    return sorted(found, key=lambda item: item.at or clock.now())[:limit]


def _drafts(actor: Actor, limit: int) -> Iterator[Due]:
    now = clock.now()
    draft = Notice.issued_at.is_(None)
    others = Notice.drafted_by != actor.person_id
    running = and_(Notice.issued_at.is_not(None), Notice.withdrawn_at.is_(None))
    ends = func.coalesce(Notice.receipt_by, Notice.display_to)
    mine = or_(
        and_(draft, Notice.submitted_at.is_not(None), others, works_on(actor, ISSUE)),
        and_(Notice.returned_at.is_not(None), Notice.drafted_by == actor.person_id),
        and_(running, ends.is_not(None), ends > now - AFTER, works_on(actor, DRAFT, ISSUE)),
    )
    query = (
        select(Notice, Community.slug)
        .join(Community, Community.id == Notice.community_id)
        .where(mine, narrowed(actor, Notice))
        .order_by(ends, Notice.id)
        .limit(limit)
    )
    for notice, slug in db.session.execute(query):
        where: dict[str, Any] = {"community": slug, "notice_id": notice.id}
        title, kind = notice.title, str(kinds.KINDS[notice.kind])
        at, since = None, notice.submitted_at
        if notice.returned_at is not None:
            action, since = _("Change the returned draft"), notice.returned_at
            url = url_for("notice_desk.edit", **where)
        elif notice.issued_at is None:
            action, url = _("Check and issue"), url_for("notice_desk.work", **where)
        elif notice.receipt_by is not None:
            action, at = _("See which units are missing"), notice.receipt_by
            url = url_for("notice_desk.receipt_list", **where)
        else:
            # Its last day ends at 24:00; a moment later it would stand under the day after.
            at = notice.display_to - MOMENT if notice.display_to else None
            action = _("See the display that ends")
            url = url_for("notices.show", **where)
        yield Due(
            kind=kind,
            title=title,
            action=action,
            url=url,
            at=at,
            since=since,
            community_id=notice.community_id,
        )


def _corrections(actor: Actor, limit: int) -> Iterator[Due]:
    waiting, back = NoticeVersion.returned_at.is_(None), NoticeVersion.returned_at.is_not(None)
    others = NoticeVersion.made_by != actor.person_id
    mine = or_(
        and_(waiting, others, works_on(actor, ISSUE)),
        and_(back, NoticeVersion.made_by == actor.person_id),
    )
    query = (
        select(NoticeVersion, Notice, Community.slug)
        .join(Notice, Notice.id == NoticeVersion.notice_id)
        .join(Community, Community.id == Notice.community_id)
        .where(NoticeVersion.approved_by.is_(None), Notice.withdrawn_at.is_(None), mine)
        .where(narrowed(actor, Notice))
        .order_by(NoticeVersion.id)
        .limit(limit)
    )
    for version, notice, slug in db.session.execute(query):
        returned = version.returned_at is not None
        endpoint = "notice_desk.correct" if returned else "notice_desk.work"
        yield Due(
            kind=_("Correction"),
            title=notice.title,
            action=_("Change the returned correction") if returned else _("Check the correction"),
            url=url_for(endpoint, community=slug, notice_id=notice.id),
            at=None,
            since=version.returned_at or version.made_at,
            community_id=notice.community_id,
        )
