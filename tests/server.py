"""The production server as a process of its own, and databases that belong to it alone."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from tests.databases import Postgresql, Sqlite, make_app

ROOT = Path(__file__).parents[1]
#: Seconds that a start and a stop may take on a busy machine.
START, STOP = 40.0, 15.0


@dataclass
class Server:
    """A started server: its address, its process, and what it has said so far."""

    url: str
    port: int
    process: subprocess.Popen[bytes]
    log: Path
    _read: int = 0

    def said(self) -> str:
        """Return what the server has logged since this was asked last."""
        text = self.log.read_text("utf-8", errors="replace")
        new, self._read = text[self._read :], len(text)
        return new

    def wait(self) -> None:
        """Wait until the front page is served."""
        end = time.monotonic() + START
        while time.monotonic() < end:
            if self.process.poll() is not None:
                break
            with suppress(OSError), urllib.request.urlopen(self.url + "/", timeout=5) as answer:
                if answer.status == 200:
                    return
            time.sleep(0.1)
        message = f"the server does not serve (exit {self.process.poll()}):\n{self.said()}"
        raise RuntimeError(message)

    def stop(self) -> None:
        """End the server with everything that it started."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)
            try:
                self.process.wait(STOP)
            except subprocess.TimeoutExpired:
                continue
            return


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def serving(
    instance: Path, *options: str, database_url: str = "", **environ: str
) -> Iterator[Server]:
    """Serve an instance folder in a process group of its own until the block ends."""
    port = free_port()
    log = instance / "server.log"
    command = [sys.executable, "-m", "civic.cli", "serve", "--port", str(port), *options]
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("CIVIC_")}
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=inherited
            | {
                "CIVIC_INSTANCE": str(instance),
                "CIVIC_DATABASE_URL": database_url,
                "CIVIC_SECRET_KEY": "test" * 8,
                "CIVIC_JOBS": "0",
                "PYTHONPATH": str(ROOT),
                "PYTHONUNBUFFERED": "1",
            }
            | environ,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    server = Server(f"http://127.0.0.1:{port}", port, process, log)
    try:
        server.wait()
        yield server
    finally:
        server.stop()


def bring_up(instance: Path) -> None:
    """Make the tables of the bundled plugins, too: a template holds those of the core alone."""
    command = [sys.executable, "-m", "civic.cli", "db", "upgrade"]
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("CIVIC_")}
    environ = inherited | {"CIVIC_INSTANCE": str(instance), "PYTHONPATH": str(ROOT)}
    subprocess.run(command, cwd=ROOT, env=environ, check=True, capture_output=True)


@contextmanager
def own_sqlite(template: Sqlite, instance: Path) -> Iterator[Flask]:
    """Yield an app on a migrated file that no other test touches."""
    instance.mkdir(parents=True, exist_ok=True)
    shutil.copy(template.template, instance / "civic.sqlite3")
    app = make_app(instance)
    try:
        yield app
    finally:
        Postgresql._dispose(app)


@contextmanager
def own_postgresql(template: Postgresql, instance: Path) -> Iterator[Flask]:
    """Yield an app on a migrated database that no other test touches."""
    name = f"{template.name}_{instance.name}".replace("-", "_")
    template._run(
        f"DROP DATABASE IF EXISTS {name} WITH (FORCE)",
        f"CREATE DATABASE {name} TEMPLATE {template.name}_t",
    )
    app = make_app(instance, template._url(name))
    try:
        yield app
    finally:
        Postgresql._dispose(app)
        template._run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def database_url(app: Flask) -> str:
    """Return the address that a server needs to use the same database."""
    return app.config["SETTINGS"].database_url
