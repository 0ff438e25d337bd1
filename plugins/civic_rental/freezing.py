"""The list of who takes part: what it waits for, frozen with its hash, and read again."""

from collections.abc import Sequence
from http import HTTPStatus

from sqlalchemy import insert, select

from civic.api import Actor, Person, Refused, clock, db
from civic.api import lazy_gettext as _l
from civic_rental import allocating, drawing, verifying
from civic_rental.allocation_models import (
    FIXED,
    FROZEN,
    Allocation,
    DrawRound,
    FrozenList,
    ListLine,
)
from civic_rental.application_models import (
    OBJECTION,
    SUBMITTED,
    VERIFIED,
    Applicant,
    Ground,
    Plea,
)
from civic_rental.drawing import LOTTERY, Entry
from civic_rental.manifest import plugin

#: Lines on one page of a list.
PAGE = 200


def last_list(of: DrawRound | None) -> FrozenList | None:
    """Return the list of a round that counts."""
    if of is None:
        return None
    query = select(FrozenList).filter_by(round_id=of.id).order_by(FrozenList.number.desc())
    return db.session.scalars(query.limit(1)).first()


def last_of(which: Allocation) -> FrozenList | None:
    """Return the list of an allocation that counts."""
    return last_list(allocating.last_round(which))


def lists(which: Allocation) -> Sequence[FrozenList]:
    """Return all lists of an allocation, the newest first."""
    query = select(FrozenList).join(DrawRound, DrawRound.id == FrozenList.round_id)
    query = query.where(DrawRound.allocation_id == which.id).order_by(FrozenList.id.desc())
    return db.session.scalars(query).all()


def frozen(which: Allocation, list_id: int) -> FrozenList:
    """Return a list of an allocation.

    :raises Refused: 404 when there is none.
    """
    found = db.session.get(FrozenList, list_id)
    if found is None or found.round.allocation_id != which.id:
        raise Refused("no_list", _l("There is no such list here."), HTTPStatus.NOT_FOUND)
    return found


def lines(which: FrozenList, after: int = 0, limit: int | None = PAGE) -> Sequence[ListLine]:
    """Return the lines of a list by number, a page at a time."""
    query = select(ListLine).where(ListLine.list_id == which.id, ListLine.number > after)
    return db.session.scalars(query.order_by(ListLine.number).limit(limit)).all()


def entries(which: FrozenList) -> list[Entry]:
    """Return all lines as they are drawn."""
    query = select(ListLine.number, ListLine.tier, ListLine.name)
    query = query.where(ListLine.list_id == which.id).order_by(ListLine.number)
    return [Entry(*row) for row in db.session.execute(query)]


def text(which: FrozenList) -> str:
    """Return the canonical text whose hash was published."""
    return drawing.list_text(which.round.hash, allocating.iso(which.frozen_at), entries(which))


def lacks(which: Allocation, of: DrawRound) -> list[str]:
    """Return what has to be done before the list can be frozen."""
    found = []
    now = clock.now()
    if now < which.closes_at:
        found.append(str(_l("Applications can still come in.")))
    if undecided := verifying.undecided(which):
        found.append(str(_l("Claims that nobody has decided: %(number)d.", number=undecided)))
    before = last_list(of)
    if before is not None and (waiting := unanswered(which, before)):
        found.append(str(_l("Objections that wait for their answer: %(number)d.", number=waiting)))
    if doubled := sum(not group.settled for group in verifying.doubles(which)):
        sentence = _l(
            "Groups that look like doubles and are undecided: %(number)d.", number=doubled
        )
        found.append(str(sentence))
    if which.ordering == LOTTERY and now >= of.public_at:
        sentence = _l(
            "The public number is known by now, so that the list cannot be frozen before it. "
            "Begin anew with another public number of a later day."
        )
        found.append(str(sentence))
    return found


def freeze(actor: Actor, which: Allocation, reason: str = "") -> FrozenList:
    """Freeze the list and publish its hash: an official act. From now on objections can come in.

    :param reason: why it is made anew, where there was one before in this round.
    :raises Refused: `not_now`, `waits` with what has to be done first, `nobody`, `reason`.
    """
    allocating.locked(which)
    of = allocating.last_round(which)
    if which.state != FIXED or of is None:
        message = _l("There is no list to be frozen now.")
        raise Refused("not_now", message, HTTPStatus.CONFLICT)
    if waits := lacks(which, of):
        raise Refused("waits", waits[0], HTTPStatus.CONFLICT)
    before = last_list(of)
    if before is not None and not reason:
        raise Refused("reason", _l("Please say what has changed since the list before."))
    rows = _standing(which)
    if not rows:
        message = _l("Nobody has applied, so there is nothing to be drawn.")
        raise Refused("nobody", message, HTTPStatus.CONFLICT)
    now = clock.now()
    text_now = drawing.list_text(of.hash, allocating.iso(now), rows)
    made = FrozenList(
        round_id=of.id,
        number=before.number + 1 if before else 1,
        hash=drawing.digest(text_now),
        count=len(rows),
        reason=reason,
        frozen_at=now,
        until=allocating.earliest(now),
        by_id=actor.person_id,
        office=actor.office_at(which.community.path),
    )
    db.session.add(made)
    db.session.flush()
    values = [
        {"list_id": made.id, "number": row.number, "tier": row.tier, "name": row.name}
        for row in rows
    ]
    db.session.connection().execute(insert(ListLine), values)
    which.state = FROZEN
    db.session.flush()
    plugin.audit(
        "list_frozen",
        community=which.community,
        subject=allocating.subject(which),
        actor=actor,
        data={"list": made.hash, "count": made.count, "round": of.number, "number": made.number},
    )
    return made


def _standing(which: Allocation) -> list[Entry]:
    """Return who takes part, each in the tier of what was verified."""
    taking = (Applicant.allocation_id == which.id, Applicant.state == SUBMITTED)
    counts = select(Ground.applicant_id, Ground.kind).where(Ground.state == VERIFIED)
    counts = counts.join(Applicant, Applicant.id == Ground.applicant_id).where(*taking)
    verified: dict[int, list[str]] = {}
    for applicant_id, kind in db.session.execute(counts):
        verified.setdefault(applicant_id, []).append(kind)
    query = (
        select(Applicant.id, Applicant.number, Person.name)
        .join(Person, Person.id == Applicant.person_id)
        .where(*taking)
        .order_by(Applicant.number)
    )
    return [
        Entry(number or 0, verifying.tier_of(verified.get(key, ()), which.tiers), masked(name))
        for key, number, name in db.session.execute(query)
    ]


def masked(name: str) -> str:
    """Return a name with all but its first sign covered."""
    return f"{name.strip()[:1]}*"


def unanswered(which: Allocation, of: FrozenList) -> int:
    """Return how many objections to a list wait for their answer."""
    query = select(Plea.id).filter_by(allocation_id=which.id, list_id=of.id, kind=OBJECTION)
    return len(db.session.scalars(query.where(Plea.upheld.is_(None))).all())
