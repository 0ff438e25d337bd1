"""Draw and publish, by two people of two posts; and begin anew by a correction."""

import re
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from http import HTTPStatus

from sqlalchemy import insert, select

from civic.api import Actor, Refused, clock, db
from civic.api import lazy_gettext as _l
from civic_rental import allocating, drawing, fixing, freezing
from civic_rental.allocation_models import (
    DRAWN,
    FIXED,
    FROZEN,
    PUBLISHED,
    Allocation,
    Draw,
    DrawRank,
    DrawRound,
    FrozenList,
    Publication,
)
from civic_rental.application_models import SUBMITTED, Applicant
from civic_rental.drawing import LOTTERY
from civic_rental.manifest import plugin
from civic_rental.words import data


def last_draw(which: Allocation) -> Draw | None:
    """Return the draw of the round that counts."""
    query = select(Draw).join(DrawRound, DrawRound.id == Draw.round_id)
    query = query.where(DrawRound.allocation_id == which.id).order_by(DrawRound.number.desc())
    found = db.session.scalars(query.limit(1)).first()
    of = allocating.last_round(which)
    return found if found is not None and of is not None and found.round_id == of.id else None


def draws(which: Allocation) -> Sequence[tuple[Draw, Publication | None]]:
    """Return all draws of an allocation, the newest first, with their publication."""
    query = (
        select(Draw, Publication)
        .join(DrawRound, DrawRound.id == Draw.round_id)
        .outerjoin(Publication, Publication.draw_id == Draw.id)
        .where(DrawRound.allocation_id == which.id)
        .order_by(DrawRound.number.desc())
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]


def read_number(which: DrawRound, typed: str) -> str:
    """Return a public number as it is hashed.

    :raises Refused: `public_number` for what does not look like one of its kind.
    """
    kind = next(row for row in data("allocation")["source"] if row["code"] == which.source)
    found = drawing.read_public(typed)
    if found is None or not re.fullmatch(kind["pattern"], found):
        message = _l("This does not look like the public number. It is written as %(example)s.")
        raise Refused("public_number", message, values={"example": kind["example"]})
    return found


def _may_draw(actor: Actor, which: Allocation, of: DrawRound, listed: FrozenList) -> None:
    now = clock.now()
    if which.ordering == LOTTERY and now < of.public_at:
        message = _l("The public number is known from %(moment)s on; the draw is made after that.")
        moment = f"{clock.local(of.public_at):%Y-%m-%d %H:%M}"
        raise Refused("too_early", message, HTTPStatus.CONFLICT, {"moment": moment})
    if now < listed.until:
        message = _l("Objections to the list can come in until %(moment)s.")
        moment = f"{clock.local(listed.until):%Y-%m-%d %H:%M}"
        raise Refused("objections", message, HTTPStatus.CONFLICT, {"moment": moment})
    if freezing.unanswered(which, listed):
        message = _l("Objections to the list wait for their answer. Please answer them first.")
        raise Refused("unanswered", message, HTTPStatus.CONFLICT)
    if actor.person_id == of.by_id:
        message = _l("Whoever fixed the rule and its secret does not draw. Somebody else has to.")
        raise Refused("alone", message, HTTPStatus.FORBIDDEN)
    query = select(Applicant.id).filter_by(allocation_id=which.id, person_id=actor.person_id)
    if db.session.scalars(query.where(Applicant.state == SUBMITTED).limit(1)).first() is not None:
        message = _l("You have applied for these homes yourself, so somebody else has to draw.")
        raise Refused("involved", message, HTTPStatus.FORBIDDEN)


def draw(actor: Actor, which: Allocation, typed: str) -> Draw:
    """Draw: an official act that nobody repeats. Nothing is shown before it is published.

    :param typed: the public number, as it stands where the rule says.
    :raises Refused: `not_now`, `too_early`, `objections`, `unanswered`, `alone`, `involved`,
        `public_number`, and `tampered` where the list is not the one whose hash was published.
    """
    allocating.locked(which)
    of = allocating.last_round(which)
    listed = freezing.last_list(of)
    if which.state != FROZEN or of is None or listed is None:
        message = _l("There is nothing to be drawn now.")
        raise Refused("not_now", message, HTTPStatus.CONFLICT)
    _may_draw(actor, which, of, listed)
    lottery = which.ordering == LOTTERY
    public = read_number(of, typed) if lottery else ""
    rows = freezing.entries(listed)
    text = drawing.list_text(of.hash, allocating.iso(listed.frozen_at), rows)
    if drawing.digest(text) != listed.hash or (
        lottery and drawing.commitment(of.secret) != of.commitment
    ):
        message = _l(
            "The list or the secret is not the one whose hash was published. Nothing was drawn; "
            "somebody has to find out what was changed."
        )
        raise Refused("tampered", message, HTTPStatus.CONFLICT)
    seed = drawing.seed(of.secret, public) if lottery else ""
    places = drawing.ranked(rows, drawing.tiers_of(of.rule), which.ordering, seed)
    now = clock.now()
    record = drawing.record(
        list_hash=listed.hash,
        secret=of.secret,
        public=public,
        seed_hex=seed,
        drawn_at=allocating.iso(now),
        places=places,
    )
    made = Draw(
        round_id=of.id,
        list_id=listed.id,
        public_number=public,
        seed=seed,
        hash=drawing.digest(drawing.canonical(record)),
        at=now,
        by_id=actor.person_id,
        office=actor.office_at(which.community.path),
    )
    db.session.add(made)
    db.session.flush()
    values = [{"draw_id": made.id, **asdict(row)} for row in places]
    db.session.connection().execute(insert(DrawRank), values)
    which.state = DRAWN
    db.session.flush()
    plugin.audit(
        "drawn",
        community=which.community,
        subject=allocating.subject(which),
        actor=actor,
        data={"draw": made.hash, "list": listed.hash, "number": public, "round": of.number},
    )
    return made


def publish(actor: Actor, which: Allocation, typed: str) -> Publication:
    """Publish a draw, after looking up the public number oneself: an official act.

    :param typed: the public number, typed once more by whoever publishes.
    :raises Refused: `not_now`, `same_person`, `same_post`, `other_number` where it is not the one
        that was drawn with, and `public_number`.
    """
    allocating.locked(which)
    made, of = last_draw(which), allocating.last_round(which)
    if which.state != DRAWN or made is None or of is None:
        message = _l("There is no draw to be published now.")
        raise Refused("not_now", message, HTTPStatus.CONFLICT)
    office = actor.office_at(which.community.path)
    if actor.person_id == made.by_id:
        message = _l("Whoever drew does not publish. Somebody else with another post has to.")
        raise Refused("same_person", message, HTTPStatus.FORBIDDEN)
    if office == made.office:
        message = _l("The draw was made in the name of the same post. Another post publishes it.")
        raise Refused("same_post", message, HTTPStatus.FORBIDDEN)
    if which.ordering == LOTTERY and read_number(of, typed) != made.public_number:
        message = _l(
            "This is not the number that was drawn with. Look it up again; if yours is right, do "
            "not publish, and begin anew by a correction."
        )
        raise Refused("other_number", message, HTTPStatus.CONFLICT)
    found = Publication(draw_id=made.id, at=clock.now(), by_id=actor.person_id, office=office)
    db.session.add(found)
    which.state = PUBLISHED
    db.session.flush()
    plugin.audit(
        "published",
        community=which.community,
        subject=allocating.subject(which),
        actor=actor,
        data={"draw": made.hash},
    )
    people = select(Applicant.person_id).where(
        Applicant.allocation_id == which.id, Applicant.state == SUBMITTED
    )
    plugin.tell(
        "drawn",
        community=which.community,
        subject=f"draw:{made.id}",
        people=people.where(Applicant.person_id.is_not(None)),
        values={"id": which.id, "title": which.title},
    )
    return found


def begin_anew(
    actor: Actor, which: Allocation, source: str, issue: str, public_at: datetime, reason: str
) -> DrawRound:
    """Begin a new round, with a fresh secret and another public number; what was drawn stays.

    For a list that was frozen too late, and for the correction of a draw: an official act.

    :raises Refused: `not_now`, `offered` once homes are offered, `same_person` for who drew,
        `reason`, `public_at` where it is not late enough.
    """
    allocating.locked(which)
    if which.state not in (FIXED, FROZEN, DRAWN, PUBLISHED):
        message = _l("Nothing can be begun anew here.")
        raise Refused("not_now", message, HTTPStatus.CONFLICT)
    if which.offers_at is not None:
        message = _l("Homes have been offered by this draw already; it stays as it is.")
        raise Refused("offered", message, HTTPStatus.CONFLICT)
    made = last_draw(which)
    if made is not None and made.by_id == actor.person_id:
        message = _l("Whoever drew does not begin anew. Somebody else has to.")
        raise Refused("same_person", message, HTTPStatus.FORBIDDEN)
    if not reason:
        raise Refused("reason", _l("Please say why; everybody reads it."))
    after = allocating.earliest(max(clock.now(), which.closes_at))
    if public_at <= after:
        message = _l(
            "The public number has to become known after the list is frozen and objections to it "
            "are over: later than %(moment)s."
        )
        moment = f"{clock.local(after):%Y-%m-%d %H:%M}"
        raise Refused("public_at", message, values={"moment": moment})
    found = fixing.begin_round(actor, which, source, issue, public_at, reason)
    which.state = FIXED
    db.session.flush()
    plugin.audit(
        "begun_anew",
        community=which.community,
        subject=allocating.subject(which),
        actor=actor,
        data={"round": found.number, "rule": found.hash, "commitment": found.commitment},
    )
    return found
