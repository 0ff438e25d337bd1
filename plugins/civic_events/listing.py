"""Find events: filtered, a page at a time, by when they take place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from sqlalchemy import func, or_, select, tuple_

from civic.api import Actor, Community, Refused, clock, db, once_a_request
from civic.api import lazy_gettext as _l
from civic_events.kinds import CANCELLED, COMING, PUBLISHED
from civic_events.models import Activity, Arrival, Feedback, SignUp

PAGE = 20
COMING_UP, PAST, MINE = "coming", "past", "mine"
#: States of sign-ups that count.
OFFERED = "offered"
ACTIVE = ("waiting", OFFERED, "held")


@dataclass(frozen=True)
class Filter:
    """Say which events are looked for; what is empty does not count.

    :ivar when: `coming`, `past`, or `mine` for those one has signed up for and not left, those that
        were called off included.
    :ivar words: a part of the title or the place.
    """

    when: str = COMING_UP
    audience: str = ""
    words: str = ""


@dataclass(frozen=True)
class Page:
    """Hold one page of events.

    :ivar after: id behind which the next page begins; nothing on the last one.
    """

    rows: Sequence[Activity]
    after: int | None


def page(community: Community, actor: Actor, which: Filter, after: int | None = None) -> Page:
    """Return the published events of a page: those to come the next first, others backwards."""
    query = select(Activity).where(
        Activity.community_id == community.id, Activity.state.in_((PUBLISHED, CANCELLED))
    )
    query = query.where(Activity.published_at.is_not(None))
    now = clock.now()
    if which.when == COMING_UP:
        query = query.where(Activity.ends_at > now)
    elif which.when == PAST:
        query = query.where(Activity.ends_at <= now)
    else:
        mine = (SignUp.activity_id == Activity.id) & (SignUp.person_id == (actor.person_id or 0))
        ended = (SignUp.state == "ended") & (Activity.state == CANCELLED)
        own = select(SignUp.id).where(mine, SignUp.state.in_(ACTIVE) | ended)
        query = query.where(own.exists())
    if which.audience:
        query = query.where(Activity.audience == which.audience)
    if which.words:
        has = [
            column.icontains(which.words, autoescape=True)
            for column in (Activity.title, Activity.place)
        ]
        query = query.where(or_(*has))
    forward = which.when == COMING_UP
    last = db.session.get(Activity, after) if after else None
    key = tuple_(Activity.starts_at, Activity.id)
    if last is not None:
        behind = (last.starts_at, last.id)
        query = query.where(key > behind if forward else key < behind)
    order = (Activity.starts_at, Activity.id)
    query = query.order_by(*(order if forward else [column.desc() for column in order]))
    found = db.session.scalars(query.limit(PAGE + 1)).all()
    shown = found[:PAGE]
    return Page(shown, shown[-1].id if len(found) > PAGE else None)


def one(community: Community, activity_id: int) -> Activity:
    """Return an event of a community.

    :raises Refused: 404 when there is none.
    """
    found = db.session.get(Activity, activity_id)
    if found is None or found.community_id != community.id:
        raise Refused("no_event", _l("There is no such event here."), HTTPStatus.NOT_FOUND)
    return found


def near(activity: Activity) -> Sequence[Activity]:
    """Return the events that take place while this one does."""
    query = select(Activity).where(
        Activity.community_id == activity.community_id,
        Activity.id != (activity.id or 0),
        Activity.state.in_(COMING),
        Activity.starts_at < activity.ends_at,
        Activity.ends_at > activity.starts_at,
    )
    return db.session.scalars(query.order_by(Activity.starts_at, Activity.id).limit(PAGE)).all()


def of_state(
    communities: Sequence[int], states: Sequence[str], limit: int, by: int | None = None
) -> Sequence[Activity]:
    """Return events in some states that are not over, those that begin first first.

    :param by: who wrote them; those of everybody where nobody is named.
    """
    query = select(Activity).where(
        Activity.community_id.in_(communities),
        Activity.state.in_(states),
        Activity.ends_at > clock.now(),
    )
    if by is not None:
        query = query.filter_by(made_by=by)
    return db.session.scalars(query.order_by(Activity.starts_at, Activity.id).limit(limit)).all()


@dataclass(frozen=True)
class Shown:
    """Be an event on the home page, with where one's own sign-up stands.

    :ivar state: of one's own sign-up; empty without one.
    :ivar until: until when an offer is to be answered.
    """

    activity: Activity
    state: str
    until: datetime | None


@once_a_request
def panel(community: Community, actor: Actor, limit: int) -> list[Shown]:
    """Return the next events, and those one has signed up for first; offers before all others.

    Both hooks of the home page show it, out of one statement.
    """
    mine = (SignUp.activity_id == Activity.id) & (SignUp.person_id == (actor.person_id or 0))
    active = SignUp.state.in_(ACTIVE)
    query = (
        select(Activity, SignUp.state, SignUp.until)
        .outerjoin(SignUp, mine & active)
        .where(
            Activity.community_id == community.id,
            Activity.state == PUBLISHED,
            Activity.ends_at > clock.now(),
        )
        .order_by(
            func.coalesce(SignUp.state, "") != OFFERED,
            SignUp.id.is_(None),
            Activity.starts_at,
            Activity.id,
        )
        .limit(limit)
    )
    return [Shown(row, state or "", until) for row, state, until in db.session.execute(query)]


@dataclass(frozen=True)
class Said:
    """Hold what is said of an event; figures are there from the number of answers on."""

    count: int
    stars: float
    words: Sequence[str]


def feedback(activity: Activity, shown_from: int) -> Said | None:
    """Return what is said of an event; None while too few have answered."""
    query = select(Feedback.stars, Feedback.words).filter_by(activity_id=activity.id)
    rows = db.session.execute(query.order_by(Feedback.stars.desc(), Feedback.words)).all()
    if len(rows) < shown_from:
        return None
    words = [row.words for row in rows if row.words]
    return Said(len(rows), round(sum(row.stars for row in rows) / len(rows), 1), words)


def came(activity: Activity) -> int:
    """Return how many people came in."""
    if activity.came is not None:
        return activity.came
    query = select(Arrival.heads).filter_by(activity_id=activity.id)
    return sum(db.session.scalars(query))
