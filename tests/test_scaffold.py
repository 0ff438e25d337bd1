"""`civic plugins new` writes a plugin that works: built, installed, tested as by its author."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from civic import scaffold
from civic.cli import main
from civic.kernel.errors import Misconfigured
from tests.server import ROOT

NAME = "benches"


def run(cwd: Path, *words: str, path: Path | None = None) -> str:
    """Run Python there, with a folder of installed packages; return what it said."""
    environ = {key: value for key, value in os.environ.items() if not key.startswith("CIVIC_")}
    environ["PYTHONPATH"] = os.pathsep.join([*([str(path)] if path else []), str(ROOT)])
    # -P: what lies in the folder itself must not be found before what was installed.
    done = subprocess.run(
        [sys.executable, "-P", *words],
        cwd=cwd,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a new plugin."""
    folder = tmp_path_factory.mktemp("new") / f"civic-{NAME}"
    done = CliRunner().invoke(main, ["plugins", "new", NAME, "--folder", str(folder)])
    assert done.exit_code == 0, done.output
    assert str(folder / "README.md") in done.output
    return folder


@pytest.fixture(scope="module")
def installed(written: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where its wheel was installed, without a network."""
    target = tmp_path_factory.mktemp("installed")
    words = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--no-compile"]
    run(written.parent, "-m", "pip", "install", *words, "--target", str(target), str(written))
    return target


def test_its_files_are_few_and_bear_its_name(written: Path) -> None:
    found = {
        path.relative_to(written).as_posix()
        for path in written.rglob("*")
        if path.is_file()
        and not path.is_relative_to(written / "build")
        and ".egg-info" not in path.as_posix()
    }
    assert found == {
        "README.md",
        "pyproject.toml",
        "setup.cfg",
        "civic_benches/__init__.py",
        "civic_benches/py.typed",
        "civic_benches/migrations/0001_first.py",
        "civic_benches/templates/benches/index.html",
        "civic_benches/translations/zh_Hans_CN/LC_MESSAGES/benches.po",
        "tests/test_benches.py",
    }
    for path in found:
        text = (written / path).read_text("utf-8")
        assert scaffold.MARK not in text
        assert scaffold.TITLE not in text


def test_its_wheel_carries_all_and_its_tests_pass(written: Path, installed: Path) -> None:
    package = installed / "civic_benches"
    for name in (
        "migrations/0001_first.py",
        "templates/benches/index.html",
        "translations/zh_Hans_CN/LC_MESSAGES/benches.po",
        "py.typed",
    ):
        assert (package / name).is_file()
    said = run(written, "-m", "pytest", "-q", "-p", "no:cacheprovider", path=installed)
    assert "6 passed" in said


def test_it_holds_the_published_checklist(written: Path, installed: Path) -> None:
    said = run(written.parent, "-m", "civic.cli", "plugins", "check", NAME, path=installed)
    assert "passed" in said
    assert "failed" not in said


def test_its_code_is_in_the_style_of_the_house(written: Path) -> None:
    # Which imports are its own depends on where it lies.
    rules = ("--config", str(ROOT / "pyproject.toml"), "--ignore", "I001")
    run(written, "-m", "ruff", "check", *rules, "civic_benches/__init__.py")
    run(written, "-m", "ruff", "format", "--check", "--line-length", "100", "civic_benches")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("Benches", "lower-case"),
        ("my-benches", "lower-case"),
        ("my_benches", "underscore"),
        ("2benches", "letter first"),
        ("", "lower-case"),
        ("notices", "core uses"),
        ("person", "core uses"),
        ("civic", "core uses"),
    ],
)
def test_a_name_that_does_not_do_is_refused(name: str, reason: str, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    done = CliRunner().invoke(main, ["plugins", "new", name, "--folder", str(folder)])
    assert done.exit_code == 1
    assert reason in " ".join(done.output.split())
    assert not folder.exists()


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("mine")
    with pytest.raises(Misconfigured, match="--folder"):
        list(scaffold.write(NAME, tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["precious"]
