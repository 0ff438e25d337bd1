"""Stages of a consultation: where its process stands, or what its dates alone say (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeAlias

#: Of cases whose dates alone say where they stand, beside `DELIBERATING` and `VOTING`.
SCHEDULED = "scheduled"
CLOSED = "closed"
#: Of cases with a process (domain.md §3.2).
DRAFT = "draft"
COLLECTING = "collecting"
SCREENING = "screening"
NOTICED = "noticed"
DELIBERATING = "deliberating"
DRAFTING = "drafting"
COMMENTING = "commenting"
VOTING = "voting"
COUNTING = "counting"
RESOLVED = "resolved"
REJECTED = "rejected"
INQUORATE = "inquorate"
PUBLICISED = "publicised"
EXECUTING = "executing"
RESULT_PUBLICISED = "result_publicised"
RATED = "rated"
ARCHIVED = "archived"
SUSPENDED = "suspended"
WITHDRAWN = "withdrawn"
VOIDED = "voided"
REOPENED = "reopened"


Here: TypeAlias = dict[str, Any]


class Dated(Protocol):
    """Be something that has the stage of a process or the dates of a consultation."""

    stage: str | None
    present: dict[str, Any]
    process: dict[str, Any]
    opens_at: datetime
    voting_opens_at: datetime | None
    closes_at: datetime


def stage(case: Dated, now: datetime) -> str:
    """Return the stage at a moment; without a process each begins at its date, exactly."""
    if case.stage is not None:
        return kind(case)
    if now < case.opens_at:
        return SCHEDULED
    if now >= case.closes_at:
        return CLOSED
    if case.voting_opens_at is not None and now >= case.voting_opens_at:
        return VOTING
    return DELIBERATING


def here(case: Dated) -> Here:
    """Return the data of the stage at which a case with a process stands, by its own copy.

    Lists find it in the row, apart from the whole process.
    """
    if case.stage is not None and case.present.get("code") == case.stage:
        return case.present
    for one in case.process.get("data", {}).get("stages", ()):
        if one["code"] == case.stage:
            found: Here = one
            return found
    return {}


def kind(case: Dated) -> str:
    """Return the kind of the stage at which a case with a process stands."""
    return str(here(case).get("kind", case.stage or ""))


def may(case: Dated, now: datetime, what: str) -> bool:
    """Tell whether something may be done in a case now, as `speak` or `statements`.

    A process says it of each stage; else people speak from the beginning to the close.
    """
    if case.stage is not None:
        return what in here(case).get("can", ())
    return stage(case, now) in {DELIBERATING, VOTING}


def over(case: Dated, now: datetime) -> bool:
    """Tell whether a case has come to its end."""
    return stage(case, now) in {CLOSED, ARCHIVED, WITHDRAWN, VOIDED}


def until(case: Dated) -> datetime | None:
    """Return until when the present stage of a case with a process lasts at least."""
    kept = here(case).get("until")
    return datetime.fromisoformat(kept) if kept else None


def ends(case: Dated) -> datetime | None:
    """Return when the present stage may end, or everything closes; None where nothing says so."""
    return case.closes_at if case.stage is None else until(case)


def present(data: Mapping[str, Any], code: str, *, until: datetime | None, back: str) -> Here:
    """Return what a row keeps of the stage at which a case stands now.

    :param data: of its process.
    :param back: stage from which it came.
    """
    found = next(one for one in data["stages"] if one["code"] == code)
    shown = {key: found[key] for key in ("code", "kind", "title", "can") if key in found}
    return shown | {"until": until.isoformat() if until else None, "back": back}


@dataclass(frozen=True)
class Step:
    """Be one piece of the line that shows where a consultation stands.

    :ivar state: `done`, `current` or `coming`.
    """

    code: str
    at: datetime
    state: str


def line(case: Dated, now: datetime) -> list[Step]:
    """Return the line of stages with the moment at which each begins."""
    moments = [(DELIBERATING, case.opens_at)]
    if case.voting_opens_at is not None:
        moments.append((VOTING, case.voting_opens_at))
    moments.append((CLOSED, case.closes_at))
    current = stage(case, now)
    return [
        Step(code, at, "current" if code == current else "done" if at <= now else "coming")
        for code, at in moments
    ]
