"""Tables of the box: used rights, receipts in a chain, and choices that lead to nobody."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from civic.kernel.db import Model, one_of
from civic.voting.kinds import CHANNELS, DETACHED

CAST, WITHDRAWN = "cast", "withdrawn"
#: What the composite key of a ballot carries into every row of the box.
_PROMISE = ["ballot.id", "ballot.secrecy", "ballot.rehearsal"]


class UsedRight(Model):
    """Mark that a right has been used in a ballot, which the key makes possible once.

    :ivar key: of the right, as `person:12`; of somebody whose account is closed a random one; in
        a rehearsal `test:3`.
    :ivar person_id: who used it.
    :ivar choice: what was chosen, in canonical JSON: until the close of a sealed ballot, for good
        in a named one, never in a detached one.
    :ivar code: of the receipt that counts now.
    :ivar earlier: code of the receipt that it replaced; only while the transaction that strikes it
        goes on does anything read it.
    :ivar cast_at: kept while the vote can be changed, and in a named ballot.
    """

    __table_args__ = (
        ForeignKeyConstraint(["ballot_id", "secrecy", "rehearsal"], _PROMISE),
        one_of("channel", CHANNELS),
        CheckConstraint(
            f"secrecy <> '{DETACHED}' OR (choice IS NULL AND cast_at IS NULL"
            " AND changed_at IS NULL)",
            name="detached",
        ),
        CheckConstraint("rehearsal = (key LIKE 'test:%')", name="rehearsal"),
        UniqueConstraint("ballot_id", "right_id"),
    )

    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    secrecy: Mapped[str]
    rehearsal: Mapped[bool]
    right_id: Mapped[int | None] = mapped_column(ForeignKey("voting_right.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    channel: Mapped[str]
    choice: Mapped[str | None]
    code: Mapped[str | None]
    earlier: Mapped[str | None]
    cast_at: Mapped[datetime | None]
    changed_at: Mapped[datetime | None]


class Receipt(Model):
    """Be one link of the chain of receipts, in order of acceptance; never changed or taken out.

    Triggers hold the chain: a link fits the one before it, and moves head and turnout of its
    ballot. It has no time, and nothing leads from it to a choice.

    :ivar act: `cast`, or `withdrawn` where a vote was taken back without another.
    :ivar strikes: number of the receipt that this one makes void.
    """

    __table_args__ = (
        ForeignKeyConstraint(["ballot_id", "strikes"], ["receipt.ballot_id", "receipt.number"]),
        one_of("act", (CAST, WITHDRAWN)),
        one_of("channel", CHANNELS),
        CheckConstraint("strikes < number", name="strikes"),
        CheckConstraint(f"act = '{CAST}' OR strikes IS NOT NULL", name="withdrawn"),
        CheckConstraint("rehearsal = (code LIKE 'TEST0-%')", name="rehearsal"),
        UniqueConstraint("ballot_id", "code"),
        UniqueConstraint("ballot_id", "strikes"),
    )

    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code: Mapped[str]
    act: Mapped[str]
    strikes: Mapped[int | None]
    channel: Mapped[str]
    rehearsal: Mapped[bool]
    previous: Mapped[str]
    hash: Mapped[str]


class ReceiptCheck(Model):
    """Mark that somebody has looked a receipt up; who and when is not kept."""

    __table_args__ = (
        ForeignKeyConstraint(["ballot_id", "number"], ["receipt.ballot_id", "receipt.number"]),
    )

    ballot_id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class Urn(Model):
    """Hold some choices of a detached ballot until the close, sorted, so that none is the last."""

    __table_args__ = (
        ForeignKeyConstraint(["ballot_id", "secrecy", "rehearsal"], _PROMISE),
        CheckConstraint(f"secrecy = '{DETACHED}'", name="detached"),
    )

    ballot_id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    secrecy: Mapped[str]
    rehearsal: Mapped[bool]
    choices: Mapped[str]


class Paper(Model):
    """Be one counted choice after the close, under a random key in a random order.

    :ivar area_cm2: only in named ballots of owners; elsewhere it would name a flat.
    """

    __table_args__ = (
        CheckConstraint("heads >= 0 AND (area_cm2 IS NULL OR area_cm2 >= 0)", name="measures"),
    )

    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    choice: Mapped[str]
    heads: Mapped[int]
    area_cm2: Mapped[int | None] = mapped_column(BigInteger)
    rehearsal: Mapped[bool]
