"""Start servers, wait for their first answer, and read what they have used."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

ROOT = Path(__file__).parent.parent
TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _parents() -> dict[int, int]:
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                stat = (entry / "stat").read_text()
            except OSError:
                continue
            found[int(entry.name)] = int(stat.rpartition(")")[2].split()[1])
    return found


def tree(pid: int) -> list[int]:
    """Return a process and all that it has started."""
    parents = _parents()
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


def cpu_seconds(pid: int) -> float:
    """Return user and system time of a process tree, in seconds; those that have ended included."""
    ticks = 0
    for one in tree(pid):
        try:
            stat = Path(f"/proc/{one}/stat").read_text()
        except OSError:
            continue
        ticks += sum(int(value) for value in stat.rpartition(")")[2].split()[11:15])
    return ticks / TICK


def memory(pid: int) -> int:
    """Return the largest resident set among the processes that a server has started, in bytes."""
    sizes = [int(Path(f"/proc/{one}/statm").read_text().split()[1]) * PAGE for one in tree(pid)[1:]]
    return max(sizes, default=0)


@dataclass
class Server:
    """Be one server under measurement.

    :ivar first: seconds from its start to its first answer 200.
    :ivar others: further processes whose time counts, as a database server.
    """

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    port: int = 0
    first: float = 0.0
    process: subprocess.Popen[bytes] | None = None
    others: list[int] = field(default_factory=list)

    @classmethod
    def baseline(cls, name: str, environment: dict[str, str], *, workers: int = 2) -> Self:
        """Describe a baseline under gunicorn: 2 workers of 4 threads."""
        port = free_port()
        options = [
            *("-k", "gthread", "-w", str(workers), "--threads", "4", "-b", f"127.0.0.1:{port}"),
            *("--keep-alive", "5", "--log-level", "warning", "--no-control-socket"),
        ]
        command = [sys.executable, "-m", "gunicorn", *options, f"benchmarks.baselines.{name}:app"]
        return cls(name, command, environment, port)

    @classmethod
    def civic(cls, name: str, environment: dict[str, str]) -> Self:
        """Describe Civic as `civic serve` runs it: one worker."""
        port = free_port()
        command = [sys.executable, "-m", "civic.cli", "serve", "--port", str(port)]
        return cls(name, command, environment, port)

    def start(self, path: str = "/") -> None:
        """Start it and wait until it answers.

        :raises RuntimeError: when it ends, or is silent for 30 seconds.
        """
        environment = os.environ | {"PYTHONPATH": str(ROOT)} | self.environment
        began = time.perf_counter()
        self.process = subprocess.Popen(self.command, cwd=ROOT, env=environment)
        while time.perf_counter() - began < 30:
            if self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5):
                    self.first = time.perf_counter() - began
                    return
            except urllib.error.HTTPError as error:
                if error.code == 405:  # it takes POST alone; it is up
                    self.first = time.perf_counter() - began
                    return
                raise
            except OSError:
                time.sleep(0.005)
        self.stop()
        message = f"{self.name} did not start: {' '.join(self.command)}"
        raise RuntimeError(message)

    def cpu(self) -> float:
        """Return the seconds of processor time used so far, of all that counts."""
        assert self.process is not None  # noqa: S101 - asked of started servers
        return sum(cpu_seconds(pid) for pid in (self.process.pid, *self.others))

    def memory(self) -> int:
        """Return the resident set of its largest worker, in bytes."""
        assert self.process is not None  # noqa: S101 - asked of started servers
        return memory(self.process.pid)

    def stop(self) -> None:
        """Stop it and what it has started."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
