"""The database: typed models, names, and transactions that keep their promises."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from threading import Lock
from typing import Any, TypeVar

from flask import Flask, current_app, g, has_app_context, has_request_context, request
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import (
    JSON,
    CheckConstraint,
    Connection,
    DateTime,
    Dialect,
    Engine,
    ForeignKey,
    MetaData,
    event,
)
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    declared_attr,
    mapped_column,
    registry,
    relationship,
)
from sqlalchemy.types import TypeDecorator

F = TypeVar("F")
#: How long a writer waits for the one before it.
BUSY_SECONDS = 10
READER = "civic_reader"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """Store aware moments as UTC; SQLite keeps no zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware moment into what the database keeps."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"a moment without a zone: {value}"
            raise ValueError(message)
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment as aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Model(DeclarativeBase):
    """Be the base of every table.

    Tables are named after their class; those of a plugin package `civic_NAME` begin with `NAME_`.
    """

    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={
            datetime: UtcDateTime,
            dict[str, Any]: JSON,
            list[str]: JSON,
        },
    )

    @declared_attr.directive
    @classmethod
    def __tablename__(cls) -> str:
        """Derive the table's name from the class and, in plugins, its package."""
        name = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()
        package = cls.__module__.partition(".")[0]
        return f"{package.removeprefix('civic_')}_{name}" if package != "civic" else name


class Owned:
    """Give a model a key and the community it belongs to."""

    id: Mapped[int] = mapped_column(primary_key=True)

    @declared_attr
    @classmethod
    def community_id(cls) -> Mapped[int]:
        """Refer to the owning community, which ends but is never deleted."""
        return mapped_column(ForeignKey("community.id"), index=True)

    @declared_attr
    @classmethod
    def community(cls) -> Mapped[Any]:
        """Refer to the owning community as an object."""
        return relationship("Community")


def one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    """Let a text column hold only the given codes."""
    return CheckConstraint(_among(column, values), name=column)


def one_of_or_dotted(column: str, values: Iterable[str]) -> CheckConstraint:
    """Let a text column hold the given codes, or one of a plugin: its name, a dot, and a code."""
    # With a dot, and not LIKE: a percent sign means something to the driver of PostgreSQL.
    dotted = f"{column} <> replace({column}, '.', '')"
    return CheckConstraint(f"{_among(column, values)} OR {dotted}", name=column)


def _among(column: str, values: Iterable[str]) -> str:
    codes = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({codes})"


def writes(view: F) -> F:
    """Mark a view that writes although its method is a safe one (a logged look at data)."""
    view.writes = True  # type: ignore[attr-defined]
    return view


def reads(view: F) -> F:
    """Mark a view that only reads although its method is not a safe one (signing in)."""
    view.writes = False  # type: ignore[attr-defined]
    return view


def begin_writing() -> None:
    """End the reading transaction of a request; what it asks from now on may write (signing in)."""
    db.session.commit()
    g.writing = True


def only_reads() -> bool:
    """Tell whether the current request, or block of a job, may only read."""
    if has_app_context() and g.get("reading"):
        return True
    if not has_request_context() or g.get("writing"):
        return False
    view = current_app.view_functions.get(request.endpoint or "")
    return not getattr(view, "writes", request.method not in SAFE)


class Session(FlaskSession):
    """Begin read-only transactions in requests that only read."""

    def get_bind(self, *args: Any, **kwargs: Any) -> Engine | Connection:  # noqa: ANN401 - as SQLAlchemy declares it
        """Return the engine, or its read-only view while a page is only read."""
        bind = super().get_bind(*args, **kwargs)
        if isinstance(bind, Engine) and only_reads():
            # The same one each time: a session opens a connection for every engine it meets.
            reader: Engine = current_app.extensions[READER]
            return reader
        return bind


db = SQLAlchemy(
    model_class=Model,
    disable_autonaming=True,
    session_options={"class_": Session, "expire_on_commit": False},
)


@contextmanager
def reading() -> Iterator[None]:
    """Let a job only read for a while, in a transaction that no writer waits for.

    No transaction may be open when it begins; objects that were read are let go at its end.
    """
    g.reading = True
    try:
        yield
    finally:
        db.session.rollback()
        g.pop("reading")


def init_app(app: Flask) -> None:
    """Connect an app to its database and set the rules of its transactions."""
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            _Writers().watch(db.engine)
            event.listen(db.engine, "connect", _configure_sqlite)
        options = {"readonly": True, "postgresql_readonly": True}
        app.extensions[READER] = db.engine.execution_options(**options)


def _configure_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - a DBAPI connection
    # The driver must not begin transactions of its own: a read, then a write, would lose updates.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=wal",
        "synchronous=full",
        "foreign_keys=on",
        f"busy_timeout={BUSY_SECONDS * 1000}",
        "secure_delete=on",
    ):
        connection.execute(f"PRAGMA {pragma}")
    connection.create_function(
        "civic_sha256", 1, lambda text: sha256(text.encode()).hexdigest(), deterministic=True
    )


class _Writers:
    """Let the writers of one process take turns before they ask SQLite.

    SQLite's own waiting is sleeping and trying again, which leaves some waiting for a second while
    others pass; a lock wakes the next at once. Other processes still meet SQLite's.
    """

    def __init__(self) -> None:
        self.turn = Lock()

    def watch(self, engine: Engine) -> None:
        event.listen(engine, "begin", self.begin)
        event.listen(engine, "checkin", self.release)
        event.listen(engine, "invalidate", self.release)

    def begin(self, connection: Connection) -> None:
        readonly = bool(connection.get_execution_options().get("readonly"))
        raw = connection.connection.driver_connection
        assert raw is not None  # noqa: S101 - a begun connection has one
        info = connection.info
        if not readonly and not info.get("writes"):
            # Whoever waits in vain goes on to SQLite, which says so in its own words.
            info["writes"] = self.turn.acquire(timeout=BUSY_SECONDS)
        if info.get("readonly") is not readonly:
            raw.execute(f"PRAGMA query_only={'on' if readonly else 'off'}")
            info["readonly"] = readonly
        raw.execute("BEGIN" if readonly else "BEGIN IMMEDIATE")

    def release(self, _raw: object, record: Any, *_: object) -> None:  # noqa: ANN401 - a pool's record
        if record is not None and record.info.pop("writes", False):
            self.turn.release()
