"""Wheels of the site and of the sample plugins, each installed into a folder of its own."""

import shutil
import subprocess
import sys
from pathlib import Path

from tests.testing.running import EXAMPLES


def python(*words: str | Path) -> None:
    """Run Python; what it said is shown where it fails."""
    done = subprocess.run(
        [sys.executable, *words], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr


def built(name: str, folder: Path) -> Path:
    """Build the wheel of a sample plugin from a copy of its folder, without a network."""
    source = folder / name
    made = shutil.ignore_patterns("build", "*.egg-info", "__pycache__")
    shutil.copytree(EXAMPLES / name, source, ignore=made)
    words = ("-m", "build", "--wheel", "--no-isolation", "--outdir", folder / "dist")
    python(*words, source)
    (wheel,) = (folder / "dist").glob(f"civic_{name}-*.whl")
    return wheel


def install(wheel: Path, target: Path) -> None:
    """Put a wheel and nothing else into a folder, without a network."""
    alone = ("--no-deps", "--no-index", "--no-build-isolation", "--no-compile", "--quiet")
    python("-m", "pip", "install", *alone, "--target", target, wheel)
