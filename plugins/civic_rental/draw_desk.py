"""What waits: for whoever allots, draws, publishes and answers; and for applicants."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from sqlalchemy import and_, case, exists, or_, select
from sqlalchemy.orm import lazyload

from civic.api import Actor, Community, Due, allowed, clock, db, once_a_request
from civic.api import gettext as _
from civic_rental import allocating, appeals, offering
from civic_rental.allocation_models import (
    CLOSED,
    DRAWN,
    FIXED,
    FROZEN,
    PUBLISHED,
    Allocation,
    DrawRound,
)
from civic_rental.application_models import CLAIMED, DRAFT, SUBMITTED, Applicant, Ground
from civic_rental.home_models import LISTED, Listing


def work(communities: Sequence[Community], actor: Actor, limit: int) -> list[Due]:
    """Return what the posts of an actor let them do, over all their communities."""
    homes = {
        code: {one.id: one for one in communities if allowed(actor, f"rental.{code}", one.path)}
        for code in ("check", "allot", "draw", "publish")
    }
    found: list[Due] = []
    if homes["check"]:
        for one in _undecided(homes["check"], limit):
            words = (_("Applications for homes"), one.title, _("Verify what is claimed"))
            url = _to("applications", homes["check"], one, only="undecided")
            found.append(_due(words, url, one, one.opens_at, one.public_at))
    for code, state, action in (
        ("allot", FIXED, _("Freeze the list")),
        ("draw", FROZEN, _("Draw")),
        ("publish", DRAWN, _("Publish the draw")),
        ("allot", PUBLISHED, _("Offer the homes")),
    ):
        for one in _of_state(homes[code], state, limit):
            words = (_("Allotment of homes"), one.title, action)
            url = _to("conduct", homes[code], one)
            found.append(_due(words, url, one, one.closes_at, one.public_at))
    for row in appeals.open_in(homes["allot"], limit) if homes["allot"] else ():
        home = homes["allot"][row.allocation.community_id]
        url = url_for("rental.plea", community=home.slug, plea_id=row.id)
        words = (_("Objection or request about homes"), row.allocation.title, _("Answer it"))
        found.append(_due(words, url, row.allocation, row.at))
    return found


def _undecided(community_ids: Collection[int], limit: int) -> Sequence[Allocation]:
    waits = (
        select(Ground.id)
        .join(Applicant, Applicant.id == Ground.applicant_id)
        .where(Applicant.allocation_id == Allocation.id, Applicant.state == SUBMITTED)
        .where(Ground.state == CLAIMED)
    )
    query = select(Allocation).where(Allocation.community_id.in_(community_ids))
    query = query.where(Allocation.state == FIXED, exists(waits)).order_by(Allocation.id)
    return db.session.scalars(query.limit(limit)).all()


def _of_state(community_ids: Collection[int], state: str, limit: int) -> Sequence[Allocation]:
    """Return the allocations that wait in a state for the next act, which can be done by now."""
    if not community_ids:
        return ()
    now = clock.now()
    query = select(Allocation).where(
        Allocation.community_id.in_(community_ids), Allocation.state == state
    )
    if state == FIXED:
        query = query.where(Allocation.closes_at <= now)
    if state == FROZEN:
        later = select(DrawRound.id).where(
            DrawRound.allocation_id == Allocation.id, DrawRound.public_at > now
        )
        query = query.where(~exists(later))
    if state == PUBLISHED:
        query = query.where(Allocation.offers_at.is_(None))
    return db.session.scalars(query.order_by(Allocation.id).limit(limit)).all()


def _to(page: str, homes: dict[int, Community], one: Allocation, only: str | None = None) -> str:
    slug = homes[one.community_id].slug
    return url_for(f"rental.{page}", community=slug, allocation_id=one.id, only=only)


def own(communities: Sequence[Community], actor: Actor, limit: int) -> list[Due]:
    """Return what is offered to an actor, and what they have begun to write."""
    found, now = [], clock.now()
    for home in communities:
        for item in panel(home, actor, limit):
            one, of = item.applicant, item.allocation
            if one is None or of is None:
                continue
            url = url_for("rental.application", community=home.slug, applicant_id=one.id)
            if one.place_until is not None and one.place_until > now:
                words = (_("A home for you"), of.title, _("Answer the offer"))
                found.append(_due(words, url, of, of.offers_at or one.saved_at, one.place_until))
            elif one.state == DRAFT and of.state == FIXED and of.closes_at > now:
                words = (_("Application for a home begun"), of.title, _("Go on writing"))
                found.append(_due(words, url, of, one.saved_at, of.closes_at))
    return found


@dataclass(frozen=True)
class Shown:
    """Hold homes as the home page shows them: how they are allotted, and one's own application."""

    listing: Listing
    allocation: Allocation | None
    applicant: Applicant | None


@once_a_request
def panel(community: Community, actor: Actor, limit: int) -> list[Shown]:
    """Return homes, those one has applied for and can apply for first.

    Both hooks of the home page show it, out of one statement; what is offered to oneself is first.
    """
    now = clock.now()
    mine = (Applicant.allocation_id == Allocation.id) & Applicant.state.in_((DRAFT, SUBMITTED))
    mine &= Applicant.person_id == (actor.person_id or 0)
    running = (Allocation.listing_id == Listing.id) & Allocation.state.not_in(("draft", CLOSED))
    takes = and_(Allocation.state == FIXED, Allocation.opens_at <= now, Allocation.closes_at > now)
    query = (
        select(Listing, Allocation, Applicant)
        .outerjoin(Allocation, running)
        .outerjoin(Applicant, mine)
        .where(Listing.community_id == community.id)
        .where(or_(Applicant.id.is_not(None), Listing.state == LISTED))
        .options(lazyload(Applicant.allocation), lazyload(Allocation.listing))
        .order_by(
            Applicant.place_until.is_(None),
            Applicant.id.is_(None),
            case((takes, 0), else_=1),
            Listing.published_at.desc(),
            Listing.id.desc(),
        )
        .limit(limit)
    )
    return [
        Shown(row[0], row[1], row[2])
        if row[2] or (row[1] and allocating.takes(row[1]))
        else Shown(row[0], None, None)
        for row in db.session.execute(query)
    ]


def _due(
    words: tuple[str, str, str],
    url: str,
    one: Allocation,
    since: datetime,
    at: datetime | None = None,
) -> Due:
    kind, title, action = words
    return Due(
        kind=kind,
        title=title,
        action=action,
        url=url,
        at=at,
        since=since,
        community_id=one.community_id,
    )


def fill_lines(community: Community) -> None:
    """Let those next in the order of a draw wait for the homes of a community."""
    for one in offering.running(community.id):
        offering.fill(one)
