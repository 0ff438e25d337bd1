"""Let people in: by the code they show or say, or counted at the entrance."""

from datetime import timedelta
from http import HTTPStatus

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from civic.api import Actor, Community, Refused, clock, db, holds
from civic.api import lazy_gettext as _l
from civic_events.kinds import PUBLISHED
from civic_events.manifest import plugin
from civic_events.models import Activity, Arrival, SignUp
from civic_events.owning import lock
from civic_events.rules import entrance


def found(activity: Activity, code: str) -> SignUp:
    """Return the sign-up with a code.

    :raises Refused: `no_code` where nobody has it.
    """
    tidy = "".join(code.split()).replace("-", "").upper()
    row = db.session.scalar(select(SignUp).filter_by(activity_id=activity.id, code=tidy))
    if row is None:
        message = _l("Nobody has the code %(code)s here. Type it once more, or look for the name.")
        raise Refused("no_code", message, HTTPStatus.NOT_FOUND, {"code": tidy[:12]})
    return row


def places(row: SignUp) -> int:
    """Return how many people a sign-up is for, as it holds them now.

    :raises Refused: `not_held` where it has no places.
    """
    if row.person_id is not None:
        claim = holds.mine(row.person_id, [row.activity.subject]).get(row.activity.subject)
        if claim is not None and claim.id == row.claim_id and claim.state == "held":
            return claim.places
    message = _l("This sign-up has no places: it waits in line, or was given back.")
    raise Refused("not_held", message, HTTPStatus.CONFLICT)


def earlier(row: SignUp) -> Arrival | None:
    """Return when a sign-up has come in."""
    return db.session.scalar(select(Arrival).filter_by(sign_up_id=row.id))


def admit(actor: Actor, activity: Activity, row: SignUp, heads: int, nonce: str) -> bool:
    """Let a sign-up in, once; tell whether this is the first time it is told.

    :param heads: how many of them come.
    :param nonce: made by the page that sends it, the same when it is sent again.
    :raises Refused: `not_held`, `heads` for more than signed up, `came` for one that is in already,
        `not_now`.
    """
    _open(activity)
    most = places(row)
    if not 1 <= heads <= most:
        message = _l("%(most)d people signed up together; no more of them can come in.")
        raise Refused("heads", message, values={"most": most})
    return _keep(actor, activity, heads, nonce, row.id)


def count(actor: Actor, activity: Activity, heads: int, nonce: str) -> bool:
    """Count people who come without having signed up; tell whether they were not counted before.

    :raises Refused: `heads`, `full` where no places are left for them, or as many came as were
        filed; `not_now`.
    """
    lock(activity)
    _open(activity)
    if not 1 <= heads <= activity.expected:
        raise Refused("heads", _l("Please give how many people come in."))
    free = activity.expected - _walked(activity)
    message = _l("Only %(free)d more can come in: no more people were filed for this event.")
    if activity.capacity:
        known = holds.places([activity.subject])[activity.subject]
        free -= activity.expected - known.free
        message = _l("Only %(free)d places are free. Whoever signed up comes first.")
    if heads > free and not _sent(activity, nonce):
        raise Refused("full", message, HTTPStatus.CONFLICT, {"free": max(0, free)})
    return _keep(actor, activity, heads, nonce, None)


def _walked(activity: Activity) -> int:
    query = select(func.sum(Arrival.heads)).filter_by(activity_id=activity.id, sign_up_id=None)
    return db.session.scalar(query) or 0


def _sent(activity: Activity, nonce: str) -> Arrival | None:
    query = select(Arrival).filter_by(activity_id=activity.id, nonce=nonce)
    return db.session.scalar(query)


def _keep(actor: Actor, activity: Activity, heads: int, nonce: str, sign_up_id: int | None) -> bool:
    sent = _sent(activity, nonce)
    if sent is not None and sent.sign_up_id == sign_up_id:
        return False
    made = Arrival(activity_id=activity.id, sign_up_id=sign_up_id, heads=heads, nonce=nonce)
    made.by_id, made.at = actor.person_id, clock.now()
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError as error:
        again = _sent(activity, nonce)
        if again is not None and again.sign_up_id == sign_up_id:
            return False
        message = _l("They have come in already; they are not counted twice.")
        raise Refused("came", message, HTTPStatus.CONFLICT) from error
    return True


def _open(activity: Activity) -> None:
    now, rules = clock.now(), entrance()
    if activity.state != PUBLISHED or not (
        activity.starts_at - rules.before <= now <= activity.ends_at + rules.after
    ):
        hour = timedelta(hours=1)
        raise Refused(
            "not_now",
            _l(
                "The entrance is open from %(before)d hours before the event to %(after)d hours "
                "after it."
            ),
            HTTPStatus.CONFLICT,
            {"before": rules.before // hour, "after": rules.after // hour},
        )


@plugin.job(every=timedelta(days=1))
def forget_arrivals(community: Community) -> None:
    """Keep how many came, and delete who came in when, some time after an event."""
    old = select(Activity.id).where(
        Activity.community_id == community.id,
        Activity.ends_at < clock.now() - entrance().kept,
        Activity.came.is_(None),
    )
    heads = select(func.coalesce(func.sum(Arrival.heads), 0))
    heads = heads.where(Arrival.activity_id == Activity.id)
    for activity_id in db.session.scalars(old.order_by(Activity.id)).all():
        this = update(Activity).where(Activity.id == activity_id)
        db.session.execute(this.values(came=heads.scalar_subquery()))
        db.session.execute(delete(Arrival).filter_by(activity_id=activity_id))
