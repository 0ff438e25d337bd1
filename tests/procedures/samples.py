"""Procedures for tests: those of the bundle, and texts that go wrong in one place."""

from pathlib import Path

from civic.procedures import bundles
from civic.procedures.schema import Procedure

TEXT = (bundles.SHIPPED / "owner_special.toml").read_text("utf-8")


def shipped(code: str, jurisdiction: str = "CN") -> Procedure:
    """Return a procedure of the bundle, as it holds somewhere."""
    draft, problems = bundles.check(bundles.SHIPPED / f"{code}.toml", "")
    assert not problems
    found = draft.resolve(jurisdiction)
    assert found is not None
    return found[0]


def written(folder: Path, text: str, name: str = "owner_special.toml") -> Path:
    """Write a procedure file."""
    file = folder / name
    file.write_text(text, "utf-8")
    return file
