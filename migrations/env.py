"""Run the migrations of one owner; `civic.kernel.migrate` says whose."""

from typing import Literal

from alembic import context
from sqlalchemy import Connection, inspect

from civic.kernel.db import UtcDateTime, db
from civic.kernel.migrate import Owner, known_plugins, owner_of


def render_item(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Write a moment as what the database keeps, so that migrations import nothing of ours."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


owner: Owner = context.config.attributes["owner"]

#: Pages at which the tables of SQLite begin, and its triggers: name, table and statement.
Standing = tuple[dict[str, int], dict[str, tuple[str, str]]]


def standing(connection: Connection) -> Standing:
    """Return the tables and triggers of SQLite as they stand."""
    query = "SELECT type, name, tbl_name, rootpage, sql FROM sqlite_master"
    rows = connection.exec_driver_sql(query).all()
    tables = {row.name: row.rootpage for row in rows if row.type == "table"}
    triggers = {row.name: (row.tbl_name, row.sql) for row in rows if row.type == "trigger"}
    return tables, triggers


class Kept:
    """Make the triggers anew that a step upwards has dropped by rebuilding their table.

    A step that wants a trigger gone does not rebuild its table.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.pages, self.triggers = standing(connection)

    def after(self, *, upwards: bool) -> None:
        """Look at what a step has left; other triggers stay as they are."""
        now, left = standing(self.connection)
        for name in self.triggers.keys() - left.keys() if upwards else ():
            table, statement = self.triggers[name]
            if table in now and now[table] != self.pages[table]:
                self.connection.exec_driver_sql(statement)
        self.pages, self.triggers = standing(self.connection)


kept: Kept | None = None


def stepped(*, step: object, **_: object) -> None:
    """Follow each step of a history."""
    if kept is not None:
        kept.after(upwards=bool(step.is_upgrade))  # type: ignore[attr-defined]


with db.engine.connect() as connection:
    sqlite = connection.dialect.name == "sqlite"
    raw = connection.connection.driver_connection
    if sqlite:
        # A batch rebuild drops the table: that must not cascade into those that point at it, nor
        # stop at triggers of others that name it.
        raw.execute("PRAGMA foreign_keys=OFF")
        raw.execute("PRAGMA legacy_alter_table=ON")
    try:
        names = known_plugins(inspect(connection).get_table_names())
        connection.rollback()
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            version_table=owner.table,
            include_name=lambda name, kind, _: (
                kind != "table" or owner_of(name, names) == owner.name
            ),
            include_object=lambda item, name, kind, *_: (
                owner_of(name if kind == "table" else item.table.name, names) == owner.name
            ),
            render_as_batch=sqlite,
            render_item=render_item,
            transactional_ddl=True,
            on_version_apply=stepped,
        )
        with context.begin_transaction():
            kept = Kept(connection) if sqlite else None
            context.run_migrations()
            if sqlite and (
                dangling := connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            ):
                message = f"dangling foreign keys: {dangling}"
                raise RuntimeError(message)
    finally:
        # Also after a failure: the connection goes back to the pool.
        connection.rollback()
        if sqlite:
            raw.execute("PRAGMA legacy_alter_table=OFF")
            raw.execute("PRAGMA foreign_keys=ON")
