"""Issue a notice that another person wrote, and withdraw one, both in the open."""

from datetime import datetime
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from civic.communities.models import Community
from civic.kernel import clock, holidays, text
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.periods import Kind, Period, end_of
from civic.kernel.permissions import Actor, veto
from civic.kernel.tell import News, tell
from civic.notices import audience, kinds, services
from civic.notices.models import Notice, NoticeVersion


def issue(actor: Actor, community: Community, notice_id: int, revision: int) -> Notice:
    """Issue a draft: it gets its number, its display begins to run, and its readers are told.

    :param revision: of the draft that was looked at; what changed meanwhile is not issued unseen.
    :raises Refused: when it does not wait to be checked, the actor wrote it, it changed since it
        was looked at, it would be over at once, or the days off of a year are not known.
    """
    # The place first: numbers are given one after the other, and all lock in this order.
    db.session.execute(select(Community.id).filter_by(id=community.id).with_for_update())
    notice = services.find(actor, community, notice_id, lock=True)
    services.waits(notice)
    second_person(actor, notice.drafted_by)
    if notice.revision != revision:
        raise Refused(
            "stale",
            _l("The draft was changed after you opened it. Please read it once more."),
            HTTPStatus.CONFLICT,
        )
    now = clock.now()
    if notice.valid_to is not None and notice.valid_to <= now:
        raise Refused("over", _l("Its validity is over already. Please return it to be changed."))
    veto(actor, "notices.issue", notice)
    if notice.kind == kinds.DISPLAY:
        notice.display_to = display_end(notice, now)
    _number(community, notice, now)
    notice.issued_by, notice.issued_at, notice.version = actor.person_id, now, 1
    notice.changed_at = now
    db.session.add(
        NoticeVersion(
            notice_id=notice.id,
            number=1,
            title=notice.title,
            body=notice.body,
            html=notice.html,
            made_by=notice.drafted_by,
            made_at=notice.drafted_at,
            approved_by=actor.person_id,
            at=now,
        )
    )
    services.record(actor, community, notice, kinds.ISSUED)
    announce(community, notice, "notice")
    return notice


def display_end(notice: Notice, start: datetime) -> datetime:
    """Return the moment at which the display of a notice ends if it begins at a moment.

    :raises Refused: with the year whose days off are not known (`periods.TableMissing`).
    """
    assert notice.display_n is not None  # noqa: S101 - checked when it was written
    period = Period(n=notice.display_n, kind=Kind(notice.display_kind))
    return end_of(start, period, holidays.load())


def second_person(actor: Actor, writer_id: int) -> None:
    """Refuse to let somebody check what they wrote themselves.

    :raises Refused: `second_person`.
    """
    if actor.person_id == writer_id:
        raise Refused(
            "second_person",
            _l("You wrote this yourself. Another person has to check and issue it."),
            HTTPStatus.FORBIDDEN,
        )


def withdraw(actor: Actor, community: Community, notice_id: int, words: str) -> Notice:
    """Withdraw a notice; its page stays, with the reason instead of the text.

    :raises Refused: when it is not issued, is withdrawn already, or the reason is missing.
    """
    notice = services.find(actor, community, notice_id, lock=True)
    in_force(notice)
    words = text.plain(words)[: services.LONGEST_LINE]
    if not words:
        raise Refused("reason", _l("Please say why it is withdrawn; everybody reads the reason."))
    notice.withdrawn_at, notice.withdrawn_by = clock.now(), actor.person_id
    notice.changed_at = notice.withdrawn_at
    notice.withdrawn_reason = words
    services.record(actor, community, notice, kinds.WITHDRAWN, note=words)
    announce(community, notice, "notice_changed")
    return notice


def in_force(notice: Notice) -> None:
    """Refuse to change what is not issued, or withdrawn.

    :raises Refused: `not_issued` or `withdrawn`.
    """
    if notice.issued_at is None:
        raise Refused("not_issued", _l("This notice has not been issued yet."), HTTPStatus.CONFLICT)
    if notice.withdrawn_at is not None:
        raise Refused(
            "withdrawn", _l("This notice has been withdrawn already."), HTTPStatus.CONFLICT
        )


def announce(community: Community, notice: Notice, kind: str) -> None:
    """Tell those whom a notice is for."""
    terms = services.terms_of(notice.id)
    values = {"community": community.slug, "notice": notice.id, "title": notice.title}
    tell(
        News(
            kind=kind,
            subject=f"notice:{notice.id}",
            people=audience.people_of(community, terms),
            community_id=community.id,
            values=values | {"place": community.name, "withdrawn": bool(notice.withdrawn_at)},
        )
    )


def _number(community: Community, notice: Notice, now: datetime) -> None:
    year = clock.local(now).year
    last = select(func.max(Notice.sequence)).where(
        Notice.community_id == community.id, Notice.year == year, Notice.kind == notice.kind
    )
    notice.year, notice.sequence = year, (db.session.scalar(last) or 0) + 1
    word = kinds.NUMBER_WORDS[notice.kind]
    notice.number = f"{community.name}{word}〔{year}〕{notice.sequence}号"
