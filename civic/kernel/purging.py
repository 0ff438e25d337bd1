"""What a plugin keeps in the database: give it out as files, and take it away."""

import base64
import json
import os
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, Table, delete, inspect, select

from civic.kernel import migrate
from civic.kernel.activations import Activation
from civic.kernel.db import db
from civic.kernel.events import EventRow
from civic.kernel.faults import PluginFault
from civic.kernel.jobs import JobRun

#: Rows that are in memory at a time while they are written out.
BATCH = 500


def owned(connection: Connection, name: str) -> list[str]:
    """Return the tables of a plugin, by name, without the one that holds its version."""
    tables = inspect(connection).get_table_names()
    known = migrate.known_plugins(tables) | {name}
    return sorted(table for table in tables if migrate.owner_of(table, known) == name)


def export(name: str, folder: Path) -> list[Path]:
    """Write what a plugin keeps into a folder that only its owner can read, a file a table.

    Each file is a list of rows in JSON, with moments in UTC; settings stand in `settings.json`.
    """
    folder.mkdir(mode=0o700, parents=True)
    query = select(Activation.community_id, Activation.on, Activation.settings)
    settings = query.filter_by(plugin=name).order_by(Activation.community_id)
    written = [_write(folder / "settings.json", (_plain(r) for r in db.session.execute(settings)))]
    db.session.commit()
    with db.engine.connect() as connection:
        for table_name in owned(connection, name):
            table = Table(table_name, MetaData(), autoload_with=connection, resolve_fks=False)
            query = select(table).order_by(*table.primary_key.columns)
            rows = connection.execution_options(yield_per=BATCH).execute(query)
            written.append(_write(folder / f"{table_name}.json", (_plain(row) for row in rows)))
        connection.rollback()
    return written


def _write(path: Path, rows: Iterable[dict[str, Any]]) -> Path:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        before = "[\n"
        for row in rows:
            file.write(before + json.dumps(row, ensure_ascii=False, default=_in_words))
            before = ",\n"
        file.write("[]\n" if before == "[\n" else "\n]\n")
    return path


def _plain(row: Any) -> dict[str, Any]:  # noqa: ANN401 - a row of any table
    return dict(row._mapping)  # noqa: SLF001 - public, for all its underscore


def _in_words(value: object) -> str:
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return str(value)


def purge(name: str) -> list[str]:
    """Take away all that a plugin keeps here; return the tables that went.

    All tables are looked at, since one alone cannot be dropped that others point at.
    """
    for kept in (Activation, PluginFault):
        db.session.execute(delete(kept).filter_by(plugin=name))
    for column in (EventRow.subscriber, JobRun.name):
        mine = column.startswith(f"{name}.", autoescape=True)
        db.session.execute(delete(column.class_).where(mine))
    db.session.commit()
    with db.engine.begin() as connection:
        going = [*owned(connection, name), f"{migrate.VERSION}_{name}"]
        known = MetaData()
        known.reflect(connection)
        gone = [table for table in known.sorted_tables if table.name in going]
        known.drop_all(connection, tables=gone)
    return [table.name for table in gone]
