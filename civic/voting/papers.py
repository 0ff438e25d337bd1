"""Numbered sheets of a ballot: issued in runs, each serial once, and found again."""

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, insert, select

from civic.kernel import audit, clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor
from civic.voting.kinds import TEST_VOTERS
from civic.voting.models import Ballot
from civic.voting.rolls import RightHolder, VotingRight
from civic.voting.services import Right
from civic.voting.sheets import ISSUED, PaperWork, Sheet

#: Sheets in one run; more are printed in several.
MOST = 1000
MOST_SERIAL = 999_999


def work(ballot: Ballot, *, lock: bool = False) -> PaperWork | None:
    """Return what is settled about the papers of a ballot, or nothing where it has none."""
    query = select(PaperWork).filter_by(ballot_id=ballot.id)
    if lock:
        query = query.with_for_update()
    return db.session.scalar(query, execution_options={"populate_existing": lock})


def begin(ballot: Ballot, entries_until: datetime) -> PaperWork:
    """Let a ballot be voted in on paper, too.

    :param entries_until: until when what was handed in before the close is entered.
    :raises Refused: `no_roll` without a list of rights, `not_open` before the rules are fixed,
        `sealed`, or `until` for an end before the close.
    """
    found = work(ballot, lock=True)
    if ballot.fingerprint is None:
        raise Refused("not_open", _l("The rules have to be fixed before papers are printed."))
    if ballot.sealed_at is not None:
        raise Refused("sealed", _l("This ballot is counted already."), HTTPStatus.CONFLICT)
    if ballot.roll_id is None and not ballot.rehearsal:
        raise Refused(
            "no_roll",
            _l("Votes on paper need a roll that lists each right; this ballot has none."),
            HTTPStatus.CONFLICT,
        )
    if found is not None:
        return found
    if entries_until < ballot.closes_at:
        raise Refused("until", _l("Papers are entered at least until the close."))
    made = PaperWork(ballot_id=ballot.id, entries_until=entries_until, scans=scans_allowed(ballot))
    db.session.add(made)
    db.session.flush()
    return made


def scans_allowed(ballot: Ballot) -> bool:
    """Tell whether papers may be scanned: those of a secret ballot if the procedure says so."""
    data = (ballot.procedure or {}).get("data") or {}
    return not ballot.secret or bool(data.get("scans_of_secret"))


def issue(
    actor: Actor, ballot: Ballot, *, count: int, entries_until: datetime, each_right: bool = False
) -> tuple[int, int]:
    """Give out a run of serial numbers; return the first and the last.

    :param each_right: whether each right on the roll gets a sheet of its own.
    :raises Refused: as `begin`, or `count`.
    """
    begin(ballot, entries_until)
    numbers: Sequence[int | None] = _numbers(ballot) if each_right else [None] * max(count, 0)
    if not 1 <= len(numbers) <= MOST:
        raise Refused("count", _l("Print 1 to %(most)d sheets at a time."), values={"most": MOST})
    first, now = next_serial(ballot), clock.now()
    rows = [
        {
            "ballot_id": ballot.id,
            "serial": first + place,
            "secrecy": ballot.secrecy,
            "rehearsal": ballot.rehearsal,
            "printed_for": number,
            "issued_by": actor.person_id,
            "issued_at": now,
        }
        for place, number in enumerate(numbers)
    ]
    db.session.execute(insert(Sheet), rows)
    last = first + len(rows) - 1
    audit.append(
        "ballot.papers_issued",
        person_id=actor.person_id,
        subject=f"ballot:{ballot.id}",
        community_id=ballot.community_id,
        data={"first": first, "last": last},
    )
    return first, last


def next_serial(ballot: Ballot) -> int:
    """Return the next free serial; whoever asks holds the lock of `begin`."""
    last = db.session.scalar(select(func.max(Sheet.serial)).filter_by(ballot_id=ballot.id)) or 0
    return last + 1


def _numbers(ballot: Ballot) -> Sequence[int]:
    if ballot.rehearsal:
        return range(1, TEST_VOTERS + 1)
    printed = select(Sheet.printed_for).where(
        Sheet.ballot_id == ballot.id, Sheet.printed_for.is_not(None)
    )
    query = select(VotingRight.number).where(
        VotingRight.roll_id == ballot.roll_id,
        VotingRight.struck_by.is_(None),
        VotingRight.number.not_in(printed),
    )
    return db.session.scalars(query.order_by(VotingRight.number).limit(MOST)).all()


def right(ballot: Ballot, number: int | None) -> Right:
    """Return the right of a number on the roll of a ballot.

    :raises Refused: `no_right` for none, and for one that was struck.
    """
    if ballot.rehearsal and number is not None and 1 <= number <= TEST_VOTERS:
        return Right(key=f"test:{number}", person_id=None)
    found = None
    if ballot.roll_id is not None and not ballot.rehearsal:
        found = db.session.scalar(
            select(VotingRight).filter_by(roll_id=ballot.roll_id, number=number, struck_by=None)
        )
    if found is None:
        raise Refused("no_right", _l("There is no such number on this roll."), HTTPStatus.NOT_FOUND)
    return Right(key=found.key, person_id=None, id=found.id)


def holders(found: Right) -> Sequence[int]:
    """Return the people who hold a right."""
    return db.session.scalars(select(RightHolder.person_id).filter_by(right_id=found.id)).all()


def not_own(actor: Actor, found: Right) -> None:
    """Refuse an entry by whoever holds the right themself.

    :raises Refused: `own`.
    """
    if actor.person_id in holders(found):
        raise Refused(
            "own",
            _l("This right is your own. A colleague has to enter it."),
            HTTPStatus.FORBIDDEN,
        )


def find(ballot: Ballot, serial: int, *, lock: bool = False) -> Sheet:
    """Return a sheet of a ballot.

    :raises Refused: `no_serial`, the same for one of another ballot.
    """
    query = select(Sheet).filter_by(ballot_id=ballot.id, serial=serial)
    if lock:
        query = query.with_for_update()
    found = db.session.scalar(query, execution_options={"populate_existing": True})
    if found is None:
        raise Refused(
            "no_serial",
            _l("No sheet of this ballot has this serial number."),
            HTTPStatus.NOT_FOUND,
        )
    return found


def run(ballot: Ballot, first: int, last: int) -> Sequence[Sheet]:
    """Return the printable sheets of a run that have not come back yet."""
    query = select(Sheet).where(
        Sheet.ballot_id == ballot.id, Sheet.serial.between(first, last), Sheet.state == ISSUED
    )
    return db.session.scalars(query.order_by(Sheet.serial).limit(MOST)).all()
