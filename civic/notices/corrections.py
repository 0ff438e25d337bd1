"""Correct what is issued: a new version beside the old ones, agreed to by a second person."""

from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from civic.communities.models import Community
from civic.kernel import clock, plugins, text
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor
from civic.kernel.tell import News, tell
from civic.notices import issuing, kinds, services
from civic.notices.models import Notice, NoticeVersion


def versions(notice_id: int) -> list[NoticeVersion]:
    """Return the versions of a notice, the first first, a waiting correction last."""
    query = select(NoticeVersion).filter_by(notice_id=notice_id).order_by(NoticeVersion.number)
    return list(db.session.scalars(query))


def waiting(notice_id: int) -> NoticeVersion | None:
    """Return the correction of a notice that nobody has agreed to yet."""
    return db.session.scalar(
        select(NoticeVersion)
        .where(NoticeVersion.notice_id == notice_id, NoticeVersion.approved_by.is_(None))
        .execution_options(populate_existing=True)
    )


def draft(
    actor: Actor, community: Community, notice_id: int, *, title: str, body: str, reason: str
) -> NoticeVersion:
    """Keep a correction until a second person agrees; its maker can change it until then.

    :raises Refused: when the notice is not in force, nothing would change, the reason is missing,
        or somebody else's correction waits already.
    """
    notice = services.find(actor, community, notice_id, lock=True)
    issuing.in_force(notice)
    title, body = text.plain(title), text.plain(body)
    reason = text.plain(reason)[: services.LONGEST_LINE]
    if not title or len(title) > services.LONGEST_TITLE:
        raise Refused("title", _l("Please write a title of at most 80 characters."))
    if not body or len(body) > services.LONGEST_BODY:
        raise Refused("body", _l("Please write what the notice says."))
    if (title, body) == (notice.title, notice.body):
        raise Refused("body", _l("Nothing is changed yet."))
    if not reason:
        raise Refused("reason", _l("Please say what is corrected; everybody reads it."))
    found = waiting(notice.id)
    assert actor.person_id is not None  # noqa: S101 - the view asked for a permission
    if found is None:
        found = NoticeVersion(notice_id=notice.id, number=notice.version + 1)
        db.session.add(found)
    elif found.made_by != actor.person_id:
        raise Refused(
            "waits",
            _l("A correction by somebody else waits to be checked. Please decide on it first."),
            HTTPStatus.CONFLICT,
        )
    html = plugins.registry().render_text(community.id, body)
    found.title, found.body, found.html = title, body, str(html)
    found.reason, found.made_by, found.made_at = reason, actor.person_id, clock.now()
    found.returned_at = None
    services.record(actor, community, notice, kinds.CORRECTION)
    db.session.flush()
    return found


def approve(actor: Actor, community: Community, notice_id: int, made_at: str) -> Notice:
    """Issue a correction: from now on readers see it, and what it changed.

    :param made_at: when the correction that was looked at was written, in ISO form.
    :raises Refused: when none waits, the actor wrote it, or it changed since it was looked at.
    """
    notice, found = _decide(actor, community, notice_id)
    if found.made_at.isoformat() != made_at:
        raise Refused(
            "stale",
            _l("The correction was changed after you opened it. Please read it once more."),
            HTTPStatus.CONFLICT,
        )
    found.approved_by, found.at = actor.person_id, clock.now()
    notice.title, notice.body, notice.html = found.title, found.body, found.html
    notice.version, notice.changed_at = found.number, found.at
    services.record(actor, community, notice, kinds.CORRECTED, note=found.reason)
    issuing.announce(community, notice, "notice_changed")
    return notice


def send_back(
    actor: Actor, community: Community, notice_id: int, *, code: str, note: str
) -> Notice:
    """Return a correction to its maker, with a reason that they read.

    :raises Refused: when none waits, the actor wrote it, or the reason is missing.
    """
    notice, found = _decide(actor, community, notice_id)
    note = services.reason(code, note)
    found.returned_at = clock.now()
    services.record(actor, community, notice, kinds.CORRECTION_RETURNED, code=code, note=note)
    tell(
        News(
            kind="notice_returned",
            subject=f"notice:{notice.id}",
            people=[found.made_by],
            community_id=community.id,
            values={"community": community.slug, "notice": notice.id, "title": notice.title},
        )
    )
    return notice


def _decide(actor: Actor, community: Community, notice_id: int) -> tuple[Notice, NoticeVersion]:
    notice = services.find(actor, community, notice_id, lock=True)
    issuing.in_force(notice)
    found = waiting(notice.id)
    if found is None or found.returned_at is not None:
        raise Refused(
            "no_correction", _l("No correction waits to be checked here."), HTTPStatus.CONFLICT
        )
    issuing.second_person(actor, found.made_by)
    return notice, found
