"""The commands `civic plugins`: what is here, and how it comes and goes, on both databases."""

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import inspect, select, text

from civic.app import create_app
from civic.cli import main
from civic.communities.services import find
from civic.kernel import audit, plugins
from civic.kernel.activations import Activation
from civic.kernel.audit import AuditEntry
from civic.kernel.db import db
from tests.factories import build_world, rows
from tests.installed import install, register
from tests.server import database_url, own_postgresql, own_sqlite


class Site:
    """A site whose database belongs to one test, and what is installed beside it."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self.app, self.folder = app, folder
        self.made: list[Flask] = []
        self.environ = {
            "CIVIC_INSTANCE": str(app.config["SETTINGS"].instance),
            "CIVIC_DATABASE_URL": database_url(app),
            "CIVIC_SECRET_KEY": "test" * 8,
        }

    def install(self, *names: str) -> None:
        install(self.folder, *names)

    def write(self, name: str, code: str) -> None:
        """Put a plugin of one file there."""
        (self.folder / f"civic_{name}").mkdir()
        (self.folder / f"civic_{name}/__init__.py").write_text(code)
        register(self.folder, name)

    def civic(self, *words: str, status: int = 0) -> str:
        """Run a command that ends in a known way; return all that it said."""
        done = CliRunner().invoke(main, words, env=self.environ)
        while self.made:
            app = self.made.pop()
            with app.app_context():
                db.engine.dispose()
        assert done.exit_code == status, done.output
        assert isinstance(done.exception, SystemExit | None)
        return done.output

    def tables(self) -> set[str]:
        with self.app.app_context(), db.engine.connect() as connection:
            return set(inspect(connection).get_table_names())

    def run(self, statement: str, **values: object) -> None:
        with self.app.app_context(), db.engine.begin() as connection:
            connection.execute(text(statement), values)

    def scalar(self, statement: str) -> object:
        with self.app.app_context(), db.engine.connect() as connection:
            return connection.scalar(text(statement))


@pytest.fixture(params=["sqlite", "postgresql"])
def site(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Site]:
    template = request.getfixturevalue(request.param)
    own = own_sqlite if request.param == "sqlite" else own_postgresql
    with own(template, tmp_path / "commands") as app:
        with app.app_context():
            build_world()
            db.session.commit()
        (tmp_path / "environment").mkdir()
        monkeypatch.syspath_prepend(tmp_path / "environment")
        made = Site(app, tmp_path / "environment")

        def create(*args: object, **kwargs: object) -> Flask:
            made.made.append(create_app(*args, **kwargs))
            return made.made[-1]

        monkeypatch.setattr("civic.app.create_app", create)
        yield made


def greet(site: Site) -> None:
    community = site.scalar("SELECT id FROM community WHERE slug = 'erlonglu'")
    for words in ("您好", "“再见”"):
        site.run(
            "INSERT INTO hello_greeting (words, heard, community_id) VALUES (:words, false, :id)",
            words=words,
            id=community,
        )


def test_from_installing_to_removing(site: Site) -> None:
    said = site.civic("plugins", "install", "hello", status=1)
    assert "pip install civic-hello" in said

    site.install("hello")
    said = site.civic("plugins", "list")
    assert "hello  failed  1.2" in said
    assert "civic db upgrade" in said
    said = site.civic("plugins", "install", "hello")
    assert "hello_greeting" in site.tables()
    assert "civic plugins enable hello" in said
    assert "no such community" in site.civic("plugins", "enable", "hello", "nowhere", status=1)
    assert "二龙路社区" in site.civic("plugins", "enable", "hello", "erlonglu")
    said = site.civic("plugins", "list")
    assert "hello  loaded  1.2  civic.api >=1.0,<2" in said
    assert "on in 二龙路社区 (erlonglu)" in said
    greet(site)

    assert "--yes" in site.civic("plugins", "remove", "hello", status=1)
    said = site.civic("plugins", "remove", "hello", "--yes")
    assert "pip uninstall civic-hello" in said
    assert "Start the site again" in said
    assert not [name for name in site.tables() if "hello" in name]
    [folder] = (Path(site.app.config["SETTINGS"].instance) / "removed").iterdir()
    assert str(folder) in said
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    kept = json.loads((folder / "hello_greeting.json").read_text("utf-8"))
    assert [row["words"] for row in kept] == ["您好", "“再见”"]
    settings = json.loads((folder / "settings.json").read_text("utf-8"))
    assert settings[0]["settings"] == {}
    assert stat.S_IMODE((folder / "hello_greeting.json").stat().st_mode) == 0o600
    assert site.scalar("SELECT count(*) FROM activation") == 0

    # Its package is still there, and it is neither loaded nor migrated.
    assert "hello  absent" in site.civic("plugins", "list")
    site.civic("db", "upgrade")
    assert "hello_greeting" not in site.tables()
    assert "not in service" in site.civic("plugins", "enable", "hello", "erlonglu", status=1)

    # Back again, empty.
    site.civic("plugins", "install", "hello")
    assert site.scalar("SELECT count(*) FROM hello_greeting") == 0
    assert "hello  loaded" in site.civic("plugins", "list")

    with site.app.app_context():
        assert list(audit.broken()) == []
        acts = rows(select(AuditEntry.act, AuditEntry.actor).order_by(AuditEntry.id))
    plain = [act for act in acts if act[0].startswith("plugin.")]
    assert plain == [
        ("plugin.installed", "command"),
        ("plugin.on", "command"),
        ("plugin.off", "command"),
        ("plugin.removed", "command"),
        ("plugin.installed", "command"),
    ]


def test_off_it_keeps_its_data(site: Site) -> None:
    site.install("hello")
    site.civic("plugins", "install", "hello")
    site.civic("plugins", "enable", "hello", "erlonglu")
    greet(site)
    assert "its data stay" in site.civic("plugins", "disable", "hello", "erlonglu")
    assert "on in" not in site.civic("plugins", "list")
    assert site.scalar("SELECT count(*) FROM hello_greeting") == 2


def test_a_package_that_vanished_stops_nothing_and_can_be_purged(site: Site) -> None:
    site.install("hello")
    site.civic("plugins", "install", "hello")
    site.civic("plugins", "enable", "hello", "erlonglu")
    greet(site)
    site.run(
        "INSERT INTO event_row (kind, subscriber, community_id, payload, at, next_at, attempts,"
        " error) SELECT 'hello.Greeted', 'hello.listen', id, '{}', '2026-01-01 00:00:00',"
        " '2026-01-01 00:00:00', 0, '' FROM community WHERE slug = 'erlonglu'"
    )
    (site.folder / "civic_hello-1.2.dist-info").rename(site.folder / "gone-info")

    site.civic("db", "upgrade")
    assert "civic: migrations and models agree" in site.civic("db", "check")
    assert "hello" in site.civic("db", "downgrade", "hello", "base", status=1)
    site.civic("jobs", "run")
    said = site.civic("plugins", "list")
    assert "hello  vanished" in said
    assert "civic plugins purge hello" in said
    assert "二龙路社区" in said
    client = site.app.test_client()
    assert client.get("/c/erlonglu/").status_code == 200
    assert site.scalar("SELECT count(*) FROM hello_greeting") == 2

    said = site.civic("plugins", "purge", "hello", "--yes")
    assert "pip uninstall" not in said
    assert not [name for name in site.tables() if "hello" in name]
    for table in ("activation", "event_row"):
        assert site.scalar(f"SELECT count(*) FROM {table}") == 0
    assert "hello" not in site.civic("plugins", "list")
    assert "no plugin called hello" in site.civic("plugins", "purge", "hello", "--yes", status=1)


def test_those_that_fail_are_named_with_what_to_do(site: Site) -> None:
    site.write("broken", "raise RuntimeError('not today')")
    site.write("future", FUTURE)
    site.install("halfway", "hello")
    said = site.civic("db", "upgrade", status=1)
    assert "halfway (OperationalError" in said or "halfway (ProgrammingError" in said
    assert "hello_greeting" in site.tables()
    assert not [name for name in site.tables() if name.startswith("halfway")]
    said = site.civic("plugins", "list")
    for words in (
        "broken  failed  1.2",
        "not today",
        "future  failed  1.2",
        "it needs civic.api >=2",
        "halfway  failed  1.2",
        "civic db upgrade",
        "hello  loaded",
    ):
        assert words in said
    assert "could not be loaded" in site.civic("plugins", "install", "broken", status=1)
    assert "as they were" in site.civic("plugins", "install", "halfway", status=1)
    assert "not in service" in site.civic("plugins", "enable", "halfway", "erlonglu", status=1)
    # One that never came up can be done without.
    assert "pip uninstall civic-broken" in site.civic("plugins", "remove", "broken", "--yes")
    assert "broken  absent" in site.civic("plugins", "list")


FUTURE = """
from civic.api import Plugin
plugin = Plugin("future", __name__, title="x", api=">=2")
"""


def test_what_is_in_service_is_not_purged(site: Site) -> None:
    site.install("hello")
    site.civic("plugins", "install", "hello")
    assert "civic plugins remove" in site.civic("plugins", "purge", "hello", "--yes", status=1)
    assert "hello_greeting" in site.tables()


def test_events_that_fail_are_named_and_tried_again_when_told(site: Site) -> None:
    site.install("hello")
    site.civic("plugins", "install", "hello")
    with site.app.app_context():
        db.session.add(Activation(community_id=find("erlonglu").id, plugin="hello"))
        db.session.commit()
    site.run(
        "INSERT INTO event_row (kind, subscriber, community_id, payload, at, next_at, attempts,"
        " error) SELECT 'hello.Greeted', 'hello.listen', id,"
        " '{\"community_id\": 1, \"greeting_id\": 404}', '2026-01-01 00:00:00',"
        " '2026-01-01 00:00:00', 0, '' FROM community WHERE slug = 'erlonglu'"
    )
    site.run("UPDATE event_row SET payload = '{\"greeting_id\": 404}'")
    site.civic("jobs", "run")
    said = site.civic("plugins", "list")
    assert "hello.listen fails with TypeError: 1 are tried again" in said
    assert "1 events" in site.civic("jobs", "retry")


def test_an_empty_site_says_so(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plugins, "entry_points", lambda group: [])
    assert "No plugins" in site.civic("plugins", "list")
