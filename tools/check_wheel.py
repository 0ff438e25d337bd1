"""Install the wheel where nothing of the tree is near, and run the demonstration from it.

python -m tools.check_wheel
"""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from tools.wheel import ROOT, build

PATIENCE = 120  # seconds until the demonstration must answer: it migrates and loads data first
MARK = "演示"  # every page of a demonstration says so


class Failed(Exception):  # noqa: N818 - a finding
    """The wheel does not do what it should; the text says what was seen."""


def free_port() -> int:
    """Return a port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fetch(address: str) -> str | None:
    """Return the page, or None while nobody answers."""
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return str(answer.read().decode())
    except urllib.error.HTTPError as error:
        message = f"{address} answers {error.code}:\n{error.read().decode()[:2000]}"
        raise Failed(message) from error
    except (OSError, http.client.HTTPException):
        return None


def wait_for(address: str, server: subprocess.Popen[bytes]) -> str:
    """Return the page once the server answers."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if server.poll() is not None:
            message = f"civic demo ended with status {server.returncode}"
            raise Failed(message)
        if (page := fetch(address)) is not None:
            return page
        time.sleep(0.3)
    message = f"civic demo did not answer within {PATIENCE} seconds"
    raise Failed(message)


def stop(server: subprocess.Popen[bytes]) -> None:
    """End the server and what it started (it has a process group of its own)."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGTERM)
    try:
        server.wait(15)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def demonstrate(civic: Path, folder: Path) -> None:
    """Run `civic demo` from an unrelated folder and look at its first page.

    :raises Failed: when it does not start, or its page does not say that it is a demonstration.
    """
    port = free_port()
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    ours = ("CIVIC_", "PYTHON")
    clean = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
    command = [str(civic), "demo", "--port", str(port), "--folder", str(folder / "instance")]
    log = folder / "demo.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            command,
            cwd=elsewhere,
            env=clean,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        page = wait_for(f"http://127.0.0.1:{port}/", server)
    except Failed as failed:
        message = f"{failed}\n--- what it printed ---\n{log.read_text(errors='replace')}"
        raise Failed(message) from failed
    finally:
        stop(server)
    if MARK not in page:
        message = f"The first page does not say {MARK}:\n{page[:2000]}"
        raise Failed(message)


def check(folder: Path) -> None:
    """Build, install and demonstrate inside a folder.

    :raises Failed: with what was seen instead.
    """
    print("Building the wheel ...", flush=True)
    wheel = build(folder)
    print(f"Installing {wheel.name} in a fresh environment ...", flush=True)
    venv = folder / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
    pip = [str(venv / "bin" / "python"), "-m", "pip", "install", "--quiet", "--no-input"]
    pip += ["--disable-pip-version-check", "-c", str(ROOT / "constraints.txt"), str(wheel)]
    subprocess.run(pip, check=True, cwd=folder)
    print("Running civic demo from it ...", flush=True)
    demonstrate(venv / "bin" / "civic", folder)
    print("The installed wheel serves the demonstration.")


def main() -> int:
    """Check in a scratch folder; return the exit status."""
    with tempfile.TemporaryDirectory() as scratch:
        try:
            check(Path(scratch))
        except Failed as failed:
            print(failed, file=sys.stderr)
            return 1
        except subprocess.CalledProcessError as error:
            print(error.output or error, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
