"""The file of a published draw, and the same as a table; all of it masked."""

import csv
import io
from typing import Any

from sqlalchemy import select

from civic.api import db
from civic_rental import allocating, drawing, freezing
from civic_rental.allocation_models import Draw, DrawRank, ListLine
from civic_rental.drawing import Placed

PROGRAM = "verify_draw.py"
#: As `Placed` has them.
COLUMNS = (DrawRank.number, DrawRank.rank, DrawRank.tier, DrawRank.placed_in)


def ranks(which: Draw, after: int = 0, limit: int | None = None) -> list[tuple[Placed, str]]:
    """Return the ranks of a draw in their order, each with the masked name of its line."""
    query = (
        select(*COLUMNS, ListLine.name)
        .join(ListLine, (ListLine.list_id == which.list_id) & (ListLine.number == DrawRank.number))
        .where(DrawRank.draw_id == which.id, DrawRank.rank > after)
        .order_by(DrawRank.rank)
        .limit(limit)
    )
    return [(Placed(*row[:4]), row[4]) for row in db.session.execute(query)]


def bundle(which: Draw) -> dict[str, Any]:
    """Return all that is needed to recompute a draw, as `verify_draw.py` reads it."""
    query = select(*COLUMNS).where(DrawRank.draw_id == which.id).order_by(DrawRank.rank)
    record = drawing.record(
        list_hash=which.list.hash,
        secret=which.round.secret,
        public=which.public_number,
        seed_hex=which.seed,
        drawn_at=allocating.iso(which.at),
        places=[Placed(*row) for row in db.session.execute(query)],
    )
    return drawing.bundle(which.round.rule, freezing.text(which.list), record)


def table(which: Draw) -> str:
    """Return the ranks as a table of text that no spreadsheet program runs anything of."""
    stream = io.StringIO()
    rows = csv.writer(stream, lineterminator="\r\n")
    rows.writerow(("排名", "受理号", "顺位", "按此顺位摇号", "姓名", "排序值"))
    for rank, name in ranks(which):
        value = drawing.value(which.seed, rank.number) if which.seed else ""
        rows.writerow((rank.rank, rank.number, rank.tier, rank.placed_in, name, value))
    return "\ufeff" + stream.getvalue()
