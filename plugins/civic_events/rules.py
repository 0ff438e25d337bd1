"""Rules of filing, as data: from how many people on the police permits, and by when one files."""

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from civic.api import periods

FILE = Path(__file__).parent / "data" / "rules.toml"


@dataclass(frozen=True)
class Office:
    """Be who permits an event from a number of people on."""

    begins: int
    zh: str
    en: str


@dataclass(frozen=True)
class Rules:
    """Hold the rules of one jurisdiction.

    :ivar permit_from: expected people at one session from which on a permit is needed.
    :ivar permit_period: how long before the event the permit is applied for at the latest.
    :ivar filing_period: how long before it the event is filed here at the latest.
    :ivar risky: facts of an event for which somebody answers for safety.
    :ivar verified: whether the legal staff of the street has confirmed them.
    """

    permit_from: int
    permit_period: periods.Period
    permit_basis: str
    filing_period: periods.Period
    filing_basis: str
    offices: tuple[Office, ...]
    risky: frozenset[str]
    verified: bool

    def needs_permit(self, expected: int) -> bool:
        """Tell whether so many people need a permit of the police."""
        return expected >= self.permit_from

    def office(self, expected: int, language: str) -> str:
        """Return who permits an event with so many people."""
        found = [each for each in self.offices if each.begins <= expected] or self.offices[:1]
        return found[-1].zh if language.startswith("zh") else found[-1].en


def read(data: dict[str, Any]) -> Rules:
    """Return rules from their table in the file.

    :raises KeyError: for one that lacks something.
    :raises ValueError: for a period that is none.
    """
    return Rules(
        permit_from=int(data["permit_from"]),
        permit_period=periods.Period.parse(data["permit_period"]),
        permit_basis=data["permit_basis"],
        filing_period=periods.Period.parse(data["filing_period"]),
        filing_basis=data["filing_basis"],
        offices=tuple(Office(row["from"], row["zh"], row["en"]) for row in data["offices"]),
        risky=frozenset(data["risky"]),
        verified=data["verified"],
    )


@dataclass(frozen=True)
class Entrance:
    """Say when people are let in, and how long it is kept who came in when.

    :ivar before: how long before the beginning the entrance opens; `after` how long after the end
        it closes.
    :ivar kept: how long after the event single arrivals are kept.
    """

    before: timedelta
    after: timedelta
    kept: timedelta


@cache
def entrance() -> Entrance:
    """Return the rules of the entrance."""
    found = tomllib.loads(FILE.read_text("utf-8"))["entrance"]
    return Entrance(
        before=timedelta(hours=found["hours_before"]),
        after=timedelta(hours=found["hours_after"]),
        kept=timedelta(days=found["days_kept"]),
    )


@cache
def of(jurisdiction: str) -> Rules:
    """Return the rules of a jurisdiction, else those of the one around it."""
    known = tomllib.loads(FILE.read_text("utf-8"))
    while jurisdiction not in known and "-" in jurisdiction:
        jurisdiction = jurisdiction.rpartition("-")[0]
    return read(known.get(jurisdiction, known["CN"]))


def latest(starts_at: datetime, period: periods.Period, holidays: periods.Holidays) -> date | None:
    """Return the last day that is early enough before an event; None where days off are missing."""
    try:
        return periods.latest_act_before(starts_at, period, holidays)
    except periods.TableMissing:
        return None
