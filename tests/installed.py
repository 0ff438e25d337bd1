"""Sample plugins as if they were installed beside the site, and the `civic` command there."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from flask import Flask

from tests.sample import PLUGINS
from tests.server import ROOT, database_url


def install(folder: Path, *names: str) -> str:
    """Put sample plugins into a folder as pip would; return the path on which Python finds them."""
    for name in names:
        shutil.copytree(PLUGINS / f"civic_{name}", folder / f"civic_{name}", dirs_exist_ok=True)
        register(folder, name)
    return path_of(folder)


def register(folder: Path, name: str, version: str = "1.2") -> None:
    """Tell Python of a plugin whose package lies in a folder."""
    info = folder / f"civic_{name}-{version}.dist-info"
    info.mkdir(parents=True, exist_ok=True)
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: civic-{name}\nVersion: {version}\n"
    )
    (info / "entry_points.txt").write_text(f"[civic.plugins]\n{name} = civic_{name}\n")


def path_of(folder: Path) -> str:
    return os.pathsep.join((str(folder), str(ROOT)))


def environment(app: Flask, path: str, **environ: str) -> dict[str, str]:
    """Return the variables with which a command finds the database and the folder of an app."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("CIVIC_")}
    return (
        inherited
        | {
            "CIVIC_INSTANCE": str(app.config["SETTINGS"].instance),
            "CIVIC_DATABASE_URL": database_url(app),
            "CIVIC_SECRET_KEY": "test" * 8,
            "PYTHONPATH": path,
        }
        | environ
    )


def command(app: Flask, path: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the `civic` command on the database and the instance folder of an app."""
    return subprocess.run(
        [sys.executable, "-m", "civic.cli", *words],
        cwd=ROOT,
        env=environment(app, path),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
