"""The rules of the house that a checker holds: each refuses a planted violation."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def ruff(code: str, *, at: str) -> str:
    """Return what ruff says of code that would lie at a path."""
    done = subprocess.run(
        [
            "ruff",
            "check",
            "--no-cache",
            "--output-format=concise",
            "--stdin-filename",
            ROOT / at,
            "-",
        ],
        executable=Path(sys.executable).with_name("ruff"),
        cwd=ROOT,
        input=code,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in {0, 1}, done.stderr
    return done.stdout


CLOCKS = [
    "import datetime\n\nNOW = datetime.datetime.now(datetime.UTC)\n",
    "from datetime import UTC, datetime\n\nNOW = datetime.now(UTC)\n",
    "from datetime import datetime\n\nNOW = datetime.utcnow()\n",
    "from datetime import datetime\n\nNOW = datetime.today()\n",
    "from datetime import date\n\nTODAY = date.today()\n",
    "import time\n\nNOW = time.time()\n",
    "from time import time\n\nNOW = time()\n",
]


@pytest.mark.parametrize("code", CLOCKS)
def test_a_second_clock_is_refused(code: str):
    assert "TID251" in ruff(f'"""Planted."""\n\n{code}', at="civic/voting/planted.py")


@pytest.mark.parametrize("code", CLOCKS)
def test_the_one_clock_may_look(code: str):
    assert "TID251" not in ruff(f'"""Planted."""\n\n{code}', at="civic/kernel/clock.py")


def test_measuring_a_span_is_allowed():
    code = '"""Planted."""\n\nimport time\n\nSTART = time.monotonic()\n'
    assert "TID251" not in ruff(code, at="civic/voting/planted.py")


def test_a_missing_docstring_is_refused():
    assert "D103" in ruff(
        '"""Planted."""\n\n\ndef count() -> int:\n    return 1\n', at="civic/voting/planted.py"
    )


def test_an_ignore_that_ignores_nothing_is_refused():
    assert "RUF100" in ruff(
        '"""Planted."""\n\nCOUNT = 1  # noqa: S101\n', at="civic/voting/planted.py"
    )
