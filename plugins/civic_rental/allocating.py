"""Allocations: drawn up, and fixed with the hash of a secret before anybody can apply."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from civic.api import Actor, Community, Refused, clock, days_off, db, holds, periods
from civic.api import lazy_gettext as _l
from civic_rental.allocation_models import (
    CLOSED,
    DRAFT,
    DRAWN,
    FIXED,
    FROZEN,
    PUBLISHED,
    Allocation,
    DrawRound,
)
from civic_rental.home_models import LISTED, Home, Listing
from civic_rental.manifest import plugin
from civic_rental.words import data

#: In these the office works on it; `CLOSED` is over.
RUNNING = (FIXED, FROZEN, DRAWN, PUBLISHED)
#: Allocations on one page.
PAGE = 50
LONGEST_TITLE, LONGEST_ISSUE, LONGEST_REASON = 60, 80, 500


def iso(moment: datetime) -> str:
    """Return a moment as it stands in what is hashed: UTC, to the second."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def allocation(community: Community, allocation_id: int) -> Allocation:
    """Return an allocation of a community.

    :raises Refused: 404 when there is none.
    """
    found = db.session.get(Allocation, allocation_id)
    if found is None or found.community_id != community.id:
        message = _l("There is no such allotment of homes here.")
        raise Refused("no_allocation", message, HTTPStatus.NOT_FOUND)
    return found


def locked(which: Allocation) -> Allocation:
    """Return an allocation as it is now, locked until the transaction ends."""
    db.session.refresh(which, with_for_update=True)
    return which


def takes(which: Allocation, at: datetime | None = None) -> bool:
    """Tell whether applications are taken now."""
    return which.state == FIXED and which.opens_at <= (at or clock.now()) < which.closes_at


def last_round(which: Allocation) -> DrawRound | None:
    """Return the round that counts."""
    query = select(DrawRound).filter_by(allocation_id=which.id)
    return db.session.scalars(query.order_by(DrawRound.number.desc()).limit(1)).first()


def rounds(which: Allocation) -> Sequence[DrawRound]:
    """Return all rounds, the first one first."""
    query = select(DrawRound).filter_by(allocation_id=which.id).order_by(DrawRound.number)
    return db.session.scalars(query).all()


def tiers(codes: Sequence[str], quotas: Mapping[str, int | None]) -> list[dict[str, Any]]:
    """Return the tiers of an allocation in the order of the data, with what each needs."""
    words = {row["code"]: row for row in data("homes")["tier"]}
    return [
        {
            "code": row["code"],
            "zh": words[row["code"]]["zh"],
            "en": words[row["code"]]["en"],
            "claims": row["claims"],
            "quota": quotas.get(row["code"]) if row["quota"] else None,
        }
        for row in data("allocation")["tier"]
        if row["code"] in codes or not row["claims"]
    ]


def earliest(closes_at: datetime) -> datetime:
    """Return after when a public number has to be known: objections to the list come first."""
    return periods.end_of(
        closes_at, periods.Period.parse(data("allocation")["objection"]), days_off()
    )


def check(community: Community, values: Mapping[str, Any]) -> None:
    """Refuse homes that are not to be had, and moments in the wrong order.

    :raises Refused: `listing`, `dates`, `public_at`.
    """
    listing = db.session.get(Listing, values["listing_id"])
    if listing is None or listing.community_id != community.id or listing.state != LISTED:
        message = _l("Please choose homes of this community that are on the list now.")
        raise Refused("listing", message)
    if values["closes_at"] <= values["opens_at"]:
        raise Refused("dates", _l("The last moment to apply comes after applications open."))
    if values["public_at"] <= earliest(values["closes_at"]):
        message = _l(
            "The public number has to become known after the list is frozen and objections to it "
            "are over: later than %(moment)s."
        )
        moment = f"{clock.local(earliest(values['closes_at'])):%Y-%m-%d %H:%M}"
        raise Refused("public_at", message, values={"moment": moment})


def draw_up(
    actor: Actor, community: Community, form_key: str, values: Mapping[str, Any]
) -> Allocation:
    """Draw up an allocation; the same form sent again returns what it made.

    :param values: `title`, `listing_id`, `tiers`, `ordering`, `opens_at`, `closes_at`, `source`,
        `issue`, `public_at`.
    :raises Refused: `listing`, `dates`, `public_at`, `running` for homes that are allotted already.
    """
    query = select(Allocation).filter_by(made_by=actor.person_id, form_key=form_key)
    if (before := db.session.scalar(query)) is not None:
        return before
    check(community, values)
    made = Allocation(
        community_id=community.id,
        made_by=actor.person_id,
        form_key=form_key,
        made_at=clock.now(),
        **values,
    )
    _put(made)
    plugin.audit(
        "allocation_drafted", community=community, subject=subject(made), actor=actor, data={}
    )
    return made


def _put(made: Allocation) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(made)
            db.session.flush()
    except IntegrityError as error:
        message = _l("These homes are being allotted already. Please look at that allotment.")
        raise Refused("running", message, HTTPStatus.CONFLICT) from error


def subject(which: Allocation) -> str:
    """Return what an allocation is called in the audit."""
    return f"rental_allocation:{which.id}"


def change(which: Allocation, version: int, values: Mapping[str, Any]) -> None:
    """Change a draft.

    :raises Refused: `fixed` once the rule is, `version` where somebody has saved since, and as
        `draw_up`.
    """
    locked(which)
    if which.state != DRAFT:
        message = _l("The rule is fixed, and stays as it is.")
        raise Refused("fixed", message, HTTPStatus.CONFLICT)
    if which.version != version:
        message = _l("Somebody has saved this meanwhile. Please look at what stands there now.")
        raise Refused("version", message, HTTPStatus.CONFLICT)
    check(which.community, values)
    try:
        with db.session.begin_nested():
            for key, value in values.items():
                setattr(which, key, value)
            which.version += 1
            db.session.flush()
    except IntegrityError as error:
        message = _l("These homes are being allotted already. Please look at that allotment.")
        raise Refused("running", message, HTTPStatus.CONFLICT) from error


def listed(community: Community, *, staff: bool, before: int = 0) -> Sequence[Allocation]:
    """Return the allocations of a community, the newest first; drafts for staff alone."""
    query = select(Allocation).filter_by(community_id=community.id)
    if not staff:
        query = query.where(Allocation.state != DRAFT)
    if before:
        query = query.where(Allocation.id < before)
    return db.session.scalars(query.order_by(Allocation.id.desc()).limit(PAGE)).all()


def of_homes(listing: Listing) -> Allocation | None:
    """Return the allotment of homes that everybody may see: the one that is under way, or last."""
    query = select(Allocation).where(Allocation.listing_id == listing.id)
    query = query.where(Allocation.state != DRAFT).order_by(Allocation.id.desc()).limit(1)
    return db.session.scalars(query).first()


def choosable(community: Community) -> Sequence[Listing]:
    """Return the homes of a community that are on the list now."""
    query = select(Listing).filter_by(community_id=community.id, state=LISTED)
    return db.session.scalars(query.order_by(Listing.id.desc()).limit(PAGE)).all()


def homes(which: Allocation) -> int:
    """Return how many homes are allotted."""
    query = select(func.count(Home.id)).where(Home.listing_id == which.listing_id)
    return db.session.scalar(query) or 0


def close(actor: Actor, which: Allocation) -> None:
    """Close an allocation whose homes are let, so that its line ends; a draft is thrown away.

    :raises Refused: `running` while applications or offers are under way.
    """
    locked(which)
    if which.state == DRAFT:
        plugin.audit(
            "allocation_dropped", community=which.community, subject=subject(which), actor=actor
        )
        db.session.delete(which)
        return
    if which.state != PUBLISHED or which.offers_at is None:
        message = _l("An allotment is closed once its homes have been offered.")
        raise Refused("running", message, HTTPStatus.CONFLICT)
    holds.end(which.subject)
    which.state = CLOSED
    plugin.audit(
        "allocation_closed", community=which.community, subject=subject(which), actor=actor
    )
