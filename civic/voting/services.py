"""Cast votes into the box, and count it after the close."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from http import HTTPStatus
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import bindparam, func, select, true, update
from sqlalchemy import cast as cast_as
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert

from civic.identities.audiences import fitting_group
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor, Path, veto
from civic.voting import results
from civic.voting.models import Ballot, BallotOption, Vote

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


@cache
def _upsert(dialect: str, *, abstains: bool) -> ReturningInsert[*tuple[Any, ...]]:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    ballot, person, now = (
        bindparam(name, type_=column.type)
        for name, column in (
            ("ballot", Vote.ballot_id),
            ("person", Vote.person_id),
            ("now", Vote.cast_at),
        )
    )
    # The option is chosen from this ballot's own; a foreign one finds no row and inserts nothing.
    chosen = select(ballot, person, BallotOption.id, now).where(
        BallotOption.ballot_id == ballot, BallotOption.id == bindparam("option")
    )
    nothing = select(ballot, person, cast_as(None, BallotOption.id.type), now)
    # SQLite reads the ON of a conflict after a bare SELECT as that of a join.
    source = nothing.where(true()) if abstains else chosen
    # The table, not the class: for a class, values to fill in would be rows to insert.
    statement = insert(Vote.metadata.tables["vote"]).from_select(
        ["ballot_id", "person_id", "option_id", "cast_at"], source
    )
    return statement.on_conflict_do_update(
        index_elements=["ballot_id", "person_id"],
        set_={"option_id": statement.excluded.option_id, "changed_at": now},
    ).returning(Vote.cast_at, Vote.changed_at)


def cast(
    actor: Actor, ballot: Ballot, path: Path, option_id: int | None
) -> tuple[datetime, datetime | None]:
    """Put an actor's vote into the box, or change the one that is there.

    :param option_id: None to abstain.
    :returns: when the vote was first cast, and when it was changed.
    :raises Refused: `not_open`, `closed`, a code of `REASONS`, `vetoed` or `option`; nothing is
        stored then.
    """
    now = clock.now()
    if now < ballot.opens_at:
        raise Refused("not_open", _l("Voting has not begun yet."), HTTPStatus.CONFLICT)
    if now >= ballot.closes_at:
        raise Refused(
            "closed",
            _l("Voting has closed, so this choice was not counted. What you chose before counts."),
            HTTPStatus.CONFLICT,
        )
    right = eligibility(actor, ballot.audience, path)
    if not right.may:
        status = HTTPStatus.UNAUTHORIZED if right.code == "sign_in" else HTTPStatus.FORBIDDEN
        raise Refused(right.code, REASONS[right.code], status)
    veto(actor, VOTE, ballot)
    values = {"ballot": ballot.id, "person": actor.person_id, "option": option_id, "now": now}
    statement = _upsert(db.engine.dialect.name, abstains=option_id is None)
    row = db.session.execute(statement, values).one_or_none()
    if row is None:
        raise Refused("option", _l("Please choose one of the options on this ballot."))
    if row.changed_at is None:
        db.session.execute(
            update(Ballot).where(Ballot.id == ballot.id).values(turnout=Ballot.turnout + 1)
        )
    return row.cast_at, row.changed_at


def result(ballot: Ballot, options: dict[int, str]) -> results.Result:
    """Count a ballot that has closed.

    :raises Refused: `running` before the close, to everybody.
    """
    if clock.now() < ballot.closes_at:
        raise Refused("running", _l("There is no result before the close."), HTTPStatus.CONFLICT)
    rows = db.session.execute(
        select(Vote.option_id, func.count()).filter_by(ballot_id=ballot.id).group_by(Vote.option_id)
    )
    counts = {row[0]: row[1] for row in rows}
    unlinked = db.session.execute(
        select(BallotOption.id, BallotOption.unlinked).filter_by(ballot_id=ballot.id)
    )
    for option_id, count in [*((row[0], row[1]) for row in unlinked), (None, ballot.unlinked)]:
        if count:
            counts[option_id] = counts.get(option_id, 0) + count
    return results.count(options, counts)
