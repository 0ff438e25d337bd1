"""Say how an event was, once, after it; shown only from five answers on."""

from http import HTTPStatus

from sqlalchemy import select

from civic.api import Actor, Refused, clock, db
from civic.api import lazy_gettext as _l
from civic_events import signing
from civic_events.models import Activity, Feedback

LONGEST = 500


def may(actor: Actor, activity: Activity) -> bool:
    """Tell whether somebody had a place in an event that is over."""
    row = signing.mine(actor, activity)
    return activity.ends_at <= clock.now() and row is not None and row.state == "held"


def mine(actor: Actor, activity: Activity) -> Feedback | None:
    """Return what somebody said."""
    if actor.person_id is None:
        return None
    query = select(Feedback).filter_by(activity_id=activity.id, person_id=actor.person_id)
    return db.session.scalar(query)


def rate(actor: Actor, activity: Activity, stars: int, words: str) -> Feedback:
    """Keep what somebody says of an event; saying it anew changes it.

    :raises Refused: `not_over` before its end, and for who had no place in it.
    """
    if not may(actor, activity):
        message = _l("Who had a place in an event says how it was, after its end.")
        raise Refused("not_over", message, HTTPStatus.CONFLICT)
    found = mine(actor, activity)
    if found is None:
        found = Feedback(activity_id=activity.id, person_id=actor.person_id)
        db.session.add(found)
    found.stars, found.words, found.at = stars, words[:LONGEST], clock.now()
    db.session.flush()
    return found
