"""Moves that time makes by itself, once a stage has lasted as long as it must."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Select, select

from civic.communities.models import Community
from civic.consultations import move_refusals, moving, plugged, stages
from civic.consultations.models import Consultation
from civic.kernel import clock, jobs
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor

OFTEN = timedelta(minutes=5)
#: How many cases are read at once.
MOST = 50


def init() -> None:
    """Let time move cases, in the current app."""
    jobs.job("consultations.moves", OFTEN, run, needed=any_due)


def _waiting(after: int = 0) -> Select[Consultation]:
    query = select(Consultation).where(
        Consultation.process_code.is_not(None), Consultation.id > after
    )
    return query.order_by(Consultation.id)


def _acts(case: Consultation, now: datetime) -> list[str]:
    """Return the acts that time may make at the stage of a case, once that may end."""
    ends = stages.until(case)
    if ends is not None and ends > now:
        return []
    found = case.process.get("data", {}).get("moves", ())
    return [one["act"] for one in found if one.get("clock") and case.stage in {*one["from"]}]


def any_due() -> bool:
    """Tell whether a case stands where time might move it, and nothing is missing."""
    return next(_due(), None) is not None


def _due() -> Iterator[tuple[Consultation, str]]:
    now, after = clock.now(), 0
    while True:
        cases = list(db.session.scalars(_waiting(after).limit(MOST)))
        for case in cases:
            for act in _acts(case, now):
                if _may(case, act):
                    yield case, act
        if len(cases) < MOST:
            return
        after = cases[-1].id


def _may(case: Consultation, act: str) -> bool:
    """Tell whether nothing is missing for a move, and no plugin has anything against it."""
    process = moving.process_of(case)
    move = process.find(case.stage or "", act)
    if move is None or move_refusals.missing(case, move.needs):
        return False
    community = db.session.get_one(Community, case.community_id)
    return not plugged.objections(community, case, move, process.by_code[move.to])


def run() -> int:
    """Make the moves that are due, each in a transaction of its own; return how many."""
    done = 0
    for case_id, act in [(case.id, act) for case, act in _due()]:
        case = db.session.get_one(Consultation, case_id)
        community = db.session.get_one(Community, case.community_id)
        try:
            moving.move(Actor(), community, case, act, by_clock=True)
            db.session.commit()
            done += 1
        except Refused:
            # Somebody was faster, or something is missing again.
            db.session.rollback()
    return done
