"""Let the database itself refuse rows about somebody whose account is closed.

Whoever closes an account waits for all that is being written about it, and erases that; whoever
writes later finds the account closed. What a migration has made with this stays as it is: a change
here needs a migration of its own that makes the triggers anew.
"""

from collections.abc import Iterator

from sqlalchemy.exc import DBAPIError

#: What the database says; `refused` knows it again.
SENTENCE = "the account is closed"
_GONE = "EXISTS (SELECT 1 FROM person WHERE id = NEW.{column} AND closed_at IS NOT NULL)"
FUNCTION = """\
CREATE FUNCTION account_open() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE gone timestamptz;
BEGIN
  SELECT closed_at INTO gone FROM person
    WHERE id = (to_jsonb(NEW) ->> TG_ARGV[0])::integer FOR KEY SHARE;
  IF gone IS NOT NULL THEN
    RAISE EXCEPTION 'the account is closed' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$"""


def name(table: str, column: str) -> str:
    """Return what the triggers of a column are called, or begin with."""
    return f"{table}_{column}_open"


def refusing(dialect: str, table: str, column: str) -> Iterator[str]:
    """Yield the statements after which a column names nobody whose account is closed.

    PostgreSQL needs `FUNCTION` before.
    """
    called = name(table, column)
    if dialect == "postgresql":
        yield (
            f"CREATE TRIGGER {called} BEFORE INSERT OR UPDATE OF {column} ON {table} FOR EACH ROW "
            f"WHEN (NEW.{column} IS NOT NULL) EXECUTE FUNCTION account_open('{column}')"
        )
        return
    for suffix, act in (("insert", "INSERT"), ("update", f"UPDATE OF {column}")):
        yield (
            f"CREATE TRIGGER {called}_{suffix} BEFORE {act} ON {table} "
            f"WHEN NEW.{column} IS NOT NULL AND {_GONE.format(column=column)} "
            f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
        )


def dropping(dialect: str, table: str, column: str) -> Iterator[str]:
    """Yield the statements after which rows for whoever is gone are left out without a word.

    For rows that one statement writes for thousands: it must not fail since one of them left. On
    PostgreSQL the table needs a key called `id`.
    """
    called = name(table, column)
    if dialect == "postgresql":
        # The foreign key has waited for whoever closes an account; each statement in here sees
        # what was committed since.
        gone = f"fresh JOIN person ON person.id = fresh.{column} WHERE closed_at IS NOT NULL"
        body = f"DELETE FROM {table} WHERE id IN (SELECT fresh.id FROM {gone})"  # noqa: S608 - of names of our own
        head = f"CREATE FUNCTION {called}() RETURNS trigger LANGUAGE plpgsql"
        yield f"{head} AS $$ BEGIN {body}; RETURN NULL; END $$"
        yield (
            f"CREATE TRIGGER {called} AFTER INSERT ON {table} REFERENCING NEW TABLE AS fresh "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {called}()"
        )
        return
    yield (
        f"CREATE TRIGGER {called}_insert BEFORE INSERT ON {table} "
        f"WHEN {_GONE.format(column=column)} BEGIN SELECT RAISE(IGNORE); END"
    )


def removing(dialect: str, table: str, column: str) -> Iterator[str]:
    """Yield the statements that take the triggers of a column away again."""
    called = name(table, column)
    if dialect == "postgresql":
        yield f"DROP TRIGGER {called} ON {table}"
        yield f"DROP FUNCTION IF EXISTS {called}()"
        return
    for suffix in ("insert", "update"):
        yield f"DROP TRIGGER IF EXISTS {called}_{suffix}"


def refused(error: BaseException) -> bool:
    """Tell whether it was such a trigger that refused."""
    return isinstance(error, DBAPIError) and SENTENCE in str(error.orig)
