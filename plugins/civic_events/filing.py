"""Write an event, file it, decide on it, publish it, call it off: official acts of an office."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from sqlalchemy import select, update

from civic.api import Actor, Community, Refused, clock, days_off, db, site_jurisdiction
from civic.api import lazy_gettext as _l
from civic_events import checking, kinds, listing, placing, rules
from civic_events.checking import Finding, Other
from civic_events.manifest import plugin
from civic_events.models import Activity, Step
from civic_events.owning import hold, lock, own


def here() -> rules.Rules:
    """Return the rules that hold here."""
    return rules.of(site_jurisdiction())


def findings(activity: Activity) -> list[Finding]:
    """Return what the checks say of an event."""
    place = _folded(activity.place)
    others = [Other(other.title, _folded(other.place) == place) for other in listing.near(activity)]
    facts = checking.facts_of(activity, others)
    return checking.checked(facts, here(), days_off(), clock.local(clock.now()).date())


def _folded(place: str) -> str:
    return "".join(place.split()).casefold()


def write(
    actor: Actor,
    community: Community,
    values: Mapping[str, Any],
    form_key: str,
    activity: Activity | None = None,
) -> Activity:
    """Keep the text of a draft, a new one or one that can still be changed.

    :raises Refused: `fixed` for an event that is filed already, `past` for one that has begun,
        `not_yours`.
    """
    if activity is not None:
        hold(actor, activity)
    if values["starts_at"] <= clock.now():
        raise Refused("past", _l("This time has passed already. Choose a later one."))
    if activity is None:
        known = select(Activity).filter_by(made_by=actor.person_id, form_key=form_key)
        if (found := db.session.scalar(known)) is not None:
            return found
        activity = Activity(community_id=community.id, state=kinds.DRAFT, made_by=actor.person_id)
        activity.form_key, activity.made_at = form_key, clock.now()
        activity.permit_number = activity.permit_office = activity.reason = ""
        db.session.add(activity)
    elif activity.state not in kinds.OPEN:
        raise _fixed()
    for name, value in values.items():
        setattr(activity, name, value)
    activity.permit_from = here().permit_from
    db.session.flush()
    return activity


def _fixed() -> Refused:
    message = _l("This event is filed already. Take the filing back first, then change it.")
    return Refused("fixed", message, HTTPStatus.CONFLICT)


def file(actor: Actor, activity: Activity) -> None:
    """File an event: the office is asked whether it may take place.

    :raises Refused: `incomplete` with the first thing that stops it, `past`, `not_yours`.
    """
    hold(actor, activity)
    _coming(activity)
    found = checking.stops(findings(activity))
    if found:
        raise Refused("incomplete", found[0].text)
    _move(activity, kinds.OPEN, kinds.FILED, filed_at=clock.now(), permit_from=here().permit_from)
    _note(actor, activity, kinds.FILE)


def take_back(actor: Actor, activity: Activity) -> None:
    """Take a filing back, so that the event can be changed; it has to be filed anew.

    :raises Refused: `moved_on` for one that is published or refused, `not_yours`.
    """
    hold(actor, activity)
    states = (kinds.FILED, kinds.ACCEPTED)
    _move(activity, states, kinds.DRAFT, permit_number="", permit_office="")
    _note(actor, activity, kinds.RETURN)


def decide(actor: Actor, activity: Activity, act: str, words: str) -> None:
    """Accept a filing, send it back, or refuse it, with the reason; whoever filed it may not.

    :param act: `accept`, `return` or `refuse`.
    :raises Refused: `own` for one's own, `reason` without a reason, `moved_on`.
    """
    lock(activity)
    if own(actor, activity):
        message = _l("You wrote or filed this event. Somebody else of the office decides on it.")
        raise Refused("own", message, HTTPStatus.FORBIDDEN)
    if act != kinds.ACCEPT and not words:
        raise Refused("reason", _l("Please give the reason: the organisers read it."))
    if act == kinds.ACCEPT:
        _coming(activity)
    to = {
        kinds.ACCEPT: kinds.ACCEPTED,
        kinds.RETURN: kinds.RETURNED,
        kinds.REFUSE: kinds.REFUSED,
    }[act]
    _move(activity, (kinds.FILED,), to, reason="" if act == kinds.ACCEPT else words)
    _note(actor, activity, act, words)
    if activity.made_by is not None:
        values = {"id": activity.id, "title": activity.title, "act": act}
        plugin.tell(
            "decided",
            community=activity.community,
            subject=f"activity:{activity.id}",
            people={activity.made_by},
            values=values,
        )


def permit(actor: Actor, activity: Activity, number: str, office: str) -> None:
    """Note the permit of the police.

    :raises Refused: `no_number`, `moved_on` for an event that is not filed or accepted.
    """
    if not number or not office:
        message = _l("Please give the number of the permit, and the office that gave it.")
        raise Refused("no_number", message)
    lock(activity)
    states = (kinds.FILED, kinds.ACCEPTED)
    _move(activity, states, activity.state, permit_number=number, permit_office=office)
    _note(actor, activity, kinds.PERMIT, f"{office} {number}")


def publish(actor: Actor, activity: Activity) -> None:
    """Publish an accepted event, so that people find it and sign up.

    :raises Refused: `permit` for one that needs a permit and has no number of one, `past`,
        `moved_on`, `not_yours`.
    """
    hold(actor, activity)
    _coming(activity)
    if activity.expected >= activity.permit_from and not activity.permit_number:
        message = _l(
            "%(expected)d people are expected: from %(limit)d on, the police has to permit it. "
            "Note the number of the permit, then publish."
        )
        values: dict[str, object] = {
            "expected": activity.expected,
            "limit": activity.permit_from,
        }
        raise Refused("permit", message, HTTPStatus.CONFLICT, values)
    _move(activity, (kinds.ACCEPTED,), kinds.PUBLISHED, published_at=clock.now())
    placing.provide(activity)
    _note(actor, activity, kinds.PUBLISH)


def cancel(actor: Actor, activity: Activity, words: str) -> None:
    """Call an event off; all who signed up, for it or to help, are told.

    :raises Refused: `reason`, `past`, `moved_on`, `not_yours`.
    """
    hold(actor, activity)
    _coming(activity)
    if not words:
        raise Refused("reason", _l("Please give the reason: all who signed up read it."))
    states = (kinds.FILED, kinds.ACCEPTED, kinds.PUBLISHED)
    public = activity.state == kinds.PUBLISHED
    _move(activity, states, kinds.CANCELLED, reason=words, sequence=activity.sequence + 1)
    _note(actor, activity, kinds.CANCEL, words)
    if public:
        placing.let_go(activity, words)


def _coming(activity: Activity) -> None:
    if activity.starts_at <= clock.now():
        message = _l("This event has begun or is over already.")
        raise Refused("past", message, HTTPStatus.CONFLICT)


def _move(activity: Activity, states: tuple[str, ...], to: str, **values: object) -> None:
    """Bring an event from one of some states to another; two at a time do it once."""
    query = update(Activity).where(Activity.id == activity.id, Activity.state.in_(states))
    moved = db.session.scalar(query.values(state=to, **values).returning(Activity.id))
    if moved is None:
        message = _l("The event has moved on meanwhile. Look at the page again.")
        raise Refused("moved_on", message, HTTPStatus.CONFLICT)
    db.session.refresh(activity)


def _note(actor: Actor, activity: Activity, act: str, words: str = "") -> None:
    posts = actor.posts_at(activity.community.path)
    office = posts[0].title if posts else activity.organiser
    step = Step(activity_id=activity.id, act=act, words=words, by_id=actor.person_id)
    step.office, step.at = office, clock.now()
    db.session.add(step)
    plugin.audit(
        act,
        community=activity.community,
        subject=f"events_activity:{activity.id}",
        actor=actor,
        data={"expected": activity.expected, "permit": bool(activity.permit_number)},
    )
