"""Why an applicant has the rank that they have, in figures that a page can say."""

from dataclasses import dataclass

from sqlalchemy import func, select

from civic.api import db
from civic_rental import drawing
from civic_rental.allocation_models import Draw, DrawRank
from civic_rental.words import said


@dataclass(frozen=True)
class Reason:
    """Be the rank of a receipt and what it came from.

    :ivar tier: words of the tier with which it was drawn.
    :ivar spilled: whether its own tier's quota was full.
    :ivar earlier: how many stand in tiers before; `ahead` how many of this tier before it.
    :ivar peers: how many are in the tier in all.
    :ivar value: by which it was put in order; empty for a queue.
    """

    rank: int
    of: int
    tier: str
    spilled: bool
    earlier: int
    ahead: int
    peers: int
    value: str


def reason(which: Draw, number: int) -> Reason | None:
    """Return why a receipt has its rank, or None where it was not on the list."""
    mine = db.session.get(DrawRank, (which.id, number))
    if mine is None:
        return None
    first = select(func.min(DrawRank.rank), func.count())
    first = first.where(DrawRank.draw_id == which.id, DrawRank.placed_in == mine.placed_in)
    before, peers = db.session.execute(first).one()
    words = {tier["code"]: said(tier) for tier in which.round.rule["tiers"]}
    return Reason(
        rank=mine.rank,
        of=which.list.count,
        tier=words[mine.placed_in],
        spilled=mine.placed_in != mine.tier,
        earlier=before - 1,
        ahead=mine.rank - before,
        peers=peers,
        value=drawing.value(which.seed, number) if which.seed else "",
    )
