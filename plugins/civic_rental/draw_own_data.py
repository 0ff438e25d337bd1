"""What is kept about applicants and about who allots: given out, and forgotten."""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import selectinload

from civic.api import Table, clock, db
from civic.api import lazy_gettext as _l
from civic_rental.allocation_models import (
    CLOSED,
    Allocation,
    Draw,
    DrawRank,
    DrawRound,
    FrozenList,
    Publication,
)
from civic_rental.application_models import (
    DRAFT,
    SUBMITTED,
    WITHDRAWN,
    Applicant,
    Doubles,
    Ground,
    Letting,
    Plea,
)
from civic_rental.words import titles

WHEN = _l("When")
#: Who did what, each with its moment.
ACTS = (
    (_l("Allotment drawn up"), Allocation.made_by, Allocation.made_at),
    (_l("Rule and secret fixed"), DrawRound.by_id, DrawRound.at),
    (_l("List frozen"), FrozenList.by_id, FrozenList.frozen_at),
    (_l("Order drawn"), Draw.by_id, Draw.at),
    (_l("Draw published"), Publication.by_id, Publication.at),
    (_l("Claim decided"), Ground.decided_by, Ground.decided_at),
    (_l("Doubles decided"), Doubles.by_id, Doubles.at),
    (_l("Objection or request answered"), Plea.answered_by, Plea.answered_at),
)
STATES = {
    DRAFT: _l("Draft"),
    SUBMITTED: _l("Application handed in"),
    WITHDRAWN: _l("Withdrawn"),
    "set_aside": _l("Set aside as a double"),
}


def export(person_id: int) -> list[Table]:
    """Return all that is stored about a person."""
    return [_applications(person_id), _ranks(person_id), _appeals(person_id), _acts(person_id)]


def _applications(person_id: int) -> Table:
    query = (
        select(Applicant)
        .where(Applicant.person_id == person_id)
        .options(selectinload(Applicant.grounds), selectinload(Applicant.workplace))
        .order_by(Applicant.id)
    )
    claims = titles("allocation", "claim")
    return Table(
        "rental_applications",
        _l("Your applications for homes"),
        {
            "title": _l("Homes"),
            "state": _l("State"),
            "number": _l("Receipt number"),
            "household": _l("How many people will live there"),
            "phone": _l("Telephone number"),
            "address": _l("Where you live now"),
            "unit": _l("For whom you work"),
            "workplace": _l("Where you work"),
            "wishes": _l("Wishes"),
            "claims": _l("What counts"),
            "saved_at": _l("Saved"),
            "submitted_at": _l("When it was handed in"),
        },
        [
            (
                one.allocation.title,
                STATES[one.state],
                one.number,
                one.household,
                one.phone,
                one.address,
                one.unit,
                one.workplace.name if one.workplace else "",
                one.wishes,
                "; ".join(f"{claims[row.kind]}: {row.evidence}" for row in one.grounds),
                one.saved_at,
                one.submitted_at,
            )
            for one in db.session.scalars(query)
        ],
    )


def _ranks(person_id: int) -> Table:
    same = (DrawRank.number == Applicant.number) & (DrawRank.draw_id == Draw.id)
    query = (
        select(Allocation.title, Applicant.number, DrawRank.rank, Publication.at, Letting.at)
        .join(Allocation, Allocation.id == Applicant.allocation_id)
        .join(DrawRound, DrawRound.allocation_id == Allocation.id)
        .join(Draw, Draw.round_id == DrawRound.id)
        .join(Publication, Publication.draw_id == Draw.id)
        .join(DrawRank, same)
        .outerjoin(Letting, Letting.applicant_id == Applicant.id)
        .where(Applicant.person_id == person_id)
        .order_by(Draw.id)
    )
    return Table(
        "rental_ranks",
        _l("Your ranks in draws for homes"),
        {
            "title": _l("Homes"),
            "number": _l("Receipt number"),
            "rank": _l("Rank"),
            "at": WHEN,
            "taken_at": _l("Home taken"),
        },
        [tuple(row) for row in db.session.execute(query)],
    )


def _appeals(person_id: int) -> Table:
    query = select(Plea).where(Plea.person_id == person_id).order_by(Plea.id)
    return Table(
        "rental_appeals",
        _l("Your objections to lists, and reviews you asked for"),
        {"title": _l("Homes"), "text": _l("What you wrote"), "at": WHEN, "answer": _l("Answer")},
        [(row.allocation.title, row.text, row.at, row.answer) for row in db.session.scalars(query)],
    )


def _acts(person_id: int) -> Table:
    rows: list[tuple[object, ...]] = []
    for words, column, at in ACTS:
        query = select(at).where(column == person_id).order_by(column.class_.id)
        rows += [(words, moment) for moment in db.session.scalars(query)]
    return Table(
        "rental_allotting", _l("How you allotted homes"), {"act": _l("What"), "at": WHEN}, rows
    )


def forget(person_id: int) -> None:
    """Take a person out of all that stays: lines keep their receipt number, without a name.

    A home that was taken goes to the next in line, unless its allotment is closed.
    """
    mine = select(Applicant).where(Applicant.person_id == person_id)
    for one in db.session.scalars(mine.options(selectinload(Applicant.grounds))).all():
        _forget(one)
    own = update(Plea).where(Plea.person_id == person_id)
    db.session.execute(own.values(person_id=None, text=""))
    for _words, column, _at in ACTS:
        changed: Any = update(column.class_).where(column == person_id)
        db.session.execute(changed.values({column.key: None}))


def _forget(one: Applicant) -> None:
    if one.state == DRAFT:
        db.session.delete(one)
        db.session.flush()
        return
    let = db.session.scalars(select(Letting).filter_by(applicant_id=one.id)).first()
    if let is not None and one.allocation.state != CLOSED:
        db.session.delete(let)
    if one.state == SUBMITTED:
        one.state, one.withdrawn_at = WITHDRAWN, clock.now()
    one.person_id, one.workplace_id, one.household = None, None, None
    one.place_until = None
    for name in ("place", "phone", "phone_key", "address", "address_key", "unit", "wishes"):
        setattr(one, name, "")
    for ground in one.grounds:
        ground.evidence = ""
    db.session.flush()
