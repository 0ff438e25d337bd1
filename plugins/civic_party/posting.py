"""Post needs and resources, check them, withdraw them, let them expire."""

import secrets
from collections.abc import Mapping
from datetime import date, timedelta
from http import HTTPStatus
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError

from civic.api import Actor, Community, Refused, clock, db, excerpt, place_at, unit_at
from civic.api import lazy_gettext as _l
from civic_party import sides
from civic_party.list_models import (
    CHECKING,
    OPEN,
    PUBLIC,
    RETURNED,
    Entry,
    Need,
    Resource,
)
from civic_party.list_rules import rules
from civic_party.manifest import plugin

PUBLISH, RETURN = "publish", "return"
LISTED = (CHECKING, RETURNED, PUBLIC)
SHORT = 60


def today() -> date:
    """Return the local day."""
    return clock.local(clock.now()).date()


def subject(row: Entry) -> str:
    """Return what a need or a resource is called in the audit."""
    return f"{row.__tablename__}:{row.id}"


def entry(
    community: Community, model: type[Need] | type[Resource], row_id: int, *, lock: bool = False
) -> Any:  # noqa: ANN401 - a row of the model
    """Return a need or a resource of a community.

    :raises Refused: 404 when there is none.
    """
    found: Any = db.session.get(
        model, row_id, with_for_update={"of": model} if lock else None, populate_existing=lock
    )
    if found is None or found.community_id != community.id:
        raise Refused(
            "no_entry", _l("This does not stand in the lists here."), HTTPStatus.NOT_FOUND
        )
    return found


def seen(
    actor: Actor, community: Community, model: type[Need] | type[Resource], row_id: int
) -> Any:  # noqa: ANN401
    """Return a need or a resource that an actor may see; what is not public for its side and staff.

    :raises Refused: 404 when there is none.
    """
    found = entry(community, model, row_id)
    own = found.posted_by == actor.person_id is not None or sides.speaks(actor, found)
    if not (found.public or own or sides.may(actor, "check", community)):
        return entry(community, model, 0)
    return found


def post(
    actor: Actor,
    community: Community,
    model: type[Need] | type[Resource],
    values: Mapping[str, Any],
    form_key: str,
) -> Entry:
    """Bring a need or a resource before the community; somebody else of the office checks it.

    :raises Refused: `too_many` that nobody has checked yet, and what `_checked` says.
    """
    known: Select[Any] = select(model).filter_by(posted_by=actor.person_id, form_key=form_key)
    if (found := db.session.scalar(known)) is not None:
        return found
    waiting = select(model.id).filter_by(
        posted_by=actor.person_id, community_id=community.id, state=CHECKING
    )
    limit = rules().unchecked
    office = sides.may(actor, "check", community)
    if not office and len(db.session.scalars(waiting.limit(limit)).all()) >= limit:
        message = _l(
            "%(count)d of yours wait to be checked. Please wait for one of them, or call the "
            "community office."
        )
        raise Refused("too_many", message, HTTPStatus.CONFLICT, {"count": limit})
    _checked(actor, community, model, values)
    made = model(community_id=community.id, state=CHECKING, reason="", form_key=form_key, **values)
    made.posted_by, made.posted_at = actor.person_id, clock.now()
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        if (found := db.session.scalar(known)) is None:
            raise
        return found
    plugin.audit("posted", community=community, subject=subject(made), actor=actor)
    return made


def change(
    actor: Actor, community: Community, row: Entry, values: Mapping[str, Any], form_key: str
) -> None:
    """Change what is not public yet; it is checked anew.

    :param form_key: of the form that was opened; each change has another.
    :raises Refused: `not_yours`, `fixed` once it is public, `changed` where somebody else of the
        side has changed it meanwhile, and what `_checked` says.
    """
    row = entry(community, type(row), row.id, lock=True)
    if not may_change(actor, row):
        raise not_yours()
    if row.state not in OPEN:
        message = _l("It has been checked meanwhile. Withdraw it, then post it anew.")
        raise Refused("fixed", message, HTTPStatus.CONFLICT)
    if row.form_key != form_key:
        if all(getattr(row, name) == value for name, value in values.items()):
            return  # by a second press of the same button
        message = _l(
            "Somebody else of your side has changed this meanwhile. What you typed is still here; "
            "open it in another window to see what stands there now."
        )
        raise Refused("changed", message, HTTPStatus.CONFLICT)
    _checked(actor, community, type(row), values)
    for name, value in values.items():
        setattr(row, name, value)
    row.form_key = secrets.token_hex(8)
    row.state, row.posted_by, row.checked_by, row.checked_at = CHECKING, actor.person_id, None, None
    db.session.flush()
    plugin.audit("changed", community=community, subject=subject(row), actor=actor)


def may_change(actor: Actor, row: Entry) -> bool:
    """Tell whether an actor may change or withdraw a need or a resource."""
    if actor.person_id is None:
        return False
    return row.posted_by == actor.person_id or sides.speaks(actor, row)


def not_yours() -> Refused:
    """Return the refusal of what only its own side can do."""
    message = _l("Only the side that posted it can do this. Please ask the community office.")
    return Refused("not_yours", message, HTTPStatus.FORBIDDEN)


def _checked(
    actor: Actor,
    community: Community,
    model: type[Need] | type[Resource],
    values: Mapping[str, Any],
) -> None:
    """Refuse what cannot be meant.

    :raises Refused: for a unit or place of elsewhere, `hours`, `past` or `far`.
    """
    known = rules()
    unit = values.get("organisation_id")
    if unit is not None:
        unit_at(community, unit)
        if unit not in {one.id for one in sides.own_units(actor, community)}:
            message = _l("You do not act for this unit here. Its liaison posts for it.")
            raise Refused("unit", message, HTTPStatus.FORBIDDEN)
    elif values.get("by_office") and not sides.may(actor, "check", community):
        raise not_yours()
    place_at(community, values["place_id"])
    if known.kinds[values["kind"]].timed and not values["slots"]:
        raise Refused("hours", _l("Please say on which days and at what time."))
    last: date | None = values["by_day"] if model is Need else values["until"]
    if last is not None and last < today():
        raise Refused("past", _l("This day has passed already. Choose a later one."))
    if last is not None and last > today() + timedelta(days=known.longest_days):
        raise Refused(
            "far", _l("This day lies too far ahead. Choose an earlier one; it can be posted anew.")
        )


def check(actor: Actor, community: Community, row: Entry, act: str, reason: str) -> None:
    """Publish what was posted, or send it back with the reason; who posted it may not.

    :param act: `publish` or `return`.
    :raises Refused: `own`, `moved_on`, `reason`, `past` where its day has passed meanwhile, `act`.
    """
    row = entry(community, type(row), row.id, lock=True)
    if row.posted_by == actor.person_id:
        message = _l("You posted this yourself. Somebody else of the office checks it.")
        raise Refused("own", message, HTTPStatus.FORBIDDEN)
    if act not in {PUBLISH, RETURN}:
        raise Refused("act", _l("Please choose what is to be done."))
    to = PUBLIC if act == PUBLISH else RETURNED
    if row.state == to:
        return  # by a second press of the same button
    if row.state != CHECKING:
        message = _l("It has moved on meanwhile. Look at the page again.")
        raise Refused("moved_on", message, HTTPStatus.CONFLICT)
    if act == RETURN and not reason:
        raise Refused("reason", _l("Please give the reason: who posted it reads it."))
    if act == PUBLISH and (last := last_day(row)) is not None and last < today():
        message = _l("Its last day has passed meanwhile. Send it back, so that it can be changed.")
        raise Refused("past", message, HTTPStatus.CONFLICT)
    row.state, row.reason = to, "" if act == PUBLISH else reason
    row.checked_by, row.checked_at = actor.person_id, clock.now()
    db.session.flush()
    plugin.audit(
        "published" if act == PUBLISH else "returned",
        community=community,
        subject=subject(row),
        actor=actor,
    )
    plugin.tell(
        "checked",
        community=community,
        subject=subject(row),
        people={row.posted_by} if row.posted_by else set(),
        values=values_of(row) | {"act": act},
    )


def values_of(row: Entry) -> dict[str, Any]:
    """Return what a message about a need or a resource is made of."""
    list_name = "needs" if isinstance(row, Need) else "resources"
    return {"list": list_name, "id": row.id, "title": excerpt(row.title, SHORT)}


def last_day(row: Entry) -> date | None:
    """Return the last day of a need or a resource, where it has one."""
    return row.by_day if isinstance(row, Need) else row.until
