"""What is kept about people: given out to them, and forgotten with their account."""

from sqlalchemy import delete, select, update

from civic.api import Table, db
from civic.api import lazy_gettext as _l
from civic_incubator.models import Application, Member
from civic_incubator.review_models import AwardList, Declaration, Objection, Review, Seat
from civic_incubator.words import said


def export(person_id: int) -> list[Table]:
    """Return all that is stored about a person."""
    return [
        _organisations(person_id),
        _applications(person_id),
        _reviews(person_id),
        _objections(person_id),
        _acts(person_id),
    ]


def _organisations(person_id: int) -> Table:
    query = select(Member).where(Member.person_id == person_id).order_by(Member.id)
    return Table(
        name="incubator_organisations",
        title=_l("Organisations you speak for"),
        columns={"name": _l("Organisation"), "joined_at": _l("Since")},
        rows=[(row.organisation.name, row.joined_at) for row in db.session.scalars(query)],
    )


def _applications(person_id: int) -> Table:
    mine = (Application.saved_by == person_id) | (Application.submitted_by == person_id)
    found = db.session.scalars(select(Application).where(mine).order_by(Application.id))
    return Table(
        name="incubator_applications",
        title=_l("Applications you saved or handed in"),
        columns={"title": _l("Project"), "saved_at": _l("Saved"), "submitted_at": _l("Handed in")},
        rows=[
            (
                row.title,
                row.saved_at if row.saved_by == person_id else None,
                row.submitted_at if row.submitted_by == person_id else None,
            )
            for row in found
        ],
    )


def _reviews(person_id: int) -> Table:
    query = (
        select(Seat, Declaration, Application, Review)
        .outerjoin(Declaration, Declaration.seat_id == Seat.id)
        .outerjoin(Application, Application.id == Declaration.application_id)
        .outerjoin(Review, Review.declaration_id == Declaration.id)
        .where(Seat.person_id == person_id)
        .order_by(Seat.id, Declaration.id)
    )
    return Table(
        name="incubator_reviews",
        title=_l("Your seats on panels, and your marks"),
        columns={
            "call": _l("Call"),
            "seated_at": _l("Since"),
            "project": _l("Project"),
            "involved": _l("Involved in it"),
            "reason": _l("Why"),
            "marks": _l("Marks"),
            "comment": _l("Reasons"),
        },
        rows=[
            (
                seat.call.title,
                seat.seated_at,
                one.title if one else "",
                declared.conflicted if declared else None,
                declared.reason if declared else "",
                _marks(review, seat) if review else "",
                review.comment if review else "",
            )
            for seat, declared, one, review in db.session.execute(query)
        ],
    )


def _marks(review: Review, seat: Seat) -> str:
    titles = {row["code"]: said(row) for row in seat.call.criteria}
    return "; ".join(f"{titles[code]}: {mark}" for code, mark in review.marks.items())


def _objections(person_id: int) -> Table:
    query = select(Objection).where(Objection.person_id == person_id).order_by(Objection.id)
    return Table(
        name="incubator_objections",
        title=_l("Your objections to awards"),
        columns={"text": _l("Objection"), "raised_at": _l("Raised"), "answer": _l("Answer")},
        rows=[(row.text, row.raised_at, row.answer) for row in db.session.scalars(query)],
    )


def _acts(person_id: int) -> Table:
    drawn = select(AwardList).where(AwardList.drawn_by == person_id).order_by(AwardList.id)
    answered = select(Objection).where(Objection.answered_by == person_id).order_by(Objection.id)
    rows: list[tuple[object, ...]] = [
        (_l("List of awards"), row.shown_at, row.note) for row in db.session.scalars(drawn)
    ]
    rows += [(_l("Answer"), row.answered_at, row.answer) for row in db.session.scalars(answered)]
    return Table(
        name="incubator_acts",
        title=_l("Lists of awards you drew up, objections you answered"),
        columns={"act": _l("What"), "at": _l("When"), "words": _l("What was written")},
        rows=rows,
    )


def forget(person_id: int) -> None:
    """Take a person out of all that stays; what they declared about themself goes."""
    db.session.execute(delete(Member).where(Member.person_id == person_id))
    for column in (
        Application.saved_by,
        Application.submitted_by,
        AwardList.drawn_by,
        Objection.answered_by,
    ):
        changed = update(column.class_).where(column == person_id)
        db.session.execute(changed.values({column.key: None}))
    mine = select(Seat.id).where(Seat.person_id == person_id)
    seats = list(db.session.scalars(mine))
    declared = select(Declaration.id).where(Declaration.seat_id.in_(seats))
    db.session.execute(update(Review).where(Review.declaration_id.in_(declared)).values(comment=""))
    conflicts = update(Declaration).where(Declaration.seat_id.in_(seats), Declaration.conflicted)
    db.session.execute(conflicts.values(reason="–"))
    db.session.execute(update(Seat).where(Seat.id.in_(seats)).values(person_id=None))
    own = update(Objection).where(Objection.person_id == person_id)
    db.session.execute(own.values(person_id=None, text=""))
