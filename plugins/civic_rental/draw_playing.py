"""What the demonstration shows of allotments: homes that are offered, and some to apply for."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from civic.api import Actor, Community, Stage, clock, db, holds
from civic_rental import (
    allocating,
    applying,
    conducting,
    fixing,
    freezing,
    handing_in,
    offering,
    verifying,
)
from civic_rental.allocation_models import Allocation, DrawRank
from civic_rental.application_models import Applicant
from civic_rental.home_models import Listing
from civic_rental.words import data

#: From the beginning of a day to its evening; between two who apply.
EVENING, APART = timedelta(hours=21, minutes=15), timedelta(hours=2)
#: Invented numbers, of which none is given to anybody.
PHONE = "1990000{:04d}"


def play(home: Community, stage: Stage) -> None:
    """Play all allotments of the script in the community that is their scene."""
    script = data("demo_allotting")
    if home.slug != script["at"]:
        return
    for row in script["allotment"]:
        which, known = _applied(home, stage, script, row)
        if "frozen" in row:
            _drawn(stage, script, row, which)
            _offered(stage, script, row, which, known)
    db.session.flush()


def _applied(
    home: Community, stage: Stage, script: Mapping[str, Any], row: Mapping[str, Any]
) -> tuple[Allocation, dict[int, tuple[Actor, Applicant]]]:
    leads, closes_at = stage.person(script["leads"]), stage.moment(row["closes"])
    listing = db.session.scalars(
        select(Listing).filter_by(community_id=home.id, title=row["homes"])
    ).one()
    values = {
        "title": row["title"],
        "listing_id": listing.id,
        "tiers": allocating.tiers(listing.tiers, {"partner": row.get("quota")}),
        "ordering": "lottery",
        "source": row["source"],
        "issue": row["issue"],
        "opens_at": stage.moment(row["opens"]),
        "closes_at": closes_at,
        "public_at": allocating.earliest(closes_at) + EVENING,
    }
    with stage.at(row["fixed"]):
        which = allocating.draw_up(leads, home, row["title"], values)
        fixing.fix(leads, which, which.version)
    known = {}
    for place, each in enumerate(row["applicants"]):
        with clock.at(stage.moment(row["opens"]) + APART * (place + 1)):
            who = stage.person(each["who"])
            one = _written(who, which, each, place)
            handing_in.submit(who, one, one.version)
            known[one.number or 0] = (who, one)
            _decided(stage.person(script["writes"]), one, each)
    if draft := row.get("draft"):
        with stage.at("-1 20:40"):
            _written(stage.person(draft["who"]), which, draft, len(known))
    return which, known


def _written(who: Actor, which: Allocation, each: Mapping[str, Any], place: int) -> Applicant:
    one = applying.start(who, which)
    values = {"household": each["household"], "address": each["address"]}
    applying.save_household(one, one.version, values | {"phone": PHONE.format(place + 1)})
    if "unit" in each:
        where = next(iter(applying.workplaces(which.community_id)), None)
        place_id = where.id if where is not None else None
        applying.save_work(one, one.version, {"unit": each["unit"], "workplace_id": place_id})
        evidence = dict.fromkeys(each["claims"], "证明已在社区柜台出示")
        applying.save_grounds(one, one.version, evidence)
    return one


def _decided(staff: Actor, one: Applicant, each: Mapping[str, Any]) -> None:
    for kind in each["verified"]:
        verifying.decide(staff, one, kind, holds_true=True, reason="")
    if kind := each.get("refused", ""):
        verifying.decide(staff, one, kind, holds_true=False, reason=each["reason"])


def _drawn(
    stage: Stage, script: Mapping[str, Any], row: Mapping[str, Any], which: Allocation
) -> None:
    leads, draws = stage.person(script["leads"]), stage.person(script["draws"])
    with stage.at(row["frozen"]):
        listed = freezing.freeze(leads, which)
    with clock.at(_after(which.public_at, listed.until)):
        conducting.draw(draws, which, row["number"])
        conducting.publish(leads, which, row["number"])


def _after(*moments: datetime) -> datetime:
    """Return a moment in the morning after the last of some."""
    return max(moments) + timedelta(hours=12, minutes=45)


def _offered(
    stage: Stage,
    script: Mapping[str, Any],
    row: Mapping[str, Any],
    which: Allocation,
    known: Mapping[int, tuple[Actor, Applicant]],
) -> None:
    """Offer the homes where people have had time to look by then, and let one say yes."""
    drawn, shown = conducting.draws(which)[0]
    first = select(DrawRank.number).filter_by(draw_id=drawn.id, rank=1)
    if shown is None or stage.moment(row["offered"]) < offering.looked_at(shown):
        return
    with stage.at(row["offered"]):
        offering.begin(stage.person(script["leads"]), which)
        while offering.line_up(which):
            pass
        holds.advance(which.subject)
    for number, (who, one) in known.items():
        claim = offering.claim_of(one)
        if claim is not None:
            one.place, one.place_until = claim.state, claim.until
        if number == db.session.scalar(first):
            with stage.at(row["answered"]):
                offering.accept(who, one)
