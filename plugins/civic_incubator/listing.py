"""Find calls, and what waits in them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import lazyload

from civic.api import Actor, Community, clock, db, once_a_request
from civic_incubator.calls import DECIDING, OPEN, PREPARING, PUBLICITY, REVIEW, SCREENING
from civic_incubator.models import DRAFT, PASSED, SUBMITTED, Application, Call, Member
from civic_incubator.review_models import AwardList, Declaration, Objection, Review, Seat

#: Rows that the home page reads of this plugin.
MOST_NEWS = 20


def listed(community: Community, *, staff: bool, limit: int = 50) -> Sequence[Call]:
    """Return the calls of a community, the newest first; those not open yet for staff alone."""
    query = select(Call).filter_by(community_id=community.id)
    if not staff:
        query = query.where(Call.phase != PREPARING)
    return db.session.scalars(query.order_by(Call.opens_at.desc(), Call.id).limit(limit)).all()


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


@dataclass(frozen=True)
class News:
    """Be what a community's calls have for somebody, those first that close first.

    :ivar calls: that take applications now; `shown`: whose awards are shown for objections.
    :ivar drafts: their applications that can still be written in.
    :ivar reviews: calls in which they have projects to score, with how many.
    """

    calls: list[Call]
    shown: list[Call]
    drafts: list[Application]
    reviews: list[tuple[Call, int]]


@once_a_request
def news(community: Community, actor: Actor) -> News:
    """Return what somebody finds on the home page, out of one statement for both of its hooks."""
    now, person = clock.now(), actor.person_id or 0
    own = select(Member.organisation_id).where(Member.person_id == person)
    mine = (Application.call_id == Call.id) & (Application.state == DRAFT)
    is_open = (Call.phase == OPEN) & (Call.opens_at <= now) & (Call.closes_at > now)
    left = _to_score(person)
    query = (
        select(Call, Application, left)
        .outerjoin(Application, mine & is_open & Application.organisation_id.in_(own))
        .where(Call.community_id == community.id)
        .where(is_open | (Call.phase == PUBLICITY) | ((Call.phase == REVIEW) & (left > 0)))
        # Joined loading of what every application has would leave out calls without one.
        .options(lazyload("*"))
        .order_by(Call.closes_at, Call.id, Application.id)
        .limit(MOST_NEWS)
    )
    rows = db.session.execute(query).all()
    calls = list(dict.fromkeys(call for call, _draft, _left in rows))
    return News(
        calls=[call for call in calls if call.phase == OPEN],
        shown=[call for call in calls if call.phase == PUBLICITY],
        drafts=[draft for _call, draft, _left in rows if draft is not None],
        reviews=[(call, left) for call, _draft, left in rows if call.phase == REVIEW],
    )


def _to_score(person_id: int) -> ScalarSelect[int]:
    """Return an expression: how many projects of a call somebody has left to score."""
    passed = (
        select(func.count(Application.id))
        .where(Application.call_id == Call.id, Application.state == PASSED)
        .correlate(Call)
        .scalar_subquery()
    )
    done = (
        select(func.count(Declaration.id))
        .outerjoin(Review, Review.declaration_id == Declaration.id)
        .where(Declaration.seat_id == Seat.id)
        .where(Declaration.conflicted | Review.id.is_not(None))
        .correlate(Seat)
        .scalar_subquery()
    )
    query = select(passed - done).where(Seat.call_id == Call.id, Seat.person_id == person_id)
    return query.correlate(Call).scalar_subquery()
