"""Let what the close of a ballot erased leave the files of the database, too."""

from sqlalchemy import text

from civic.kernel import clock, erasing
from civic.kernel.db import db
from civic.voting.models import Ballot

#: Milliseconds that voters of other ballots wait at most while PostgreSQL rewrites the table.
_PATIENCE = 5000


def scrub() -> bool:
    """Rewrite the tables of used rights without what was erased in them.

    Called with no transaction open. SQLite overwrites what is deleted (`secure_delete`); its file
    is rewritten all the same, so that no page tells an order, and its log is emptied.

    :returns: whether nothing is left; where somebody held it up, the next run does it.
    """
    engine = db.engine
    if engine.dialect.name == "sqlite":
        connection = engine.raw_connection()
        try:
            raw = connection.driver_connection
            assert raw is not None  # noqa: S101 - just taken from the pool
            raw.execute("PRAGMA query_only=off")
            raw.execute("VACUUM")
        finally:
            connection.invalidate()  # its mode is unknown now
        return erasing.settle()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connected:
        connected.execute(text(f"SET lock_timeout = {_PATIENCE}"))
        for table in ("used_right", "urn", "sheet"):
            connected.execute(text(f"VACUUM (FULL) {table}"))
        connected.execute(text("RESET lock_timeout"))
    return True


def mark(ballots: list[Ballot]) -> None:
    """Note that nothing erased of these ballots is left in the files."""
    for ballot in ballots:
        ballot.scrubbed_at = clock.now()
