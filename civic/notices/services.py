"""Find notices, and what holds for every step they take."""

from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from civic.communities.models import Community
from civic.kernel import audit, clock, text
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor, visible
from civic.notices import kinds
from civic.notices.models import Notice, NoticeAudience, NoticeStep
from civic.notices.terms import Term

LONGEST_TITLE, LONGEST_LINE, LONGEST_BODY = 80, 200, 20_000


def missing() -> Refused:
    """Return the one answer for what does not exist and for what one may not see."""
    return Refused("no_notice", _l("There is no such notice here."), HTTPStatus.NOT_FOUND)


def find(actor: Actor, community: Community, notice_id: int, *, lock: bool = False) -> Notice:
    """Return a notice of a community that the actor may see.

    :param lock: hold it until the transaction ends, and read it anew.
    :raises Refused: 404, the same for one that is missing, elsewhere or not for the actor.
    """
    query = select(Notice).where(
        Notice.id == notice_id, Notice.community_id == community.id, visible(actor, Notice)
    )
    if lock:
        query = query.with_for_update(of=Notice).execution_options(populate_existing=True)
    else:
        query = query.options(joinedload(Notice.community))
    found = db.session.scalar(query)
    if found is None:
        raise missing()
    return found


def terms_of(notice_id: int) -> list[Term]:
    """Return whom a notice is for, in the order in which it was entered."""
    rows = db.session.scalars(
        select(NoticeAudience).filter_by(notice_id=notice_id).order_by(NoticeAudience.id)
    )
    return [
        Term(role=row.role, code=row.code, node_id=row.node_id, min_level=row.min_level)
        for row in rows
    ]


def reason(code: str, note: str) -> str:
    """Return the words of a reason as they are kept.

    :raises Refused: without a reason, or without words for another one.
    """
    note = text.plain(note)[:LONGEST_LINE]
    if code not in kinds.RETURN_REASONS or (code == "other" and not note):
        raise Refused("reason", _l("Please choose a reason, and say in words what to change."))
    return note


def in_hand(notice: Notice) -> None:
    """Refuse to change what is no draft in its writer's hand.

    :raises Refused: `issued` or `submitted`.
    """
    if notice.issued_at is not None:
        raise Refused(
            "issued",
            _l("This notice is issued. It can be corrected or withdrawn, in the open."),
            HTTPStatus.CONFLICT,
        )
    if notice.submitted_at is not None:
        raise Refused(
            "submitted",
            _l("This draft is being checked. To change it, let it be returned first."),
            HTTPStatus.CONFLICT,
        )


def waits(notice: Notice) -> None:
    """Refuse to decide on what does not wait to be checked.

    :raises Refused: `issued` or `not_submitted`.
    """
    if notice.issued_at is not None:
        raise Refused("issued", _l("This notice has been issued already."), HTTPStatus.CONFLICT)
    if notice.submitted_at is None:
        raise Refused(
            "not_submitted",
            _l("This draft has not been sent to be checked yet. Its writer does that first."),
            HTTPStatus.CONFLICT,
        )


def record(
    actor: Actor | None,
    community: Community,
    notice: Notice,
    act: str,
    *,
    code: str = "",
    note: str = "",
) -> None:
    """Write down a step of a notice, and put it into the audit.

    :param actor: None where the system does it by itself.
    """
    post = actor.office_at(community.path) if actor else ""
    person_id = actor.person_id if actor else None
    step = NoticeStep(notice_id=notice.id, act=act, at=clock.now(), person_id=person_id)
    step.post, step.code, step.note = post, code, note
    db.session.add(step)
    data = {"kind": notice.kind, "version": notice.version}
    if code:
        data["reason"] = code
    if notice.number:
        data["number"] = notice.number
    audit.append(
        f"notice.{act}",
        person_id=person_id,
        actor="" if actor else "system",
        post=post,
        subject=f"notice:{notice.id}",
        community_id=community.id,
        data=data,
    )
