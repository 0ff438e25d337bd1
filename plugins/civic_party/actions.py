"""Tasks that a meeting gave to units: reported by their owner, checked by the office."""

from collections.abc import Sequence
from datetime import date, timedelta
from http import HTTPStatus

from sqlalchemy import func, select

from civic.api import Actor, Community, Refused, clock, db, plain
from civic.api import lazy_gettext as _l
from civic_party import bodies, flow, noting, seats
from civic_party.manifest import plugin
from civic_party.meeting_models import ACCEPTED, Decision, Meeting, Topic
from civic_party.models import Body
from civic_party.record_models import (
    DONE,
    DROPPED,
    MADE,
    REPORT,
    REPORTED,
    RETURNED,
    RUNNING,
    UNDONE,
    Action,
    ActionStep,
    Carried,
    Helper,
)

LONGEST_TITLE, LONGEST_WORDS = 100, 1000
MOST, MOST_HELPERS = 60, 10
#: How long a task may be given, in days.
FURTHEST = 3 * 366


def action(community: Community, action_id: int) -> Action:
    """Return a task of a community.

    :raises Refused: 404.
    """
    found = db.session.scalar(select(Action).filter_by(id=action_id, community_id=community.id))
    if found is None:
        raise Refused("no_action", _l("There is no such task here."), HTTPStatus.NOT_FOUND)
    return found


def of_meeting(meeting_id: int) -> Sequence[Action]:
    """Return the tasks that a meeting gave."""
    query = select(Action).filter_by(meeting_id=meeting_id).order_by(Action.due_on, Action.id)
    return db.session.scalars(query).all()


def carried(meeting_id: int) -> Sequence[Action]:
    """Return the tasks of earlier meetings with which the agenda of a meeting opens."""
    query = select(Carried).filter_by(meeting_id=meeting_id).order_by(Carried.action_id)
    return [row.action for row in db.session.scalars(query)]


def undone(body_id: int) -> Sequence[Action]:
    """Return the tasks of a body that are not done, the earliest due first."""
    query = select(Action).where(Action.body_id == body_id, Action.state.in_(UNDONE))
    return db.session.scalars(query.order_by(Action.due_on, Action.id)).all()


def owns_open(seat_id: int) -> bool:
    """Tell whether a seat owns a task that is not done."""
    query = select(Action.id).where(Action.seat_id == seat_id, Action.state.in_(UNDONE))
    return db.session.scalar(query.limit(1)) is not None


def steps(action_id: int) -> Sequence[ActionStep]:
    """Return what happened with a task, in order."""
    query = select(ActionStep).filter_by(action_id=action_id).order_by(ActionStep.id)
    return db.session.scalars(query).all()


def give(
    actor: Actor,
    which: Meeting,
    topic_id: int,
    *,
    seat_id: int,
    helper_ids: Sequence[int],
    title: str,
    due_on: date,
    form_key: str,
) -> Action:
    """Make a task of a decision; a form sent twice is once.

    :raises Refused: `moved_on` unless the meeting is held or its minutes drafted, `no_decision`
        where the topic has none that carries, `title`, `due`, `helpers`, `too_many`, 404.
    """
    which = seats.held(which)
    query = select(Action).filter_by(made_by=actor.person_id, form_key=form_key)
    before = db.session.scalar(query)
    if before is not None:
        return before
    if which.state not in {flow.OPEN, flow.DRAFTING}:
        message = _l("Tasks are given while the meeting is held and its minutes are drafted.")
        raise Refused("moved_on", message, HTTPStatus.CONFLICT)
    passed = select(Topic.id).join(Decision, Decision.topic_id == Topic.id)
    passed = passed.where(Topic.id == topic_id, Topic.meeting_id == which.id, Decision.passed)
    if db.session.scalar(passed.where(Topic.state == ACCEPTED)) is None:
        message = _l("A task comes from a decision that carries. Please note the decision first.")
        raise Refused("no_decision", message, HTTPStatus.CONFLICT)
    body = db.session.get_one(Body, which.body_id)
    owner, title = seats.seat(body, seat_id), plain(title)
    if not title or len(title) > LONGEST_TITLE:
        raise Refused("title", _l("Please say what is to be done, in at most 100 letters."))
    today = bodies.today()
    if not today < due_on <= today + timedelta(days=FURTHEST):
        message = _l("Please choose a day after today, at most three years ahead.")
        raise Refused("due", message)
    helping = [seats.seat(body, each) for each in dict.fromkeys(helper_ids)]
    if len(helping) > MOST_HELPERS or owner in helping:
        message = _l("At most ten units help, and its owner is not one of them.")
        raise Refused("helpers", message)
    if len(of_meeting(which.id)) >= MOST:
        message = _l("This meeting has given many tasks already.")
        raise Refused("too_many", message, HTTPStatus.CONFLICT)
    made = Action(
        community_id=which.community_id,
        body_id=which.body_id,
        meeting_id=which.id,
        topic_id=topic_id,
        seat_id=owner.id,
        title=title,
        due_on=due_on,
        form_key=form_key,
        made_by=actor.person_id,
        made_at=clock.now(),
    )
    made.helpers = [Helper(seat_id=each.id) for each in helping]
    db.session.add(made)
    db.session.flush()
    step(actor, made, MADE)
    return made


def take_out(actor: Actor, which: Meeting, action_id: int) -> None:
    """Drop a task that was written down wrongly, while the minutes are drafted.

    :raises Refused: `moved_on`, 404.
    """
    which = seats.held(which)
    found = db.session.scalar(select(Action).filter_by(id=action_id, meeting_id=which.id))
    if found is None:
        raise Refused("no_action", _l("There is no such task here."), HTTPStatus.NOT_FOUND)
    if which.state not in {flow.OPEN, flow.DRAFTING}:
        message = _l("Tasks stay as the minutes have them.")
        raise Refused("moved_on", message, HTTPStatus.CONFLICT)
    if found.state == DROPPED:
        return
    found.state, found.closed_at = DROPPED, clock.now()
    step(actor, found, DROPPED)


def report(actor: Actor, which: Action, words: str, *, finished: bool) -> None:
    """Report progress for the owner of a task, or that it is done, for the office to check.

    :raises Refused: `not_yours`, `closed`, `words`.
    """
    which = _open(which)
    owner = seats.own(actor, db.session.get_one(Body, which.body_id), which.seat_id)
    words = _words(words, _l("Please write how far it is, or what shows that it is done."))
    which.evidence = words
    which.reported_by, which.reported_at = actor.person_id, clock.now()
    which.state = REPORTED if finished else RUNNING
    step(actor, which, REPORT, words, owner.name)


def check(actor: Actor, which: Action, *, done: bool, words: str) -> None:
    """Say for the office of the body whether a task is done; two people, never one alone.

    :raises Refused: `not_reported`, `two_people`, `closed`, `words`.
    """
    which = _open(which)
    if which.state != REPORTED:
        message = _l("Its owner has not reported that it is done. Please look at the page anew.")
        raise Refused("not_reported", message, HTTPStatus.CONFLICT)
    if which.reported_by == actor.person_id:
        message = _l("You reported it yourself. Somebody else of the office has to check it.")
        raise Refused("two_people", message, HTTPStatus.FORBIDDEN)
    words = (
        plain(words)
        if done and not plain(words)
        else _words(words, _l("Please say what is still missing."))
    )
    if done:
        which.state, which.closed_at, which.checked_by = DONE, clock.now(), actor.person_id
    else:
        which.state = RUNNING
    step(actor, which, DONE if done else RETURNED, words)
    tell(which, "action_checked", done=done)


def _open(which: Action) -> Action:
    which = seats.held(which)
    if which.state not in UNDONE:
        message = _l("This task is closed; what was done stays as it is.")
        raise Refused("closed", message, HTTPStatus.CONFLICT)
    return which


def _words(words: str, message: str) -> str:
    words = plain(words)
    if not words or len(words) > LONGEST_WORDS:
        raise Refused("words", message)
    return words


def tell(which: Action, code: str, **values: object) -> None:
    """Tell those who act for the owner of a task."""
    community = db.session.get_one(Community, which.community_id)
    plugin.tell(
        code,
        community=community,
        subject=f"action:{which.id}",
        people=noting.people([which.seat_id]),
        values={"action": which.id, "title": which.title, **values},
    )


def step(actor: Actor, which: Action, act: str, words: str = "", office: str = "") -> None:
    """Record what happened with a task."""
    community = db.session.get_one(Community, which.community_id)
    made = ActionStep(action_id=which.id, act=act, words=words, at=clock.now())
    made.office = office or actor.office_at(community.path)
    made.by_id = actor.person_id
    db.session.add(made)
    db.session.flush()
    plugin.audit(
        f"task_{act}", community=community, subject=f"party_action:{which.id}", actor=actor
    )


def count_open(body_ids: Sequence[int]) -> dict[int, int]:
    """Return how many tasks of each body are not done."""
    query = select(Action.body_id, func.count()).where(
        Action.body_id.in_(body_ids), Action.state.in_(UNDONE)
    )
    return {row[0]: row[1] for row in db.session.execute(query.group_by(Action.body_id))}
