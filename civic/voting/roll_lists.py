"""Find rolls and what belongs to them: rights, objections, changes."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import TypeVar

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, select

from civic.communities.models import Community
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.voting.models import Ballot
from civic.voting.rolls import FROZEN, RightHolder, Roll, RollChange, RollObjection, VotingRight

T = TypeVar("T")
PER_PAGE = 50
#: Changes and objections on one page; there are few.
MOST = 200


def find(community: Community, roll_id: int, *, frozen: bool = False) -> Roll:
    """Return a roll of a community.

    :raises Refused: 404 when there is none; the same for one of elsewhere, and for a draft where
        only what is frozen is meant.
    """
    query = select(Roll).where(Roll.id == roll_id, Roll.community_id == community.id)
    found = db.session.scalar(query.where(Roll.state == FROZEN) if frozen else query)
    if found is None:
        raise Refused("no_roll", _l("There is no such roll here."), HTTPStatus.NOT_FOUND)
    return found


def listed(community: Community, *, before: int = 0) -> tuple[Sequence[Roll], int]:
    """Return a page of the rolls of a community, the newest first, and the key of the next."""
    query = select(Roll).where(Roll.community_id == community.id).order_by(Roll.id.desc())
    if before:
        query = query.where(Roll.id < before)
    found = db.session.scalars(query.limit(PER_PAGE + 1)).all()
    return found[:PER_PAGE], found[PER_PAGE - 1].id if len(found) > PER_PAGE else 0


def rights(roll: Roll, *, after: int = 0) -> tuple[list[tuple[VotingRight, int]], int]:
    """Return a page of rights with how many people hold each, and the key of the next page."""
    query = (
        select(VotingRight, func.count(RightHolder.person_id))
        .outerjoin(RightHolder, RightHolder.right_id == VotingRight.id)
        .where(VotingRight.roll_id == roll.id, VotingRight.number > after)
        .group_by(VotingRight.id)
        .order_by(VotingRight.number)
        .limit(PER_PAGE + 1)
    )
    found = [(row[0], row[1]) for row in db.session.execute(query)]
    return found[:PER_PAGE], found[PER_PAGE - 1][0].number if len(found) > PER_PAGE else 0


def without_holder(roll: Roll) -> int:
    """Return how many rights nobody here holds, so that they can be used on paper alone."""
    held = select(RightHolder.right_id).where(RightHolder.right_id == VotingRight.id)
    query = select(func.count(VotingRight.id)).where(
        VotingRight.roll_id == roll.id, VotingRight.struck_by.is_(None), ~held.exists()
    )
    return db.session.scalar(query) or 0


def mine(roll: Roll, person_id: int | None) -> Sequence[VotingRight]:
    """Return the rights that a person holds on a roll, struck ones among them."""
    query = (
        select(VotingRight)
        .join(RightHolder, RightHolder.right_id == VotingRight.id)
        .where(VotingRight.roll_id == roll.id, RightHolder.person_id == (person_id or 0))
        .order_by(VotingRight.number)
    )
    return db.session.scalars(query).all()


def right_numbered(roll: Roll, number: int | None) -> VotingRight | None:
    """Return the right of a number, or nothing where none is named.

    :raises Refused: for a number that is not on the roll.
    """
    if not number:
        return None
    found = db.session.scalar(select(VotingRight).filter_by(roll_id=roll.id, number=number))
    if found is None:
        raise Refused("no_right", _l("There is no such number on this roll."))
    return found


def objections(roll: Roll, person_id: int | None = None) -> Sequence[RollObjection]:
    """Return the objections to a roll, unanswered ones first; of one person, where named."""
    query = select(RollObjection).filter_by(roll_id=roll.id)
    if person_id is not None:
        query = query.filter_by(person_id=person_id)
    order = (RollObjection.answered_at.is_not(None), RollObjection.id)
    return db.session.scalars(query.order_by(*order).limit(MOST)).all()


def changes(roll: Roll) -> Sequence[RollChange]:
    """Return the changes of a roll, the newest first."""
    query = select(RollChange).filter_by(roll_id=roll.id).order_by(RollChange.id.desc())
    return db.session.scalars(query.limit(MOST)).all()


def change(roll: Roll, change_id: int) -> RollChange:
    """Return one change of a roll.

    :raises Refused: 404 for none, and for one of another roll.
    """
    found = db.session.scalar(select(RollChange).filter_by(id=change_id, roll_id=roll.id))
    return _or_404(found)


def objection(roll: Roll, objection_id: int) -> RollObjection:
    """Return one objection to a roll.

    :raises Refused: 404 for none, and for one to another roll.
    """
    found = db.session.scalar(select(RollObjection).filter_by(id=objection_id, roll_id=roll.id))
    return _or_404(found)


def _or_404(found: T | None) -> T:
    if found is None:
        raise Refused("no_entry", _l("There is no such entry here."), HTTPStatus.NOT_FOUND)
    return found


def frozen(community: Community) -> Select[Roll]:
    """Return the statement of the rolls that a ballot of a community can rest on."""
    query = select(Roll).where(Roll.community_id == community.id, Roll.state == FROZEN)
    return query.order_by(Roll.id.desc()).limit(MOST)


def ballots(roll: Roll) -> Sequence[Ballot]:
    """Return the ballots that rest on a roll."""
    return db.session.scalars(select(Ballot).filter_by(roll_id=roll.id).order_by(Ballot.id)).all()
