"""Run pytest as the author of a plugin does: elsewhere, and with nothing of our tests."""

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
#: Where these runs keep what they have compiled: pytest goes through every module of the site, and
#: nothing of it may lie beside the sources of a plugin, whose wheel would carry it.
BYTECODE = ROOT / ".pytest_cache" / "bytecode"
_RESULT = re.compile(
    r"^(PASSED|FAILED|ERROR|SKIPPED) civic-conformance::(\w+)::([\w-]+)", re.MULTILINE
)


def run(
    folder: Path, *words: str, path: Sequence[Path] = (), timeout: int = 300
) -> subprocess.CompletedProcess[str]:
    """Run pytest in a folder, with further folders in which Python finds packages."""
    environ = {key: value for key, value in os.environ.items() if not key.startswith("CIVIC_")}
    environ |= {
        "PYTHONPATH": os.pathsep.join(map(str, path)),
        "PYTHONPYCACHEPREFIX": str(BYTECODE),
    }
    # The options of the run we are in are not those of this one.
    for name in ("PYTEST_ADDOPTS", "PYTHONDONTWRITEBYTECODE"):
        environ.pop(name, None)
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-rA",
            "-W",
            "error",
            *words,
            "-p",
            "no:cacheprovider",
        ],
        cwd=folder,
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=timeout,
    )


def conformance(
    folder: Path, *names: str, path: Sequence[Path] = ()
) -> tuple[dict[str, dict[str, str]], str]:
    """Run the checklist; return how each point ended, by plugin, and all that was said."""
    words = [word for name in names for word in ("--civic-conformance", name)]
    done = run(folder, *words, path=path)
    found: dict[str, dict[str, str]] = {name: {} for name in names}
    for result, name, code in _RESULT.findall(done.stdout):
        found[name][code] = result
    return found, done.stdout + done.stderr
