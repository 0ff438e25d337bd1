"""Object to a frozen roll, and change it: with a reason, and with a second person."""

from http import HTTPStatus
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from civic.kernel import audit, clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor
from civic.voting import kinds, roll_call
from civic.voting.box import UsedRight
from civic.voting.electorate import Holder, Right
from civic.voting.models import Ballot
from civic.voting.rolls import (
    ADDED,
    CORRECTED,
    FROZEN,
    STRUCK,
    Roll,
    RollChange,
    RollObjection,
    VotingRight,
)
from civic.voting.taking_back import withdraw


def object_to(
    actor: Actor, roll: Roll, words: str, *, right: VotingRight | None = None
) -> RollObjection:
    """Object to a roll, or to one right of it, within its window.

    :raises Refused: `sign_in`, `window` or `empty`.
    """
    if actor.person_id is None:
        raise Refused("sign_in", _l("Please sign in."), HTTPStatus.UNAUTHORIZED)
    now = clock.now()
    if roll.frozen_at is None or roll.objections_until is None or now >= roll.objections_until:
        raise Refused(
            "window", _l("Objections to this roll are not taken any more."), HTTPStatus.CONFLICT
        )
    if not words.strip():
        raise Refused("empty", _l("Please write what is wrong with the roll."))
    made = RollObjection(
        roll_id=roll.id,
        right_id=right.id if right else None,
        person_id=actor.person_id,
        text=words.strip(),
        made_at=now,
    )
    db.session.add(made)
    db.session.flush()
    return made


def answer(actor: Actor, objection_id: int, outcome: str, words: str) -> RollObjection:
    """Answer an objection, once.

    :param outcome: `upheld` or `dismissed`.
    :raises Refused: `answered` or `empty`.
    """
    found = db.session.scalars(
        select(RollObjection).filter_by(id=objection_id).with_for_update(),
        execution_options={"populate_existing": True},
    ).one()
    if found.outcome is not None:
        raise Refused("answered", _l("This objection is answered already."), HTTPStatus.CONFLICT)
    if not words.strip():
        raise Refused("empty", _l("Please give the reason."))
    found.outcome, found.answer = outcome, words.strip()
    found.answered_by, found.answered_at = actor.person_id, clock.now()
    audit.append(
        "roll.objection_answered",
        person_id=actor.person_id,
        subject=f"roll:{found.roll_id}",
        data={"objection": found.id, "outcome": outcome},
    )
    db.session.flush()
    return found


def propose(actor: Actor, roll: Roll, act: str, *, reason: str, data: dict[str, Any]) -> RollChange:
    """Ask for a change of a frozen roll; nothing happens until another person agrees.

    :param act: `added` (data: an entry), `struck` or `corrected` (data: its number, and the new
        measures).
    :raises Refused: `draft` or `reason`.
    """
    if roll.state != FROZEN:
        raise Refused("draft", _l("This roll is a draft; draw it again."), HTTPStatus.CONFLICT)
    if not reason.strip():
        raise Refused("reason", _l("Please say why the roll is changed."))
    assert actor.person_id is not None  # noqa: S101 - views ask for a permission
    made = RollChange(
        roll_id=roll.id,
        act=act,
        data=data,
        reason=reason.strip(),
        proposed_by=actor.person_id,
        proposed_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    return made


def confirm(actor: Actor, change_id: int) -> RollChange:
    """Agree to a change that another person asked for, and make it.

    A right that is struck takes back the vote that was cast with it, where the box still knows it.

    :raises Refused: `second_person`, `done` or `no_right`.
    """
    change = db.session.scalars(
        select(RollChange).filter_by(id=change_id).with_for_update(),
        execution_options={"populate_existing": True},
    ).one()
    if change.confirmed_at is not None:
        raise Refused("done", _l("This change is made already."), HTTPStatus.CONFLICT)
    if actor.person_id is None or actor.person_id == change.proposed_by:
        raise roll_call.second_person()
    change.confirmed_by, change.confirmed_at = actor.person_id, clock.now()
    roll = roll_call.locked(change.roll_id)
    {ADDED: _add, STRUCK: _strike, CORRECTED: _correct}[change.act](roll, change)
    db.session.flush()
    roll_call.recount(roll)
    audit.append(
        "roll.changed",
        person_id=actor.person_id,
        subject=f"roll:{roll.id}",
        community_id=roll.community_id,
        data={"change": change.id, "act": change.act, "heads": roll.heads},
    )
    db.session.flush()
    return change


def _right(roll: Roll, change: RollChange) -> VotingRight:
    found = db.session.scalar(
        select(VotingRight).where(
            VotingRight.roll_id == roll.id,
            VotingRight.number == change.data.get("number"),
            VotingRight.struck_by.is_(None),
        )
    )
    if found is None:
        raise Refused("no_right", _l("There is no such right in this roll."), HTTPStatus.NOT_FOUND)
    return found


def _add(roll: Roll, change: RollChange) -> None:
    last = select(func.max(VotingRight.number)).where(VotingRight.roll_id == roll.id)
    data = dict(change.data)
    holders = tuple(Holder(**holder) for holder in data.pop("holders", ()))
    entry = Right(**data, holders=holders)
    roll_call.add(roll, (db.session.scalar(last) or 0) + 1, entry)


def _strike(roll: Roll, change: RollChange) -> None:
    right = _right(roll, change)
    right.struck_by = change.id
    db.session.flush()
    for used in db.session.scalars(
        select(UsedRight).filter_by(right_id=right.id).with_for_update()
    ).all():
        ballot = db.session.scalars(
            select(Ballot).filter_by(id=used.ballot_id).with_for_update(key_share=True),
            execution_options={"populate_existing": True},
        ).one()
        if ballot.sealed_at is None and ballot.secrecy != kinds.DETACHED:
            withdraw(ballot, used)


def _correct(roll: Roll, change: RollChange) -> None:
    right = _right(roll, change)
    right.label = change.data.get("label", right.label)
    right.heads = change.data.get("heads", right.heads)
    right.area_cm2 = change.data.get("area_cm2", right.area_cm2)
