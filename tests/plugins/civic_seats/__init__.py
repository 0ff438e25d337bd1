"""Seats of a hall, given out by the core's service for places: a sample without tables."""

from flask import g, request
from flask.typing import ResponseReturnValue

from civic.api import Permission, Plugin, Refused, db, holds, require, see_other

plugin = Plugin(
    "seats",
    __name__,
    title="Seats",
    api=">=1.0,<2",
    permissions=[Permission("sit", "Take a seat", "resident")],
)
HALL = "seats.hall"


@plugin.get("/")
def index() -> ResponseReturnValue:
    """Show what is free, and one's own claim."""
    found = holds.places([HALL]).get(HALL)
    mine = holds.mine(g.actor.person_id, [HALL]).get(HALL)
    return f"{found.taken if found else '-'} {mine.state if mine else '-'}"


@plugin.post("/")
@require("seats.sit")
def sit() -> ResponseReturnValue:
    """Claim seats."""
    try:
        holds.claim(HALL, g.actor.person_id, int(request.form["places"]))
    except Refused as refused:
        db.session.rollback()
        return refused.code, refused.status
    db.session.commit()
    return see_other(request.path)


@plugin.post("/<int:claim_id>/<act>")
@require("seats.sit")
def answer(claim_id: int, act: str) -> ResponseReturnValue:
    """Accept, decline or leave."""
    try:
        {"accept": holds.accept, "decline": holds.decline, "leave": holds.leave}[act](
            claim_id, g.actor.person_id
        )
    except Refused as refused:
        db.session.rollback()
        return refused.code, refused.status
    db.session.commit()
    return see_other("/c/erlonglu/seats/")
