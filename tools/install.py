"""Make `.venv` hold exactly what Civic needs, and do nothing when it already does.

Started by bootstrap.py, with a Python that is new enough, before anything is installed: only the
standard library may be used here.
"""

import contextlib
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "civic-installed"
UNFINISHED = VENV / "civic-unfinished"
LOG = VENV / "civic-install.log"
SOURCES = ("setup.cfg", "pyproject.toml", "setup.py", "constraints.txt")


class Refused(Exception):  # noqa: N818 - an answer, shown as it is
    """The environment cannot be made; the text is the one sentence to show."""


def fingerprint(*, dev: bool) -> str:
    """Return what an up-to-date environment is stamped with."""
    digest = hashlib.sha256(str(ROOT).encode())
    for name in SOURCES:
        path = ROOT / name
        digest.update(path.read_bytes() if path.exists() else b"")
    return f"{digest.hexdigest()} {'dev' if dev else 'run'}"


def installed(*, dev: bool) -> bool:
    """Say whether the environment stands; one made for development also serves running."""
    if UNFINISHED.exists() or not PYTHON.exists() or not STAMP.exists():
        return False
    found = STAMP.read_text()
    return found in {fingerprint(dev=True), fingerprint(dev=dev)}


def last_line(text: str) -> str:
    """Return the line of a tool's output that says why it failed."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    told = [line for line in lines if line.startswith(("ERROR:", "Error:"))]
    return (told or lines or ["it said nothing"])[-1]


def create() -> None:
    """Make an empty environment, or keep one that a finished installation left."""
    if PYTHON.exists() and not UNFINISHED.exists():
        return
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        reason = last_line(made.stderr or made.stdout)
        message = f"The environment {VENV} could not be made: {reason}"
        raise Refused(message)


def pip_install(*, dev: bool) -> None:
    """Install Civic from this folder, with the pinned versions."""
    target = f"{ROOT}[dev]" if dev else str(ROOT)
    command = [str(PYTHON), "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
    command += ["-c", str(ROOT / "constraints.txt"), "-e", target]
    with LOG.open("w") as log:
        code = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, check=False
        ).returncode
    if code != 0:
        reason = last_line(LOG.read_text(errors="replace"))
        message = (
            "The packages could not be installed (is there a network?): "
            f"pip ended with “{reason}”; its whole log is in {LOG}."
        )
        raise Refused(message)


def install(*, dev: bool) -> None:
    """Make or mend the environment; what an interruption left is made anew."""
    if VENV.exists() and not VENV.is_dir():
        message = f"{VENV} is in the way: it must be a folder, or not be there."
        raise Refused(message)
    if not os.access(VENV if VENV.exists() else ROOT, os.W_OK):
        message = f"{ROOT} cannot be written to: put Civic into a folder of your own."
        raise Refused(message)
    print(f"Setting up {VENV} (a minute or so, only this once) ...", file=sys.stderr, flush=True)
    if VENV.exists():
        STAMP.unlink(missing_ok=True)
    create()
    UNFINISHED.touch()
    pip_install(dev=dev)
    STAMP.write_text(fingerprint(dev=dev))
    UNFINISHED.unlink()


def compile_catalogues() -> None:
    """Compile the translations whose source is newer, asking Babel only when there are any."""
    for folder in ("civic", "plugins"):
        for source in (ROOT / folder).rglob("translations/*/LC_MESSAGES/*.po"):
            binary = source.with_suffix(".mo")
            if not binary.exists() or binary.stat().st_mtime < source.stat().st_mtime:
                done = subprocess.run(
                    [str(PYTHON), "-m", "tools.catalogues", "compile"],
                    cwd=ROOT,
                    capture_output=True,
                    text=True,
                    check=False,
                )
                if done.returncode != 0:
                    message = f"The translations could not be compiled: {last_line(done.stderr)}"
                    raise Refused(message)
                return


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Let two calls of make wait for each other rather than install over each other."""
    try:
        import fcntl

        folder = os.open(ROOT, os.O_RDONLY)
    except (ImportError, OSError):
        yield
        return
    try:
        with contextlib.suppress(OSError):  # some network folders know no locks
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def main() -> int:
    """Bring the environment up to date; return the exit status."""
    dev = "--dev" in sys.argv[1:]
    try:
        if not installed(dev=dev):
            with alone():
                if not installed(dev=dev):
                    install(dev=dev)
        compile_catalogues()
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"Setting up {VENV} failed: {error}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted; the next make goes on from a clean start.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
