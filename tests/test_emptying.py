"""The database of a test is empty, whatever the test before did to it."""

from collections.abc import Iterator
from typing import NamedTuple

import psycopg
import pytest
from sqlalchemy import text

from civic.kernel import audit
from civic.kernel.db import db
from tests.databases import Postgresql
from tests.factories import build_world

FILLER = """
    INSERT INTO contact (person_id, kind, value)
    SELECT (SELECT min(id) FROM person), 'email', 'filler' || n FROM generate_series(1, 9000) n
"""


class State(NamedTuple):
    """What a test finds: rows left, the version, the next key, the columns of a person."""

    left: int
    version: str
    key: int
    columns: int


def ask(own: Postgresql, query: str) -> int | str:
    """Return one value of a query, committed."""
    with own.app.app_context():
        found = db.session.execute(text(query))
        value = found.scalar_one() if found.returns_rows else 0
        db.session.commit()
        return value


def fresh(own: Postgresql) -> tuple[State, int | str]:
    """Empty the database; return what it holds, and the number that another clone changes."""
    own.fresh()
    state = State(
        *(
            ask(own, query)
            for query in (
                "SELECT (SELECT count(*) FROM contact) + (SELECT count(*) FROM audit_entry)",
                "SELECT version_num FROM alembic_version",
                "SELECT nextval('person_id_seq')",
                "SELECT count(*) FROM information_schema.columns WHERE table_name = 'person'",
            )
        )
    )
    return state, ask(own, "SELECT oid FROM pg_database WHERE datname = current_database()")


@pytest.fixture(scope="module")
def own(postgresql: Postgresql, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgresql]:
    folder = tmp_path_factory.mktemp("emptying")
    database = Postgresql(folder, postgresql.server, name="emptying")
    yield database
    database.close()


@pytest.mark.parametrize("filler", ["SELECT 1", FILLER, "DELETE FROM alembic_version"])
def test_rows_keys_and_what_migrations_wrote(own: Postgresql, filler: str) -> None:
    before = fresh(own)
    for _ in range(2):
        with own.app.app_context():
            build_world()
            audit.append("test.done", subject="test:1")
            db.session.commit()
        ask(own, filler)
        assert fresh(own) == before


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE person ADD COLUMN mood VARCHAR",
        "CREATE INDEX mood ON person (name)",
        "DROP TRIGGER audit_entry_append_only ON audit_entry",
        "ALTER TABLE person ALTER COLUMN name DROP NOT NULL",
        "ALTER TABLE contact DROP CONSTRAINT ck_contact_kind",
    ],
)
def test_a_changed_schema_costs_another_clone(own: Postgresql, change: str) -> None:
    state, number = fresh(own)
    ask(own, change)
    again, other = fresh(own)
    assert (again, other != number) == (state, True)


def test_so_does_a_connection_of_somebody_else(own: Postgresql) -> None:
    state, number = fresh(own)
    guest = psycopg.connect(own._url(own.name).replace("+psycopg", "", 1))
    again, other = fresh(own)
    assert (again, other != number) == (state, True)
    guest.close()


def test_so_does_one_still_in_use(own: Postgresql) -> None:
    state, number = fresh(own)
    with own.app.app_context():
        held = db.engine.connect()
    again, other = fresh(own)
    assert (again, other != number) == (state, True)
    held.invalidate()
    held.close()
