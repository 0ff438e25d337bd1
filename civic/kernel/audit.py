"""The audit: an append-only hash chain of official acts."""

import hashlib
import json
import secrets
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import ForeignKey, select, text
from sqlalchemy.orm import Mapped, mapped_column

from civic.kernel import clock
from civic.kernel.db import Model, db

if TYPE_CHECKING:
    from civic.kernel.permissions import Actor, Path

START = "0" * 64
#: Key of the PostgreSQL advisory lock that puts entries into one order.
_LOCK = 4_217_001


class AuditActor(Model):
    """Link the actor's key in the chain to a person; erasing the row keeps the chain whole."""

    key: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)


class AuditEntry(Model):
    """Record one official act.

    :ivar actor: key of `AuditActor`, or a word for who acts without being a person.
    :ivar post: the post in whose name it was done, as written at the time.
    :ivar subject: kind and id of the thing acted on, as `consultation:7`.
    :ivar hash: SHA-256 over the canonical JSON of all the others and the previous hash.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    community_id: Mapped[int | None] = mapped_column(ForeignKey("community.id"), index=True)
    act: Mapped[str]
    actor: Mapped[str]
    post: Mapped[str]
    subject: Mapped[str]
    data: Mapped[dict[str, Any]]
    previous: Mapped[str] = mapped_column(unique=True)
    hash: Mapped[str] = mapped_column(unique=True)


class Place(Protocol):
    """Be where an act is done: a community or another node of the tree."""

    @property
    def id(self) -> int:
        """Return its number."""

    @property
    def path(self) -> "Path":
        """Return the ids from the root down to it."""


def done(
    act: str, actor: "Actor", at: Place, subject: str, data: dict[str, Any] | None = None
) -> AuditEntry:
    """Add what somebody did in the name of the nearest post they hold; else as `append`."""
    return append(
        act,
        person_id=actor.person_id,
        post=actor.office_at(at.path),
        subject=subject,
        community_id=at.id,
        data=data,
    )


def append(
    act: str,
    *,
    person_id: int | None = None,
    actor: str = "",
    post: str = "",
    subject: str,
    community_id: int | None = None,
    data: dict[str, Any] | None = None,
) -> AuditEntry:
    """Add an official act to the chain, in the acting transaction.

    :param data: JSON values; never names, telephone numbers, choices or texts of residents.
    """
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    last = db.session.scalar(select(AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1))
    entry = AuditEntry(
        at=clock.now(),
        community_id=community_id,
        act=act,
        actor=_key(person_id) if person_id is not None else actor,
        post=post,
        subject=subject,
        data=data or {},
        previous=last or START,
    )
    entry.hash = digest(entry)
    db.session.add(entry)
    db.session.flush()
    return entry


def _key(person_id: int) -> str:
    key = db.session.scalar(select(AuditActor.key).filter_by(person_id=person_id))
    if key is None:
        key = secrets.token_hex(12)
        db.session.add(AuditActor(key=key, person_id=person_id))
    return key


def digest(entry: AuditEntry) -> str:
    """Compute the hash of an entry from its content and the previous hash."""
    content = [
        entry.previous,
        entry.at.isoformat(),
        entry.community_id,
        entry.act,
        entry.actor,
        entry.post,
        entry.subject,
        entry.data,
    ]
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def holds(noted: str) -> bool:
    """Tell whether an entry of the chain has this hash."""
    wanted = noted.strip().lower()
    return db.session.scalar(select(AuditEntry.id).filter_by(hash=wanted)) is not None


def broken() -> Iterator[int]:
    """Yield the ids of entries that do not fit their content or their predecessor."""
    previous = START
    entries = db.session.scalars(
        select(AuditEntry).order_by(AuditEntry.id).execution_options(yield_per=500)
    )
    for entry in entries:
        if entry.previous != previous or entry.hash != digest(entry):
            yield entry.id
        previous = entry.hash
