"""Run the migrations of one owner; `civic.kernel.migrate` says whose."""

from typing import Literal

from alembic import context
from sqlalchemy import inspect

from civic.kernel.db import UtcDateTime, db
from civic.kernel.migrate import Owner, known_plugins, owner_of


def render_item(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Write a moment as what the database keeps, so that migrations import nothing of ours."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


owner: Owner = context.config.attributes["owner"]

with db.engine.connect() as connection:
    sqlite = connection.dialect.name == "sqlite"
    raw = connection.connection.driver_connection
    if sqlite:
        # A batch rebuild drops the table: that must not cascade into those that point at it.
        raw.execute("PRAGMA foreign_keys=OFF")
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
        )
        with context.begin_transaction():
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
            raw.execute("PRAGMA foreign_keys=ON")
