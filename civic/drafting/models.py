"""Tables of a text drafted together: its versions, comments on paragraphs, and answers to them."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from civic.kernel.db import Model, one_of

ADOPTED, PARTLY, NOT_ADOPTED = "adopted", "partly", "not_adopted"
VERDICTS = (ADOPTED, PARTLY, NOT_ADOPTED)
OPEN = "open"
STATES = (OPEN, *VERDICTS)
#: The number under which one comments on the text as a whole.
WHOLE = 0


class TextDraft(Model):
    """Be the text that the office of a case works on, once in each case.

    Only the office reads title and body; others read the versions that were published of them.

    :ivar revision: rises with each change, so that two who write at once do not undo each other.
    :ivar comments_until: until when comments are heard; none before the first version.
    :ivar answers_by: by when comments are answered; none where that cannot be reckoned.
    :ivar closed_at: when the office said that this is the text, with every comment answered.
    """

    __table_args__ = (
        CheckConstraint("title <> '' AND body <> ''", name="said"),
        CheckConstraint("revision >= 1", name="revision"),
        CheckConstraint("(closed_by IS NULL) = (closed_at IS NULL)", name="closed"),
        Index(None, "answers_by"),
    )

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), primary_key=True)
    title: Mapped[str]
    body: Mapped[str]
    revision: Mapped[int] = mapped_column(default=1)
    written_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]
    office: Mapped[str]
    comments_until: Mapped[datetime | None]
    answers_by: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class DraftVersion(Model):
    """Be a version that everybody reads; once published it never changes.

    :ivar note: what is different from the version before, in the words of the office.
    """

    __table_args__ = (
        UniqueConstraint("consultation_id", "number"),
        # For the foreign key of comments: they are about a version of their own case.
        UniqueConstraint("consultation_id", "id"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("title <> '' AND body <> ''", name="said"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("text_draft.consultation_id"))
    number: Mapped[int] = mapped_column(SmallInteger)
    title: Mapped[str]
    body: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    office: Mapped[str]
    published_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime]


class DraftParagraph(Model):
    """Count the comments on a paragraph of a version; number 0 is the text as a whole.

    :ivar comments: those that were written, taken back and hidden ones among them.
    """

    __table_args__ = (
        CheckConstraint("number >= 0", name="number"),
        CheckConstraint("comments >= 0", name="comments"),
    )

    version_id: Mapped[int] = mapped_column(ForeignKey("draft_version.id"), primary_key=True)
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    comments: Mapped[int] = mapped_column(default=0)


class DraftCluster(Model):
    """Gather comments of one opinion under a name, so that one answer is for all of them.

    :ivar state: `open`, or what was answered.
    """

    __table_args__ = (
        one_of("state", STATES),
        CheckConstraint("title <> ''", name="title"),
        UniqueConstraint("consultation_id", "title"),
        # For the foreign key of comments: a cluster gathers comments of its own case alone.
        UniqueConstraint("consultation_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("text_draft.consultation_id"))
    title: Mapped[str]
    state: Mapped[str] = mapped_column(default=OPEN)
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]


class DraftComment(Model):
    """Say what somebody thinks of a paragraph, and maybe how it should read.

    :ivar paragraph: number of the paragraph, 0 for the text as a whole.
    :ivar wording: how the paragraph should read; empty where nothing is proposed.
    :ivar supporters: how many said that they think so too.
    :ivar state: `open`, or what it was answered, alone or with its cluster.
    :ivar changed_in: number of the version that it led to a change in.
    :ivar removed_at: when its author took it back; nothing of it is kept.
    """

    __table_args__ = (
        one_of("state", STATES),
        CheckConstraint("removed_at IS NULL OR (words = '' AND wording = '')", name="removed"),
        CheckConstraint("removed_at IS NULL OR hidden_by IS NULL", name="one_end"),
        CheckConstraint("supporters >= 0", name="supporters"),
        CheckConstraint(f"changed_in IS NULL OR state IN ('{ADOPTED}', '{PARTLY}')", name="change"),
        UniqueConstraint("author_id", "form_key"),
        ForeignKeyConstraint(
            ["version_id", "paragraph"], ["draft_paragraph.version_id", "draft_paragraph.number"]
        ),
        ForeignKeyConstraint(
            ["consultation_id", "version_id"],
            ["draft_version.consultation_id", "draft_version.id"],
        ),
        ForeignKeyConstraint(
            ["consultation_id", "cluster_id"],
            ["draft_cluster.consultation_id", "draft_cluster.id"],
        ),
        Index(None, "consultation_id", "id"),
        Index(None, "consultation_id", "state", "id"),
        Index(None, "version_id", "paragraph", "id"),
        Index(None, "version_id", "paragraph", "supporters", "id"),
        Index(None, "author_id", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("text_draft.consultation_id"))
    version_id: Mapped[int]
    paragraph: Mapped[int] = mapped_column(SmallInteger)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    place: Mapped[str] = mapped_column(default="")
    standing: Mapped[str] = mapped_column(default="")
    words: Mapped[str]
    wording: Mapped[str] = mapped_column(default="")
    form_key: Mapped[str]
    created_at: Mapped[datetime]
    supporters: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(default=OPEN)
    cluster_id: Mapped[int | None] = mapped_column(index=True)
    changed_in: Mapped[int | None] = mapped_column(SmallInteger)
    removed_at: Mapped[datetime | None]
    hidden_by: Mapped[int | None] = mapped_column(ForeignKey("decision.id"), index=True)


class DraftSupport(Model):
    """Say "I think so too" to a comment, once.

    :ivar person_id: none once they have left; what they said still counts.
    """

    __table_args__ = (UniqueConstraint("comment_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("draft_comment.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime]


class DraftAnswer(Model):
    """Answer a comment or a cluster in the name of an office; it never changes.

    What is corrected is answered anew; the answers before stay.

    :ivar number: 1 of the first answer; the highest one is in force.
    """

    __table_args__ = (
        one_of("verdict", VERDICTS),
        CheckConstraint("(comment_id IS NULL) <> (cluster_id IS NULL)", name="one_thing"),
        CheckConstraint(f"verdict = '{ADOPTED}' OR reason <> ''", name="reason"),
        CheckConstraint("number >= 1", name="number"),
        UniqueConstraint("comment_id", "number"),
        UniqueConstraint("cluster_id", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("draft_comment.id"))
    cluster_id: Mapped[int | None] = mapped_column(ForeignKey("draft_cluster.id"))
    number: Mapped[int] = mapped_column(SmallInteger)
    verdict: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    office: Mapped[str]
    answered_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime]
