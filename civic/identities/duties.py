"""Ages and periods that the law sets, read once from `data/duties.toml`."""

import tomllib
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent.parent / "data" / "duties.toml"
_DAYS_OF_A_YEAR = 365


@cache
def _read() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text("utf-8"))


def child_below() -> int:
    """Return the age in years below which an account needs a guardian."""
    return int(_read()["child"]["below"])


def adult_from() -> int:
    """Return the age in years from which one may vote."""
    return int(_read()["adult"]["from"])


def looks_years() -> int:
    """Return for how many years looks at personal data are kept."""
    return int(_read()["looks"]["years"])


def looks_kept() -> timedelta:
    """Return for how long looks at personal data are kept; never shorter than the years say."""
    return timedelta(days=(_DAYS_OF_A_YEAR + 1) * looks_years())
