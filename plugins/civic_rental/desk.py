"""What waits: opinions of offices, letters to compare, conditions, homes to publish or inspect."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from flask import url_for
from sqlalchemy import select

from civic.api import Actor, Community, Due, allowed, clock, db
from civic.api import gettext as _
from civic_rental import cases, states
from civic_rental.home_models import DRAFT, SUSPENDED, Listing
from civic_rental.models import COUNTED, TAKEN_BACK, WAITING, Conversion, Opinion
from civic_rental.words import titles

DAY = timedelta(days=1)
#: How long before an inspection is due it is on the desk.
AHEAD = timedelta(days=30)


def _end(day: date | None) -> datetime | None:
    """Return the moment at which a day is over."""
    if day is None:
        return None
    return datetime.combine(day + DAY, time(), clock.ZONE)


def work(communities: Sequence[Community], actor: Actor, limit: int) -> list[Due]:
    """Return what waits for the posts of an actor."""
    keeps = _where(communities, actor, "keep")
    leads = _where(communities, actor, "lead")
    found = [
        *_opinions([home for home in communities if actor.posts_at(home.path)], actor, limit),
        *_letters(keeps, actor, limit),
        *_conditions(keeps, actor, limit),
        *_decided(leads, limit),
        *_to_publish(leads, actor, limit),
        *_inspections(keeps, limit),
    ]
    return sorted(found, key=lambda due: due.at or clock.now())[:limit]


def own(communities: Sequence[Community], actor: Actor, limit: int) -> list[Due]:
    """Return the opinions that wait for who speaks for an office without holding a post here."""
    return list(
        _opinions([home for home in communities if not actor.posts_at(home.path)], actor, limit)
    )


def _where(communities: Sequence[Community], actor: Actor, code: str) -> dict[int, Community]:
    return {home.id: home for home in communities if allowed(actor, f"rental.{code}", home.path)}


def _opinions(communities: Sequence[Community], actor: Actor, limit: int) -> Iterator[Due]:
    homes = {home.id: home for home in communities}
    mine = {
        home.id: [
            code
            for code, office in states.way().offices.items()
            if office.by & actor.groups(home.path)
        ]
        for home in communities
    }
    if not any(mine.values()):
        return
    wanted = [key for key, codes in mine.items() if codes]
    said = (
        select(Opinion.conversion_id, Opinion.office)
        .join(Conversion, Conversion.id == Opinion.conversion_id)
        .where(Opinion.round == Conversion.review_round, Opinion.state != TAKEN_BACK)
        .where(Conversion.state == states.REVIEW, Conversion.community_id.in_(wanted))
    )
    given = {(row[0], row[1]) for row in db.session.execute(said)}
    query = select(Conversion).where(
        Conversion.state == states.REVIEW, Conversion.community_id.in_(wanted)
    )
    query = query.order_by(Conversion.review_until, Conversion.id).limit(limit)
    names = titles("conversion", "office")
    for row in db.session.scalars(query):
        for office in mine[row.community_id]:
            if (row.id, office) not in given:
                yield Due(
                    kind=_("Joint review"),
                    title=f"{row.title} · {names[office]}",
                    action=_("Give the opinion"),
                    url=_url(homes[row.community_id], "rental.review", row.id),
                    at=_end(row.review_until),
                    since=row.entered_at,
                    community_id=row.community_id,
                )


def _url(home: Community, endpoint: str, conversion_id: int) -> str:
    return url_for(endpoint, community=home.slug, conversion_id=conversion_id)


def _letters(homes: dict[int, Community], actor: Actor, limit: int) -> Iterator[Due]:
    if not homes:
        return
    query = (
        select(Opinion, Conversion)
        .join(Conversion, Conversion.id == Opinion.conversion_id)
        .where(Opinion.state == WAITING, Opinion.given_by.is_distinct_from(actor.person_id))
        .where(Opinion.round == Conversion.review_round, Conversion.state == states.REVIEW)
        .where(Conversion.community_id.in_(homes))
        .order_by(Opinion.at, Opinion.id)
        .limit(limit)
    )
    names = titles("conversion", "office")
    for opinion, row in db.session.execute(query):
        yield Due(
            kind=_("Joint review"),
            title=f"{row.title} · {names[opinion.office]}",
            action=_("Compare the letter"),
            url=_url(homes[row.community_id], "rental.review", row.id),
            at=_end(row.review_until),
            since=opinion.at,
            community_id=row.community_id,
        )


def _conditions(homes: dict[int, Community], actor: Actor, limit: int) -> Iterator[Due]:
    if not homes:
        return
    query = (
        select(Opinion, Conversion)
        .join(Conversion, Conversion.id == Opinion.conversion_id)
        .where(Opinion.state == COUNTED, Opinion.opinion == "condition", Opinion.met_at.is_(None))
        .where(Opinion.round == Conversion.review_round, Conversion.state.in_(GATED))
        .where(Opinion.given_by.is_distinct_from(actor.person_id))
        .where(Conversion.community_id.in_(homes))
        .order_by(Opinion.at, Opinion.id)
        .limit(limit)
    )
    names = titles("conversion", "office")
    for opinion, row in db.session.execute(query):
        yield Due(
            kind=_("Condition of the joint review"),
            title=f"{row.title} · {names[opinion.office]}",
            action=_("Record that it is met"),
            url=_url(homes[row.community_id], "rental.review", row.id),
            at=None,
            since=row.entered_at,
            community_id=row.community_id,
        )


def _decided(homes: dict[int, Community], limit: int) -> Iterator[Due]:
    if not homes:
        return
    for row, case in cases.ready(list(homes), limit):
        yield Due(
            kind=_("Neighbours and owners heard"),
            title=row.title,
            action=_("The case is decided: move the conversion on"),
            url=_url(homes[row.community_id], "rental.conversion", row.id),
            at=None,
            since=case.since,
            community_id=row.community_id,
        )


#: In these a condition keeps a conversion from its next state.
GATED = tuple(code for code, state in states.way().states.items() if "conditions" in state.gates)


def _to_publish(homes: dict[int, Community], actor: Actor, limit: int) -> Iterator[Due]:
    if not homes:
        return
    query = (
        select(Listing)
        .where(Listing.state.in_((DRAFT, SUSPENDED)), Listing.homes > 0)
        .where(Listing.made_by.is_distinct_from(actor.person_id))
        .where(Listing.conversion.has(Conversion.state == states.LISTED))
        .where(Listing.community_id.in_(homes))
        .order_by(Listing.made_at, Listing.id)
        .limit(limit)
    )
    for row in db.session.scalars(query):
        home = homes[row.community_id]
        yield Due(
            kind=_("Homes for rent"),
            title=row.title,
            action=_("Publish these homes"),
            url=url_for("rental.home_office", community=home.slug, listing_id=row.id),
            at=None,
            since=row.made_at,
            community_id=row.community_id,
        )


def next_inspection(day: date) -> date:
    """Return by when homes that were inspected on a day are inspected again."""
    # A period of years alone: days off do not move it.
    year = day.year + states.way().inspection.n
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


def _inspections(homes: dict[int, Community], limit: int) -> Iterator[Due]:
    if not homes:
        return
    today = clock.local(clock.now()).date()
    latest = today + AHEAD
    # Everything inspected before this day is due by `latest`.
    before = latest.replace(year=latest.year - states.way().inspection.n, day=min(latest.day, 28))
    query = (
        select(Conversion)
        .where(Conversion.state == states.LISTED, Conversion.inspected_on <= before)
        .where(Conversion.community_id.in_(homes))
        .order_by(Conversion.inspected_on, Conversion.id)
        .limit(limit)
    )
    for row in db.session.scalars(query):
        if row.inspected_on is not None:
            yield Due(
                kind=_("Yearly inspection"),
                title=row.title,
                action=_("Record the inspection"),
                url=_url(homes[row.community_id], "rental.conversion", row.id),
                at=_end(next_inspection(row.inspected_on)),
                since=row.entered_at,
                community_id=row.community_id,
            )
