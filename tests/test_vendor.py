"""What others wrote and we ship is what they published, is listed, and is thanked in NOTICE."""

import hashlib
import json
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "civic" / "static" / "vendor"
MANIFEST = json.loads((VENDOR / "manifest.json").read_text("utf-8"))


def test_every_vendored_file_is_listed() -> None:
    """Hold the folder and its manifest equal."""
    files = {path.relative_to(VENDOR).as_posix() for path in VENDOR.rglob("*") if path.is_file()}
    assert files - {"manifest.json"} == set(MANIFEST)


def test_vendored_files_are_unchanged() -> None:
    """Compare each file with the checksum of its release."""
    found = {name: hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() for name in MANIFEST}
    assert found == {name: entry["sha256"] for name, entry in MANIFEST.items()}


def test_each_entry_says_where_it_comes_from() -> None:
    """Require version, licence and source of each file."""
    for name, entry in MANIFEST.items():
        assert set(entry) == {"version", "licence", "source", "sha256"}, name
        assert entry["version"] in entry["source"], name


def test_notice_names_every_vendored_file() -> None:
    """Require the path and licence of each file in NOTICE."""
    notice = (ROOT / "NOTICE").read_text("utf-8")
    for name, entry in MANIFEST.items():
        assert f"civic/static/vendor/{name}" in notice
        assert entry["licence"] in notice
