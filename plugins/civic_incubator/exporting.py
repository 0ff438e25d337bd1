"""The file from which anybody computes the ranking of a call again; it names no reviewer."""

from typing import Any

from sqlalchemy import select

from civic.api import db
from civic_incubator import awarding, panel, seating
from civic_incubator.models import Call
from civic_incubator.review_models import Declaration, Review, Seat

FORMAT = "civic-incubator-call/1"
SIDE_LETTERS = {"expert": "E", "resident": "R"}


def bundle(which: Call) -> dict[str, Any]:
    """Return weights, criteria, marks and awards of a call, in JSON values.

    Reviewers stand in it as E1, E2, R1 …, in the order of their seats; conflicts as left-out marks
    alone, and neither comments nor reasons.
    """
    names: dict[int, str] = {}
    for side, letter in SIDE_LETTERS.items():
        for place, seat in enumerate(seating.seats(which, side), 1):
            names[seat.id] = f"{letter}{place}"
    query = (
        select(Declaration.application_id, Seat.id, Seat.side, Review.marks)
        .join(Review, Review.declaration_id == Declaration.id)
        .join(Seat, Seat.id == Declaration.seat_id)
        .where(Declaration.call_id == which.id)
        .order_by(Declaration.application_id, Seat.id)
    )
    reviews: dict[int, list[dict[str, Any]]] = {}
    for application_id, seat_id, side, marks in db.session.execute(query):
        row = {"reviewer": names[seat_id], "side": side, "marks": marks}
        reviews.setdefault(application_id, []).append(row)
    return {
        "format": FORMAT,
        "call": which.id,
        "title": which.title,
        "most": which.most_marks,
        "pot_fen": which.pot,
        "sides": dict(awarding.rules(which).sides),
        "criteria": [{"code": row["code"], "weight": row["weight"]} for row in which.criteria],
        "applications": [
            {
                "number": one.number,
                "title": one.title,
                "organisation": one.organisation.name,
                "asked_fen": one.asked,
                "reviews": reviews.get(one.id, []),
            }
            for one in panel.reviewed(which)
        ],
        "lists": [
            {
                "number": drawn.number,
                "note": drawn.note,
                "shown_at": drawn.shown_at.isoformat(),
                "until": drawn.until.isoformat(),
                "awards": [
                    {"number": award.application.number, "fen": award.fen} for award in drawn.awards
                ],
            }
            for drawn in reversed(awarding.lists(which))
        ],
    }
