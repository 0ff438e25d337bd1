"""Lists of sheets: runs, open ones, those that do not count, and rights to sign for."""

from collections.abc import Sequence
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import func, select

from civic.kernel.db import db
from civic.voting.box import UsedRight
from civic.voting.kinds import PAPER, TEST_VOTERS
from civic.voting.models import Ballot
from civic.voting.rolls import VotingRight
from civic.voting.sheets import COUNTED, INVALID, ISSUED, OPEN, STRUCK, VOID, Sheet

MOST = 500


class Printed(NamedTuple):
    """Be a sheet as it is printed: blank, or for one right."""

    serial: int
    number: int | None
    label: str
    area_cm2: int | None


class Place(NamedTuple):
    """Be one line of the list on which everybody signs."""

    number: int
    label: str
    area_cm2: int | None


def runs(ballot: Ballot) -> Sequence[tuple[int, int, int]]:
    """Return the printed runs: first and last serial, and how many have not come back."""
    query = (
        select(
            func.min(Sheet.serial),
            func.max(Sheet.serial),
            func.count().filter(Sheet.state == ISSUED),
        )
        .filter_by(ballot_id=ballot.id, channel=PAPER)
        .group_by(Sheet.issued_at)
        .order_by(func.min(Sheet.serial))
        .limit(MOST)
    )
    return [(row[0], row[1], int(row[2] or 0)) for row in db.session.execute(query)]


def waiting(ballot: Ballot) -> Sequence[Sheet]:
    """Return the sheets that were typed once, or differently."""
    query = select(Sheet).where(Sheet.ballot_id == ballot.id, Sheet.state.in_(OPEN))
    return db.session.scalars(query.order_by(Sheet.serial).limit(MOST)).all()


def lost(ballot: Ballot) -> Sequence[Sheet]:
    """Return the sheets that do not count."""
    query = select(Sheet).where(
        Sheet.ballot_id == ballot.id, Sheet.state.in_((INVALID, STRUCK, VOID))
    )
    return db.session.scalars(query.order_by(Sheet.serial).limit(MOST)).all()


def counted(ballot: Ballot) -> Sequence[Sheet]:
    """Return the sheets that count, the last serials first."""
    query = select(Sheet).filter_by(ballot_id=ballot.id, state=COUNTED)
    return db.session.scalars(query.order_by(Sheet.serial.desc()).limit(MOST)).all()


def last_of(ballot: Ballot, person_id: int | None) -> Sheet | None:
    """Return the sheet of the highest serial that somebody typed, whose witnesses are offered."""
    mine = (Sheet.first_by == person_id) | (Sheet.second_by == person_id)
    query = select(Sheet).where(Sheet.ballot_id == ballot.id, Sheet.channel == PAPER, mine)
    return db.session.scalar(query.order_by(Sheet.serial.desc()).limit(1))


def printed(ballot: Ballot, sheets: Sequence[Sheet]) -> list[Printed]:
    """Return sheets with the words of their rights."""
    numbers = [one.printed_for for one in sheets if one.printed_for is not None]
    query = select(VotingRight).where(
        VotingRight.roll_id == ballot.roll_id, VotingRight.number.in_(numbers)
    )
    rights = {right.number: right for right in db.session.scalars(query)} if numbers else {}
    found = []
    for one in sheets:
        right = rights.get(one.printed_for or 0)
        found.append(
            Printed(
                one.serial,
                one.printed_for,
                right.label if right else "",
                right.area_cm2 if right else None,
            )
        )
    return found


def rights(ballot: Ballot, after: int) -> tuple[list[Place], int]:
    """Return a page of the rights of a ballot, and the number after which the next begins."""
    if ballot.rehearsal or ballot.roll_id is None:
        last = TEST_VOTERS if ballot.rehearsal else 0
        return [Place(n, _("Test voter %(n)d", n=n), None) for n in range(1, last + 1)], 0
    query = select(VotingRight).where(
        VotingRight.roll_id == ballot.roll_id,
        VotingRight.struck_by.is_(None),
        VotingRight.number > after,
    )
    found = db.session.scalars(query.order_by(VotingRight.number).limit(MOST + 1)).all()
    places = [Place(one.number, one.label, one.area_cm2) for one in found[:MOST]]
    return places, places[-1].number if len(found) > MOST else 0


def code_of(sheet: Sheet) -> str:
    """Return the code of the receipt that a sheet has, where it counts."""
    if sheet.state != COUNTED or sheet.key is None:
        return ""
    used = db.session.get(UsedRight, (sheet.ballot_id, sheet.key))
    return (used.code or "") if used else ""
