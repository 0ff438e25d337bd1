"""What triage weighs, why is refused, by when is answered: read once from `data/topics.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from civic.kernel import i18n
from civic.kernel.periods import Period
from civic.topics.states import LANES

FILE = Path(__file__).parent.parent / "data" / "topics.toml"
NAMES = ("urgency", "reach", "authority")
OTHER = "other"
#: Where what waits for triage stands among what has been weighed: before all of it.
UNTRIAGED = 1_000


@dataclass(frozen=True)
class Words:
    """Hold words in both languages; as text they are those of the page."""

    zh: str
    en: str

    def __str__(self) -> str:
        """Return the words in the current language."""
        return self.en if i18n.language().startswith("en") else self.zh


@dataclass(frozen=True)
class Scale:
    """Be one of the three things that triage weighs.

    :ivar levels: words of each level by its value.
    """

    title: Words
    levels: Mapping[int, Words]


@dataclass(frozen=True)
class Clock:
    """Hold by when is answered, and why."""

    first_answer: Period
    appeal_answer: Period
    appeal_window: Period
    basis: Words


@cache
def _read() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text("utf-8"))


def _titles(table: str) -> dict[str, Words]:
    return {code: Words(**words) for code, words in _read()[table].items()}


@cache
def scales() -> dict[str, Scale]:
    """Return the scales in the order of the form."""
    found = _read()["scale"]
    return {
        name: Scale(
            Words(**found[name]["title"]),
            {row["value"]: Words(row["zh"], row["en"]) for row in found[name]["level"]},
        )
        for name in NAMES
    }


def rank(urgency: int, reach: int, authority: int) -> int:
    """Return the place of a topic on the desk: what weighs more comes first."""
    return urgency * reach * authority


@cache
def lanes() -> dict[str, Words]:
    """Return the lanes by code."""
    found = _titles("lane")
    return {code: found[code] for code in LANES}


@cache
def reasons() -> dict[str, Words]:
    """Return why topics are refused, by code."""
    return _titles("reason")


@cache
def channels() -> dict[str, Words]:
    """Return whither topics are handed over, by code."""
    return _titles("channel")


@cache
def obligations() -> dict[str, Words]:
    """Return what the catalogue says of an entry, by code."""
    return _titles("obligation")


@cache
def exclusions() -> dict[str, Words]:
    """Return why an entry of the catalogue is not consulted on, by code."""
    return _titles("exclusion")


@cache
def clocks() -> Clock:
    """Return the periods within which is answered."""
    found = _read()["clock"]
    parsed = {
        name: Period.parse(found[name])
        for name in ("first_answer", "appeal_answer", "appeal_window")
    }
    return Clock(**parsed, basis=Words(**found["basis"]))


def duplicates() -> dict[str, Any]:
    """Return what the comparison of topics goes by: `from`, `shown`, `looked_at`."""
    found: dict[str, Any] = _read()["duplicates"]
    return found


def case() -> dict[str, Any]:
    """Return what the draft of a case is written with."""
    found: dict[str, Any] = _read()["case"]
    return found
