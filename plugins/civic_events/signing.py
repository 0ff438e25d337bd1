"""Sign up alone or with others, answer an offer, change the number, leave."""

from collections.abc import Sequence
from http import HTTPStatus

from sqlalchemy import func, select

from civic.api import Actor, Refused, clock, db, holds, spoken
from civic.api import lazy_gettext as _l
from civic_events.kinds import ANYONE, PUBLISHED
from civic_events.manifest import plugin
from civic_events.models import Activity, Arrival, SignUp

#: Of codes for the entrance.
LENGTH = 6
LONGEST = 200


def mine(actor: Actor, activity: Activity) -> SignUp | None:
    """Return the sign-up of an actor: the last, which counts."""
    if actor.person_id is None:
        return None
    query = select(SignUp).filter_by(activity_id=activity.id, person_id=actor.person_id)
    return db.session.scalars(query.order_by(SignUp.id.desc()).limit(1)).first()


def invited(actor: Actor, activity: Activity) -> bool:
    """Tell whether an event is for an actor."""
    return activity.audience == ANYONE or activity.audience in actor.groups(activity.community.path)


def sign_up(actor: Actor, activity: Activity, places: int, answers: Sequence[str]) -> SignUp:
    """Sign somebody up; without free places they wait in line.

    :raises Refused: `not_open` for an event that takes no sign-ups, `not_invited`, `too_many`,
        `answers` for a question without an answer, and what `holds.claim` refuses.
    """
    if activity.state != PUBLISHED or not activity.capacity or actor.person_id is None:
        raise Refused("not_open", _l("Nobody can sign up for this event."), HTTPStatus.CONFLICT)
    if not invited(actor, activity):
        message = _l("This event is for others. The community office can tell you why.")
        raise Refused("not_invited", message, HTTPStatus.FORBIDDEN)
    _check(activity, places)
    said = [answer.strip()[:LONGEST] for answer in answers][: len(activity.questions)]
    if len(said) < len(activity.questions) or not all(said):
        raise Refused("answers", _l("Please answer every question of the organisers."))
    claim = holds.claim(activity.subject, actor.person_id, places)
    found = db.session.scalar(select(SignUp).filter_by(claim_id=claim.id))
    if found is None:
        found = SignUp(activity_id=activity.id, person_id=actor.person_id, claim_id=claim.id)
        found.answers, found.code, found.at = said, _code(activity), clock.now()
        db.session.add(found)
    return _now(found, claim)


def _check(activity: Activity, places: int) -> None:
    if not 1 <= places <= activity.most:
        message = _l("One person can sign up at most %(most)d people, themself included.")
        raise Refused("too_many", message, values={"most": activity.most})


def _code(activity: Activity) -> str:
    taken = set(db.session.scalars(select(SignUp.code).filter_by(activity_id=activity.id)))
    while True:
        code = spoken(LENGTH)
        if code not in taken:
            return code


def _now(found: SignUp, claim: holds.Claim) -> SignUp:
    found.state, found.until = claim.state, claim.until
    db.session.flush()
    return found


def answer(actor: Actor, activity: Activity, act: str) -> SignUp:
    """Accept or decline an offer, or leave.

    :param act: `accept`, `decline` or `leave`.
    :raises Refused: 404 without a sign-up, `came` for who has come in, `no_offer`.
    """
    found = _own(actor, activity)
    acts = {"accept": holds.accept, "decline": holds.decline, "leave": holds.leave}
    return _now(found, acts[act](found.claim_id, _who(actor)))


def resize(actor: Actor, activity: Activity, places: int) -> SignUp:
    """Come with more or fewer people.

    :raises Refused: 404 without a sign-up, `came`, `too_many`.
    """
    found = _own(actor, activity)
    _check(activity, places)
    return _now(found, holds.resize(found.claim_id, _who(actor), places))


def _own(actor: Actor, activity: Activity) -> SignUp:
    found = mine(actor, activity)
    if found is None:
        message = _l("You have not signed up for this event.")
        raise Refused("not_signed_up", message, HTTPStatus.NOT_FOUND)
    came = select(func.count()).select_from(Arrival).filter_by(sign_up_id=found.id)
    if db.session.scalar(came):
        message = _l("You have come in already; nothing can be changed now.")
        raise Refused("came", message, HTTPStatus.CONFLICT)
    return found


def _who(actor: Actor) -> int:
    return actor.person_id or 0


@plugin.on(holds.ClaimMoved)
def moved(event: holds.ClaimMoved) -> None:
    """Repeat in a sign-up what the core says of its places; events come in no order."""
    if event.person_id is None or not event.subject.startswith("events.activity-"):
        return
    found = db.session.scalar(select(SignUp).filter_by(claim_id=event.claim_id))
    claim = holds.mine(event.person_id, [event.subject]).get(event.subject)
    if found is None or claim is None:
        return
    if claim.id == event.claim_id:
        found.state, found.until = claim.state, claim.until
    else:
        found.state, found.until = event.state, None
