"""Migrations: one history per owner, up and down, equal to the models, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import inspect, text

from civic.kernel import migrate
from civic.kernel.db import db
from tests.databases import make_app
from tests.sample import HELLO


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An app with the sample plugin and a database without a table."""
    url = ""
    if request.param == "postgresql":
        server = request.getfixturevalue("postgresql")
        name = f"{server.name}_migrations"
        server._run(f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name}")
        url = server._url(name)
    app = make_app(tmp_path / "instance", url, found=[HELLO])
    with app.app_context():
        yield app
        db.session.rollback()
        db.engine.dispose()
    if url:
        server._run(f"DROP DATABASE {name} WITH (FORCE)")


def tables() -> set[str]:
    with db.engine.connect() as connection:
        return set(inspect(connection).get_table_names())


def differences() -> dict[str, list[object]]:
    return {owner.name: migrate.differences(owner) for owner in migrate.owners()}


VERSIONS = {"alembic_version", "alembic_version_hello"}
AGREE: dict[str, list[object]] = {"civic": [], "hello": []}


def test_up_down_and_up_again(empty: Flask) -> None:
    assert migrate.pending() == ["civic", "hello"]
    migrate.upgrade()
    assert migrate.pending() == []
    assert differences() == AGREE
    full = tables()
    assert {"person", "used_right", "audit_entry", "hello_greeting"} | VERSIONS <= full
    migrate.downgrade("hello", "base")
    assert migrate.pending() == ["hello"]
    assert tables() == full - {"hello_greeting"}
    migrate.downgrade("civic", "base")
    assert tables() == VERSIONS
    migrate.upgrade()
    assert tables() == full
    assert differences() == AGREE


def test_a_difference_is_seen_with_its_owner(empty: Flask) -> None:
    migrate.upgrade()
    with db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE hello_greeting ADD COLUMN mood VARCHAR"))
        connection.execute(text("ALTER TABLE person ADD COLUMN mood VARCHAR"))
        connection.execute(text("DROP INDEX ix_node_ids"))
    found = {name: sorted(str(item[0]) for item in items) for name, items in differences().items()}
    assert found == {"civic": ["add_index", "remove_column"], "hello": ["remove_column"]}


def test_the_audit_is_append_only_from_the_first_migration(empty: Flask) -> None:
    migrate.upgrade()
    catalogue = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    with db.engine.connect() as connection:
        found = set(connection.scalars(text(catalogue[db.engine.dialect.name])))
    assert (
        found
        >= {
            "sqlite": {"audit_entry_no_update", "audit_entry_no_delete"},
            "postgresql": {"audit_entry_append_only", "audit_entry_no_truncate"},
        }[db.engine.dialect.name]
    )


def test_a_plugin_that_went_leaves_its_tables_and_nobody_takes_them(
    empty: Flask, tmp_path: Path
) -> None:
    migrate.upgrade()
    url = db.engine.url.render_as_string(hide_password=False)
    db.engine.dispose()
    without = make_app(tmp_path / "without", url)
    with without.app_context():
        assert migrate.pending() == []
        assert [owner.name for owner in migrate.owners()] == ["civic"]
        assert differences() == {"civic": []}
        migrate.upgrade()
        assert "hello_greeting" in tables()
        db.engine.dispose()
