"""How long a resolution hangs, by the procedure of its case or of its vote."""

from datetime import datetime

from civic.consultations import linked
from civic.consultations.models import Consultation
from civic.kernel import holidays, periods
from civic.outcomes.rules import rules
from civic.procedures import dates
from civic.procedures.schema import Procedure
from civic.procedures.snapshots import load_snapshot
from civic.voting import by_procedure


def procedure_of(case: Consultation) -> Procedure | None:
    """Return the procedure that a case, or its vote, has copied."""
    kept = case.process.get("procedure")
    if kept:
        return load_snapshot(kept).procedure
    ballot = linked.decided_by(case)
    snapshot = by_procedure.of(ballot) if ballot is not None else None
    return snapshot.procedure if snapshot else None


def display_until(case: Consultation, at: datetime) -> datetime:
    """Return until when a resolution hangs that is published at a moment.

    :raises TableMissing: where days off are needed that nobody has stored.
    """
    procedure, known = procedure_of(case), holidays.load()
    for due in dates.after_result(procedure, at, known) if procedure else ():
        if due.ends_at is None:
            raise periods.TableMissing(due.missing or 0)
        return due.ends_at
    return periods.end_of(at, rules().display, known)
