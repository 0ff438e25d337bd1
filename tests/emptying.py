"""One PostgreSQL database, emptied between tests: cheaper by far than another clone for each."""

from collections.abc import Iterable
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Engine, event
from sqlalchemy.pool import QueuePool

#: Rows of the catalogue that came, went or were written again: what a change of the schema moves.
SCHEMA = """
    SELECT 'class', count(*), max(xmin::text::bigint) FROM pg_class
        WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT 'attribute', count(*), max(xmin::text::bigint) FROM pg_attribute
        WHERE attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
    UNION ALL SELECT 'constraint', count(*), max(xmin::text::bigint) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT 'function', count(*), max(xmin::text::bigint) FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT 'default', count(*), max(xmin::text::bigint) FROM pg_attrdef
    UNION ALL SELECT 'trigger', count(*), max(xmin::text::bigint) FROM pg_trigger
"""
OTHERS = """
    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
        AND backend_type = 'client backend' AND pid <> pg_backend_pid() AND pid <> ALL(%s)
"""
# A table that no row ever reached has an empty file; even a row rolled back leaves its page.
WRITTEN = """
    SELECT relname, pg_relation_size(oid) FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0
"""
COUNTED = "SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL"
#: From this many bytes on a file is thrown away, rather than its rows deleted one by one.
LARGE = 16 * 8192


class Emptying:
    """Empty a clone of the template again and again, as long as nobody else is in it.

    After a test that changed the schema, left a connection in use or let another process in,
    `emptied` says no: then another clone has to be made, and `begin` called.
    """

    def __init__(self, address: str, engine: Engine) -> None:
        self.address = address.replace("postgresql+psycopg:", "postgresql:", 1)
        self._engine = engine
        self._ours: set[int] = set()
        self._connection: psycopg.Connection[Any] | None = None
        event.listen(engine, "connect", self._met)

    def _met(self, connection: psycopg.Connection[Any], _record: object) -> None:
        self._ours.add(connection.info.backend_pid)

    def begin(self) -> None:
        """Look at a fresh clone, and keep the rows that the migrations wrote."""
        self._connection = connection = psycopg.connect(self.address, autocommit=True)
        # Neither the guard of an audit nor a foreign key may stand against forgetting.
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET lock_timeout = '2s'")
        self._kept = [name for name, _size in connection.execute(WRITTEN)]
        for name in self._kept:
            kept = sql.Identifier(f"kept_{name}"), sql.Identifier(name)
            connection.execute(sql.SQL("CREATE TEMP TABLE {} AS TABLE public.{}").format(*kept))
        self._counted = set(connection.execute(COUNTED))
        self._schema = connection.execute(SCHEMA).fetchall()

    def end(self) -> None:
        """Let go of the database."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def emptied(self) -> bool:
        """Take away every row that a test wrote; tell whether that could be done."""
        pool = self._engine.pool
        assert isinstance(pool, QueuePool)
        if self._connection is None or pool.checkedout():
            return False
        try:
            return self._empty(self._connection)
        except psycopg.Error:
            return False

    def _empty(self, connection: psycopg.Connection[Any]) -> bool:
        others = connection.execute(OTHERS, [list(self._ours)]).fetchone()
        if others != (0,) or connection.execute(SCHEMA).fetchall() != self._schema:
            return False
        counted = set(connection.execute(COUNTED))
        if not self._counted <= counted:
            return False
        written = list(connection.execute(WRITTEN))
        large = [name for name, size in written if size > LARGE]
        steps = [_each("DELETE FROM public.{}", (name for name, size in written if size <= LARGE))]
        if large:
            names = sql.SQL(", ").join(map(sql.Identifier, large))
            steps.append(sql.SQL("TRUNCATE {} CASCADE;").format(names))
        for name in self._kept:
            kept = sql.Identifier(name), sql.Identifier(f"kept_{name}")
            steps.append(sql.SQL("INSERT INTO public.{} TABLE {};").format(*kept))
        fresh = (f'public."{name}"' for (name,) in counted - self._counted)
        steps += [sql.SQL("SELECT setval({}, 1, false);").format(name) for name in fresh]
        connection.execute(sql.Composed(steps))
        if large:
            self._schema = connection.execute(SCHEMA).fetchall()
        return True


def _each(step: str, tables: Iterable[str]) -> sql.Composed:
    found = [sql.SQL(step + ";").format(sql.Identifier(name)) for name in tables]
    return sql.Composed(found)
