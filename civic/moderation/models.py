"""Tables of moderation: decisions to hide, reports, texts that wait, and counts of each month."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from civic.kernel.db import Model, Owned, one_of
from civic.moderation.reasons import ALL

OUTCOMES = ("kept", "restored")
PUBLISHED, REFUSED = "published", "refused"
STAYS, HIDDEN, REMOVED = "stays", "hidden", "removed"


class Decision(Owned, Model):
    """Hide one text for a coded reason; its author may object, another member of staff answers.

    Where there is no author, there is no `note`, `objection` or `answer`: the database refuses
    them, since nobody would read them and they may name whoever has left.

    :ivar subject: kind and id of what is hidden, as `comment:7`.
    :ivar sealed: the text, which is nowhere else while it is hidden.
    :ivar author_id: whose text it is; None for imported ones and for those of who has left.
    :ivar outcome: what came of the objection.
    :ivar object_until: until when the author may object; None where that cannot be reckoned.
    :ivar answer_by: when the answer to the objection is due.
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
    object_until: Mapped[datetime | None]
    answer_by: Mapped[datetime | None]
    lifted_at: Mapped[datetime | None]


class Report(Owned, Model):
    """Ask the office to look at a text, once per person; nobody else learns who asked.

    :ivar subject: kind and id of the text, as `comment:7`.
    :ivar outcome: `stays`, `hidden`, or `removed` by its author; all reports of a text are settled
        together.
    """

    __table_args__ = (
        UniqueConstraint("subject", "person_id"),
        one_of("reason", ALL),
        one_of("outcome", (STAYS, HIDDEN, REMOVED)),
        CheckConstraint("(outcome IS NULL) = (settled_at IS NULL)", name="settled"),
        Index(None, "community_id", "settled_at"),
    )

    subject: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    reason: Mapped[str]
    words: Mapped[str]
    at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    settled_at: Mapped[datetime | None]


class WaitingText(Owned, Model):
    """Hold a text that is checked before it is published; only its author and the office read it.

    :ivar place: kind and id of what it belongs to, as `consultation:7`.
    :ivar content: what the domain needs to publish it; emptied when it is published.
    :ivar form_key: made with the form, so that a form sent twice is kept once.
    :ivar subject: the text it became.
    :ivar reason: why it was not published; `note` is a word to the author.
    """

    __table_args__ = (
        UniqueConstraint("author_id", "form_key"),
        one_of("outcome", (PUBLISHED, REFUSED)),
        one_of("reason", ALL),
        CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="decided"),
        CheckConstraint("(coalesce(outcome, '') = 'refused') = (reason IS NOT NULL)", name="why"),
        Index(None, "community_id", "decided_at"),
    )

    kind: Mapped[str]
    place: Mapped[str]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    content: Mapped[dict[str, Any]]
    form_key: Mapped[str]
    at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    reason: Mapped[str | None]
    note: Mapped[str] = mapped_column(default="")
    subject: Mapped[str | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]


class ModerationCount(Model):
    """Count what was done in a community in one month; public, and of acts, never of people.

    :ivar month: its first day, as the clock here says.
    :ivar code: as `hidden`, `hidden.insult`, `objected`, `restored`.
    """

    __table_args__ = (CheckConstraint("number > 0", name="number"),)

    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]
