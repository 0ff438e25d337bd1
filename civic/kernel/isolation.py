"""Isolation: what code of a plugin did in the transaction of its caller is undone where it fails.

A savepoint costs two statements, and most hooks answer without asking the database. So it is set
only when the session is first used; until then nothing can have been done to the transaction.
This is of faults, not of malice.
"""

from collections.abc import Callable
from typing import Any, NoReturn, Self, TypeVar

from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.orm import SessionTransaction
from sqlalchemy.orm.attributes import set_committed_value

from civic.kernel.db import Session, db

T = TypeVar("T")
GUARDS = "civic.guards"


class Misused(Exception):  # noqa: N818 - logged under the name of the plugin, never shown
    """Say what a hook may not do with the session of its caller."""


class Guard:
    """Watch one call: set a savepoint as soon as the session is used."""

    __slots__ = ("savepoint", "session")

    def __init__(self, session: Session) -> None:
        """Begin without a savepoint."""
        self.session = session
        self.savepoint: SessionTransaction | None = None

    def wake(self) -> None:
        """Set the savepoint, unless it is set.

        :raises Misused: where rows were changed before; they would be written outside of it.
        """
        if self.savepoint is None:
            self.settle()
            before, self.session.__class__ = self.session.__class__, Session
            try:
                self.savepoint = self.session.begin_nested()
            finally:
                self.session.__class__ = before

    def settle(self) -> None:
        """Make what was done a part of the caller's transaction.

        :raises Misused: where rows were changed without the session, which is never meant.
        """
        if self.savepoint is not None:
            if _aborted(self.session):
                message = "it went on after a statement that failed"
                raise Misused(message)
            self.savepoint.commit()
        elif self.session.identity_map.check_modified() and self.session.dirty:
            # Nothing can be new or deleted: that would have set the savepoint.
            message = "it changed rows that it was given"
            raise Misused(message)

    def undo(self) -> None:
        """Put the session back to what it was; objects keep what was loaded of them."""
        _put_back(self.session)
        if self.savepoint is None or self.session.get_nested_transaction() is not self.savepoint:
            return
        known = [(item, set(inspect(item).dict)) for item in self.session.identity_map.values()]
        self.savepoint.rollback()
        for item, keys in known:
            state = inspect(item)
            if state.session is self.session and state.expired:
                self.session.refresh(item, keys & set(state.mapper.attrs.keys()))


def _aborted(session: Session) -> bool:
    """Tell whether PostgreSQL answers nothing more before a rollback; it says so to its driver."""
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        return False
    raw: Any = connection.connection.driver_connection
    return raw.info.transaction_status.name == "INERROR"


def _put_back(session: Session) -> None:
    for item in list(session.new):
        session.expunge(item)
    for item in list(session.dirty):
        for attribute in inspect(item).attrs:
            history = attribute.history
            if not history.has_changes():
                continue
            if getattr(inspect(item).mapper.attrs[attribute.key], "uselist", False):
                before = [*(history.unchanged or ()), *(history.deleted or ())]
                set_committed_value(item, attribute.key, before)
            elif history.deleted:
                set_committed_value(item, attribute.key, history.deleted[0])
            else:
                session.expire(item, [attribute.key])


class Guarded(Session):
    """Be the session of a request while code of a plugin runs."""

    def _wake(self) -> None:
        for guard in self.info[GUARDS]:
            guard.wake()

    def get_bind(self, *args: Any, **kwargs: Any) -> Engine | Connection:  # noqa: ANN401 - as SQLAlchemy declares it
        """Return the engine; whoever asks is about to use it."""
        self._wake()
        return super().get_bind(*args, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as SQLAlchemy declares it
        """Add a row inside the savepoint."""
        self._wake()
        super().add(*args, **kwargs)

    def merge(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as SQLAlchemy declares it
        """Merge a row inside the savepoint."""
        self._wake()
        return super().merge(*args, **kwargs)

    def delete(self, instance: object) -> None:
        """Delete a row inside the savepoint."""
        self._wake()
        super().delete(instance)

    def get(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as SQLAlchemy declares it
        """Return a row that may be changed inside the savepoint."""
        self._wake()
        return super().get(*args, **kwargs)

    def flush(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as SQLAlchemy declares it
        """Write inside the savepoint."""
        self._wake()
        super().flush(*args, **kwargs)

    def begin_nested(self) -> SessionTransaction:
        """Begin a savepoint inside the savepoint."""
        self._wake()
        return super().begin_nested()

    def commit(self) -> NoReturn:
        """Refuse: the transaction is the caller's."""
        message = "a hook does not end the transaction of its caller"
        raise Misused(message)

    rollback = close = commit


class Isolation:
    """Call plugins' functions one after the other, each undone on its own where it raises.

    What the caller had pending is written before, and stays.
    """

    def __enter__(self) -> Self:
        """Begin to watch the session."""
        self.session: Any = db.session()
        session: Any = self.session
        if session.identity_map.check_modified() or session.new or session.deleted:
            session.flush()
        self.guards = session.info.setdefault(GUARDS, [])
        self.guard = Guard(session)
        self.guards.append(self.guard)
        self.before, session.__class__ = session.__class__, Guarded
        return self

    def __exit__(self, *_: object) -> None:
        """Give the session back as it was."""
        self.guards.pop()
        self.session.__class__ = self.before

    def call(self, function: Callable[..., T], *arguments: object) -> T:
        """Call a function; where it raises, undo what it did and let the error pass."""
        guard = self.guard
        try:
            result = function(*arguments)
            if guard.savepoint is not None or self.session.identity_map.check_modified():
                guard.settle()
        except BaseException:
            self.session.__class__ = Session
            guard.undo()
            self.session.__class__ = Guarded
            raise
        finally:
            guard.savepoint = None
        return result


def isolated(function: Callable[..., T], *arguments: object) -> T:
    """Call one function of a plugin in isolation."""
    with Isolation() as isolation:
        return isolation.call(function, *arguments)
