"""Joint meetings: called for a quarter, changed, found, moved on as their data say."""

from collections.abc import Collection, Sequence
from datetime import datetime
from http import HTTPStatus

from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import IntegrityError

from civic.api import Actor, Community, Refused, clock, days_off, db, meeting_rules, plain
from civic.api import lazy_gettext as _l
from civic_party import actions, bodies, flow, noting, quarters, seats, topics
from civic_party.meeting_models import Meeting
from civic_party.models import Body

LONGEST_PLACE = 100
#: States in which the day and the place can still be changed.
MOVABLE = (flow.CALL, flow.COORDINATING, flow.AGENDA)
#: States from the notice on.
NAMED = (
    flow.NOTICED,
    flow.OPEN,
    flow.DRAFTING,
    flow.COMMENTING,
    flow.SIGNED,
    flow.ISSUED,
)


def meeting(community: Community, meeting_id: int) -> Meeting:
    """Return a meeting of a community.

    :raises Refused: 404 when there is none.
    """
    found = db.session.scalar(select(Meeting).filter_by(id=meeting_id, community_id=community.id))
    if found is None:
        raise Refused("no_meeting", _l("There is no such meeting here."), HTTPStatus.NOT_FOUND)
    return found


def held(community: Community, meeting_id: int, *states: str) -> Meeting:
    """Return a meeting, held until the transaction ends, in one of some states.

    :raises Refused: 404, or `moved_on` in any other state.
    """
    found = seats.held(meeting(community, meeting_id))
    if states and found.state not in states:
        raise moved_on()
    return found


def moved_on() -> Refused:
    """Return the refusal for what a meeting is no longer, or not yet, ready for."""
    message = _l("The meeting stands elsewhere now. Please look at its page, and what is next.")
    return Refused("moved_on", message, HTTPStatus.CONFLICT)


def of_body(body_id: int, limit: int = 40) -> Sequence[Meeting]:
    """Return the meetings of a body, the newest quarter first."""
    query = select(Meeting).filter_by(body_id=body_id)
    return db.session.scalars(
        query.order_by(Meeting.quarter.desc(), Meeting.id.desc()).limit(limit)
    ).all()


def running(community: Community, limit: int = 20) -> Sequence[Meeting]:
    """Return the meetings of a community that have not come to an end, the earliest first."""
    query = select(Meeting).filter_by(community_id=community.id).where(under_way())
    return db.session.scalars(query.order_by(Meeting.starts_at, Meeting.id).limit(limit)).all()


def under_way() -> ColumnElement[bool]:
    """Return the condition on meetings that they have not come to an end."""
    return Meeting.state.not_in((flow.ISSUED, flow.CANCELLED))


def named_chair(body_id: int, which: Collection[int]) -> bool:
    """Tell whether a notice has gone out for the meeting of one of some quarters."""
    query = select(Meeting.id).where(
        Meeting.body_id == body_id, Meeting.quarter.in_(which), Meeting.state.in_(NAMED)
    )
    return db.session.scalar(query.limit(1)) is not None


def times(which: Body) -> flow.Times:
    """Return the periods of the meetings of a body: its procedure's where that names them."""
    rules, found = meeting_rules(which.procedure), flow.TIMES_OF_MEETINGS
    return flow.Times(**{**vars(found), "topics": rules.topics or found.topics})


def call(actor: Actor, which: Body, *, starts_at: datetime, place: str, form_key: str) -> Meeting:
    """Call the meeting of a quarter; topics can be proposed from now on. A form sent twice is once.

    :raises Refused: `seats` with too few of them, `too_soon`, `place`, `term` outside of the term,
        `quarter_taken`.
    """
    seats.standing(seats.held(which))
    query = select(Meeting).filter_by(made_by=actor.person_id, form_key=form_key)
    before = db.session.scalar(query)
    if before is not None:
        return before
    least = bodies.kind_of(which.kind)["seats"]
    if len(seats.lines(which.id)) < least:
        message = _l("At least %(least)d units have to sit here before a meeting is called.")
        raise Refused("seats", message, HTTPStatus.CONFLICT, {"least": least})
    made = Meeting(
        community_id=which.community_id,
        body_id=which.id,
        state=flow.FLOW.first,
        form_key=form_key,
        made_by=actor.person_id,
        made_at=clock.now(),
    )
    _set(which, made, starts_at, place)
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError as error:
        message = _l("The meeting of this quarter is called already.")
        raise Refused("quarter_taken", message, HTTPStatus.CONFLICT) from error
    topics.bring_over(actor, made)
    noting.on_meeting(actor, made, "meeting_called")
    noting.tell_seats("topics", made)
    return made


def change(actor: Actor, which: Meeting, *, starts_at: datetime, place: str) -> None:
    """Change day and place of a meeting whose notice has not gone out.

    :raises Refused: as `call`, and `moved_on`.
    """
    close(which)
    which = seats.held(which)
    if which.state not in MOVABLE:
        raise moved_on()
    _set(which.body, which, starts_at, place)
    try:
        with db.session.begin_nested():
            db.session.flush()
    except IntegrityError as error:
        message = _l("The meeting of that quarter is called already.")
        raise Refused("quarter_taken", message, HTTPStatus.CONFLICT) from error
    noting.on_meeting(actor, which, "meeting_changed")


def _set(body: Body, which: Meeting, starts_at: datetime, place: str) -> None:
    place = plain(place)
    if not place or len(place) > LONGEST_PLACE:
        raise Refused("place", _l("Please say where it is, in at most 100 letters."))
    day = clock.local(starts_at).date()
    if day < body.begins_on or (body.ends_on is not None and day > body.ends_on):
        message = _l("This day lies outside of the term of the body.")
        raise Refused("term", message)
    if day.year > bodies.today().year + 2:
        raise Refused("too_far", _l("A meeting is called at most two years ahead."))
    dates = flow.schedule(starts_at, times(body), days_off())
    now, today = clock.now(), bodies.today()
    late = {
        flow.CALL: dates.topics_until <= now,
        flow.COORDINATING: dates.agenda_by < today,
        flow.AGENDA: dates.notice_by < today,
    }
    if late[which.state]:
        message = _l(
            "This is too soon: %(days)d whole days have to lie before the meeting for what is next."
        )
        needed = {
            flow.CALL: times(body).topics.n,
            flow.COORDINATING: times(body).agenda.n,
            flow.AGENDA: times(body).notice.n,
        }
        raise Refused("too_soon", message, values={"days": needed[which.state]})
    which.starts_at, which.place = starts_at, place
    which.quarter = quarters.quarter_of(day)
    which.topics_until = dates.topics_until
    which.agenda_by, which.notice_by = dates.agenda_by, dates.notice_by


def dissolve(actor: Actor, body: Body) -> None:
    """Dissolve a body; its meetings, minutes and tasks stay to be read.

    :raises Refused: `dissolved`, or `under_way` while a meeting or a task is.
    """
    body = seats.held(body)
    seats.standing(body)
    meeting = select(Meeting.id).where(Meeting.body_id == body.id, under_way())
    if db.session.scalar(meeting.limit(1)) is not None or actions.undone(body.id):
        message = _l("A meeting or a task of this body is still under way. Please end it first.")
        raise Refused("under_way", message, HTTPStatus.CONFLICT)
    body.dissolved_at = clock.now()
    noting.on_body(actor, body, "dissolved")


def state(which: Meeting) -> str:
    """Return where a meeting stands now; a call that is over counts as over before the job ran."""
    over = which.state == flow.CALL and which.topics_until <= clock.now()
    return flow.COORDINATING if over else which.state


def close_calls(community: Community) -> None:
    """Move on the meetings whose call for topics is over."""
    query = select(Meeting).filter_by(community_id=community.id, state=flow.CALL)
    for found in db.session.scalars(
        query.where(Meeting.topics_until <= clock.now()).order_by(Meeting.id)
    ):
        close(found)


def close(which: Meeting) -> bool:
    """End the call for topics of a meeting where its time has come; tell whether it was ended."""
    which = seats.held(which)
    over = which.state == flow.CALL and which.topics_until <= clock.now()
    if over:
        which.state = flow.COORDINATING
        moved = {"before": flow.CALL, "after": flow.COORDINATING}
        noting.on_meeting(Actor(), which, "meeting_moved", moved)
    return over
