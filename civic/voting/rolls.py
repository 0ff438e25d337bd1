"""Tables of rolls: each right to vote once, who may use it, objections and changes."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civic.kernel.db import Model, Owned, one_of
from civic.voting.kinds import CAPACITIES, UNITS

DRAFT, FROZEN = "draft", "frozen"
ADDED, STRUCK, CORRECTED = "added", "struck", "corrected"
CHANGES = (ADDED, STRUCK, CORRECTED)
UPHELD, DISMISSED = "upheld", "dismissed"


class Roll(Owned, Model):
    """List the rights to vote on one matter.

    :ivar rule: how it was drawn, as data: whose standings, where, from which age, on which day.
    :ivar measures: what is counted: `heads`, or `heads` and `area_cm2`.
    :ivar heads: of all rights in force, as a figure of the frozen roll.
    """

    __table_args__ = (
        one_of("unit", UNITS),
        one_of("state", (DRAFT, FROZEN)),
        CheckConstraint("heads >= 0 AND area_cm2 >= 0", name="measures"),
        CheckConstraint(
            "(state = 'frozen') = (frozen_at IS NOT NULL)"
            " AND (frozen_at IS NULL) = (frozen_by IS NULL)",
            name="frozen",
        ),
        CheckConstraint(
            "frozen_by IS NULL OR (proposed_by IS NOT NULL AND frozen_by <> proposed_by)",
            name="two_people",
        ),
    )

    unit: Mapped[str]
    rule: Mapped[dict[str, Any]]
    measures: Mapped[list[str]]
    state: Mapped[str] = mapped_column(default=DRAFT)
    drawn_at: Mapped[datetime]
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    frozen_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    frozen_at: Mapped[datetime | None]
    objections_until: Mapped[datetime | None]
    heads: Mapped[int] = mapped_column(default=0)
    area_cm2: Mapped[int] = mapped_column(BigInteger, default=0)


class RollChange(Model):
    """Change a frozen roll: one person asks, another one agrees, and both see the reason.

    :ivar data: the right it is about, by number or key, and what it shall be.
    """

    __table_args__ = (
        one_of("act", CHANGES),
        CheckConstraint("reason <> ''", name="reason"),
        CheckConstraint("confirmed_by <> proposed_by", name="two_people"),
        CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    roll_id: Mapped[int] = mapped_column(ForeignKey("roll.id"), index=True)
    act: Mapped[str]
    data: Mapped[dict[str, Any]]
    reason: Mapped[str]
    proposed_by: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    proposed_at: Mapped[datetime]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    confirmed_at: Mapped[datetime | None]


class VotingRight(Model):
    """Be one right to vote, which counts once however many may use it.

    :ivar number: place in the list, by which people speak of it.
    :ivar key: what it rests on, as `person:12` or `household:7`.
    :ivar label: how the list shows it to others, masked.
    :ivar struck_by: the change that took it off; it stays in the list, struck.
    """

    __table_args__ = (
        CheckConstraint("heads >= 0 AND (area_cm2 IS NULL OR area_cm2 >= 0)", name="measures"),
        UniqueConstraint("roll_id", "number"),
        UniqueConstraint("roll_id", "key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    roll_id: Mapped[int] = mapped_column(ForeignKey("roll.id"))
    number: Mapped[int]
    key: Mapped[str]
    label: Mapped[str]
    heads: Mapped[int] = mapped_column(default=1)
    area_cm2: Mapped[int | None] = mapped_column(BigInteger)
    struck_by: Mapped[int | None] = mapped_column(ForeignKey("roll_change.id"), index=True)


class RightHolder(Model):
    """Let a person use a right, and say as what.

    :ivar for_name: for whom, masked, where it is not for themself.
    """

    __table_args__ = (one_of("capacity", CAPACITIES),)

    right_id: Mapped[int] = mapped_column(ForeignKey("voting_right.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    capacity: Mapped[str]
    for_name: Mapped[str] = mapped_column(default="")


class RollObjection(Model):
    """Object to a frozen roll within its window; the office answers with a reason."""

    __table_args__ = (
        one_of("outcome", (UPHELD, DISMISSED)),
        CheckConstraint("text <> ''", name="text"),
        CheckConstraint(
            "(outcome IS NULL) = (answered_at IS NULL) AND (outcome IS NULL OR answer <> '')",
            name="answered",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    roll_id: Mapped[int] = mapped_column(ForeignKey("roll.id"), index=True)
    right_id: Mapped[int | None] = mapped_column(ForeignKey("voting_right.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    text: Mapped[str]
    made_at: Mapped[datetime]
    outcome: Mapped[str | None]
    answer: Mapped[str] = mapped_column(default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    answered_at: Mapped[datetime | None]
