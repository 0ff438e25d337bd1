"""One right, used twice by different ways: the procedure's rule says which vote counts."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.voting import codes, kinds, settled, urns, writing
from civic.voting.box import Receipt, UsedRight
from civic.voting.models import Ballot
from civic.voting.sheets import COUNTED, STRUCK, Sheet

FIRST, LAST, SIGNED = "first", "last", "paper"
#: Why a sheet that was in order does not count.
WHY = {
    "first": _l("This right was used before, and by the procedure the first vote counts."),
    "last": _l("This right was used later, too, and by the procedure the last vote counts."),
    "paper": _l("This right was used by a signed paper, too, and that counts."),
    "detached": _l(
        "This right was used before, and from a box without names no vote can be taken back."
    ),
    "right_struck": _l("The right was struck off the roll."),
}


@dataclass(frozen=True)
class Entered:
    """Say what came of an entry.

    :ivar code: of the receipt, where it counts.
    :ivar reason: a code of `WHY`, where the other vote stays.
    :ivar replaced: whether it took the place of another vote.
    """

    code: str = ""
    reason: str = ""
    replaced: bool = False


def rule(ballot: Ballot) -> str:
    """Return which vote counts where one right is used twice; the first unless said otherwise."""
    data = (ballot.procedure or {}).get("data") or {}
    return str(data.get("duplicates", FIRST))


def enter(
    ballot: Ballot, right_id: int | None, key: str, choice: str, channel: str, at: datetime
) -> Entered:
    """Put a vote that came on paper into the box, or leave the one that is in it.

    :param at: when it was signed and handed in.
    :raises Refused: `closed` once the ballot is sealed, `again` where the other vote has just been
        taken back, or of a detached ballot as `settled.refuse_open`.
    """
    if ballot.secrecy == kinds.DETACHED:
        settled.refuse_open(ballot)
    code = codes.fresh(rehearsal=ballot.rehearsal)
    detached = ballot.secrecy == kinds.DETACHED
    row = {
        "ballot_id": ballot.id,
        "key": key,
        "secrecy": ballot.secrecy,
        "rehearsal": ballot.rehearsal,
        "right_id": right_id,
        "person_id": None,
        "channel": channel,
        "choice": None if detached else choice,
        "code": code,
        "cast_at": None if detached else at,
    }
    statement = writing.use(db.engine.dialect.name, changeable=False)
    if db.session.execute(statement, row).one_or_none() is not None:
        if detached:
            urns.drop(ballot, choice)
        _receipt(ballot, code, channel, "", open_now=False)
        return Entered(code)
    used = _locked(ballot, key)
    if used is None:
        raise Refused("again", _l("Please enter it once more."), HTTPStatus.CONFLICT)
    if reason := _stays(ballot, used, channel, at):
        return Entered(reason=reason)
    _replace(ballot, used, choice, code, channel, at, open_now=False)
    return Entered(code, replaced=True)


def later(ballot: Ballot, key: str, choice: str, code: str) -> datetime | None:
    """Let an online vote take the place of an earlier paper where the last one counts.

    :returns: its moment, or none where the paper stays.
    """
    if rule(ballot) != LAST or ballot.secrecy == kinds.DETACHED:
        return None
    used = _locked(ballot, key)
    if used is None or used.channel == kinds.ONLINE:
        return None
    if db.session.scalar(select(Receipt.number).filter_by(ballot_id=ballot.id, code=code)):
        return None
    now = clock.now()
    _replace(ballot, used, choice, code, kinds.ONLINE, now, open_now=True)
    return now


def _locked(ballot: Ballot, key: str) -> UsedRight | None:
    query = select(UsedRight).filter_by(ballot_id=ballot.id, key=key).with_for_update()
    return db.session.scalar(query, execution_options={"populate_existing": True})


def _stays(ballot: Ballot, used: UsedRight, channel: str, at: datetime) -> str:
    """Return why the vote in the box stays, or nothing where the new one counts."""
    decides = rule(ballot)
    if ballot.secrecy == kinds.DETACHED:
        return "detached"
    if used.cast_at is None:
        return FIRST
    if decides == LAST:
        return "" if at > (used.changed_at or used.cast_at) else LAST
    if decides == SIGNED and (used.channel == kinds.PAPER) != (channel == kinds.PAPER):
        return "" if channel == kinds.PAPER else SIGNED
    # Two papers, or the rule of the first: what was handed in first counts.
    return "" if at < used.cast_at else FIRST


def _replace(
    ballot: Ballot,
    used: UsedRight,
    choice: str,
    code: str,
    channel: str,
    at: datetime,
    *,
    open_now: bool,
) -> None:
    earlier, reason = used.code or "", rule(ballot)
    strike(ballot.id, used.key, reason)
    db.session.execute(
        update(UsedRight)
        .where(UsedRight.ballot_id == ballot.id, UsedRight.key == used.key)
        .values(
            channel=channel, choice=choice, code=code, earlier=earlier, cast_at=at, changed_at=None
        )
    )
    _receipt(ballot, code, channel, earlier, open_now=open_now)


def _receipt(ballot: Ballot, code: str, channel: str, earlier: str, *, open_now: bool) -> None:
    values = writing.values(
        ballot=ballot.id, code=code, channel=channel, earlier=earlier, now=clock.now()
    )
    if db.session.execute(writing.receipt(open_now=open_now), values).one_or_none() is None:
        raise sealed()


def sealed() -> Refused:
    """Return the refusal of what comes once a ballot is sealed."""
    return Refused(
        "closed", _l("The vote has closed; nothing more is entered."), HTTPStatus.CONFLICT
    )


def strike(ballot_id: int, key: str, reason: str) -> None:
    """Mark the sheet that counted for a right as struck, where there is one."""
    db.session.execute(
        update(Sheet)
        .where(Sheet.ballot_id == ballot_id, Sheet.key == key, Sheet.state == COUNTED)
        .values(state=STRUCK, reason=reason)
    )
