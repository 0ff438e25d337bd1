"""Mail: rows of the acting transaction, sent after it by SMTP or into files."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from civic.kernel import clock
from civic.kernel.db import Model, db


class Mail(Model):
    """Be one mail that waits to be sent; once sent, its address and text are erased.

    :ivar person_id: to whom it goes, where that is somebody known here.
    :ivar attempts: how often it was tried in vain.
    :ivar given_up_at: when trying ended.
    :ivar error: what the mail server said last.
    """

    __table_args__ = (
        Index(
            "ix_mail_waits",
            "next_at",
            sqlite_where=text("sent_at IS NULL AND given_up_at IS NULL"),
            postgresql_where=text("sent_at IS NULL AND given_up_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    address: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    made_at: Mapped[datetime]
    next_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(default="")


def queue(address: str, subject: str, body: str, *, person_id: int | None = None) -> Mail:
    """Write a mail into the acting transaction; it is sent after that, and never if it fails.

    :param body: plain text, already in the language of its reader.
    """
    now = clock.now()
    mail = Mail(
        person_id=person_id,
        address=address,
        subject=" ".join(subject.split()),
        body=body,
        made_at=now,
        next_at=now,
    )
    db.session.add(mail)
    return mail
