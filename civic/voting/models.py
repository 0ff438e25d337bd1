"""Tables of ballots: what is asked, the rules fixed at opening, and the acts of two people."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.kernel.db import Model, Owned, one_of
from civic.voting.kinds import (
    AT_CLOSE,
    DETACHED,
    KINDS,
    METHODS,
    NAMED,
    ONE,
    SEALED,
    SECRECY,
    SHOW_ALL,
    SHOWN,
    TIES,
)

OPENED, CLOSED, PUBLISHED = "open", "close", "publish"
STEPS = (OPENED, CLOSED, PUBLISHED)


class Ballot(Owned, Model):
    """Ask one question; abstaining is always possible.

    Once `fingerprint` is set, a trigger of the database keeps what it covers as it is; `closes_at`
    moves only together with a row of `BallotExtension`.

    :ivar audience: groups that may vote, as `resident`, where no roll names each right.
    :ivar limits: numbers of its kind (`kinds.KINDS`).
    :ivar secrecy: who can know what; fixed when the ballot is made.
    :ivar shows: when the result is shown; another switch than secrecy.
    :ivar tie: what decides between outcomes that are tied.
    :ivar changeable: whether a vote can be replaced until the close.
    :ivar formal: whether opening, closing and publishing take two people.
    :ivar procedure: the procedure as it stood when it was copied.
    :ivar rules: what the fingerprint covers.
    :ivar head: hash of the last receipt; of a ballot without receipts the fingerprint.
    :ivar receipts: number of the last receipt.
    :ivar turnout: rights used; the only figure known before the close.
    :ivar closing: the closing record; `closing_hash` is over it.
    :ivar scrubbed_at: when what the close erased had left the files, too.
    """

    __table_args__ = (
        CheckConstraint("closes_at > opens_at", name="period"),
        CheckConstraint("turnout >= 0 AND turnout <= receipts", name="turnout"),
        one_of("kind", KINDS),
        one_of("method", METHODS),
        one_of("secrecy", SECRECY),
        one_of("shows", SHOWN),
        one_of("tie", TIES),
        CheckConstraint("seats >= 1", name="seats"),
        CheckConstraint(f"secrecy <> '{DETACHED}' OR NOT changeable", name="detached_once"),
        CheckConstraint("(fingerprint IS NULL) = (fixed_at IS NULL)", name="fixed"),
        CheckConstraint(
            "(sealed_at IS NULL) = (closing_hash IS NULL)"
            " AND (sealed_at IS NULL OR fingerprint IS NOT NULL)",
            name="sealed",
        ),
        UniqueConstraint("id", "secrecy", "rehearsal"),
        Index(None, "sealed_at", "closes_at"),
    )

    question: Mapped[str]
    audience: Mapped[list[str]]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(default=ONE)
    method: Mapped[str] = mapped_column(default="plurality")
    seats: Mapped[int] = mapped_column(default=1)
    limits: Mapped[dict[str, Any]] = mapped_column(default=dict)
    secrecy: Mapped[str] = mapped_column(default=SEALED)
    shows: Mapped[str] = mapped_column(default=AT_CLOSE)
    tie: Mapped[str] = mapped_column(default=SHOW_ALL)
    changeable: Mapped[bool] = mapped_column(default=True)
    formal: Mapped[bool] = mapped_column(default=False)
    rehearsal: Mapped[bool] = mapped_column(default=False)
    roll_id: Mapped[int | None] = mapped_column(ForeignKey("roll.id"), index=True)
    procedure: Mapped[dict[str, Any]] = mapped_column(default=dict)
    rules: Mapped[dict[str, Any]] = mapped_column(default=dict)
    fingerprint: Mapped[str | None]
    fixed_at: Mapped[datetime | None]
    head: Mapped[str] = mapped_column(default="")
    receipts: Mapped[int] = mapped_column(default=0)
    turnout: Mapped[int] = mapped_column(default=0)
    closing: Mapped[dict[str, Any]] = mapped_column(default=dict)
    closing_hash: Mapped[str | None]
    sealed_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    scrubbed_at: Mapped[datetime | None]
    options: Mapped[list["BallotOption"]] = relationship(
        order_by="BallotOption.position", lazy="raise", cascade="all, delete-orphan"
    )

    @property
    def secret(self) -> bool:
        """Tell whether nobody may learn, after the close, who chose what."""
        return self.secrecy != NAMED


class BallotOption(Model):
    """Be one of the answers, items or projects that a ballot offers.

    :ivar cost: of a project, in whole yuan; 0 elsewhere.
    """

    __table_args__ = (
        CheckConstraint("cost >= 0", name="cost"),
        UniqueConstraint("ballot_id", "id"),
        UniqueConstraint("ballot_id", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"))
    position: Mapped[int]
    text: Mapped[str]
    cost: Mapped[int] = mapped_column(default=0)


class BallotExtension(Model):
    """Announce that a ballot closes later than it was fixed, and why."""

    __table_args__ = (
        CheckConstraint("closes_at > was", name="later"),
        CheckConstraint("reason <> ''", name="reason"),
        UniqueConstraint("ballot_id", "closes_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"))
    was: Mapped[datetime]
    closes_at: Mapped[datetime]
    reason: Mapped[str]
    by: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime]


class BallotStep(Model):
    """Take an act of weight upon a ballot by two people: one proposes it, another one confirms."""

    __table_args__ = (
        one_of("act", STEPS),
        CheckConstraint("confirmed_by <> proposed_by", name="two_people"),
        CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmed"),
        UniqueConstraint("ballot_id", "act"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"))
    act: Mapped[str]
    proposed_by: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    proposed_at: Mapped[datetime]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    confirmed_at: Mapped[datetime | None]
