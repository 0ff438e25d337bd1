"""Let what was erased leave the files, too."""

from civic.kernel.db import db

#: How long readers are waited for, in milliseconds; they read for less.
_PATIENCE = 1000


def settle() -> bool:
    """Fold SQLite's log into its file and empty it, where erased rows would linger for a while.

    Called after the commit. Rows that are deleted are overwritten in the file itself
    (`secure_delete`).

    :returns: whether the log is empty; a reader may have kept it, and the next time empties it.
    """
    if db.engine.dialect.name != "sqlite":
        return True
    connection = db.engine.raw_connection()
    try:
        raw = connection.driver_connection
        assert raw is not None  # noqa: S101 - just taken from the pool
        before = raw.execute("PRAGMA busy_timeout").fetchone()[0]
        raw.execute(f"PRAGMA busy_timeout={_PATIENCE}")
        try:
            busy: int = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        finally:
            raw.execute(f"PRAGMA busy_timeout={before}")
        return busy == 0
    finally:
        connection.close()
