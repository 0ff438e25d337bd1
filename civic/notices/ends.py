"""What the system does by itself: it posts that a display or a validity has ended."""

from datetime import timedelta

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import joinedload

from civic.communities.models import Node, Post
from civic.identities.actors import in_force
from civic.identities.models import Appointment
from civic.kernel import clock, jobs
from civic.kernel.db import db
from civic.kernel.permissions import registry
from civic.kernel.tell import News, tell
from civic.notices import audience, issuing, kinds, services
from civic.notices.models import Notice, NoticeStep

#: How many ends one run posts; the next run posts more.
MOST = 50
OFTEN = timedelta(minutes=5)


def init() -> None:
    """Let the ends be posted by the site itself."""
    jobs.job("notices.ends", OFTEN, post_ends, needed=anything_ended)


def anything_ended() -> bool:
    """Tell whether an end has come that is not posted yet."""
    return any(db.session.scalar(query.limit(1)) is not None for _act, query in _due())


def _due() -> list[tuple[str, Select[int]]]:
    found = []
    for act, ended in ((kinds.DISPLAY_ENDED, Notice.display_to), (kinds.EXPIRED, Notice.valid_to)):
        step = exists().where(NoticeStep.notice_id == Notice.id, NoticeStep.act == act)
        query = select(Notice.id).where(
            Notice.issued_at.is_not(None),
            Notice.withdrawn_at.is_(None),
            ended <= clock.now(),
            ~step,
        )
        found.append((act, query.order_by(Notice.id)))
    return found


def post_ends() -> int:
    """Post the ends that have come, each once, however many processes run this; return how many.

    Written into the current transaction. Pages know from the clock that a display is over; this
    only records it and tells the office, and quietly those whom the notice was for.
    """
    posted = 0
    for act, query in _due():
        for notice_id in db.session.scalars(query.limit(MOST)).all():
            # Asked again under the lock: another process may have posted it meanwhile.
            again = select(Notice).where(Notice.id == notice_id, Notice.withdrawn_at.is_(None))
            lock = again.with_for_update(of=Notice).options(joinedload(Notice.community))
            notice = db.session.scalar(lock)
            taken = db.session.scalar(select(NoticeStep.id).filter_by(notice_id=notice_id, act=act))
            if notice is None or taken is not None:
                continue
            services.record(None, notice.community, notice, act)
            if act == kinds.DISPLAY_ENDED:
                _tell(notice)
            posted += 1
    return posted


def _tell(notice: Notice) -> None:
    groups = registry().known[audience.ISSUE].groups | registry().known[audience.DRAFT].groups
    here = select(Node.id).where(Node.id.in_(notice.community.path))
    staff = (
        select(Appointment.person_id)
        .join(Post, Post.id == Appointment.post_id)
        .where(
            in_force(Appointment.valid_from, Appointment.valid_to, clock.now()),
            Post.node_id.in_(here),
            Post.node_id == notice.community_id,
            Post.kind.in_(sorted(groups)),
        )
        .distinct()
    )
    values = {
        "community": notice.community.slug,
        "notice": notice.id,
        "title": notice.title,
        "place": notice.community.name,
    }
    tell(
        News(
            kind="notice_ended_staff",
            subject=f"notice:{notice.id}",
            people=staff,
            community_id=notice.community_id,
            values=values,
        )
    )
    issuing.announce(notice.community, notice, "notice_ended")
