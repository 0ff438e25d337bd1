"""The program that anybody checks a ballot with, loaded as it lies there."""

import importlib.util
from functools import cache
from pathlib import Path
from types import ModuleType

from civic.kernel.migrate import resource


def path() -> Path:
    """Return where the program lies."""
    return resource("data") / "verify.py"


@cache
def program() -> ModuleType:
    """Return the program as a module."""
    spec = importlib.util.spec_from_file_location("civic_verify", path())
    assert spec is not None  # noqa: S101 - the file is a part of the package
    assert spec.loader is not None  # noqa: S101 - as above
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
