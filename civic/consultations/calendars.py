"""The dates of a case as far as they follow from periods, before it begins (pure)."""

from dataclasses import dataclass
from datetime import datetime

from civic.kernel import periods
from civic.kernel.periods import Holidays, Period, TableMissing
from civic.procedures import dates
from civic.procedures.schema import Procedure
from civic.processes import terms
from civic.processes.schema import Process, Stage

#: Stages that only some cases come to.
APART = frozenset({terms.REJECTED, terms.INQUORATE, *terms.BESIDE})


@dataclass(frozen=True, kw_only=True)
class Planned:
    """Be one stage of a calendar.

    :ivar begins: the first moment at which it can begin; None where that cannot be reckoned.
    :ivar ends: until when it lasts at least; None without a length, or where it cannot be reckoned.
    :ivar period: its length; None where it lasts as long as its work does.
    :ivar missing: the year whose table of days off is needed for it.
    """

    stage: Stage
    begins: datetime | None
    ends: datetime | None = None
    period: Period | None = None
    missing: int | None = None


def calendar(
    process: Process, procedure: Procedure | None, start: datetime, holidays: Holidays
) -> list[Planned]:
    """Return the stages of a case with their earliest dates; work without a period takes no time.

    After a date that cannot be reckoned all later ones are open: none is guessed.
    """
    found: list[Planned] = []
    at: datetime | None = start
    for stage in process.stages:
        if stage.kind in APART:
            continue
        period = length(stage, procedure)
        ends, missing = None, None
        if at is not None and period is not None:
            try:
                ends = _ends(stage, procedure, at, period, holidays)
            except TableMissing as error:
                missing = error.year
        found.append(Planned(stage=stage, begins=at, ends=ends, period=period, missing=missing))
        if period is not None:
            at = ends
    return found


def length(stage: Stage, procedure: Procedure | None) -> Period | None:
    """Return how long a stage lasts at least: by the procedure, or by the process itself."""
    if stage.length is None:
        return None
    own: Period | None = None
    if procedure is not None and stage.length.key:
        own = getattr(procedure.times, stage.length.key)
    return own or stage.length.period


def _ends(
    stage: Stage, procedure: Procedure | None, at: datetime, period: Period, holidays: Holidays
) -> datetime:
    if stage.kind == terms.NOTICED and procedure is not None and procedure.times.notice is not None:
        return dates.earliest_opening(procedure, at, holidays)
    return periods.end_of(at, period, holidays)
