"""What the wheel carries is what the tree holds."""

import configparser
import subprocess
import zipfile
from pathlib import Path

import pytest

from tools.wheel import build

ROOT = Path(__file__).resolve().parent.parent
BUNDLED = sorted(folder.name for folder in (ROOT / "plugins").glob("civic_*"))


def listed() -> dict[str, Path]:
    """Return every package that setup.cfg lists, with the folder it comes from."""
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", "utf-8")
    folders = dict(
        tuple(part.strip() for part in line.split("="))
        for line in config["options"]["package_dir"].splitlines()
        if line
    )
    packages = {}
    for name in config["options"]["packages"].split():
        owner = max(
            (key for key in folders if key and (name == key or name.startswith(f"{key}."))),
            key=len,
            default="",
        )
        rest = name.removeprefix(owner).strip(".").split(".")
        packages[name] = ROOT.joinpath(folders.get(owner, "."), *filter(None, rest))
    return packages


def test_every_package_of_the_tree_is_listed():
    found = {
        ".".join(path.parent.relative_to(base).parts)
        for base in (ROOT, ROOT / "plugins")
        for path in (base / "civic" if base == ROOT else base).rglob("__init__.py")
        if "tests" not in path.parent.relative_to(base).parts
    }
    assert found - listed().keys() == set()


def test_every_listed_package_is_in_the_tree():
    missing = [name for name, folder in listed().items() if not folder.is_dir()]
    assert missing == []
    data_only = ("civic.templates", "civic.migrations")
    bare = [
        name
        for name, folder in listed().items()
        if not name.startswith(data_only) and not (folder / "__init__.py").is_file()
    ]
    assert bare == []


@pytest.fixture(scope="module")
def contents(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    try:
        wheel = build(tmp_path_factory.mktemp("wheel"))
    except subprocess.CalledProcessError as error:
        pytest.fail(error.output)
    return set(zipfile.ZipFile(wheel).namelist())


def test_the_wheel_claims_only_its_own_names(contents: set[str]):
    tops = {name.split("/")[0] for name in contents}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"civic"} | {
        folder.name for folder in (ROOT / "plugins").glob("civic_*")
    }


@pytest.mark.parametrize(
    ("folder", "inside", "pattern"),
    [
        ("civic", "civic", "**/*.py"),
        ("civic/static", "civic/static", "**/*"),
        ("civic/data", "civic/data", "**/*"),
        ("templates", "civic/templates", "**/*.html"),
        ("templates", "civic/templates", "**/*.txt"),
        ("migrations", "civic/migrations", "**/*.py"),
        ("migrations", "civic/migrations", "*.mako"),
        *(
            (f"plugins/{name}/{folder}", f"{name}/{folder}", pattern)
            for name in BUNDLED
            for folder, pattern in (
                ("migrations", "*.py"),
                ("templates", "**/*.html"),
                ("static", "**/*"),
                ("data", "**/*"),
            )
        ),
    ],
)
def test_the_wheel_carries_all_of(contents: set[str], folder: str, inside: str, pattern: str):
    wanted = {
        f"{inside}/{path.relative_to(ROOT / folder).as_posix()}"
        for path in (ROOT / folder).glob(pattern)
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert wanted - contents == set()


def test_the_wheel_carries_compiled_translations(contents: set[str]):
    sources = {
        path.relative_to(ROOT).with_suffix(".mo").as_posix()
        for path in (ROOT / "civic").rglob("translations/*/LC_MESSAGES/*.po")
    } | {
        path.relative_to(ROOT / "plugins").with_suffix(".mo").as_posix()
        for path in (ROOT / "plugins").rglob("translations/*/LC_MESSAGES/*.po")
    }
    assert len(sources) > len(BUNDLED)
    assert sources - contents == set()


def test_the_wheel_carries_its_licence_and_notice(contents: set[str]):
    papers = {name.rsplit("/", 1)[1] for name in contents if "/licenses/" in name}
    assert papers == {"LICENSE", "NOTICE"}


def test_notice_names_every_vendored_file_and_data_set():
    notice = (ROOT / "NOTICE").read_text("utf-8")
    vendored = [
        path
        for path in (ROOT / "civic/static/vendor").glob("**/*")
        if path.is_file() and path.name != "manifest.json"
    ]
    sets = [path for path in (ROOT / "civic/data/polis").glob("*") if path.is_dir()]
    unnamed = [
        path.relative_to(ROOT).as_posix()
        for path in vendored + sets
        if path.relative_to(ROOT).as_posix() not in notice
    ]
    assert unnamed == []
