"""What the panel of a call does: each declares conflicts first, then gives marks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from sqlalchemy import delete, select

from civic.api import Actor, Refused, clock, db
from civic.api import lazy_gettext as _l
from civic_incubator import registry
from civic_incubator.manifest import plugin
from civic_incubator.models import PASSED, Application, Call
from civic_incubator.review_models import Declaration, Review, Seat
from civic_incubator.seating import check_in_review


@dataclass(frozen=True)
class Word:
    """Be what a reviewer says about one application before the first mark."""

    application_id: int
    conflicted: bool
    reason: str = ""


def reviewed(which: Call) -> Sequence[Application]:
    """Return the applications that passed the check, in the order of their numbers."""
    query = select(Application).where(Application.call_id == which.id, Application.state == PASSED)
    return db.session.scalars(query.order_by(Application.number)).all()


def declarations(seat: Seat) -> dict[int, Declaration]:
    """Return what somebody has declared, by application."""
    query = select(Declaration).where(Declaration.seat_id == seat.id).order_by(Declaration.id)
    return {row.application_id: row for row in db.session.scalars(query)}


def declare(actor: Actor, seat: Seat, words: Sequence[Word]) -> None:
    """Say of every application whether one is involved in it; before that nothing can be marked.

    A conflict that comes up later takes back the marks that were given.

    :raises Refused: `declare_all` where one is left out, `reason` for a conflict without words,
        `member` where somebody of the applying organisation says that there is none.
    """
    check_in_review(seat.call)
    said = {word.application_id: word for word in words}
    wanted = reviewed(seat.call)
    if said.keys() != {one.id for one in wanted}:
        raise Refused("declare_all", _l("Please answer for every application, then go on."))
    for one in wanted:
        word = said[one.id]
        if word.conflicted and not word.reason:
            message = _l("No. %(number)d: please say what connects you with it.")
            raise Refused("reason", message, values={"number": one.number})
        if not word.conflicted and registry.speaks_for(actor, one.organisation_id):
            message = _l("No. %(number)d comes from your own organisation, so you are involved.")
            raise Refused("member", message, values={"number": one.number})
    known = declarations(seat)
    for one in wanted:
        _declare(seat, known.get(one.id), said[one.id])
    plugin.audit(
        "declared",
        community=seat.call.community,
        subject=f"incubator_call:{seat.call_id}",
        actor=actor,
        data={"conflicts": sum(word.conflicted for word in words), "of": len(words)},
    )


def _declare(seat: Seat, found: Declaration | None, word: Word) -> None:
    if found is None:
        found = Declaration(
            call_id=seat.call_id, seat_id=seat.id, application_id=word.application_id
        )
        db.session.add(found)
    elif word.conflicted:
        db.session.execute(delete(Review).where(Review.declaration_id == found.id))
    found.conflicted, found.reason = word.conflicted, word.reason if word.conflicted else ""
    found.declared_at = clock.now()
    db.session.flush()


def may_mark(seat: Seat, which: Application) -> Declaration:
    """Return the declaration that lets somebody mark an application.

    :raises Refused: `declare_first`, `conflict`, `member` for who has come to speak for the
        organisation since they declared.
    """
    check_in_review(seat.call)
    found = declarations(seat).get(which.id)
    if found is None:
        message = _l("Please say first whether you are involved in one of the applications.")
        raise Refused("declare_first", message, HTTPStatus.CONFLICT)
    if found.conflicted:
        message = _l("You said that you are involved in this application, so you do not score it.")
        raise Refused("conflict", message, HTTPStatus.FORBIDDEN)
    if registry.has(seat.person_id, which.organisation_id):
        message = _l(
            "You speak for its organisation by now, so you are involved. Please say so in your "
            "declaration."
        )
        raise Refused("member", message, HTTPStatus.FORBIDDEN)
    return found


def mark(seat: Seat, which: Application, marks: Mapping[str, int | None], comment: str) -> Review:
    """Keep somebody's marks of an application; later ones take the place of earlier ones.

    :param marks: 0 to full marks by criterion, or nothing where it does not apply.
    :raises Refused: `marks` where one is missing or out of bounds, or as `may_mark`.
    """
    db.session.refresh(seat.call, with_for_update=True)
    declared = may_mark(seat, which)
    codes = {row["code"] for row in seat.call.criteria}
    most = seat.call.most_marks
    if marks.keys() != codes or any(
        value is not None and not 0 <= value <= most for value in marks.values()
    ):
        message = _l(
            "Please give each criterion 0 to %(most)d marks, or say that it does not apply."
        )
        raise Refused("marks", message, values={"most": most})
    found = db.session.scalar(select(Review).where(Review.declaration_id == declared.id))
    if found is None:
        found = Review(declaration_id=declared.id)
        db.session.add(found)
    found.marks, found.comment, found.given_at = dict(marks), comment, clock.now()
    db.session.flush()
    return found


def given(seat: Seat) -> dict[int, Review]:
    """Return the marks that somebody gave, by application."""
    query = select(Declaration.application_id, Review).join(
        Review, Review.declaration_id == Declaration.id
    )
    found = db.session.execute(query.where(Declaration.seat_id == seat.id))
    return {row[0]: row[1] for row in found}
