"""Say to the core how many places an event has, and let them go when it is called off."""

from datetime import timedelta

from sqlalchemy import select, update

from civic.api import db, excerpt, holds
from civic_events.manifest import plugin
from civic_events.models import Activity, SignUp
from civic_events.service import Shift


def provide(activity: Activity) -> None:
    """Say to the core how many places there are."""
    if activity.capacity:
        hours = plugin.setting(activity.community, "offer_hours")
        holds.provide(
            activity.community,
            activity.subject,
            title=activity.title,
            path=f"/c/{activity.community.slug}/events/{activity.id}/",
            capacity=activity.capacity,
            offer_for=timedelta(hours=hours),
            closes_at=activity.starts_at,
        )


def let_go(activity: Activity, words: str) -> None:
    """End all claims to an event and to its shifts, and tell whose they were why."""
    shifts = select(Shift).filter_by(activity_id=activity.id).order_by(Shift.id)
    subjects = [activity.subject] if activity.capacity else []
    subjects += [shift.subject for shift in db.session.scalars(shifts)]
    ended = [claim for subject in subjects for claim in holds.end(subject)]
    mine = SignUp.claim_id.in_([each.id for each in ended])
    db.session.execute(update(SignUp).where(mine).values(state="ended", until=None))
    values = {"id": activity.id, "title": activity.title, "reason": excerpt(words, 80)}
    plugin.tell(
        "cancelled",
        community=activity.community,
        subject=f"activity:{activity.id}",
        people={each.person_id for each in ended if each.person_id is not None},
        values=values,
    )
