"""Tables of arguments, of questions with their answers, and of walls with dots on them."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.identities.models import Person
from civic.kernel.db import Model, one_of
from civic.moderation.models import Decision

FOR, AGAINST = "for", "against"
SIDES = (FOR, AGAINST)
_GONE = "hidden_by IS NOT NULL OR removed_at IS NOT NULL"


class Argument(Model):
    """Speak for or against what a case is about, in one sentence and what explains it.

    :ivar place: where the author lives or works, as others read it; `standing` as what.
    :ivar convinced: how many it convinces.
    :ivar hidden_by: the decision that hides it; its text is sealed there.
    :ivar removed_at: when its author took it back; its text is erased.
    """

    __table_args__ = (
        one_of("side", SIDES),
        CheckConstraint(f"title <> '' OR {_GONE}", name="said"),
        CheckConstraint("convinced >= 0", name="convinced"),
        UniqueConstraint("author_id", "form_key"),
        # So that whoever rates can be held apart from the author.
        UniqueConstraint("id", "author_id"),
        Index(None, "consultation_id", "side", "convinced", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    side: Mapped[str]
    title: Mapped[str]
    words: Mapped[str] = mapped_column(default="")
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    place: Mapped[str] = mapped_column(default="")
    standing: Mapped[str] = mapped_column(default="")
    form_key: Mapped[str]
    at: Mapped[datetime]
    convinced: Mapped[int] = mapped_column(default=0)
    hidden_by: Mapped[int | None] = mapped_column(ForeignKey("decision.id"), index=True)
    removed_at: Mapped[datetime | None]
    author: Mapped[Person] = relationship(lazy="raise", foreign_keys=[author_id])
    decision: Mapped[Decision | None] = relationship(lazy="raise")


class ArgumentRating(Model):
    """Say that an argument convinces one, once, and not of one's own.

    :ivar person_id: none once they have left; that it convinced them still counts.
    :ivar author_id: whose argument it is, so that the database can hold both apart.
    """

    __table_args__ = (
        UniqueConstraint("argument_id", "person_id"),
        ForeignKeyConstraint(["argument_id", "author_id"], ["argument.id", "argument.author_id"]),
        CheckConstraint("person_id <> author_id", name="not_ones_own"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    argument_id: Mapped[int]
    author_id: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime]


class Question(Model):
    """Ask the office something about a case; it owes an answer by a date.

    :ivar due_at: by when; none where a table of days off is missing.
    :ivar supports: how many others want to know it too.
    :ivar answered_at: when it was answered first.
    """

    __table_args__ = (
        CheckConstraint(f"words <> '' OR {_GONE}", name="said"),
        CheckConstraint("supports >= 0", name="supports"),
        UniqueConstraint("author_id", "form_key"),
        UniqueConstraint("id", "author_id"),
        Index(None, "consultation_id", "answered_at", "supports"),
        Index("ix_question_due", "answered_at", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    words: Mapped[str]
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    place: Mapped[str] = mapped_column(default="")
    standing: Mapped[str] = mapped_column(default="")
    form_key: Mapped[str]
    at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    supports: Mapped[int] = mapped_column(default=0)
    answered_at: Mapped[datetime | None]
    hidden_by: Mapped[int | None] = mapped_column(ForeignKey("decision.id"), index=True)
    removed_at: Mapped[datetime | None]
    author: Mapped[Person] = relationship(lazy="raise", foreign_keys=[author_id])
    decision: Mapped[Decision | None] = relationship(lazy="raise")


class QuestionSupport(Model):
    """Want to know it too, once, and not of one's own question.

    :ivar person_id: none once they have left; they still count.
    """

    __table_args__ = (
        UniqueConstraint("question_id", "person_id"),
        ForeignKeyConstraint(["question_id", "author_id"], ["question.id", "question.author_id"]),
        CheckConstraint("person_id <> author_id", name="not_ones_own"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int]
    author_id: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime]


class QuestionAnswer(Model):
    """Answer a question in the name of an office; what is wrong is worded anew, nothing changes.

    :ivar reason: why it is worded anew; of the first edition empty.
    """

    __table_args__ = (
        UniqueConstraint("question_id", "edition"),
        CheckConstraint("edition >= 1", name="edition"),
        CheckConstraint("words <> '' AND office <> ''", name="said"),
        CheckConstraint("(edition = 1) = (reason = '')", name="reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"))
    edition: Mapped[int] = mapped_column(SmallInteger)
    words: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    office: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class Wall(Model):
    """Be a wall with items, on which everybody who is asked places dots until it closes.

    :ivar dots: how many one person has.
    :ivar several: whether more than one of them may be on one item.
    :ivar withdrawn_reason: why the office took it down before its end; then nothing is counted.
    """

    __table_args__ = (
        CheckConstraint("title <> '' AND office <> ''", name="said"),
        CheckConstraint("dots >= 1", name="dots"),
        CheckConstraint("closes_at > opened_at", name="period"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_reason = '')", name="withdrawn"),
        UniqueConstraint("opened_by", "form_key"),
        # So that each dot carries the limit it is held to.
        UniqueConstraint("id", "dots", "several"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    title: Mapped[str]
    dots: Mapped[int] = mapped_column(SmallInteger)
    several: Mapped[bool]
    office: Mapped[str]
    opened_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    form_key: Mapped[str]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str] = mapped_column(default="")


class WallItem(Model):
    """Be something on a wall that dots are placed on."""

    __table_args__ = (
        UniqueConstraint("wall_id", "position"),
        UniqueConstraint("wall_id", "id"),
        CheckConstraint("text <> ''", name="said"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    wall_id: Mapped[int] = mapped_column(ForeignKey("wall.id"))
    position: Mapped[int] = mapped_column(SmallInteger)
    text: Mapped[str]


class WallDot(Model):
    """Be one dot of one person: the first, the second, up to as many as the wall gives to each.

    :ivar person_id: none once they have left; the dot still counts.
    :ivar dots: of the wall, as `several`, so that the database can hold the dot to them.
    """

    __table_args__ = (
        UniqueConstraint("wall_id", "person_id", "number"),
        ForeignKeyConstraint(
            ["wall_id", "dots", "several"], ["wall.id", "wall.dots", "wall.several"]
        ),
        ForeignKeyConstraint(["wall_id", "item_id"], ["wall_item.wall_id", "wall_item.id"]),
        CheckConstraint("number BETWEEN 1 AND dots", name="number"),
        Index(
            "uq_wall_dot_once",
            "wall_id",
            "person_id",
            "item_id",
            unique=True,
            sqlite_where=text("NOT several"),
            postgresql_where=text("NOT several"),
        ),
        Index(None, "wall_id", "item_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    wall_id: Mapped[int]
    dots: Mapped[int] = mapped_column(SmallInteger)
    several: Mapped[bool]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    number: Mapped[int] = mapped_column(SmallInteger)
    item_id: Mapped[int]
    at: Mapped[datetime]
