"""The rules by which texts are hidden, and the periods of the way back (`data/moderation.toml`)."""

import tomllib
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from civic.kernel import clock, holidays, i18n
from civic.kernel.periods import Period

FILE = Path(__file__).parent.parent / "data" / "moderation.toml"
OBJECTION, ANSWER, REPORT, REVIEW = "objection", "answer", "report", "review"


@cache
def _read() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text("utf-8"))


def rule(reason: str) -> str:
    """Return the rule behind a reason, in the language of the page; nothing for an unknown one."""
    words: dict[str, str] = _read()["rules"].get(reason, {})
    return words.get("en" if i18n.language().startswith("en") else "zh", "")


def period(what: str) -> Period:
    """Return a period: of an objection, its answer, a look at what was reported, or a review."""
    kept = _read()["times"][what]
    return Period(n=kept["n"], kind=kept["kind"])


def until(what: str) -> datetime | None:
    """Return when a period that begins now is over; None where a table of days off is missing."""
    return holidays.end_of(clock.now(), period(what))
