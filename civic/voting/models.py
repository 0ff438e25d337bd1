"""Tables of ballots. That each person has one vote is a key of the database."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.kernel.db import Model, Owned


class Ballot(Owned, Model):
    """Ask one question with several options; abstaining is always possible.

    :ivar audience: groups that may vote, as `resident`.
    :ivar turnout: how many have voted; the only figure known before the close.
    :ivar unlinked: abstentions that count although who cast them has closed their account, so that
        nothing tells any more whose they were.
    """

    __table_args__ = (
        CheckConstraint("closes_at > opens_at", name="period"),
        CheckConstraint("turnout >= 0", name="turnout"),
        CheckConstraint("unlinked >= 0", name="unlinked"),
    )

    question: Mapped[str]
    audience: Mapped[list[str]]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    turnout: Mapped[int] = mapped_column(default=0)
    unlinked: Mapped[int] = mapped_column(default=0)
    options: Mapped[list["BallotOption"]] = relationship(
        order_by="BallotOption.position", lazy="raise", cascade="all, delete-orphan"
    )


class BallotOption(Model):
    """Be one of the answers that a ballot offers.

    :ivar unlinked: votes for it that count although who cast them has closed their account.
    """

    __table_args__ = (
        CheckConstraint("unlinked >= 0", name="unlinked"),
        UniqueConstraint("ballot_id", "id"),
        UniqueConstraint("ballot_id", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"))
    position: Mapped[int]
    text: Mapped[str]
    unlinked: Mapped[int] = mapped_column(default=0)


class Vote(Model):
    """Hold the one vote of one person in one ballot; without an option it is an abstention."""

    __table_args__ = (
        ForeignKeyConstraint(
            ["ballot_id", "option_id"], ["ballot_option.ballot_id", "ballot_option.id"]
        ),
        Index(None, "ballot_id", "option_id"),
    )

    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    option_id: Mapped[int | None]
    cast_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]
