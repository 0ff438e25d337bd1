"""Setting up says in one sentence what is missing, and mends what was interrupted."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools import bootstrap, install

ROOT = Path(__file__).resolve().parent.parent


def run(folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the bootstrap of a folder with no other Python on PATH."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    return subprocess.run(
        [sys.executable, folder / "tools/bootstrap.py"],
        env=clean | {"PATH": str(folder / "empty")} | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def one_sentence(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr.strip().splitlines()[-1]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a checkout that holds only what setting up reads."""
    shutil.copytree(ROOT / "tools", tmp_path / "tools")
    for name in install.SOURCES:
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def test_the_bootstrap_can_be_read_by_any_python():
    newer = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.Match, ast.Nonlocal, ast.Starred)
    tree = ast.parse((ROOT / "tools/bootstrap.py").read_text("utf-8"))
    assert [node for node in ast.walk(tree) if isinstance(node, newer)] == []
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    assert [node.name for node in functions if node.returns or node.args.kwonlyargs] == []


def test_an_old_python_is_told_what_is_needed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(bootstrap, "examine", lambda _python: bootstrap.TOO_OLD)
    assert not bootstrap.fits()
    assert bootstrap.choose() == (None, None)
    assert "needs Python 3.11 or newer, and only Python 3.9" in bootstrap.refusal(None)


def test_an_old_python_hands_over_to_a_newer_one(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(
        bootstrap, "examine", lambda python: 0 if python == "python3.12" else bootstrap.TOO_OLD
    )
    assert bootstrap.choose() == ("python3.12", None)


def test_a_missing_venv_module_names_the_package(folder: Path):
    (folder / "lame").mkdir()
    (folder / "lame/ensurepip.py").write_text("raise ImportError\n")
    told = one_sentence(run(folder, PYTHONPATH=str(folder / "lame")))
    assert f"python{sys.version_info.major}.{sys.version_info.minor}-venv" in told


def test_a_folder_that_cannot_be_written_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(install, "ROOT", folder)
    monkeypatch.setattr(install, "VENV", folder / ".venv")
    for name in ("STAMP", "UNFINISHED", "LOG"):
        monkeypatch.setattr(install, name, folder / ".venv" / name)
    monkeypatch.setattr(install, "PYTHON", folder / ".venv/bin/python")
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)
    monkeypatch.setattr(sys, "argv", ["install.py"])
    assert install.main() == 1
    assert capsys.readouterr().err.strip() == (
        f"{folder} cannot be written to: put Civic into a folder of your own."
    )


def test_without_a_network_pip_is_quoted_and_the_next_call_mends(folder: Path):
    told = one_sentence(
        run(folder, PIP_NO_INDEX="1", PIP_FIND_LINKS="", PIP_CONFIG_FILE=os.devnull)
    )
    assert "ERROR" in told
    assert str(folder / ".venv/civic-install.log") in told
    assert (folder / ".venv/civic-unfinished").exists()
    assert not (folder / ".venv/civic-installed").exists()


def test_an_environment_is_up_to_date_only_for_what_it_was_made_from(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    venv = folder / ".venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin/python").touch()
    monkeypatch.setattr(install, "ROOT", folder)
    monkeypatch.setattr(install, "PYTHON", venv / "bin/python")
    monkeypatch.setattr(install, "STAMP", venv / "stamp")
    monkeypatch.setattr(install, "UNFINISHED", venv / "unfinished")
    assert not install.installed(dev=False)
    install.STAMP.write_text(install.fingerprint(dev=False))
    assert install.installed(dev=False)
    assert not install.installed(dev=True)
    install.STAMP.write_text(install.fingerprint(dev=True))
    assert install.installed(dev=False)
    install.UNFINISHED.touch()
    assert not install.installed(dev=True)
    install.UNFINISHED.unlink()
    (folder / "constraints.txt").write_text("flask==1.0\n")
    assert not install.installed(dev=True)
