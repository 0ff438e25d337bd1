"""Tables of consultations and of what is said in them."""

from datetime import datetime
from secrets import randbelow
from typing import Any

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
from civic.kernel.db import Model, Owned
from civic.moderation.models import Decision
from civic.voting.models import Ballot

#: Of statements there are so many; the largest that fit in four bytes.
LOTS = 2**31


class Consultation(Owned, Model):
    """Be a case that a community consults on: question, background, dates, one ballot.

    :ivar audience: groups that are asked, as `resident`; everybody may read.
    :ivar background_html: the background as rendered and sanitised when it was written.
    :ivar voting_opens_at: when the ballot opens; none where there is no ballot.
    :ivar published_at: none while it is a draft.
    :ivar source: address of the data set that it was imported from, or nothing.
    :ivar checked_first: whether what people write is checked before it is published (先审后发), or
        afterwards (先发后审); said on the page.
    :ivar process_code: the way it goes (`civic.processes`); none where its dates alone say so.
    :ivar process: a copy of that way as it stood when the case began.
    :ivar present: of that copy the stage at which it stands, until when and from where; lists read
        it without the whole way.
    :ivar stage: where it stands on that way.
    :ivar stage_since: when it came there.
    :ivar figures: numbers that other rooms show at the case, by code; changed by `figures.add`
        alone, in the transaction of what they count.
    :ivar form_key: made with the form of a case by stages, so that one sent twice is begun once.
    :ivar participant_count: people and imported participants who have said or voted something.
    """

    __table_args__ = (
        CheckConstraint("(ballot_id IS NULL) = (voting_opens_at IS NULL)", name="ballot"),
        CheckConstraint("closes_at > opens_at", name="period"),
        CheckConstraint(
            "voting_opens_at IS NULL"
            " OR (voting_opens_at >= opens_at AND closes_at > voting_opens_at)",
            name="voting",
        ),
        CheckConstraint("(process_code IS NULL) = (stage IS NULL)", name="process"),
        UniqueConstraint("community_id", "source"),
        Index(None, "community_id", "closes_at"),
        Index(None, "created_by", "form_key", unique=True),
    )

    title: Mapped[str]
    background: Mapped[str] = mapped_column(default="")
    background_html: Mapped[str] = mapped_column(default="")
    audience: Mapped[list[str]]
    opens_at: Mapped[datetime]
    voting_opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime]
    ballot_id: Mapped[int | None] = mapped_column(ForeignKey("ballot.id"), unique=True)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    office: Mapped[str] = mapped_column(default="")
    source: Mapped[str | None]
    comment_count: Mapped[int] = mapped_column(default=0)
    statement_count: Mapped[int] = mapped_column(default=0)
    participant_count: Mapped[int] = mapped_column(default=0)
    checked_first: Mapped[bool] = mapped_column(default=False)
    process_code: Mapped[str | None]
    process: Mapped[dict[str, Any]] = mapped_column(default=dict)
    present: Mapped[dict[str, Any]] = mapped_column(default=dict)
    stage: Mapped[str | None]
    stage_since: Mapped[datetime | None]
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)
    form_key: Mapped[str | None]
    ballot: Mapped[Ballot | None] = relationship(lazy="raise")


class Attachment(Model):
    """Be a file that explains a consultation; the bytes lie in the uploads folder."""

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    name: Mapped[str]
    stored: Mapped[str] = mapped_column(unique=True)
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    is_image: Mapped[bool]


class Participant(Model):
    """Take part in one consultation: a person, or an anonymous voter of an imported one.

    Imported participants are never persons and stand in no roll.

    :ivar acts: how often they have said or voted something, replacements included.
    """

    __table_args__ = (
        UniqueConstraint("consultation_id", "person_id"),
        UniqueConstraint("consultation_id", "external_id"),
        CheckConstraint("(person_id IS NULL) <> (external_id IS NULL)", name="one_kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    external_id: Mapped[str | None]
    acts: Mapped[int] = mapped_column(default=0)


class Statement(Model):
    """Be one short sentence to agree with, disagree with or pass on.

    :ivar key: folded text, by which the same statement is not offered twice.
    :ivar extremity: how far it is from the middle of the latest map of opinions; 0 without one.
    :ivar lot: drawn when it is offered; which is asked next is drawn along this order, so that the
        draw reads a few of very many.
    :ivar hidden_by: the decision that hides it; its text is sealed there.
    """

    __table_args__ = (
        UniqueConstraint("consultation_id", "key"),
        UniqueConstraint("consultation_id", "external_id"),
        CheckConstraint("agrees >= 0 AND disagrees >= 0 AND passes >= 0", name="tally"),
        Index(None, "consultation_id", "id"),
        Index(None, "consultation_id", "lot"),
        Index(
            "ix_statement_hidden",
            "consultation_id",
            sqlite_where=text("hidden_by IS NOT NULL"),
            postgresql_where=text("hidden_by IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    participant_id: Mapped[int | None] = mapped_column(ForeignKey("participant.id"), index=True)
    external_id: Mapped[str | None]
    text: Mapped[str]
    key: Mapped[str]
    created_at: Mapped[datetime]
    agrees: Mapped[int] = mapped_column(default=0)
    disagrees: Mapped[int] = mapped_column(default=0)
    passes: Mapped[int] = mapped_column(default=0)
    extremity: Mapped[float] = mapped_column(default=0.0)
    lot: Mapped[int] = mapped_column(default=lambda: randbelow(LOTS))
    hidden_by: Mapped[int | None] = mapped_column(ForeignKey("decision.id"), index=True)


class StatementVote(Model):
    """Hold the latest answer of one participant to one statement: 1 agree, -1 disagree, 0 pass."""

    __table_args__ = (CheckConstraint("choice IN (-1, 0, 1)", name="choice"),)

    statement_id: Mapped[int] = mapped_column(ForeignKey("statement.id"), primary_key=True)
    participant_id: Mapped[int] = mapped_column(
        ForeignKey("participant.id"), primary_key=True, index=True
    )
    choice: Mapped[int] = mapped_column(SmallInteger)
    at: Mapped[datetime]


class Comment(Model):
    """Say something about a consultation, or reply to a comment; replies have no replies.

    :ivar place: building or workplace by which the author speaks, as others read it.
    :ivar standing: kind of standing by which the author speaks.
    :ivar office: the office that answers, for official answers.
    :ivar form_key: made with the form, so that a form sent twice is kept once.
    :ivar removed_at: when its author took it back; nothing of it is kept.
    """

    __table_args__ = (
        CheckConstraint("removed_at IS NULL OR (text = '' AND html = '')", name="removed"),
        CheckConstraint("removed_at IS NULL OR hidden_by IS NULL", name="one_end"),
        UniqueConstraint("id", "level"),
        UniqueConstraint("author_id", "form_key"),
        ForeignKeyConstraint(["parent_id", "parent_level"], ["comment.id", "comment.level"]),
        CheckConstraint(
            "(level = 1 AND parent_id IS NULL AND parent_level IS NULL)"
            " OR (level = 2 AND parent_id IS NOT NULL"
            " AND parent_level IS NOT NULL AND parent_level = 1)",
            name="two_levels",
        ),
        Index(None, "consultation_id", "level", "id"),
        Index(None, "parent_id", "id"),
        Index(None, "author_id", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    level: Mapped[int] = mapped_column(SmallInteger, default=1)
    parent_id: Mapped[int | None]
    parent_level: Mapped[int | None] = mapped_column(SmallInteger)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    place: Mapped[str] = mapped_column(default="")
    standing: Mapped[str] = mapped_column(default="")
    office: Mapped[str | None]
    text: Mapped[str]
    html: Mapped[str]
    form_key: Mapped[str]
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    hidden_by: Mapped[int | None] = mapped_column(ForeignKey("decision.id"), index=True)
    author: Mapped[Person] = relationship(lazy="raise")
    decision: Mapped[Decision | None] = relationship(lazy="raise")
