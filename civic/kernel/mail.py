"""Mail: rows of the acting transaction, sent after it by SMTP or into files.

At least once: a process that dies after the mail server took a mail, and before that was written
down, sends it again; both carry the same Message-ID. No mail is lost, and no two senders have one
in their hands at the same time: each is taken by moving its time forward, before it is sent.
"""

import logging
from datetime import datetime, timedelta
from time import monotonic

from flask import Flask, current_app
from sqlalchemy import ForeignKey, Index, Select, and_, delete, func, or_, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from civic.kernel import clock, mailers
from civic.kernel.config import Settings
from civic.kernel.db import Model, db, reading
from civic.kernel.text import plain

log = logging.getLogger(__name__)

#: How long to wait after each attempt that failed; after the last there is one more.
WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
)
ATTEMPTS = len(WAITS) + 1
#: How long a mail is in the hands of whoever took it; longer than any talk with a server lasts.
TAKEN = timedelta(minutes=10)
#: Seconds after which a drain leaves the rest to the next.
PATIENCE = 60
#: How long the content of a mail that was given up is kept, and the empty row of any mail.
CONTENT_KEPT, ROW_KEPT = timedelta(days=7), timedelta(days=90)
LONGEST_ERROR = 300
WAITING = "sent_at IS NULL AND given_up_at IS NULL"
ERASED = {"address": "", "subject": "", "body": "", "stop": "", "error": ""}


class Mail(Model):
    """Be one mail that waits to be sent; once sent, its address and text are erased.

    :ivar person_id: to whom it goes, where that is somebody known here.
    :ivar stop: address at which its reader stops mail of its kind, or nothing.
    :ivar attempts: how often somebody took it to send it.
    :ivar given_up_at: when trying ended.
    :ivar error: what the mail server said last.
    """

    __table_args__ = (
        Index(
            "ix_mail_waits",
            "next_at",
            sqlite_where=text(WAITING),
            postgresql_where=text(WAITING),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    address: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    stop: Mapped[str] = mapped_column(default="")
    made_at: Mapped[datetime]
    next_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(default="")


def init_app(app: Flask) -> None:
    """Refuse settings of mail that cannot work.

    :raises Misconfigured: with one sentence that says what to do.
    """
    mailers.check(app.config["SETTINGS"])


def _settings() -> Settings:
    found: Settings = current_app.config["SETTINGS"]
    return found


def ready() -> bool:
    """Tell whether this site sends mail at all."""
    return bool(_settings().mail_url)


def absolute(path: str) -> str:
    """Return the address of a page of this site for a mail, where no request is there to ask."""
    return f"{_settings().site_url.rstrip('/')}{path}"


def queue(
    address: str, subject: str, body: str, *, person_id: int | None = None, stop: str = ""
) -> Mail:
    """Write a mail into the acting transaction; it is sent after that, and never if it fails.

    :param body: plain text, already in the language of its reader.
    :param stop: address at which mail of its kind is stopped without signing in.
    """
    now = clock.now()
    mail = Mail(
        person_id=person_id,
        address=address,
        subject=" ".join(plain(subject).split()),
        body=plain(body),
        stop=stop,
        made_at=now,
        next_at=now,
    )
    db.session.add(mail)
    return mail


def is_due() -> bool:
    """Tell whether any mail is to be sent now."""
    return db.session.scalar(_due().limit(1)) is not None


def _due() -> Select[int]:
    waiting = select(Mail.id).where(text(WAITING), Mail.next_at <= clock.now())
    return waiting.where(Mail.attempts < ATTEMPTS).order_by(Mail.next_at)


def send_due(limit: int = 1000) -> int:
    """Send mails that are due, the longest waiting first; return how many left.

    No transaction is open while a mail server is talked to.
    """
    if not ready():
        return 0
    with reading():
        ids = db.session.scalars(_due().limit(limit)).all()
    sent, end = 0, monotonic() + PATIENCE
    mailer = mailers.mailer(_settings())
    try:
        for mail_id in ids:
            letter = _take(mail_id)
            if letter is None:
                continue
            try:
                mailer.send(letter)
            except mailers.Undeliverable as error:
                _failed(mail_id, str(error), permanent=error.permanent)
            except mailers.Unreachable as error:
                log.warning("mail cannot leave: %s", error)
                _failed(mail_id, str(error))
                break
            else:
                _sent(mail_id)
                sent += 1
            if monotonic() > end:
                break
    finally:
        mailer.close()
    return sent


def _take(mail_id: int) -> mailers.Letter | None:
    """Move a mail's time forward, so that nobody else sends it meanwhile, and return it."""
    now = clock.now()
    row = db.session.execute(
        update(Mail)
        .where(Mail.id == mail_id, text(WAITING), Mail.next_at <= now)
        .values(next_at=now + TAKEN, attempts=Mail.attempts + 1)
        .returning(Mail.address, Mail.subject, Mail.body, Mail.stop, Mail.made_at)
    ).one_or_none()
    db.session.commit()
    if row is None:
        return None
    return mailers.Letter(
        key=f"{mail_id}.{row.made_at:%Y%m%d%H%M%S}",
        to=row.address,
        subject=row.subject,
        body=row.body,
        stop=row.stop,
        made_at=row.made_at,
    )


def withdraw(person_id: int, stop: str) -> None:
    """Drop what waits for a person and is stopped at an address, and what it says."""
    db.session.execute(
        update(Mail)
        .where(Mail.person_id == person_id, Mail.stop == stop, text(WAITING))
        .values(given_up_at=clock.now(), **ERASED)
    )


def _sent(mail_id: int) -> None:
    db.session.execute(update(Mail).where(Mail.id == mail_id).values(sent_at=clock.now(), **ERASED))
    db.session.commit()


def _failed(mail_id: int, reason: str, *, permanent: bool = False) -> None:
    now = clock.now()
    attempts = db.session.scalars(select(Mail.attempts).where(Mail.id == mail_id)).one()
    over = permanent or attempts >= ATTEMPTS
    values: dict[str, object] = {"error": plain(reason)[:LONGEST_ERROR]}
    values |= {"given_up_at": now} if over else {"next_at": now + WAITS[attempts - 1]}
    db.session.execute(update(Mail).where(Mail.id == mail_id, text(WAITING)).values(values))
    db.session.commit()


def sweep() -> None:
    """Give up what nobody could finish, and erase what is kept no longer.

    What has waited for a week, since mail was switched off, would be no news any more.
    """
    now = clock.now()
    stale = update(Mail).where(text(WAITING), Mail.made_at <= now - CONTENT_KEPT)
    db.session.execute(stale.values(given_up_at=now, **ERASED))
    db.session.execute(
        update(Mail)
        .where(text(WAITING), Mail.attempts >= ATTEMPTS, Mail.next_at <= now)
        .values(given_up_at=now)
    )
    old = Mail.given_up_at <= now - CONTENT_KEPT
    still_there = or_(*(getattr(Mail, name) != "" for name in ERASED))
    db.session.execute(update(Mail).where(and_(old, still_there)).values(ERASED))
    ended = func.coalesce(Mail.sent_at, Mail.given_up_at)
    db.session.execute(delete(Mail).where(ended <= now - ROW_KEPT))
    db.session.commit()
