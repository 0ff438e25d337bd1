"""Imports go down only; services know no request; pure modules know no machinery."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
REQUEST = {"request", "session", "g"}
MACHINERY = {"flask", "sqlalchemy", "flask_sqlalchemy"}
SHEETS = ("__init__", "child", "reading", "tables", "texts", "unpacking", "writing")
PURE = (
    "civic/kernel/clock.py",
    "civic/kernel/text.py",
    "civic/identities/claim_states.py",
    "civic/identities/evidence.py",
    "civic/identities/rights.py",
    "civic/kernel/problems.py",
    "civic/kernel/periods.py",
    "civic/kernel/daysoff.py",
    *(f"civic/kernel/sheets/{name}.py" for name in SHEETS),
    "civic/consultations/routing.py",
    *(
        path.relative_to(ROOT).as_posix()
        for path in sorted((ROOT / "civic/consultations/opinions").glob("*.py"))
    ),
    *(
        f"civic/voting/{name}.py"
        for name in ("canonical", "choices", "counted", "counting", "kinds", "results")
    ),
    "civic/data/verify.py",
    "civic/voting/tallying.py",
    *(
        path.relative_to(ROOT).as_posix()
        for room in ("methods", "formats")
        for path in sorted((ROOT / "civic/voting" / room).glob("*.py"))
    ),
)
LONGEST = 250


def modules() -> list[Path]:
    return sorted((ROOT / "civic").rglob("*.py"))


def imports(tree: ast.AST) -> set[str]:
    """Return every imported name in full, `flask.request` for `from flask import request`."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def knows_request(code: str) -> set[str]:
    """Return what of a request the code takes, by import or through the module `flask`."""
    tree = ast.parse(code)
    taken = imports(tree) & {f"flask.{name}" for name in REQUEST}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            name = f"{node.value.id}.{node.attr}"
            taken |= {name} & {f"flask.{name}" for name in REQUEST}
    return taken


def knows_machinery(code: str) -> set[str]:
    """Return which of the machinery the code imports."""
    return {name.split(".")[0] for name in imports(ast.parse(code))} & MACHINERY


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize(
    "path",
    [path for path in modules() if path.stem in {"services", "models"}],
    ids=name_of,
)
def test_services_and_models_know_no_request(path: Path):
    assert knows_request(path.read_text("utf-8")) == set()


@pytest.mark.parametrize(
    "code",
    [
        "from flask import g",
        "from flask import abort, request",
        "import flask\nname = flask.session['name']",
        "def late():\n    from flask import request",
    ],
)
def test_a_planted_request_is_seen(code: str):
    assert knows_request(code)


@pytest.mark.parametrize("name", [name for name in PURE if (ROOT / name).exists()])
def test_pure_modules_know_no_machinery(name: str):
    assert knows_machinery((ROOT / name).read_text("utf-8")) == set()


@pytest.mark.parametrize(
    "code", ["import flask", "from sqlalchemy.orm import Mapped", "from flask_sqlalchemy import x"]
)
def test_planted_machinery_is_seen(code: str):
    assert knows_machinery(code)


def test_no_module_grows_beyond_what_one_can_hold_in_mind():
    # What is loaded by strangers has to be one file: civic/data is given out, not imported.
    own = [path for path in modules() if "data" not in path.relative_to(ROOT).parts]
    lengths = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in own}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST} == {}


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [program, "--no-cache", "--config", folder / "setup.cfg"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_imports_go_down_only():
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


# Each a line that must not be written, where it must not be written.
UPWARDS = [
    ("civic/communities/services.py", "from civic.identities import models as planted"),
    ("civic/kernel/audit.py", "import civic.communities.models"),
    ("civic/kernel/db.py", "import civic.kernel.permissions"),
    ("civic/identities/models.py", "import civic.identities.services"),
    ("civic/voting/services.py", "import civic_party"),
    ("civic/voting/methods/score.py", "from civic.voting import models as planted"),
    ("civic/voting/methods/score.py", "import flask"),
    ("civic/voting/methods/score.py", "import civic.voting.formats"),
    ("civic/consultations/opinions/votes.py", "import sqlalchemy"),
    ("civic/consultations/opinions/votes.py", "from civic.consultations import models as planted"),
]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the core's modules, without what they carry along."""
    folder = tmp_path_factory.mktemp("layers")
    (folder / "setup.cfg").write_text((ROOT / "setup.cfg").read_text("utf-8"), "utf-8")
    for path in modules():
        target = folder / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(path.read_text("utf-8"), "utf-8")
    return folder


@pytest.mark.parametrize(("where", "line"), UPWARDS)
def test_an_import_upwards_is_refused(copy: Path, where: str, line: str):
    path = copy / where
    before = path.read_text("utf-8")
    path.write_text(f"{before}\n{line}\n", "utf-8")
    try:
        done = lint_imports(copy)
    finally:
        path.write_text(before, "utf-8")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "BROKEN" in done.stdout


def test_a_room_that_no_contract_names_is_refused(copy: Path):
    room = copy / "civic/planted"
    room.mkdir()
    (room / "__init__.py").write_text("", "utf-8")
    try:
        done = lint_imports(copy)
    finally:
        (room / "__init__.py").unlink()
        room.rmdir()
    assert done.returncode == 1, done.stdout + done.stderr
    assert "BROKEN" in done.stdout
    assert "planted" in done.stdout


def plugin_modules() -> list[Path]:
    """Return the modules of all plugins here, bundled and samples."""
    folders = [ROOT / "plugins", ROOT / "examples", ROOT / "tests" / "plugins"]
    return sorted(path for folder in folders for path in folder.rglob("*.py"))


def beyond_the_contract(code: str) -> set[str]:
    """Return what of the core some code imports besides the contract with plugins."""
    names = imports(ast.parse(code))
    core = {name for name in names if name.split(".")[0] == "civic"}
    return {name for name in core if name.split(".")[1:2] not in (["api"], ["testing"])}


@pytest.mark.parametrize("path", plugin_modules(), ids=name_of)
def test_plugins_import_nothing_but_the_contract(path: Path):
    assert beyond_the_contract(path.read_text("utf-8")) == set()


@pytest.mark.parametrize(
    "code",
    [
        "import civic",
        "from civic import kernel",
        "from civic.kernel.db import db",
        "def late():\n    import civic.kernel.clock",
    ],
)
def test_an_import_beyond_the_contract_is_seen(code: str):
    assert beyond_the_contract(code)
