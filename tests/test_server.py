"""What is not served: each says why in one sentence, and the command ends with 1."""

import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from civic import cli, server
from civic.kernel import audit, installation, migrate
from civic.kernel.db import db
from tests.databases import make_app


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("migrated") / "instance"
    with make_app(folder).app_context():
        migrate.upgrade()
        db.engine.dispose()
    return folder


@pytest.fixture
def folder(migrated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation that could be served."""
    shutil.copytree(migrated, tmp_path / "instance")
    for name in ("CIVIC_CONFIG", "CIVIC_DATABASE_URL", "CIVIC_TEST_CLOCK", "FLASK_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CIVIC_INSTANCE", str(tmp_path / "instance"))
    return tmp_path / "instance"


@pytest.fixture(autouse=True)
def served(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Where the server would listen now."""
    calls: list[tuple[str, int]] = []
    monkeypatch.setattr(
        server, "serve", lambda _app, host, port, **_more: calls.append((host, port))
    )
    return calls


@pytest.fixture
def port() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


def free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
    return number


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.main, arguments)


def sentence(result: Result, served: list[tuple[str, int]]) -> str:
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert served == []
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1
    assert "Traceback" not in result.output
    return lines[0]


def test_what_is_in_order_is_served(folder: Path, served: list[tuple[str, int]]) -> None:
    number = free()
    result = run("serve", "--port", str(number))
    assert (result.exit_code, result.stderr) == (0, "")
    assert served == [("127.0.0.1", number)]
    assert run("serve", "--host", "0.0.0.0", "--port", str(number)).exit_code == 0


def test_debug(
    folder: Path, served: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    assert "Debug is on" in sentence(run("serve", "--port", str(free())), served)


def test_tables_that_are_behind(
    folder: Path, served: list[tuple[str, int]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CIVIC_INSTANCE", str(tmp_path / "new"))
    told = sentence(run("serve", "--port", str(free())), served)
    assert "civic db upgrade" in told
    assert run("db", "upgrade").exit_code == 0
    assert run("serve", "--port", str(free())).exit_code == 0


def test_a_demonstration_on_a_public_address(folder: Path, served: list[tuple[str, int]]) -> None:
    with make_app(folder).app_context():
        installation.mark_as_demo()
        db.session.commit()
        db.engine.dispose()
    number = str(free())
    for host in ("0.0.0.0", "192.0.2.1", "::", "example.org"):
        assert "demonstration" in sentence(run("serve", "--host", host, "--port", number), served)
    assert run("serve", "--host", "localhost", "--port", number).exit_code == 0
    served.clear()
    told = sentence(run("demo", "--host", "0.0.0.0", "--folder", str(folder)), served)
    assert "this machine only" in told


def test_a_clock_that_is_moved(
    folder: Path,
    served: list[tuple[str, int]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CIVIC_TEST_CLOCK", str(tmp_path / "clock"))
    monkeypatch.setattr(server, "follow_test_clock", lambda _settings: None)
    number = str(free())
    assert "CIVIC_TEST_CLOCK" in sentence(run("serve", "--port", number), served)
    public = run("serve", "--port", number, "--testing", "--host", "0.0.0.0")
    assert "CIVIC_TEST_CLOCK" in sentence(public, served)
    assert run("serve", "--port", number, "--testing").exit_code == 0


def test_a_port_that_is_taken(folder: Path, served: list[tuple[str, int]], port: int) -> None:
    told = sentence(run("serve", "--port", str(port)), served)
    assert f"Port {port} on 127.0.0.1 is taken" in told
    assert "--port" in told
    demo = run("demo", "--port", str(port), "--folder", str(folder.parent / "demo"))
    assert f"Port {port} on 127.0.0.1 is taken" in sentence(demo, served)


def test_several_processes_without_what_they_share(
    folder: Path, served: list[tuple[str, int]]
) -> None:
    told = sentence(run("serve", "--workers", "2", "--port", str(free())), served)
    assert "CIVIC_REDIS_URL" in told


def test_a_folder_that_is_a_file(
    folder: Path, served: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CIVIC_INSTANCE", str(folder / "secret" / "x"))
    (folder / "secret").touch()
    assert "cannot be written" in sentence(run("serve", "--port", str(free())), served)


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("::1", True),
        ("[::1]", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("10.0.0.1", False),
        ("localhost.example.org", False),
        ("", False),
    ],
)
def test_addresses_of_this_machine(host: str, own: bool) -> None:
    assert server.is_loopback(host) == own


def test_the_chain_is_verified(folder: Path) -> None:
    assert "whole" in run("audit", "verify").stdout
    with make_app(folder).app_context():
        entry = audit.append("test.act", actor="command", subject="thing:1")
        db.session.commit()
        for name in ("update", "delete"):
            db.session.execute(db.text(f"DROP TRIGGER audit_entry_no_{name}"))
        db.session.execute(db.text("UPDATE audit_entry SET act = 'other'"))
        db.session.commit()
        db.engine.dispose()
    result = run("audit", "verify")
    assert (result.exit_code, str(entry.id) in result.stderr) == (1, True)


def test_migrations_and_models_agree(folder: Path) -> None:
    # In a process of its own: other tests have added the tables of a sample plugin to the models.
    done = subprocess.run(
        [sys.executable, "-m", "civic.cli", "db", "check"],
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
