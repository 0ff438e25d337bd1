"""Topics of a meeting: proposed by units and the office, taken up or refused with a reason."""

from collections.abc import Sequence
from http import HTTPStatus

from sqlalchemy import func, select

from civic.api import Actor, Refused, clock, db, plain
from civic.api import lazy_gettext as _l
from civic_party import flow, noting, seats
from civic_party.meeting_models import (
    ACCEPTED,
    PROPOSED,
    REFUSED,
    WITHDRAWN,
    Decision,
    Meeting,
    Topic,
)
from civic_party.models import Body

LONGEST_TITLE, LONGEST_TEXT, LONGEST_REASON = 60, 2000, 200
#: States of a meeting that has come to what it came to.
OVER = (flow.DRAFTING, flow.COMMENTING, flow.SIGNED, flow.ISSUED)
#: Topics of one meeting, at most.
MOST = 40


def of(meeting_id: int, *states: str) -> Sequence[Topic]:
    """Return the topics of a meeting: those on the agenda in its order, then the others."""
    query = select(Topic).filter_by(meeting_id=meeting_id)
    if states:
        query = query.where(Topic.state.in_(states))
    order = (Topic.position.is_(None), Topic.position, Topic.id)
    return db.session.scalars(query.order_by(*order)).all()


def topic(which: Meeting, topic_id: int) -> Topic:
    """Return a topic of a meeting.

    :raises Refused: 404.
    """
    found = db.session.scalar(select(Topic).filter_by(id=topic_id, meeting_id=which.id))
    if found is None:
        raise Refused("no_topic", _l("There is no such topic here."), HTTPStatus.NOT_FOUND)
    return found


def propose(
    actor: Actor, which: Meeting, *, seat_id: int, title: str, text: str, form_key: str
) -> Topic:
    """Propose a topic for a seat, or, without one, for the office; a form sent twice is once.

    :raises Refused: `call_over` after the last day, `not_yours`, `title`, `too_many`.
    """
    which = seats.held(which)
    query = select(Topic).filter_by(proposed_by=actor.person_id, form_key=form_key)
    before = db.session.scalar(query)
    if before is not None:
        return before
    if which.state != flow.CALL or which.topics_until <= clock.now():
        message = _l(
            "The call for topics is over. What you wrote is still here: keep it for the next "
            "meeting, or call the office."
        )
        raise Refused("call_over", message, HTTPStatus.CONFLICT)
    if seat_id:
        seats.own(actor, _body(which), seat_id)
    title, text = plain(title), plain(text)
    if not title or len(title) > LONGEST_TITLE or len(text) > LONGEST_TEXT:
        message = _l("Please write a title of at most 60 letters, and at most 2,000 to explain it.")
        raise Refused("title", message)
    count = select(func.count(Topic.id)).filter_by(meeting_id=which.id)
    if (db.session.scalar(count) or 0) >= MOST:
        message = _l("This meeting has many topics already. Please talk to the office.")
        raise Refused("too_many", message, HTTPStatus.CONFLICT)
    made = Topic(
        meeting_id=which.id,
        seat_id=seat_id or None,
        title=title,
        text=text,
        form_key=form_key,
        proposed_by=actor.person_id,
        proposed_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    noting.on_meeting(actor, which, "topic_proposed", {"topic": made.id, "state": made.state})
    return made


def withdraw(actor: Actor, which: Meeting, topic_id: int) -> None:
    """Take a topic back that one's own unit has proposed, before the agenda is out.

    :raises Refused: `not_yours`, `settled`.
    """
    which = _before_agenda(which)
    found = topic(which, topic_id)
    if found.seat_id is not None:
        seats.own(actor, _body(which), found.seat_id)
    elif found.proposed_by != actor.person_id:
        message = _l("Whoever proposed a topic takes it back.")
        raise Refused("not_yours", message, HTTPStatus.FORBIDDEN)
    if found.state == WITHDRAWN:
        return
    found.state, found.position = WITHDRAWN, None
    noting.on_meeting(actor, which, "topic_withdrawn", {"topic": found.id, "state": found.state})


def settle(actor: Actor, which: Meeting, topic_id: int, *, accepted: bool, reason: str) -> None:
    """Take a topic up as the last one of the agenda, or not, with a reason its proposer reads.

    :raises Refused: `settled` once the agenda is out or it was taken back, `reason`.
    """
    which = _before_agenda(which)
    found = topic(which, topic_id)
    if found.state == WITHDRAWN:
        message = _l("This topic was taken back meanwhile.")
        raise Refused("settled", message, HTTPStatus.CONFLICT)
    reason = plain(reason)
    if not accepted and (not reason or len(reason) > LONGEST_REASON):
        message = _l(
            "Please say why it is not taken up, in at most 200 letters; the unit reads it."
        )
        raise Refused("reason", message)
    if accepted and found.state != ACCEPTED:
        last = select(func.max(Topic.position)).filter_by(meeting_id=which.id)
        found.position = (db.session.scalar(last) or 0) + 1
    if not accepted:
        found.position = None
    found.state = ACCEPTED if accepted else REFUSED
    found.reason = "" if accepted else reason
    noting.on_meeting(actor, which, "topic_settled", {"topic": found.id, "state": found.state})


def _before_agenda(which: Meeting) -> Meeting:
    which = seats.held(which)
    if which.state not in {flow.CALL, flow.COORDINATING}:
        message = _l("The agenda is out; its topics stay as they are.")
        raise Refused("settled", message, HTTPStatus.CONFLICT)
    return which


def _body(which: Meeting) -> Body:
    return db.session.get_one(Body, which.body_id)


def waiting(meeting_id: int) -> int:
    """Return how many topics of a meeting are neither taken up nor refused."""
    query = select(func.count(Topic.id)).filter_by(meeting_id=meeting_id, state=PROPOSED)
    return db.session.scalar(query) or 0


def bring_over(actor: Actor, made: Meeting) -> None:
    """Propose anew what the last meeting of a body had on its agenda and did not decide."""
    query = (
        select(Meeting.id)
        .where(Meeting.body_id == made.body_id, Meeting.id != made.id)
        .where(Meeting.state.in_(OVER), Meeting.quarter < made.quarter)
        .order_by(Meeting.quarter.desc())
    )
    last = db.session.scalar(query.limit(1))
    if last is None:
        return
    left = (
        select(Topic)
        .outerjoin(Decision, Decision.topic_id == Topic.id)
        .where(Topic.meeting_id == last, Topic.state == ACCEPTED, Decision.topic_id.is_(None))
        .order_by(Topic.position)
    )
    for old in db.session.scalars(left).all():
        row = Topic(meeting_id=made.id, seat_id=old.seat_id, title=old.title, text=old.text)
        row.form_key, row.proposed_by = f"{made.id}:{old.id}", actor.person_id
        row.proposed_at = clock.now()
        db.session.add(row)
    db.session.flush()
