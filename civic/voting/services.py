"""Who may vote, casting into the box, and the result after the close."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from civic.identities.audiences import fitting_group
from civic.kernel import clock, erasing
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor, Path, veto
from civic.voting import choices, codes, duplicates, kinds, settled, urns, writing
from civic.voting.box import UsedRight
from civic.voting.choices import Marks
from civic.voting.models import Ballot

#: The act as plugins know it; who may vote is a matter of the ballot, not of a permission.
VOTE = "voting.vote"


@dataclass(frozen=True)
class Eligibility:
    """Say whether somebody may vote, and why or why not.

    :ivar code: stable name of the reason.
    :ivar group: group of the audience by which they may.
    """

    may: bool
    code: str
    group: str = ""


def eligibility(actor: Actor, audience: list[str], path: Path) -> Eligibility:
    """Decide whether an actor belongs to the audience of a ballot at a node."""
    if actor.person_id is None:
        return Eligibility(may=False, code="sign_in")
    if not actor.adult:
        return Eligibility(may=False, code="minor")
    group = fitting_group(actor, audience, path)
    return Eligibility(
        may=group is not None, code="standing" if group else "audience", group=group or ""
    )


REASONS = {
    "sign_in": _l("Please sign in to vote."),
    "minor": _l("You said that you are younger than 18. You may read and speak, but not vote."),
    "audience": _l("This ballot is for other people than those whose standing you have."),
}


@dataclass(frozen=True, kw_only=True)
class Right:
    """Be the right that somebody uses in a ballot.

    :ivar key: what it rests on, as `person:12`.
    :ivar id: of its row where a roll lists each right.
    """

    key: str
    person_id: int | None
    id: int | None = None


@dataclass(frozen=True)
class Accepted:
    """Be what a voter is told once a vote is in the box.

    :ivar code: of the receipt that counts now.
    :ivar cast_at: when the vote was first cast; none in a detached ballot.
    :ivar again: whether the same form had been taken before.
    """

    code: str
    cast_at: datetime | None = None
    changed_at: datetime | None = None
    again: bool = False


def key_of(person_id: int | None) -> str:
    """Return the key of the right that somebody has as a person."""
    return f"person:{person_id or 0}"


def vote(
    actor: Actor, ballot: Ballot, right: Right, marks: Marks, *, token: str | None = None
) -> Accepted:
    """Let an actor vote by a right of theirs, unless a plugin has a reason against it.

    From a detached box nothing is taken back, so that nothing goes in before the roll is settled.

    :raises Refused: as `put`, `vetoed`, `veto_failed`, or of a detached ballot as
        `settled.refuse_open`; nothing is stored then.
    """
    while_open(ballot)
    if ballot.secrecy == kinds.DETACHED:
        settled.refuse_open(ballot)
    veto(actor, VOTE, ballot)
    return put(ballot, right, marks, token=token)


def while_open(ballot: Ballot, *, until_sealed: bool = False) -> None:
    """Refuse what is only possible while the box is open.

    :param until_sealed: whether it stays open for this beyond the close, until it is sealed.
    :raises Refused: `not_open` or `closed`.
    """
    now = clock.now()
    if ballot.fingerprint is None or now < ballot.opens_at:
        raise Refused("not_open", _l("Voting has not begun yet."), HTTPStatus.CONFLICT)
    if ballot.sealed_at is not None or (now >= ballot.closes_at and not until_sealed):
        raise _closed()


def _closed() -> Refused:
    return Refused(
        "closed",
        _l("Voting has closed, so this choice was not counted. What you chose before counts."),
        HTTPStatus.CONFLICT,
    )


def put(
    ballot: Ballot,
    right: Right,
    marks: Marks,
    *,
    token: str | None = None,
    channel: str = kinds.ONLINE,
) -> Accepted:
    """Put a vote into the box by a right, or replace the one that came by the same channel.

    A form that is sent again yields the receipt that it had, also after the close.

    :param channel: by which it came; what was handed in on paper before the close is entered
        until the ballot is sealed.
    :raises Refused: `not_open`, `closed`, `token`, `already` where a vote cannot be changed, or a
        code of `choices.read`; nothing is stored then.
    """
    code = codes.opened(token, ballot.id, right.key) if token else _new(ballot)
    online = channel == kinds.ONLINE
    if token and clock.now() >= ballot.closes_at and (taken := _taken(ballot, right, code)):
        return taken
    while_open(ballot, until_sealed=not online)
    choice = choices.read(ballot.rules, marks)
    now = clock.now()
    detached = ballot.secrecy == kinds.DETACHED
    used = {
        "ballot_id": ballot.id,
        "key": right.key,
        "secrecy": ballot.secrecy,
        "rehearsal": ballot.rehearsal,
        "right_id": right.id,
        "person_id": right.person_id,
        "channel": channel,
        "choice": None if detached else choice,
        "code": code,
        "cast_at": None if detached else now,
    }
    statement = writing.use(db.engine.dialect.name, changeable=ballot.changeable)
    row = db.session.execute(statement, used | {"now": now}).one_or_none()
    if row is None:
        return _again(ballot, right, code, choice if online else None)
    if row.earlier == code:
        # The same paper, sent with another choice: a change, which gets a receipt of its own.
        code = _new(ballot)
        mine = (UsedRight.ballot_id == ballot.id, UsedRight.key == right.key)
        db.session.execute(update(UsedRight).where(*mine).values(code=code))
    if detached:
        urns.drop(ballot, choice)
    values = writing.values(
        ballot=ballot.id, code=code, channel=channel, earlier=row.earlier or "", now=now
    )
    if db.session.execute(writing.receipt(open_now=online), values).one_or_none() is None:
        raise _closed()
    return Accepted(code, row.cast_at, row.changed_at)


def settle(ballot: Ballot) -> None:
    """Empty SQLite's log after a vote in a detached ballot, which would tell vote from vote.

    Called after the commit.
    """
    if ballot.secrecy == kinds.DETACHED:
        erasing.settle()


def _new(ballot: Ballot) -> str:
    return codes.fresh(rehearsal=ballot.rehearsal)


def _again(ballot: Ballot, right: Right, code: str, choice: str | None) -> Accepted:
    """Answer a form that was taken before, or say why a used right is not used again.

    :param choice: of an online vote, which may count in place of an earlier paper.
    """
    taken = _taken(ballot, right, code)
    if taken is None and choice is not None:
        at = duplicates.later(ballot, right.key, choice, code)
        taken = Accepted(code, at) if at else None
    if taken is None:
        raise Refused(
            "already",
            _l("This right has been used, and a vote in this ballot cannot be changed."),
            HTTPStatus.CONFLICT,
        )
    return taken


def _taken(ballot: Ballot, right: Right, code: str) -> Accepted | None:
    """Return what was accepted with a code, where it is the one that counts now."""
    query = select(UsedRight).filter_by(ballot_id=ballot.id, key=right.key, code=code)
    found = db.session.scalar(query, execution_options={"populate_existing": True})
    return Accepted(code, found.cast_at, found.changed_at, again=True) if found else None
