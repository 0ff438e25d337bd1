"""Count what lies in a box by the rules of its ballot, as the closing record says it."""

import importlib.util
from collections.abc import Mapping
from functools import cache
from types import ModuleType
from typing import Any

from civic.kernel.migrate import resource


@cache
def verifier() -> ModuleType:
    """Return the program that anybody may check a ballot with, as a module."""
    path = resource("data") / "verify.py"
    spec = importlib.util.spec_from_file_location("civic_verify", path)
    assert spec is not None  # noqa: S101 - the file is a part of the package
    assert spec.loader is not None  # noqa: S101 - as above
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def count(
    rules: Mapping[str, Any],
    heads: Mapping[str, int],
    area: Mapping[str, int] | None,
    head: str,
    roll: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the result of a ballot.

    :param heads: how many chose what, by the choice in canonical JSON.
    :param area: the same in square centimetres, where that is a measure.
    :param head: of the chain of receipts, from which lots are drawn.
    :param roll: figures of the roll, for quorum and share.
    """
    result: dict[str, Any] = verifier().recount(rules, heads, area, head, roll)
    return result
