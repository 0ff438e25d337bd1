"""Draw a roll of rights, and freeze it with two people."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, insert, select

from civic.communities.models import Community
from civic.kernel import audit, clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor
from civic.voting import drawing
from civic.voting.drawing import Rule
from civic.voting.electorate import Right
from civic.voting.rolls import FROZEN, RightHolder, Roll, VotingRight

CHUNK = 1000


def draw(
    actor: Actor,
    community: Community,
    *,
    unit: str,
    rule: dict[str, Any],
    entries: Iterable[Right],
    measures: Sequence[str] = ("heads",),
) -> Roll:
    """Write a draft of a roll from the rights that a rule gives.

    :param rule: how it was drawn, as data; it is fixed with each ballot on the roll.
    """
    roll = Roll(
        community_id=community.id,
        unit=unit,
        rule=rule,
        measures=list(measures),
        drawn_at=clock.now(),
        proposed_by=actor.person_id,
    )
    db.session.add(roll)
    db.session.flush()
    _fill(roll, list(entries))
    return roll


def _fill(roll: Roll, entries: Sequence[Right]) -> None:
    """Write rights and their holders in bulk, numbered in their order."""
    for start in range(0, len(entries), CHUNK):
        part = entries[start : start + CHUNK]
        rights = [
            {
                "roll_id": roll.id,
                "number": start + place,
                "key": entry.key,
                "label": entry.label,
                "heads": entry.heads,
                "area_cm2": entry.area_cm2,
            }
            for place, entry in enumerate(part, 1)
        ]
        db.session.execute(insert(VotingRight), rights)
        # Read back rather than returned: SQLite would insert them one by one.
        query = select(VotingRight.key, VotingRight.id).where(
            VotingRight.roll_id == roll.id, VotingRight.number > start
        )
        ids: dict[str, int] = {row[0]: row[1] for row in db.session.execute(query)}
        holders = [
            {
                "right_id": ids[entry.key],
                "person_id": holder.person_id,
                "capacity": str(holder.capacity),
                "for_name": holder.for_name,
            }
            for entry in part
            for holder in entry.holders
        ]
        if holders:
            db.session.execute(insert(RightHolder), holders)


def add(roll: Roll, number: int, entry: Right) -> VotingRight:
    """Put one right into a roll, under a number of its own."""
    right = VotingRight(
        roll_id=roll.id,
        number=number,
        key=entry.key,
        label=entry.label,
        heads=entry.heads,
        area_cm2=entry.area_cm2,
    )
    db.session.add(right)
    db.session.flush()
    db.session.add_all(
        RightHolder(
            right_id=right.id,
            person_id=holder.person_id,
            capacity=holder.capacity,
            for_name=holder.for_name,
        )
        for holder in entry.holders
    )
    return right


def by_rule(
    actor: Actor, community: Community, rule: Rule, measures: Sequence[str] = ("heads",)
) -> Roll:
    """Write a draft of what a rule draws now, with its totals.

    :raises Refused: as `drawing.draw`.
    """
    entries = drawing.draw(community, rule)
    data = rule.data()
    roll = draw(actor, community, unit=rule.unit, rule=data, entries=entries, measures=measures)
    recount(roll)
    return roll


def freeze(actor: Actor, roll_id: int, *, objections_until: datetime | None = None) -> Roll:
    """Freeze a roll that another person drew; from now on it changes only with reason.

    :param objections_until: until when anybody may object to it.
    :raises Refused: `frozen`, `empty`, or `second_person`.
    """
    roll = locked(roll_id)
    if roll.state == FROZEN:
        raise Refused("frozen", _l("This roll is frozen already."), HTTPStatus.CONFLICT)
    if actor.person_id is None or actor.person_id == roll.proposed_by:
        raise second_person()
    recount(roll)
    if not roll.heads:
        raise Refused("empty", _l("There is nobody in this roll."))
    roll.state = FROZEN
    roll.frozen_by = actor.person_id
    roll.frozen_at = clock.now()
    roll.objections_until = objections_until
    audit.append(
        "roll.frozen",
        person_id=actor.person_id,
        subject=f"roll:{roll.id}",
        community_id=roll.community_id,
        data={"unit": roll.unit, "heads": roll.heads, "area_cm2": roll.area_cm2},
    )
    db.session.flush()
    return roll


def second_person() -> Refused:
    """Return the refusal of an act that takes another person than the one who proposed it."""
    return Refused(
        "second_person",
        _l("This takes a second person. Please ask a colleague to confirm it."),
        HTTPStatus.FORBIDDEN,
    )


def locked(roll_id: int) -> Roll:
    """Return a roll as it is now, locked until the transaction ends."""
    return db.session.scalars(
        select(Roll).filter_by(id=roll_id).with_for_update(key_share=True),
        execution_options={"populate_existing": True},
    ).one()


def recount(roll: Roll) -> None:
    """Write the totals of the rights in force into a roll."""
    heads, area = db.session.execute(
        select(func.sum(VotingRight.heads), func.sum(VotingRight.area_cm2)).where(
            VotingRight.roll_id == roll.id, VotingRight.struck_by.is_(None)
        )
    ).one()
    roll.heads, roll.area_cm2 = int(heads or 0), int(area or 0)
