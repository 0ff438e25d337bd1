"""Build the wheel from a copy of the tree, so that nothing stale from an earlier build slips in.

python -m tools.wheel [FOLDER]   (dist by default)
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("civic", "templates", "migrations", "plugins", "tools")
LOOSE = ("setup.cfg", "setup.py", "pyproject.toml", "MANIFEST.in", "constraints.txt")
PAPERS = ("README.md", "LICENSE", "NOTICE")


def copy_tree(target: Path) -> None:
    """Copy what a build needs, leaving out everything that is made."""
    made = shutil.ignore_patterns("__pycache__", "*.pyc", "*.mo", "*.egg-info", "build")
    for part in PARTS:
        shutil.copytree(ROOT / part, target / part, ignore=made)
    for name in LOOSE + PAPERS:
        shutil.copy(ROOT / name, target / name)


def build(folder: Path) -> Path:
    """Build the wheel into a folder and return it; needs no network.

    :raises subprocess.CalledProcessError: when the build fails; `output` holds what it said.
    """
    with tempfile.TemporaryDirectory() as scratch, tempfile.TemporaryDirectory() as out:
        copy_tree(Path(scratch))
        subprocess.run(
            [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, scratch],
            check=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        (wheel,) = Path(out).glob("*.whl")
        folder.mkdir(parents=True, exist_ok=True)
        return Path(shutil.copy(wheel, folder / wheel.name))


def main() -> int:
    """Build into the folder that the command line names; return the exit status."""
    try:
        wheel = build(Path(*sys.argv[1:]) if sys.argv[1:] else ROOT / "dist")
    except subprocess.CalledProcessError as error:
        print(error.output, file=sys.stderr)
        return 1
    print(wheel)
    return 0


if __name__ == "__main__":
    sys.exit(main())
