"""Until when comments on a text are usually heard, and by when they are answered."""

from datetime import datetime

from civic.consultations import moving, stages
from civic.consultations.models import Consultation
from civic.drafting.rules import rules
from civic.kernel import holidays, periods
from civic.kernel.periods import TableMissing


def commentable(case: Consultation) -> bool:
    """Tell whether people comment on a text at any stage of a case."""
    if case.stage is None:
        return True
    stages_ = case.process.get("data", {}).get("stages", ())
    return any("comments" in one.get("can", ()) for one in stages_)


def usual_end(case: Consultation, now: datetime) -> datetime | None:
    """Return until when comments are usually heard that begin now: by the process, else our data.

    None where days off are needed that nobody has stored; the office is asked then.
    """
    try:
        if case.process_code is not None:
            here, until = stages.here(case), stages.until(case)
            if "comments" in here.get("can", ()) and until is not None and until > now:
                return until
            for stage in moving.process_of(case).stages:
                end = moving.ends(case, stage, now) if "comments" in stage.can else None
                if end is not None:
                    return end
        return periods.end_of(now, rules().period, holidays.load())
    except TableMissing:
        return None
