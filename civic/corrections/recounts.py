"""Count a sealed ballot again, by two people, with the hash of what anybody can load."""

from collections import Counter
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from civic.communities.models import Community
from civic.corrections import bounds
from civic.corrections.bounds import Errors
from civic.corrections.models import EXAMINED, Recount
from civic.corrections.rules import COUNT
from civic.corrections.services import locked, recorded
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor
from civic.voting import board, bundles, canonical, counting, gathering, kinds
from civic.voting.box import Paper, UsedRight
from civic.voting.models import Ballot
from civic.voting.roll_call import second_person
from civic.voting.rolls import VotingRight


def count(actor: Actor, community: Community, correction_id: int) -> Recount:
    """Count again; another person confirms it. Counting once more takes the place of a first try.

    :raises Refused: `state`, `chain` where the receipts do not fit, or `no_right`.
    """
    correction = locked(community, correction_id)
    if correction.state != EXAMINED or correction.target != COUNT:
        raise Refused(
            "state",
            _l("Votes are counted again when a correction of a count has been examined."),
            HTTPStatus.CONFLICT,
        )
    ballot = db.session.get_one(Ballot, correction.subject_id)
    found = db.session.get(Recount, correction.id, populate_existing=True)
    if found is not None and found.confirmed_at is not None:
        raise Refused("done", _l("This is done already."), HTTPStatus.CONFLICT)
    found = found or Recount(correction_id=correction.id, ballot_id=ballot.id)
    board.in_force(ballot)
    lies = gathering.gather(ballot)
    roll = ballot.closing["roll"]
    result = counting.count(ballot.rules, lies.heads, lies.area, ballot.head, roll)
    found.ballot_hash = ballot.closing_hash or ""
    found.bundle = _bundle(ballot)
    found.result = result
    found.equal = (
        canonical.text(result) == canonical.text(ballot.closing["result"])
        and lies.root == ballot.closing["root"]
    )
    errors = errors_of(ballot, correction.errors)
    found.verdict = _verdict(ballot, errors) if found.equal else bounds.CHANGES
    assert actor.person_id is not None  # noqa: S101 - the view asked for a permission
    found.counted_by, found.counted_at = actor.person_id, clock.now()
    db.session.add(found)
    db.session.flush()
    recorded("correction.recounted", actor, correction, equal=found.equal, verdict=found.verdict)
    return found


def confirm(actor: Actor, community: Community, correction_id: int, bundle: str) -> Recount:
    """Confirm a count that another person made.

    :param bundle: hash of what was counted, as it was looked at.
    :raises Refused: `not_proposed`, `second_person`, `done` or `stale`.
    """
    correction = locked(community, correction_id)
    found = db.session.get(Recount, correction.id, populate_existing=True)
    if found is None:
        raise Refused("not_proposed", _l("Nobody has counted again yet."), HTTPStatus.CONFLICT)
    if found.confirmed_at is not None:
        raise Refused("done", _l("This is done already."), HTTPStatus.CONFLICT)
    if actor.person_id is None or actor.person_id == found.counted_by:
        raise second_person()
    if found.bundle != bundle:
        raise Refused(
            "stale",
            _l("It was counted once more since you looked. Please look again."),
            HTTPStatus.CONFLICT,
        )
    found.confirmed_by, found.confirmed_at = actor.person_id, clock.now()
    recorded("correction.recount_confirmed", actor, correction, bundle=found.bundle)
    db.session.flush()
    return found


def _bundle(ballot: Ballot) -> str:
    hashed = sha256()
    for line in bundles.lines(ballot):
        hashed.update(line.encode())
    return hashed.hexdigest()


def errors_of(ballot: Ballot, said: dict[str, Any]) -> Errors | None:
    """Return what was wrong with the roll in numbers; None where rights weigh differently.

    Of a named ballot it is known how a right was used; of any other only that it was.

    :raises Refused: `no_right` for a number that is not in the roll.
    """
    numbers, excluded = list(said.get("admitted", ())), int(said.get("excluded", 0))
    rights = db.session.scalars(
        select(VotingRight).where(
            VotingRight.roll_id == ballot.roll_id, VotingRight.number.in_(numbers)
        )
    ).all()
    if len(rights) < len(set(numbers)):
        raise Refused("no_right", _l("There is no such right in this roll."), HTTPStatus.NOT_FOUND)
    if any(right.heads != 1 for right in rights):
        return None
    used = db.session.execute(
        select(UsedRight.choice).where(
            UsedRight.ballot_id == ballot.id,
            UsedRight.right_id.in_([right.id for right in rights]),
        )
    ).all()
    known = tuple(row[0] for row in used if ballot.secrecy == kinds.NAMED and row[0] is not None)
    return Errors(admitted=len(rights), used=len(used) - len(known), known=known, excluded=excluded)


def _verdict(ballot: Ballot, errors: Errors | None) -> str:
    if errors is None:
        return bounds.UNKNOWN
    query = (
        select(Paper.choice, func.sum(Paper.heads))
        .where(Paper.ballot_id == ballot.id)
        .group_by(Paper.choice)
    )
    heads = Counter({row[0]: int(row[1]) for row in db.session.execute(query)})
    return bounds.verdict(ballot.rules, heads, ballot.head, ballot.closing["roll"], errors)
