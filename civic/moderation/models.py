"""Table of decisions to hide a text."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from civic.kernel.db import Model, Owned, one_of
from civic.moderation.reasons import ALL

OUTCOMES = ("kept", "restored")


class Decision(Owned, Model):
    """Hide one text for a coded reason; its author may object, another member of staff answers.

    Where there is no author, there is no `note`, `objection` or `answer`: the database refuses
    them, since nobody would read them and they may name whoever has left.

    :ivar subject: kind and id of what is hidden, as `comment:7`.
    :ivar sealed: the text, which is nowhere else while it is hidden.
    :ivar author_id: whose text it is; None for imported ones and for those of who has left.
    :ivar outcome: what came of the objection.
    """

    __table_args__ = (
        one_of("reason", ALL),
        one_of("outcome", OUTCOMES),
        CheckConstraint("answered_by IS NULL OR answered_by <> decided_by", name="second_person"),
        CheckConstraint("(outcome IS NULL) = (answered_at IS NULL)", name="answer"),
        # At most one decision is in force for a text.
        Index(
            "uq_decision_in_force",
            "subject",
            unique=True,
            sqlite_where=text("lifted_at IS NULL"),
            postgresql_where=text("lifted_at IS NULL"),
        ),
    )

    subject: Mapped[str]
    reason: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    sealed: Mapped[dict[str, Any]]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime]
    objection: Mapped[str | None]
    objected_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    answer: Mapped[str | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
    lifted_at: Mapped[datetime | None]
