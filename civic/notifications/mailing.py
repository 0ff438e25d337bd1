"""Jobs: mail what people were told, each in their language, while they may still read it.

What is to be said is found in a transaction that only reads; then one short one marks the messages
as handed over and queues the mails. Whoever marks a message first queues its mail: none is doubled,
and none is lost between the two, since both are one transaction. Messages of whoever closes their
account meanwhile are gone when they are to be marked.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Row, literal_column, select, update
from sqlalchemy.exc import SQLAlchemyError

from civic.identities import staying
from civic.identities.actors import actor_for
from civic.identities.models import Person
from civic.kernel import clock, i18n, jobs, mail, plugins
from civic.kernel.db import db, reading
from civic.kernel.permissions import Actor
from civic.kernel.tell import Delivery, Recipient
from civic.notifications import keeping, services, stopping
from civic.notifications.models import InboxItem, Message

log = logging.getLogger(__name__)

#: Messages, or people with a digest, that one transaction hands over.
BATCH = 100
#: Messages that a digest names; of more it says how many.
NAMED = 30
#: When the digest of the day is written, and when old messages are deleted.
EVENING, NIGHT = time(18), time(3)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Line:
    """Hold what one message says in a mail."""

    item_id: int
    kind: str
    sentence: str
    url: str
    community_id: int | None


@dataclass(frozen=True)
class Reader:
    """Hold whose mail it is."""

    person_id: int
    address: str | None
    language: str
    actor: Actor | None


def init() -> None:
    """Register the jobs of mail and of the inbox, in the current app."""
    if mail.ready() or plugins.registry().answers("deliver"):
        # In this order: what the first two queue, leaves in the same run.
        often = timedelta(seconds=10)
        jobs.job("notifications.at_once", often, at_once, needed=anything_at_once)
        jobs.job("notifications.daily", DAY, daily, at=EVENING)
    if mail.ready():
        jobs.job("mail.send", timedelta(seconds=10), mail.send_due, needed=mail.is_due)
    jobs.job("mail.sweep", timedelta(hours=1), mail.sweep)
    jobs.job("notifications.forget", DAY, keeping.forget, at=NIGHT)


@contextmanager
def _preparing() -> Iterator[None]:
    # Kinds may build addresses with url_for, which wants a request; POST, since only pages read.
    base = mail.absolute("/")
    known = {"base_url": base} if "//" in base else {}  # a plugin may carry where no mail leaves
    with current_app.test_request_context("/", method="POST", **known), reading():
        yield


def _pending(rhythm: str) -> Any:  # noqa: ANN401 - a Select of many columns
    return (
        select(
            InboxItem.id,
            InboxItem.person_id,
            InboxItem.read_at,
            Message.kind,
            Message.values,
            Message.community_id,
            Person.language,
            services.address().label("address"),
        )
        .join(InboxItem.message)
        .join(Person, Person.id == InboxItem.person_id)
        .where(*_waits(rhythm))
        .order_by(InboxItem.id)
    )


def _waits(rhythm: str) -> tuple[Any, ...]:
    # The second says nothing new, but lets SQLite use the index of what waits.
    mail_column = InboxItem.mail
    return (
        mail_column == rhythm,
        mail_column != literal_column("'none'"),
        InboxItem.mailed_at.is_(None),
    )


def _reader(row: Row[*tuple[Any, ...]]) -> Reader:
    reached = row.address or plugins.registry().answers("deliver")
    actor = actor_for(row.person_id) if reached else None
    return Reader(row.person_id, row.address, row.language, actor)


def _line(reader: Reader, row: Row[*tuple[Any, ...]]) -> Line | None:
    """Return what a message says to its reader, or None where no mail is due any more."""
    if reader.actor is None or row.read_at is not None:
        return None
    try:
        kind = services.readable(reader.actor, row.kind, row.values)
        if kind is None:
            return None
        with i18n.speaking(reader.language):
            url = mail.absolute(kind.address(row.values))
            sentence = kind.sentence(row.values)
            return Line(row.id, row.kind, sentence, url, row.community_id)
    except SQLAlchemyError:
        raise
    except Exception:
        # It stays in the inbox; one broken message must not hold up the mail of all.
        log.exception("message kind %s could not be written", row.kind)
        return None


def _claim(ids: Sequence[int]) -> set[int]:
    """Mark messages as handed over; return those that nobody else had marked."""
    query = (
        update(InboxItem)
        .where(InboxItem.id.in_(ids), InboxItem.mailed_at.is_(None))
        .values(mailed_at=clock.now())
        .returning(InboxItem.id)
        .execution_options(synchronize_session=False)
    )
    return set(db.session.scalars(query))


def _each(batch: Callable[[], int]) -> None:
    while batch():
        pass


def anything_at_once() -> bool:
    """Tell whether any message waits to be mailed at once."""
    waiting = select(InboxItem.id).where(*_waits("at_once")).limit(1)
    return db.session.scalar(waiting) is not None


def at_once() -> None:
    """Queue a mail for each message whose reader wants it at once."""
    _each(_at_once)


def _at_once() -> int:
    with _preparing():
        rows = db.session.execute(_pending("at_once").limit(BATCH)).all()
        readers = {row.person_id: _reader(row) for row in rows}
        lines = {row.id: _line(readers[row.person_id], row) for row in rows}
    staying.open_among(readers)
    claimed = _claim([row.id for row in rows]) if rows else set()
    for row in rows:
        line = lines[row.id]
        if row.id in claimed and line is not None:
            _send(readers[row.person_id], [line], line.kind)
    db.session.commit()
    return len(rows)


def daily() -> None:
    """Queue one mail a person with what came since the last, for those who want it so."""
    _each(_daily)


def _daily() -> int:
    with _preparing():
        people = select(InboxItem.person_id).where(*_waits("daily")).distinct().limit(BATCH)
        ids = db.session.scalars(people).all()
        rows = db.session.execute(_pending("daily").where(InboxItem.person_id.in_(ids))).all()
        readers: dict[int, Reader] = {}
        lines: dict[int, list[Line]] = {}
        for row in rows:
            if row.person_id not in readers:
                readers[row.person_id] = _reader(row)
            line = _line(readers[row.person_id], row)
            lines.setdefault(row.person_id, []).extend([line] if line else [])
    staying.open_among(readers)
    claimed = _claim([row.id for row in rows]) if rows else set()
    for person_id, found in lines.items():
        mine = [line for line in found if line.item_id in claimed]
        if mine:
            _send(readers[person_id], mine, stopping.ALL)
    db.session.commit()
    return len(rows)


def _send(reader: Reader, lines: Sequence[Line], kind: str) -> None:
    """Hand messages to plugins that carry them, and queue a mail for the rest."""
    left = [line for line in lines if not _carried(reader, line)]
    if left and reader.address and mail.ready():
        _queue(reader, reader.address, left, kind)


def _carried(reader: Reader, line: Line) -> bool:
    return plugins.registry().deliver(
        Delivery(
            kind=line.kind, sentence=line.sentence, url=line.url, community_id=line.community_id
        ),
        Recipient(person_id=reader.person_id, language=reader.language, address=reader.address),
    )


def _queue(reader: Reader, address: str, lines: Sequence[Line], kind: str) -> None:
    stop = mail.absolute(stopping.path(reader.person_id, kind))
    with i18n.speaking(reader.language):
        subject, parts = lines[0].sentence, [f"{line.sentence}\n{line.url}" for line in lines]
        if kind == stopping.ALL:
            count = len(lines)
            subject = ngettext("%(num)d message for you", "%(num)d messages for you", count)
            if count > NAMED:
                inbox = mail.absolute("/inbox")
                parts[NAMED:] = [_("And %(count)d more:", count=count - NAMED) + f"\n{inbox}"]
        site = mail.absolute("/")
        parts.append(
            "-- \n"
            + _("You get this mail because you are registered at %(site)s.", site=site)
            + "\n"
            + _("To stop it, without signing in: %(url)s", url=stop)
            + "\n"
            + _("To choose what is mailed to you: %(url)s", url=mail.absolute("/me/mail"))
        )
    body = "\n\n".join(parts)
    mail.queue(address, subject, body, person_id=reader.person_id, stop=stop)
