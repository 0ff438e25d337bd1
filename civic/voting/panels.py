"""Juries in groups: one ballot for each group, and what they give together once all are counted."""

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, aliased, mapped_column

from civic.kernel.db import Model, Owned, db
from civic.kernel.errors import Refused
from civic.voting import kinds
from civic.voting.models import Ballot, BallotOption
from civic.voting.rolls import RightHolder, VotingRight

#: Units of the rolls of judges.
UNITS = (kinds.SEAT, kinds.PERSON)
#: What the ballots of all groups share.
SHARED = (
    "question",
    "opens_at",
    "closes_at",
    "kind",
    "method",
    "seats",
    "secrecy",
    "shows",
    "tie",
    "changeable",
)


class Panel(Owned, Model):
    """Hold together the ballots of groups that score apart, and what they gave together.

    :ivar record: the combined result; `record_hash` is over it.
    """

    __table_args__ = (
        CheckConstraint("(combined_at IS NULL) = (record_hash IS NULL)", name="combined"),
    )

    record: Mapped[dict[str, Any]] = mapped_column(default=dict)
    record_hash: Mapped[str | None]
    combined_at: Mapped[datetime | None]


class PanelPart(Model):
    """Say whose group a ballot is of.

    :ivar panel_id: none in a rehearsal, which belongs to no jury.
    :ivar measure: the group as the procedure names it.
    """

    __table_args__ = (UniqueConstraint("panel_id", "measure"),)

    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"), primary_key=True)
    panel_id: Mapped[int | None] = mapped_column(ForeignKey("panel.id"))
    measure: Mapped[str]


def groups(data: dict[str, Any]) -> list[str]:
    """Return the groups that a procedure weighs, as its data name them; none of another one."""
    return [one["measure"] for one in data.get("pass", {}).get("weights", ())]


def part(ballot: Ballot) -> str:
    """Return which group a ballot is of; nothing where no groups are weighed."""
    if not groups(ballot.procedure.get("data", {})):
        return ""
    found = db.session.get(PanelPart, ballot.id)
    return found.measure if found else ""


def begin(ballot: Ballot, measure: str) -> None:
    """Make a draft the ballot of one group of a jury of its own.

    :raises Refused: `part` for a group that the procedure does not weigh.
    """
    if measure not in groups(ballot.procedure["data"]):
        raise _no_part()
    panel = Panel(community_id=ballot.community_id)
    db.session.add(panel)
    db.session.flush()
    _join(ballot, panel.id, measure)


def rehearsed(ballot: Ballot, measure: str) -> None:
    """Let a rehearsal be that of one group."""
    if measure:
        _join(ballot, None, measure)


def _join(ballot: Ballot, panel_id: int | None, measure: str) -> None:
    db.session.add(PanelPart(ballot_id=ballot.id, panel_id=panel_id, measure=measure))
    db.session.flush()


def replace(before: int, ballot: Ballot) -> None:
    """Let a draft take the place of another one in its jury."""
    leave(ballot.id)
    found = db.session.get_one(PanelPart, before)
    panel_id, measure = found.panel_id, found.measure
    db.session.delete(found)
    db.session.flush()
    _join(ballot, panel_id, measure)


def leave(ballot_id: int) -> None:
    """Take a ballot that is erased out of its jury, and the jury with its last ballot."""
    found = db.session.get(PanelPart, ballot_id)
    if found is None:
        return
    panel_id = found.panel_id
    db.session.delete(found)
    db.session.flush()
    if panel_id is not None and not _parts(panel_id):
        db.session.delete(db.session.get_one(Panel, panel_id))
        db.session.flush()


def _parts(panel_id: int) -> Sequence[PanelPart]:
    query = select(PanelPart).filter_by(panel_id=panel_id).order_by(PanelPart.measure)
    return db.session.scalars(query).all()


def _no_part() -> Refused:
    return Refused("part", _l("Please choose the group that scores here."))


def others(ballot: Ballot) -> list[Ballot]:
    """Return the ballots of the other groups."""
    mine = db.session.get(PanelPart, ballot.id)
    if mine is None or mine.panel_id is None:
        return []
    numbers = [one.ballot_id for one in _parts(mine.panel_id) if one.ballot_id != ballot.id]
    return [db.session.get_one(Ballot, number) for number in numbers]


def missing(ballot: Ballot) -> list[str]:
    """Return the groups of a jury that have no ballot yet."""
    mine = db.session.get(PanelPart, ballot.id)
    if mine is None or mine.panel_id is None:
        return []
    there = {one.measure for one in _parts(mine.panel_id)}
    return [one for one in groups(ballot.procedure["data"]) if one not in there]


def twin(ballot: Ballot, measure: str) -> Ballot:
    """Copy a draft for another group, which gets a roll of its own.

    :raises Refused: `part` for a group that has its ballot, or is none.
    """
    mine = db.session.get(PanelPart, ballot.id)
    if mine is None or measure not in missing(ballot):
        raise _no_part()
    made = Ballot(
        community_id=ballot.community_id,
        formal=True,
        audience=[],
        limits=dict(ballot.limits),
        procedure=dict(ballot.procedure),
        options=[BallotOption(position=n, text=text) for n, text in enumerate(_texts(ballot))],
        **{name: getattr(ballot, name) for name in SHARED},
    )
    db.session.add(made)
    db.session.flush()
    _join(made, mine.panel_id, measure)
    return made


def _texts(ballot: Ballot) -> list[str]:
    query = select(BallotOption.text).filter_by(ballot_id=ballot.id)
    return list(db.session.scalars(query.order_by(BallotOption.position)))


def check(ballot: Ballot) -> None:
    """Refuse to open a ballot whose jury does not fit together.

    :raises Refused: `jury_missing`, `jury_differs` or `jury_both`.
    """
    if missing(ballot):
        raise Refused(
            "jury_missing",
            _l("Each group scores on a ballot of its own. Draft that of the other group, too."),
            HTTPStatus.CONFLICT,
        )
    for other in others(ballot):
        same = (ballot.limits, ballot.closes_at, _texts(ballot))
        if same != (other.limits, other.closes_at, _texts(other)):
            raise Refused(
                "jury_differs",
                _l(
                    "The groups have to score the same options with the same points until the same "
                    "close. Make their drafts equal."
                ),
                HTTPStatus.CONFLICT,
            )
        if _both(ballot, other):
            raise Refused(
                "jury_both",
                _l("Somebody is in the rolls of both groups. Everybody scores in one of them."),
                HTTPStatus.CONFLICT,
            )


def _both(one: Ballot, other: Ballot) -> int:
    holder, right = aliased(RightHolder), aliased(VotingRight)
    query = (
        select(func.count())
        .select_from(RightHolder)
        .join(VotingRight, VotingRight.id == RightHolder.right_id)
        .join(holder, holder.person_id == RightHolder.person_id)
        .join(right, right.id == holder.right_id)
        .where(VotingRight.roll_id == one.roll_id, right.roll_id == other.roll_id)
        .where(VotingRight.struck_by.is_(None), right.struck_by.is_(None))
    )
    return db.session.scalar(query) or 0
