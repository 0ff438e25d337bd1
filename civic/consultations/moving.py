"""Move a case along its process: who may, what must hold, and what is recorded of it."""

from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select

from civic.communities.models import Community
from civic.consultations import linked, move_refusals, stages
from civic.consultations.models import Consultation
from civic.consultations.stage_rows import StageEntry, StageProposal
from civic.kernel import audit, clock, events, holidays, periods
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor
from civic.procedures import services as procedures
from civic.procedures.snapshots import load_snapshot
from civic.processes import terms
from civic.processes.deciding import Answer, Standing, decide
from civic.processes.reading import read
from civic.processes.schema import Move, Process, Stage


@dataclass(frozen=True, kw_only=True)
class StageEntered(events.Event):
    """Say that a case has come to a stage.

    :ivar stage: its code in the process; `kind` is one of domain.md §3.2.
    """

    consultation_id: int
    origin: str
    stage: str
    kind: str
    act: str


def process_of(case: Consultation) -> Process:
    """Return the way of a case, as it was copied.

    :raises Refused: `no_process` for a case whose dates alone say where it stands.
    """
    if case.process_code is None or "data" not in case.process:
        message = _l("This case follows its dates; it has no process with stages to move along.")
        raise Refused("no_process", message, HTTPStatus.CONFLICT)
    return read(case.process["data"])


def history(case_id: int) -> list[StageEntry]:
    """Return the stages that a case came to, in order."""
    query = select(StageEntry).filter_by(consultation_id=case_id).order_by(StageEntry.number)
    return list(db.session.scalars(query))


def move(
    actor: Actor,
    community: Community,
    case: Consultation,
    act: str,
    *,
    reason: str = "",
    at: datetime | None = None,
    by_clock: bool = False,
    origin: str = "",
) -> StageEntry | None:
    """Move a case to where an act leads, under the lock of its row; the caller commits.

    :param at: the moment of the act, now unless given.
    :param origin: the stage from which it was meant to lead; whichever it is unless given.
    :returns: what was recorded; nothing where it waits for the second person from now on.
    :raises Refused: `out_of_order`, `not_yours`, `once`, `too_early`, `verdict`, `reason`,
        `missing`, `same_person`, or `PLUGIN.CODE` where a plugin has something against it.
    """
    now = at or clock.now()
    held = select(Consultation).where(Consultation.id == case.id).with_for_update()
    case = db.session.scalars(held.execution_options(populate_existing=True)).one()
    process, past = process_of(case), history(case.id)
    assert case.stage is not None  # noqa: S101 - the database holds it with the process
    if origin and origin != case.stage:
        raise move_refusals.refusal(process, case.stage, act, Answer(code="out_of_order"), {})
    proposed = db.session.get(StageProposal, case.id)
    if proposed is not None and (proposed.stage, proposed.act) != (case.stage, act):
        proposed = None
    known = process.find(case.stage, act)
    unmet = move_refusals.missing(case, known.needs) if known else {}
    answer = decide(
        process,
        standing(case, past),
        act,
        groups=actor.groups(community.path),
        unmet=unmet,
        now=now,
        reason=reason or (proposed.reason if proposed else ""),
        by_clock=by_clock,
    )
    if answer.code:
        raise move_refusals.refusal(process, case.stage, act, answer, unmet)
    assert answer.move is not None  # noqa: S101 - nothing was refused
    move_refusals.objected(community, case, answer.move, process.by_code[answer.to])
    post = actor.office_at(community.path)
    brought = _Act(
        actor=actor, community=community, case=case, post=post, reason=reason.strip(), now=now
    )
    if not answer.move.second:
        return _enter(brought, answer.move, process.by_code[answer.to], past)
    if proposed is None:
        _propose(brought, answer.move)
        return None
    if proposed.by == actor.person_id:
        message = _l("You have proposed this yourself. Another person has to confirm it.")
        raise Refused("same_person", message, HTTPStatus.FORBIDDEN)
    confirmed = replace(brought, proposed=proposed)
    return _enter(confirmed, answer.move, process.by_code[answer.to], past)


def standing(case: Consultation, past: list[StageEntry]) -> Standing:
    """Return where a case stands, as far as moves ask."""
    last = past[-1] if past else None
    here = last is not None and last.stage == case.stage
    return Standing(
        stage=case.stage or "",
        back=last.origin if last is not None and here else "",
        due_at=last.due_at if last is not None and here else None,
        made={entry.act for entry in past},
        verdict=linked.verdict(case),
    )


@dataclass(frozen=True, kw_only=True)
class _Act:
    """Hold what whoever acts brings to a move.

    :ivar proposed: the proposal that they confirm.
    """

    actor: Actor
    community: Community
    case: Consultation
    post: str
    reason: str
    now: datetime
    proposed: StageProposal | None = None

    def record(self, act: str, data: dict[str, object]) -> None:
        """Add the act to the chain."""
        audit.append(
            act,
            person_id=self.actor.person_id,
            actor="" if self.actor.person_id else "clock",
            post=self.post,
            subject=f"consultation:{self.case.id}",
            community_id=self.community.id,
            data=data,
        )


def _propose(act: _Act, move: Move) -> None:
    case = act.case
    assert act.actor.person_id is not None  # noqa: S101 - time proposes nothing
    db.session.execute(delete(StageProposal).filter_by(consultation_id=case.id))
    proposal = StageProposal(
        consultation_id=case.id,
        stage=case.stage,
        act=move.act,
        by=act.actor.person_id,
        post=act.post,
        reason=act.reason,
        at=act.now,
    )
    db.session.add(proposal)
    act.record("consultation.move_proposed", {"act": move.act, "reason": act.reason})


def _enter(act: _Act, move: Move, to: Stage, past: list[StageEntry]) -> StageEntry:
    case, proposed, origin = act.case, act.proposed, act.case.stage or ""
    if to.kind == terms.NOTICED:
        _copy_procedure(case)
    entry = StageEntry(
        consultation_id=case.id,
        number=len(past) + 1,
        origin=origin,
        stage=to.code,
        act=move.act,
        by=proposed.by if proposed else act.actor.person_id,
        confirmed_by=act.actor.person_id if proposed else None,
        post=act.post,
        reason=act.reason or (proposed.reason if proposed else ""),
        at=act.now,
        due_at=_rest(past, act.now) if move.to == terms.BACK else ends(case, to, act.now),
    )
    db.session.execute(delete(StageProposal).filter_by(consultation_id=case.id))
    case.stage, case.stage_since = to.code, act.now
    # What pages and lists show without asking for the history.
    case.present = stages.present(case.process["data"], to.code, until=entry.due_at, back=origin)
    if case.published_at is None:
        case.published_at = act.now
    db.session.add(entry)
    db.session.flush()
    act.record(
        "consultation.moved",
        {"from": origin, "to": to.code, "act": move.act, "reason": entry.reason},
    )
    entered = StageEntered(
        community_id=case.community_id,
        consultation_id=case.id,
        origin=origin,
        stage=to.code,
        kind=to.kind,
        act=move.act,
    )
    events.publish(entered)
    return entry


def _rest(past: list[StageEntry], now: datetime) -> datetime | None:
    """Return when a stage ends to which a case goes back: what was left of it is still to come."""
    away = past[-1]
    before = next((one for one in reversed(past[:-1]) if one.stage == away.origin), None)
    if before is None or before.due_at is None:
        return None
    return max(before.due_at, away.at) + (now - away.at)


def ends(case: Consultation, stage: Stage, at: datetime) -> datetime | None:
    """Return until when a stage that begins at a moment lasts at least; None without a length.

    :raises TableMissing: where days off are needed that nobody has stored.
    """
    if stage.length is None:
        return None
    own, kept = None, case.process.get("procedure")
    if kept and stage.length.key:
        own = getattr(load_snapshot(kept).procedure.times, stage.length.key)
    period = own or stage.length.period
    return None if period is None else periods.end_of(at, period, holidays.load())


def _copy_procedure(case: Consultation) -> None:
    code = case.process.get("procedure_code")
    if code and "procedure" not in case.process:
        version = procedures.one_in_force(code)
        case.process = case.process | {"procedure": procedures.snapshot(version)}
