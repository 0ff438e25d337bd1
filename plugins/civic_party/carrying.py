"""Tasks that go on: agendas open with them, and their owners are reminded."""

from datetime import timedelta

from sqlalchemy import select, update

from civic.api import Actor, Community, clock, db
from civic_party import bodies, flow, noting
from civic_party.actions import step, tell, undone
from civic_party.meeting_models import Meeting
from civic_party.record_models import REMINDED, RUNNING, Action, Carried


def carry(actor: Actor, which: Meeting) -> int:
    """Open the agenda of a meeting with what its body has not done; return how many tasks."""
    found = undone(which.body_id)
    for each in found:
        db.session.add(Carried(meeting_id=which.id, action_id=each.id, body_id=which.body_id))
    ids = [each.id for each in found]
    counted = update(Action).where(Action.id.in_(ids))
    db.session.execute(counted.values(carried_over=Action.carried_over + 1))
    db.session.flush()
    if found:
        noting.on_meeting(actor, which, "tasks_carried_over", {"tasks": ids})
    return len(found)


def remind(community: Community) -> int:
    """Call tasks to mind that fall due soon, and again once they are late; each once."""
    today = bodies.today()
    soon = today + timedelta(days=flow.TIMES_OF_MEETINGS.remind.n)
    query = select(Action).where(
        Action.community_id == community.id, Action.state == RUNNING, Action.due_on <= soon
    )
    told = 0
    for found in db.session.scalars(query.order_by(Action.id)).all():
        last = clock.local(found.reminded_at).date() if found.reminded_at else None
        if last is not None and (found.due_on >= today or last > found.due_on):
            continue
        found.reminded_at = clock.now()
        step(Actor(), found, REMINDED)
        tell(found, "action_due", due=found.due_on.isoformat())
        told += 1
    return told
