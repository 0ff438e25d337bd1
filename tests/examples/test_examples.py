"""The sample plugins, with nothing but wheels: their tests, the checklist, and what they carry."""

import zipfile
from pathlib import Path

import pytest

from civic.testing.checklist import CHECKS
from tests.examples.installed import built, install
from tests.testing.running import EXAMPLES, conformance, run
from tools import wheel

NAMES = sorted(path.name for path in EXAMPLES.iterdir() if (path / "setup.cfg").exists())


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("wheels")
    return {name: built(name, folder) for name in NAMES}


@pytest.fixture(scope="module")
def installed(wheels: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the site's wheel and those of the samples."""
    target = tmp_path_factory.mktemp("installed")
    for path in (wheel.build(tmp_path_factory.mktemp("site")), *wheels.values()):
        install(path, target)
    return target


@pytest.mark.parametrize("name", NAMES)
def test_a_wheel_carries_all_of_its_package(wheels: dict[str, Path], name: str):
    source = EXAMPLES / name / f"civic_{name}"
    wanted = {
        f"civic_{name}/{path.relative_to(source).as_posix()}"
        for path in source.rglob("*")
        if path.is_file() and path.suffix not in {".pyc", ".mo"}
    }
    carried = {path for path in zipfile.ZipFile(wheels[name]).namelist() if ".dist-" not in path}
    assert carried == wanted


@pytest.mark.parametrize("name", NAMES)
def test_its_tests_pass_where_only_wheels_are(installed: Path, tmp_path: Path, name: str):
    (tmp_path / "setup.cfg").write_text((EXAMPLES / name / "setup.cfg").read_text("utf-8"))
    for path in (EXAMPLES / name / "tests").glob("*.py"):
        (tmp_path / "tests").mkdir(exist_ok=True)
        (tmp_path / "tests" / path.name).write_text(path.read_text("utf-8"), "utf-8")
    (tmp_path / "tests" / "test_where.py").write_text(
        f"def test_where():\n    import civic, civic_{name}\n"
        f"    for package in (civic, civic_{name}):\n"
        f"        assert package.__file__.startswith({str(installed)!r})\n"
    )
    done = run(tmp_path, path=[installed])
    assert done.returncode == 0, done.stdout + done.stderr


def test_they_hold_the_checklist(installed: Path, tmp_path: Path):
    found, told = conformance(tmp_path, *NAMES, path=[installed])
    wanted = {check.code: "PASSED" for check in CHECKS}
    assert found == dict.fromkeys(NAMES, wanted), told


def test_hello_is_as_short_as_it_says():
    lines = (EXAMPLES / "hello/civic_hello/__init__.py").read_text("utf-8").splitlines()
    assert len(lines) <= 60
    modules = (EXAMPLES / "hello/civic_hello").rglob("*.py")
    assert [path.name for path in modules if "migrations" not in path.parts] == ["__init__.py"]
