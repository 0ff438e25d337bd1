"""Ballots and notices of a case: which one its present stage is about, and what they came to."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from civic.communities.models import Community
from civic.consultations import figures, stages
from civic.consultations.models import Consultation
from civic.consultations.stage_rows import CaseBallot, CaseNotice, StageEntry
from civic.kernel import audit, clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor
from civic.notices.models import Notice
from civic.procedures.rules import Code
from civic.processes import terms
from civic.voting import by_procedure
from civic.voting.models import Ballot

#: What a ballot comes to, in the words of processes. One that only counts has given its answer.
VERDICTS = {
    Code.PASSED: terms.PASSED,
    Code.COUNTED: terms.PASSED,
    Code.FAILED: terms.FAILED,
    Code.INQUORATE: terms.TOO_FEW,
}
#: Number at the case by which its page leads to the ballot.
FIGURE = "ballot"


def votes(case: Consultation) -> list[dict[str, Any]]:
    """Return the stages of a case at which people vote."""
    return [one for one in case.process["data"]["stages"] if one["kind"] == terms.VOTING]


def _vote_of(case: Consultation) -> str:
    """Return the stage whose vote the present one is about: its own, the last one, or the next."""
    codes = [one["code"] for one in votes(case)]
    if case.stage in codes:
        return case.stage or ""
    if stages.kind(case) in {terms.COUNTING, terms.INQUORATE}:
        query = select(StageEntry.stage).where(
            StageEntry.consultation_id == case.id, StageEntry.stage.in_(codes)
        )
        last = db.session.scalars(query.order_by(StageEntry.number.desc()).limit(1)).first()
        return last or (codes[0] if codes else "")
    ahead = [
        one["to"]
        for one in case.process["data"]["moves"]
        if case.stage in one["from"] and one["to"] in codes
    ]
    return ahead[0] if ahead else ""


def ballot(case: Consultation) -> Ballot | None:
    """Return the ballot that the present stage is about; the latest where there are several."""
    query = (
        select(Ballot)
        .join(CaseBallot, CaseBallot.ballot_id == Ballot.id)
        .where(CaseBallot.consultation_id == case.id, CaseBallot.purpose == _vote_of(case))
        .order_by(Ballot.id.desc())
        .limit(1)
    )
    return db.session.scalars(query).first()


def decided_by(case: Consultation) -> Ballot | None:
    """Return the ballot that a case rests on: its own, or the last linked one that is published."""
    if case.process_code is None:
        return db.session.get(Ballot, case.ballot_id) if case.ballot_id is not None else None
    query = (
        select(Ballot)
        .join(CaseBallot, CaseBallot.ballot_id == Ballot.id)
        .where(CaseBallot.consultation_id == case.id, Ballot.published_at.is_not(None))
        .order_by(Ballot.published_at.desc(), Ballot.id.desc())
        .limit(1)
    )
    return db.session.scalars(query).first()


def case_of(ballot_id: int) -> int | None:
    """Return the case that a ballot decides, as its own or as a linked one."""
    own = select(Consultation.id).where(Consultation.ballot_id == ballot_id)
    of_process = select(CaseBallot.consultation_id).where(CaseBallot.ballot_id == ballot_id)
    return db.session.scalar(own.union_all(of_process).limit(1))


def verdict(case: Consultation) -> str:
    """Return what the vote of a case came to, once its result is published; nothing before."""
    if stages.kind(case) != terms.COUNTING:
        return ""
    found = ballot(case)
    if found is None or found.published_at is None:
        return ""
    came_to = by_procedure.verdict(found)
    return VERDICTS[came_to] if came_to is not None else ""


def ballots(case_id: int) -> Sequence[tuple[CaseBallot, Ballot]]:
    """Return the ballots of a case, the latest first."""
    query = (
        select(CaseBallot, Ballot)
        .join(Ballot, Ballot.id == CaseBallot.ballot_id)
        .where(CaseBallot.consultation_id == case_id)
        .order_by(Ballot.id.desc())
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]


def notices(case_id: int) -> Sequence[tuple[CaseNotice, Notice]]:
    """Return the notices of a case, the latest first."""
    query = (
        select(CaseNotice, Notice)
        .join(Notice, Notice.id == CaseNotice.notice_id)
        .where(CaseNotice.consultation_id == case_id)
        .order_by(CaseNotice.id.desc())
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]


def link_ballot(
    actor: Actor, community: Community, case: Consultation, ballot_id: int, purpose: str
) -> None:
    """Let a formal ballot decide a case, at one of its votes and by a procedure that fits it.

    :raises Refused: `ballot` or `purpose`.
    """
    found = db.session.get(Ballot, ballot_id)
    taken = db.session.get(CaseBallot, ballot_id)
    fitting = {one["code"]: one["procedures"] for one in votes(case)}
    if purpose not in fitting:
        raise Refused("purpose", _l("Please choose the vote that the ballot is for."))
    if (
        found is None
        or taken is not None
        or found.community_id != community.id
        or not found.formal
        or found.rehearsal
    ):
        raise Refused(
            "ballot", _l("Please choose a formal ballot of this community that decides no case.")
        )
    if found.procedure.get("id") not in fitting[purpose]:
        raise Refused(
            "ballot",
            _l("The procedure of this ballot does not fit this vote."),
            HTTPStatus.CONFLICT,
        )
    _link(actor, community, case, found.id, purpose)


def _link(
    actor: Actor, community: Community, case: Consultation, ballot_id: int, purpose: str
) -> None:
    assert actor.person_id is not None  # noqa: S101 - pages ask for a post
    db.session.add(
        CaseBallot(
            ballot_id=ballot_id,
            consultation_id=case.id,
            purpose=purpose,
            by=actor.person_id,
            at=clock.now(),
        )
    )
    figures.add(case.id, FIGURE, ballot_id - case.figures.get(FIGURE, 0))
    _record(actor, community, case, "consultation.ballot_linked", {"ballot": ballot_id})


def follow_up(
    actor: Actor, community: Community, first_id: int, again_id: int
) -> Consultation | None:
    """Let a ballot that is held again decide what the first one decided; return the case.

    Nothing where the first one decides no case that goes by a process.
    """
    first = db.session.get(CaseBallot, first_id)
    if first is None:
        return None
    case = db.session.get_one(Consultation, first.consultation_id)
    _link(actor, community, case, again_id, first.purpose)
    return case


def link_notice(actor: Actor, community: Community, case: Consultation, notice_id: int) -> None:
    """Let a notice announce what a case comes to next; it counts once it is issued.

    :raises Refused: `notice`.
    """
    found = db.session.get(Notice, notice_id)
    if found is None or found.community_id != community.id:
        raise Refused("notice", _l("Please choose a notice of this community."))
    assert actor.person_id is not None  # noqa: S101 - pages ask for a post
    there = select(CaseNotice).filter_by(
        consultation_id=case.id, notice_id=found.id, stage=case.stage
    )
    if db.session.scalar(there) is not None:
        return
    db.session.add(
        CaseNotice(
            consultation_id=case.id,
            notice_id=found.id,
            stage=case.stage or "",
            by=actor.person_id,
            at=clock.now(),
        )
    )
    _record(actor, community, case, "consultation.notice_linked", {"notice": found.id})


def _record(
    actor: Actor, community: Community, case: Consultation, act: str, data: dict[str, object]
) -> None:
    db.session.flush()
    audit.done(act, actor, community, f"consultation:{case.id}", data)
