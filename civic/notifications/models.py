"""Tables of what is told to whom."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.kernel.db import Model, one_of

#: How somebody wants mail of a kind: not at all, at once, or gathered once a day.
RHYTHMS = ("none", "at_once", "daily")


class Message(Model):
    """Be one thing that is told to one or many people.

    :ivar kind: code of a declared kind (`kinds.Kind`), which says how it reads and who may still
        read it.
    :ivar subject: kind and id of the thing it is about, as `notice:12`.
    :ivar values: what its sentence needs; never more personal data than its readers may see.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    community_id: Mapped[int | None] = mapped_column(ForeignKey("community.id"), index=True)
    subject: Mapped[str] = mapped_column(index=True)
    values: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class InboxItem(Model):
    """Bring a message to one person.

    :ivar mail: the rhythm chosen when it was written.
    :ivar mailed_at: when its mail was handed over, or when it was found that none may be sent.
    """

    __table_args__ = (
        one_of("mail", RHYTHMS),
        UniqueConstraint("message_id", "person_id"),
        Index("ix_inbox_item_person_id_id", "person_id", "id"),
        Index(
            "ix_inbox_item_unread",
            "person_id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
        Index(
            "ix_inbox_item_mail_waits",
            "mail",
            "id",
            sqlite_where=text("mailed_at IS NULL AND mail <> 'none'"),
            postgresql_where=text("mailed_at IS NULL AND mail <> 'none'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    read_at: Mapped[datetime | None]
    mail: Mapped[str]
    mailed_at: Mapped[datetime | None]
    message: Mapped[Message] = relationship(lazy="raise")


class MailChoice(Model):
    """Keep how one person wants mail of one kind, where they chose."""

    __table_args__ = (one_of("rhythm", RHYTHMS),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    rhythm: Mapped[str]
