"""Tell people, and let them read what they were told and choose what of it is mailed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import (
    ColumnElement,
    Integer,
    ScalarSelect,
    Select,
    case,
    func,
    insert,
    literal,
    select,
    update,
)

from civic.identities.models import Contact, Person
from civic.kernel import clock, mail, plugins
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor
from civic.kernel.tell import Kind, News, telling
from civic.notifications.models import InboxItem, MailChoice, Message

PER_PAGE = 20
#: Unread messages are counted up to here, which is shown as 99+.
MOST_COUNTED = 100
#: Ids in one statement; databases bound how many values it may carry.
CHUNK = 1000
#: Above every id, which PostgreSQL keeps in four bytes.
LAST = 2**31 - 1


def tell(news: News) -> None:
    """Write a message into the acting transaction, and into the inbox of everybody it is for.

    One statement for thousands; closed accounts and children with a guardian are left out.
    """
    message = Message(
        kind=news.kind,
        community_id=news.community_id,
        subject=news.subject,
        values=news.values,
        at=clock.now(),
    )
    db.session.add(message)
    db.session.flush()
    kind = telling().kinds[news.kind]
    if isinstance(news.people, Select):
        _deliver(message, kind, Person.id.in_(news.people))
        return
    ids = sorted(set(news.people))
    for start in range(0, len(ids), CHUNK):
        _deliver(message, kind, Person.id.in_(ids[start : start + CHUNK]))


def _deliver(message: Message, kind: Kind, whom: ColumnElement[bool]) -> None:
    chosen = MailChoice.person_id == Person.id, MailChoice.kind == kind.code
    people = (
        select(literal(message.id, Integer), Person.id, _rhythm(kind))
        .outerjoin(MailChoice, chosen[0] & chosen[1])
        .where(whom, Person.closed_at.is_(None), Person.guardian_id.is_(None))
    )
    db.session.execute(insert(InboxItem).from_select(["message_id", "person_id", "mail"], people))


def _rhythm(kind: Kind) -> ColumnElement[str]:
    chosen = func.coalesce(MailChoice.rhythm, kind.rhythm)
    if plugins.registry().answers("deliver"):
        return chosen  # carried by a plugin even to those without an address
    if not mail.ready():
        return literal("none")
    return case((address().is_(None), "none"), else_=chosen)


def address() -> ScalarSelect[str]:
    """Return the expression for the proven e-mail address of `Person`; null where none is."""
    return (
        select(Contact.value)
        .where(
            Contact.person_id == Person.id, Contact.kind == "email", Contact.proven_at.is_not(None)
        )
        .order_by(Contact.id)
        .limit(1)
        .correlate(Person)
        .scalar_subquery()
    )


def unread(person_id: ColumnElement[int]) -> ScalarSelect[int]:
    """Return the expression for how many messages a person has not read, at most `MOST_COUNTED`."""
    some = select(InboxItem.id).where(InboxItem.person_id == person_id, InboxItem.read_at.is_(None))
    return select(func.count()).select_from(some.limit(MOST_COUNTED).subquery()).scalar_subquery()


@dataclass(frozen=True)
class Entry:
    """Hold one message as its reader reads it."""

    id: int
    at: datetime
    title: str
    sentence: str
    unread: bool


@dataclass(frozen=True)
class Page:
    """Hold a page of an inbox.

    :ivar newest: id of its first message, 0 where there is none.
    :ivar older: id before which the next page begins, or None at the end.
    :ivar left_out: whether something is not shown, since its reader may not open it any more.
    """

    entries: list[Entry]
    newest: int
    older: int | None
    left_out: bool


def inbox(actor: Actor, *, before: int | None = None) -> Page:
    """Return a page of what somebody was told and may still read, the newest first."""
    query = (
        select(InboxItem.id, InboxItem.read_at, Message.kind, Message.values, Message.at)
        .join(InboxItem.message)
        .where(InboxItem.person_id == actor.person_id, InboxItem.id < (before or LAST))
        .order_by(InboxItem.id.desc())
        .limit(PER_PAGE + 1)
    )
    rows = db.session.execute(query).all()
    entries = []
    for row in rows[:PER_PAGE]:
        kind = readable(actor, row.kind, row.values)
        if kind is not None:
            entries.append(
                Entry(
                    row.id,
                    row.at,
                    str(kind.title),
                    kind.sentence(row.values),
                    row.read_at is None,
                )
            )
    more = len(rows) > PER_PAGE
    return Page(
        entries,
        newest=rows[0].id if rows else 0,
        older=rows[PER_PAGE - 1].id if more else None,
        left_out=len(entries) < len(rows[:PER_PAGE]),
    )


def readable(actor: Actor, code: str, values: Mapping[str, Any]) -> Kind | None:
    """Return the kind of a message that an actor may still read, else None.

    What a plugin declared that is not here any more, nobody can read.
    """
    kind = telling().kinds.get(code)
    return kind if kind is not None and kind.still(actor, values) else None


def open_item(actor: Actor, item_id: int) -> str | None:
    """Mark a message as read; return the address of what it is about, None where it is closed.

    :raises Refused: 404 for what is no message of theirs.
    """
    row = db.session.execute(
        select(Message.kind, Message.values)
        .join(InboxItem, InboxItem.message_id == Message.id)
        .where(InboxItem.id == item_id, InboxItem.person_id == actor.person_id)
    ).one_or_none()
    if row is None:
        raise Refused("no_message", _l("There is no such message."), HTTPStatus.NOT_FOUND)
    db.session.execute(
        update(InboxItem)
        .where(InboxItem.id == item_id, InboxItem.read_at.is_(None))
        .values(read_at=clock.now())
    )
    kind = readable(actor, row.kind, row.values)
    return kind.address(row.values) if kind else None


def read_all(person_id: int, *, up_to: int) -> None:
    """Mark everything as read up to the newest message that the reader had on their page."""
    db.session.execute(
        update(InboxItem)
        .where(
            InboxItem.person_id == person_id,
            InboxItem.read_at.is_(None),
            InboxItem.id <= up_to,
        )
        .values(read_at=clock.now())
    )
