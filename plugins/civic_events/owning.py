"""Whose an event is: who acts on it, and who does not decide on its filing."""

from http import HTTPStatus

from sqlalchemy import select

from civic.api import Actor, Community, Refused, allowed, db
from civic.api import lazy_gettext as _l
from civic_events import kinds
from civic_events.models import Activity, Step


def office(actor: Actor, community: Community) -> bool:
    """Tell whether somebody is of the office, which acts on the events of all."""
    path = community.path
    return allowed(actor, "events.admit", path) or allowed(actor, "events.decide", path)


def leads(actor: Actor, activity: Activity) -> bool:
    """Tell whether an event is somebody's to act on: they wrote it, or are of the office."""
    wrote = actor.person_id is not None and actor.person_id == activity.made_by
    return wrote or office(actor, activity.community)


def must_lead(actor: Actor, activity: Activity) -> None:
    """Refuse whoever has nothing to do with the filing of an event.

    :raises Refused: `not_yours` for an event of others.
    """
    if not leads(actor, activity):
        message = _l("Others wrote this event. Only they and the office can change it.")
        raise Refused("not_yours", message, HTTPStatus.FORBIDDEN)


def hold(actor: Actor, activity: Activity) -> None:
    """Hold an event until the transaction ends, for somebody who acts on it.

    :raises Refused: `not_yours` for an event of others.
    """
    lock(activity)
    must_lead(actor, activity)


def lock(activity: Activity) -> None:
    """Read an event anew, and let nobody else change it until the transaction ends."""
    db.session.refresh(activity, with_for_update=True)


def own(actor: Actor, activity: Activity) -> bool:
    """Tell whether somebody wrote an event or filed it last, and so does not decide on it."""
    filed = select(Step.by_id).filter_by(activity_id=activity.id, act=kinds.FILE)
    last = db.session.scalar(filed.order_by(Step.id.desc()).limit(1))
    return actor.person_id is not None and actor.person_id in {activity.made_by, last}
