"""The board: receipts in order of acceptance, whose last hash anybody may note at any time."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Row, exists, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased

from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.voting import canonical, codes
from civic.voting.box import CAST, Receipt, ReceiptCheck
from civic.voting.models import Ballot

CHUNK = 2000
PER_PAGE = 100


def entries(ballot_id: int) -> Iterator[Row[*tuple[Any, ...]]]:
    """Yield number, code, act, struck number, channel, previous hash and hash of receipts."""
    query = (
        select(
            Receipt.number,
            Receipt.code,
            Receipt.act,
            Receipt.strikes,
            Receipt.channel,
            Receipt.previous,
            Receipt.hash,
        )
        .where(Receipt.ballot_id == ballot_id)
        .order_by(Receipt.number)
    )
    yield from db.session.execute(query, execution_options={"yield_per": CHUNK})


def in_force(ballot: Ballot) -> dict[str, int]:
    """Follow the whole chain; return how many receipts are in force, by channel.

    :raises Refused: `chain` where one does not fit, or the ballot says otherwise.
    """
    head, number = ballot.fingerprint or "", 0
    names = [""]  # one byte for each receipt says which of these it came by; none when void
    channels = bytearray(1)
    for found, code, act, strikes, channel, previous, hashed in entries(ballot.id):
        number += 1
        line = canonical.receipt(found, code, act, strikes, channel)
        if previous != head or found != number or hashed != canonical.link(head, line):
            raise _broken(number)
        head = hashed
        if strikes is not None:
            channels[strikes] = 0
        if channel not in names:
            names.append(channel)
        channels.append(names.index(channel) if act == CAST else 0)
    counted = {names[place]: times for place, times in Counter(channels).items() if place}
    if (head, number, sum(counted.values())) != (ballot.head, ballot.receipts, ballot.turnout):
        raise _broken(number)
    return counted


def _broken(number: int) -> Refused:
    return Refused(
        "chain",
        _l("The chain of receipts is broken at %(number)d. Nothing is counted; call for help."),
        HTTPStatus.CONFLICT,
        {"number": number},
    )


@dataclass(frozen=True)
class Entry:
    """Be a receipt as the board shows it.

    :ivar struck_by: number of the receipt that makes it void.
    """

    number: int
    code: str
    act: str
    strikes: int | None
    struck_by: int | None
    hash: str

    @property
    def struck(self) -> bool:
        """Tell whether a later receipt makes it void."""
        return self.struck_by is not None


def page(ballot_id: int, before: int | None = None) -> Sequence[Entry]:
    """Return receipts of a ballot, the newest first.

    :param before: number from which to go on to earlier ones.
    """
    later = aliased(Receipt)
    struck = (
        select(later.number)
        .where(later.ballot_id == ballot_id, later.strikes == Receipt.number)
        .scalar_subquery()
    )
    query = select(
        Receipt.number, Receipt.code, Receipt.act, Receipt.strikes, struck, Receipt.hash
    ).where(Receipt.ballot_id == ballot_id)
    if before is not None:
        query = query.where(Receipt.number < before)
    rows = db.session.execute(query.order_by(Receipt.number.desc()).limit(PER_PAGE))
    return [Entry(*row) for row in rows]


def find(ballot_id: int, typed: str) -> Entry | None:
    """Return the receipt of a code, however it was typed."""
    later = aliased(Receipt)
    struck = (
        select(later.number)
        .where(later.ballot_id == ballot_id, later.strikes == Receipt.number)
        .scalar_subquery()
    )
    row = db.session.execute(
        select(
            Receipt.number, Receipt.code, Receipt.act, Receipt.strikes, struck, Receipt.hash
        ).filter_by(ballot_id=ballot_id, code=codes.normal(typed))
    ).one_or_none()
    return Entry(*row) if row else None


def checked(ballot_id: int) -> int:
    """Return how many receipts in force somebody has looked up."""
    later = aliased(Receipt)
    struck = exists().where(later.ballot_id == ballot_id, later.strikes == ReceiptCheck.number)
    query = (
        select(func.count())
        .select_from(ReceiptCheck)
        .where(ReceiptCheck.ballot_id == ballot_id, ~struck)
    )
    return db.session.scalar(query) or 0


def mark(ballot_id: int, typed: str) -> Entry:
    """Count a receipt as looked up; not by whom.

    :raises Refused: `no_receipt` for a code that is not on the board.
    """
    found = find(ballot_id, typed)
    if found is None:
        raise Refused(
            "no_receipt",
            _l("This code is not on the board of this ballot. Please check each letter."),
            HTTPStatus.NOT_FOUND,
        )
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    row = insert(ReceiptCheck).values(ballot_id=ballot_id, number=found.number)
    db.session.execute(row.on_conflict_do_nothing())
    return found
