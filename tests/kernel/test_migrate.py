"""Migrations: one history per owner, up and down, equal to the models, on both databases."""

import shutil
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import inspect, select, text

from civic.kernel import migrate, plugins
from civic.kernel.db import db
from civic.kernel.errors import Misconfigured
from civic.kernel.migrate import Owner
from tests.databases import make_app
from tests.factories import World, build_world, rows, session_key
from tests.sample import HELLO, point


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


REBUILD = """
import sqlalchemy as sa
from alembic import op
revision = "rebuild"
down_revision = "{head}"
def upgrade():
    for table in ("community", "person", "node"):
        column = {{"community": "about", "person": "name", "node": "name"}}[table]
        with op.batch_alter_table(table) as batch_op:
            batch_op.alter_column(column, existing_type=sa.String(), type_=sa.Text())
def downgrade():
    pass
"""


def test_the_core_rebuilds_its_tables_and_no_row_of_a_plugin_is_lost(
    site: Flask, town: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import civic_hello

    for community in (town.erlong, town.jingji):
        db.session.add(civic_hello.Greeting(community_id=community.id, words="好"))
    db.session.commit()
    before = rows(select(civic_hello.Greeting.id, civic_hello.Greeting.community_id))
    db.session.rollback()
    folder = tmp_path / "versions"
    shutil.copytree(migrate.resource("migrations") / "versions", folder)
    [head] = migrate._heads(migrate.owner("civic"))
    (folder / "rebuild.py").write_text(REBUILD.format(head=head))
    monkeypatch.setattr(migrate, "owners", lambda: [Owner("civic", folder)])
    migrate.upgrade()
    assert migrate.pending() == []
    assert rows(select(civic_hello.Greeting.id, civic_hello.Greeting.community_id)) == before
    db.session.rollback()
    if db.engine.dialect.name == "sqlite":
        # Off for the migration, and on again for everybody after it.
        with db.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_a_migration_that_fails_half_way_leaves_nothing_and_stops_nobody(
    empty: Flask, tmp_path: Path
) -> None:
    url = db.engine.url.render_as_string(hide_password=False)
    found = [point("halfway"), HELLO]
    app = make_app(tmp_path / "halfway", url if url.startswith("postgresql") else "", found=found)
    with app.app_context():
        assert [owner.name for owner in migrate.owners()] == ["civic", "halfway", "hello"]
        with pytest.raises(Misconfigured, match=r"halfway \(OperationalError|halfway \(Progr"):
            migrate.upgrade()
        assert migrate.pending() == ["halfway"]
        found = tables()
        assert "hello_greeting" in found
        assert not [name for name in found if name.startswith("halfway")]
        if db.engine.dialect.name == "sqlite":
            with db.engine.connect() as connection:
                assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        # And again, as often as one likes.
        with pytest.raises(Misconfigured, match="as they were"):
            migrate.upgrade()
        assert tables() == found
        key = held_back(build_world())
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = key
    assert client.get("/c/erlonglu/").status_code == 200
    assert client.get("/c/erlonglu/hello/").status_code == 200
    assert client.get("/c/erlonglu/halfway/").status_code == 404
    assert "halfway" in client.get("/admin/").get_data(as_text=True)
    with app.app_context():
        db.engine.dispose()


def held_back(world: World) -> str:
    """Switch both plugins on, start as a server does, and return the key of an administrator."""
    from civic.communities import switching

    for name in ("halfway", "hello"):
        switching.switch(world.erlong, name, on=True)
    db.session.commit()
    key = session_key(world.administrator)
    db.session.commit()
    migrate.ready()
    assert list(plugins.registry().loaded) == ["hello"]
    assert "civic db upgrade" in str(plugins.registry().failed["halfway"].advice)
    return key


def test_the_core_that_is_behind_is_not_served(empty: Flask) -> None:
    with pytest.raises(Misconfigured, match="not up to date"):
        migrate.ready()


def test_a_plugin_whose_migrations_cannot_be_read_stops_nobody(
    empty: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "0001_broken.py").write_text("def (")
    core, hello = migrate.owners()
    monkeypatch.setattr(migrate, "owners", lambda: [core, Owner("broken", broken), hello])
    assert migrate.pending() == ["civic", "broken", "hello"]
    with pytest.raises(Misconfigured, match=r"broken \(SyntaxError"):
        migrate.upgrade()
    assert migrate.pending() == ["broken"]


def test_nobody_of_that_name(empty: Flask) -> None:
    for act in (
        lambda: migrate.downgrade("nobody", "base"),
        lambda: migrate.revise("nobody", "x"),
        lambda: migrate.upgrade("nobody"),
    ):
        with pytest.raises(Misconfigured, match="nobody"):
            act()


def test_events_that_waited_before_they_were_tried_again_still_wait(
    site: Flask, town: World
) -> None:
    from civic.kernel import clock
    from civic.kernel.events import EventRow

    now = clock.now()
    row = EventRow(
        kind="hello.Greeted",
        subscriber="hello.listen",
        community_id=town.erlong.id,
        payload={"greeting_id": 7},
        at=now,
        next_at=now,
        attempts=3,
        error="KeyError",
    )
    db.session.add(row)
    db.session.commit()
    migrate.downgrade("civic", "0006")
    migrate.upgrade()
    db.session.expire_all()
    [kept] = db.session.scalars(select(EventRow)).all()
    assert (kept.payload, kept.at, kept.next_at) == ({"greeting_id": 7}, now, now)
    assert (kept.attempts, kept.error, kept.given_up_at) == (0, "", None)
    db.session.rollback()
    assert differences() == AGREE
