"""Tables of how a case went its way: each stage it came to, and what waits for a second person."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civic.kernel.db import Model


class StageEntry(Model):
    """Record that a case came to a stage; the database never changes or deletes it.

    :ivar number: of the move, from 1; two at once cannot both be the next.
    :ivar by: who did it, or proposed it where two are needed; nobody where time did.
    :ivar confirmed_by: the second person.
    :ivar due_at: until when the case stays at least.
    """

    __table_args__ = (
        UniqueConstraint("consultation_id", "number"),
        CheckConstraint("confirmed_by <> by", name="two_people"),
        CheckConstraint("number >= 1", name="number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    number: Mapped[int]
    origin: Mapped[str]
    stage: Mapped[str]
    act: Mapped[str]
    by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    post: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime]
    due_at: Mapped[datetime | None]


class StageProposal(Model):
    """Wait for a second person; a case has one at a time, and it counts from its stage alone."""

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), primary_key=True)
    stage: Mapped[str]
    act: Mapped[str]
    by: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    post: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime]


class CaseBallot(Model):
    """Say that a case is decided by a ballot, at one of its stages; a ballot decides one case.

    :ivar purpose: code of the stage at which people vote.
    """

    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"), primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    purpose: Mapped[str]
    by: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime]


class CaseNotice(Model):
    """Say that a notice announces what a case comes to next.

    :ivar stage: code of the stage at which the case stood when it was announced.
    """

    __table_args__ = (UniqueConstraint("consultation_id", "notice_id", "stage"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"), index=True)
    stage: Mapped[str]
    by: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime]
