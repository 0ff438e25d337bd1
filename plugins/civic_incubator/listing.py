"""Find calls, and what waits in them."""

from collections.abc import Collection, Sequence

from sqlalchemy import func, select

from civic.api import Actor, Community, clock, db
from civic_incubator.calls import DECIDING, OPEN, PREPARING, PUBLICITY, SCREENING
from civic_incubator.models import DRAFT, SUBMITTED, Application, Call, Member
from civic_incubator.review_models import AwardList, Objection


def listed(community: Community, *, staff: bool, limit: int = 50) -> Sequence[Call]:
    """Return the calls of a community, the newest first; those not open yet for staff alone."""
    query = select(Call).filter_by(community_id=community.id)
    if not staff:
        query = query.where(Call.phase != PREPARING)
    return db.session.scalars(query.order_by(Call.opens_at.desc(), Call.id).limit(limit)).all()


def open_now(community_ids: Collection[int], limit: int = 5) -> Sequence[Call]:
    """Return the calls that take applications now, those that close first."""
    now = clock.now()
    query = select(Call).where(Call.community_id.in_(community_ids), Call.phase == OPEN)
    query = query.where(Call.opens_at <= now, Call.closes_at > now)
    return db.session.scalars(query.order_by(Call.closes_at, Call.id).limit(limit)).all()


def applications(which: Call) -> Sequence[Application]:
    """Return the applications that were handed in to a call, in their order."""
    query = select(Application).where(
        Application.call_id == which.id, Application.number.is_not(None)
    )
    return db.session.scalars(query.order_by(Application.number)).all()


def drafts(which: Call) -> int:
    """Return how many applications to a call have been begun and not handed in."""
    query = select(func.count(Application.id)).where(Application.call_id == which.id)
    return db.session.scalar(query.where(Application.number.is_(None))) or 0


def to_check(community_ids: Collection[int], limit: int) -> Sequence[Application]:
    """Return the applications whose form has to be checked, the earliest first."""
    query = (
        select(Application)
        .join(Call, Call.id == Application.call_id)
        .where(Application.state == SUBMITTED, Call.phase == SCREENING)
        .where(Application.community_id.in_(community_ids))
        .order_by(Application.submitted_at, Application.id)
    )
    return db.session.scalars(query.limit(limit)).all()


def to_answer(community_ids: Collection[int], limit: int) -> Sequence[tuple[Objection, Call]]:
    """Return the objections that wait for their answer, the earliest first."""
    query = (
        select(Objection, Call)
        .join(AwardList, AwardList.id == Objection.list_id)
        .join(Call, Call.id == AwardList.call_id)
        .where(Objection.upheld.is_(None), Call.community_id.in_(community_ids))
        .order_by(Objection.raised_at, Objection.id)
    )
    return [(row[0], row[1]) for row in db.session.execute(query.limit(limit))]


def to_decide(community_ids: Collection[int], limit: int) -> Sequence[Call]:
    """Return the calls whose awards have to be drawn up."""
    query = select(Call).where(Call.community_id.in_(community_ids), Call.phase == DECIDING)
    return db.session.scalars(query.order_by(Call.closes_at, Call.id).limit(limit)).all()


def shown_now(community: Community) -> Sequence[Call]:
    """Return the calls whose awards are shown for objections."""
    query = select(Call).filter_by(community_id=community.id, phase=PUBLICITY)
    return db.session.scalars(query.order_by(Call.id)).all()


def started(actor: Actor, community_ids: Sequence[int], limit: int) -> Sequence[Application]:
    """Return the drafts that somebody can still write in, those that close first."""
    if actor.person_id is None:
        return ()
    query = (
        select(Application)
        .join(Call, Call.id == Application.call_id)
        .join(Member, Member.organisation_id == Application.organisation_id)
        .where(Member.person_id == actor.person_id, Application.state == DRAFT)
        .where(Application.community_id.in_(community_ids))
        .where(Call.phase == OPEN, Call.closes_at > clock.now())
        .order_by(Call.closes_at, Application.id)
    )
    return db.session.scalars(query.limit(limit)).all()
