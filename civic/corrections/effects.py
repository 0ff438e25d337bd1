"""Do what a decision says; what was there before stays, and leads to what came of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, TypeAlias

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from civic.communities.models import Community
from civic.consultations import linked
from civic.corrections.models import Correction, Recount
from civic.corrections.rules import ANNUL, CORRECT, COUNT, NOTICE, RECOUNT, REVOTE
from civic.identities.actors import actor_for
from civic.kernel import clock, holidays, text
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.periods import TableMissing
from civic.kernel.permissions import Actor
from civic.notices import corrections as notice_corrections
from civic.notices import issuing
from civic.notices.models import Notice
from civic.notices.services import LONGEST_LINE
from civic.procedures import dates
from civic.voting import by_procedure, drafting, roll_changes
from civic.voting.models import Ballot, BallotOption
from civic.voting.rolls import STRUCK, Roll, VotingRight

Made: TypeAlias = dict[str, Any] | None
Step: TypeAlias = Callable[[Actor, Community, Correction], Made]


def _nothing(_actor: Actor, _community: Community, _found: Correction) -> Made:
    return None


@dataclass(frozen=True)
class Effect:
    """Be what an effect does to one kind of thing.

    :ivar check: refuses a proposal that could not be carried out.
    :ivar do: does it, and returns what came of it as JSON, for the links between the two.
    """

    check: Step = _nothing
    do: Step = _nothing


def register(target: str, effect: str, what: Effect) -> None:
    """Let an effect do something to things of a kind, in the current app."""
    _known()[target, effect] = what


def _known() -> dict[tuple[str, str], Effect]:
    found: dict[tuple[str, str], Effect]
    found = current_app.extensions.setdefault("civic_correction_effects", {})
    return found


def _of(found: Correction) -> Effect:
    return _known().get((found.target, found.effect or ""), Effect())


def check(actor: Actor, community: Community, found: Correction) -> None:
    """Refuse a proposal that could not be carried out.

    :raises Refused: with what is missing.
    """
    _of(found).check(actor, community, found)


def carry_out(actor: Actor, community: Community, found: Correction) -> Made:
    """Do what was decided, in the deciding transaction.

    :raises Refused: where it cannot be done any more.
    """
    return _of(found).do(actor, community, found)


def _counted(_actor: Actor, _community: Community, found: Correction) -> Made:
    done = db.session.get(Recount, found.id)
    if done is None or done.confirmed_at is None:
        raise Refused(
            "recount",
            _l("Two people have to count again first."),
            HTTPStatus.CONFLICT,
        )
    if done.verdict != "stands":
        raise Refused(
            "verdict",
            _l("The errors could have changed what was decided. A new vote is needed."),
            HTTPStatus.CONFLICT,
        )
    return None


def _recounted(actor: Actor, community: Community, found: Correction) -> Made:
    _counted(actor, community, found)
    return _roll(actor, found)


def _roll(actor: Actor, found: Correction) -> dict[str, Any]:
    """Strike the rights that were admitted wrongly: one proposed it, the other one agrees."""
    numbers = list(found.errors.get("admitted", ()))
    ballot = db.session.get_one(Ballot, found.subject_id)
    if not numbers or ballot.roll_id is None:
        return {}
    roll = db.session.get_one(Roll, ballot.roll_id)
    still = db.session.scalars(
        select(VotingRight.number).where(
            VotingRight.roll_id == roll.id,
            VotingRight.number.in_(numbers),
            VotingRight.struck_by.is_(None),
        )
    ).all()
    proposer = Actor(person_id=found.proposed_by)
    changes = []
    for number in sorted(still):
        change = roll_changes.propose(
            proposer, roll, STRUCK, reason=found.reason, data={"number": number}
        )
        changes.append(roll_changes.confirm(actor, change.id).id)
    return {"roll_changes": changes}


def _voted_again(actor: Actor, community: Community, found: Correction) -> Made:
    made = _roll(actor, found)
    first = db.session.get_one(Ballot, found.subject_id)
    if not first.procedure:
        return made  # the simple vote of a case: its office calls a new case
    again = Ballot(
        community_id=community.id,
        question=first.question,
        audience=first.audience,
        kind=first.kind,
        method=first.method,
        seats=first.seats,
        limits=first.limits,
        secrecy=first.secrecy,
        shows=first.shows,
        tie=first.tie,
        changeable=first.changeable,
        formal=True,
        roll_id=first.roll_id,
        procedure=first.procedure,
        opens_at=_earliest(first),
        options=[],
    )
    again.closes_at = again.opens_at + (first.closes_at - first.opens_at)
    query = select(BallotOption).filter_by(ballot_id=first.id).order_by(BallotOption.position)
    again.options.extend(
        BallotOption(position=one.position, text=one.text, cost=one.cost)
        for one in db.session.scalars(query)
    )
    db.session.add(again)
    db.session.flush()
    drafting.audited(actor, again, "ballot.drafted", again_after=first.id, correction=found.id)
    linked.follow_up(actor, community, first.id, again.id)
    return made | {"ballot": again.id}


def _earliest(ballot: Ballot) -> datetime:
    snapshot = by_procedure.of(ballot)
    now = clock.now()
    try:
        if snapshot is not None:
            return dates.earliest_opening(snapshot.procedure, now, holidays.load())
    except TableMissing:
        pass  # the office sees it on the draft
    return now + timedelta(days=1)


def _changed(_actor: Actor, _community: Community, found: Correction) -> Made:
    notice = db.session.get_one(Notice, found.subject_id)
    title, body = (text.plain(str(found.change.get(name, ""))) for name in ("title", "body"))
    if not title or not body or (title, body) == (notice.title, notice.body):
        raise Refused("change", _l("Please write the corrected title and text."))
    found.change = {"title": title, "body": body}
    return None


def _corrected(actor: Actor, community: Community, found: Correction) -> Made:
    assert found.proposed_by is not None  # noqa: S101 - the service asked
    proposer = actor_for(found.proposed_by) or Actor(person_id=found.proposed_by)
    line = found.note[:LONGEST_LINE]
    version = notice_corrections.draft(
        proposer, community, found.subject_id, reason=line, **found.change
    )
    notice = notice_corrections.approve(
        actor, community, found.subject_id, version.made_at.isoformat()
    )
    return {"version": notice.version}


def _withdrawn(actor: Actor, community: Community, found: Correction) -> Made:
    issuing.withdraw(actor, community, found.subject_id, found.note)
    return {}


def init() -> None:
    """Register what happens to counts and notices, in the current app."""
    register(COUNT, RECOUNT, Effect(_counted, _recounted))
    register(COUNT, REVOTE, Effect(do=_voted_again))
    register(NOTICE, CORRECT, Effect(_changed, _corrected))
    register(NOTICE, ANNUL, Effect(do=_withdrawn))
