"""The tutorial is done as it says: files written, commands run, and the plugin works at its end."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.testing.running import run
from tools.hooks import FOLDER

_STEP = re.compile(
    r"^<!-- (file|append|run)(?:(?::| in) ([\w./-]+))? -->\n```\w+\n(.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Step:
    """One thing that the tutorial has one do."""

    what: str
    where: str
    text: str


def steps() -> list[Step]:
    page = (FOLDER / "tutorial.md").read_text("utf-8")
    assert page.count("<!-- ") == len(_STEP.findall(page))
    return [Step(*found) for found in _STEP.findall(page)]


def command(folder: Path, line: str) -> subprocess.CompletedProcess[str]:
    program, *words = shlex.split(line)
    if program == "pytest":
        # `pip install -e .` needs a network; being on the path does the same.
        return run(folder, *words, path=[folder])
    assert program == "civic"
    return subprocess.run(
        [Path(sys.executable).with_name("civic"), *words],
        cwd=folder,
        env={k: v for k, v in os.environ.items() if not k.startswith("CIVIC_")},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Do the tutorial; return its folder and what pytest said."""
    folder = tmp_path_factory.mktemp("tutorial")
    said = []
    for step in steps():
        if step.what == "run":
            for line in step.text.splitlines():
                result = command(folder / step.where, line)
                assert result.returncode == 0, f"{line}\n{result.stdout}\n{result.stderr}"
                said.append(result.stdout)
            continue
        path = folder / step.where
        before = path.read_text("utf-8") if step.what == "append" else ""
        if step.what == "file" and path.name == "__init__.py":
            # What the scaffold brought along and the tutorial replaces.
            shutil.rmtree(path.parent / "migrations")
            (path.parent / "migrations").mkdir()
        path.write_text(before + step.text, "utf-8")
    return folder, said


def test_it_ends_in_a_plugin_that_works(done: tuple[Path, list[str]]):
    _, (_new, first, last, conformance) = done
    assert " passed" in first
    assert "6 passed" in last
    assert "16 passed" in conformance


def test_what_it_writes_is_in_the_style_of_the_house(done: tuple[Path, list[str]]):
    folder, _ = done
    ruff = Path(sys.executable).with_name("ruff")
    checked = subprocess.run(
        [
            ruff,
            "check",
            "--no-cache",
            "--select",
            "E,F,W,B,UP,D103,S",
            folder / "civic-benches/civic_benches",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout


def test_links_of_the_documents_lead_somewhere():
    for page in FOLDER.glob("*.md"):
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
