"""When the papers of a ballot are done: all in by two people, none open, and their figures."""

from collections import Counter
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, exists, func, select

from civic.kernel import audit, clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor
from civic.voting.models import Ballot
from civic.voting.roll_call import second_person
from civic.voting.sheets import COUNTED, INVALID, ISSUED, OPEN, STRUCK, VOID, PaperWork, Sheet

UNDECIDED = "undecided"


def waits(now: datetime) -> ColumnElement[bool]:
    """Return the condition of ballots whose papers are not done."""
    unresolved = exists().where(Sheet.ballot_id == Ballot.id, Sheet.state.in_(OPEN))
    entering = exists().where(
        PaperWork.ballot_id == Ballot.id,
        PaperWork.confirmed_at.is_(None),
        PaperWork.entries_until > now,
    )
    return unresolved | entering


def refuse_open(ballot: Ballot) -> None:
    """Refuse to seal a ballot whose papers are not done.

    :raises Refused: `papers` while one is open, `papers_coming` until the time of entry is over or
        two people declared that all are in.
    """
    count = _open(ballot)
    if count:
        raise Refused(
            "papers",
            _l(
                "%(count)d papers are typed once or read differently. Resolve them, or let two "
                "people declare them void with a reason."
            ),
            HTTPStatus.CONFLICT,
            {"count": count},
        )
    work = db.session.get(PaperWork, ballot.id, populate_existing=True)
    if work is not None and work.confirmed_at is None and clock.now() < work.entries_until:
        raise Refused(
            "papers_coming",
            _l("Papers are still being entered. Two people can declare that all are in."),
            HTTPStatus.CONFLICT,
        )


def _open(ballot: Ballot) -> int:
    query = select(func.count()).select_from(Sheet)
    found = db.session.scalar(query.where(Sheet.ballot_id == ballot.id, Sheet.state.in_(OPEN)))
    return found or 0


def _work(ballot: Ballot) -> PaperWork:
    found = db.session.scalar(
        select(PaperWork).filter_by(ballot_id=ballot.id).with_for_update(),
        execution_options={"populate_existing": True},
    )
    if found is None:
        raise Refused("no_papers", _l("No papers were printed for this ballot."))
    return found


def declare(actor: Actor, ballot: Ballot) -> bool:
    """Declare that all papers are in; return whether it is confirmed by this second person.

    :raises Refused: `running` before the close, `papers` while one is open, `second_person`,
        `done`, or `no_papers`.
    """
    work = _work(ballot)
    if clock.now() < ballot.closes_at:
        raise Refused("running", _l("Papers can be handed in until the close."))
    if work.confirmed_at is not None:
        raise Refused("done", _l("This is done already."), HTTPStatus.CONFLICT)
    if _open(ballot):
        refuse_open(ballot)
    if work.done_by is None:
        work.done_by = actor.person_id
        db.session.flush()
        return False
    if actor.person_id in {None, work.done_by}:
        raise second_person()
    work.confirmed_by, work.confirmed_at = actor.person_id, clock.now()
    _log(actor, ballot, "ballot.papers_done", {})
    db.session.flush()
    return True


def _log(actor: Actor, ballot: Ballot, act: str, data: dict[str, Any]) -> None:
    audit.append(
        act,
        person_id=actor.person_id,
        subject=f"ballot:{ballot.id}",
        community_id=ballot.community_id,
        data=data,
    )


def void(actor: Actor, ballot: Ballot, reason: str) -> int:
    """Ask for the open papers to be declared void, or confirm it; return how many are void now.

    :param reason: why they cannot be resolved; not asked again of who confirms.
    :raises Refused: `reason`, `second_person`, or `nothing_open`.
    """
    query = select(Sheet).where(Sheet.ballot_id == ballot.id, Sheet.state.in_(OPEN))
    sheets = db.session.scalars(
        query.order_by(Sheet.serial).with_for_update(),
        execution_options={"populate_existing": True},
    ).all()
    if not sheets:
        raise Refused("nothing_open", _l("No paper is open."), HTTPStatus.CONFLICT)
    asked = [one for one in sheets if one.void_by is not None]
    if not asked:
        if not reason.strip():
            raise Refused("reason", _l("Please say why they cannot be resolved."))
        for one in sheets:
            one.void_by, one.note = actor.person_id, reason.strip()
        db.session.flush()
        return 0
    if actor.person_id is None or any(one.void_by == actor.person_id for one in asked):
        raise second_person()
    for one in asked:
        one.state, one.reason, one.void_confirmed_by = VOID, UNDECIDED, actor.person_id
        if ballot.secret:
            one.first_typed = one.second_typed = None
    serials = [one.serial for one in asked]
    _log(actor, ballot, "ballot.papers_void", {"serials": serials, "reason": asked[0].note})
    db.session.flush()
    return len(serials)


def name_counters(actor: Actor, ballot: Ballot, lines: str) -> None:
    """Write down who counted and who watched, by name and post, one a line.

    :raises Refused: `sealed`, `counters` for more than fit, or `no_papers`.
    """
    work = _work(ballot)
    if ballot.sealed_at is not None:
        raise Refused("sealed", _l("This ballot is counted already."), HTTPStatus.CONFLICT)
    found = [" ".join(line.split())[:80] for line in lines.splitlines() if line.strip()]
    if len(found) > 20:  # noqa: PLR2004 - as many as fit on the sheet
        raise Refused("counters", _l("At most 20 lines, please."))
    work.counters = found
    _log(actor, ballot, "ballot.counters_named", {"count": len(found)})
    db.session.flush()


def figures(ballot: Ballot) -> dict[str, Any] | None:
    """Return what the closing record says of papers, or nothing where there were none."""
    work = db.session.get(PaperWork, ballot.id)
    if work is None:
        return None
    counts = states(ballot)
    lost = (
        select(Sheet.serial, Sheet.state, Sheet.reason)
        .where(Sheet.ballot_id == ballot.id, Sheet.state.in_((STRUCK, INVALID, VOID)))
        .order_by(Sheet.serial)
    )
    return {
        "issued": sum(counts.values()),
        "not_returned": counts[ISSUED],
        "counted": counts[COUNTED],
        "not_counted": [
            {"serial": row[0], "state": row[1], "reason": row[2]}
            for row in db.session.execute(lost)
        ],
        "counters": work.counters,
    }


def states(ballot: Ballot) -> Counter[str]:
    """Return how many sheets of a ballot are in each state."""
    query = select(Sheet.state, func.count()).filter_by(ballot_id=ballot.id).group_by(Sheet.state)
    return Counter({row[0]: row[1] for row in db.session.execute(query)})


def channels(ballot: Ballot) -> dict[str, int]:
    """Return how many sheets count, by the way on which they came; of choices it tells nothing."""
    query = (
        select(Sheet.channel, func.count())
        .filter_by(ballot_id=ballot.id, state=COUNTED)
        .group_by(Sheet.channel)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}
