"""A sealed count by a roll, and corrections of it."""

from typing import Any

from sqlalchemy import select

from civic.corrections import deciding, services, targets
from civic.corrections.models import Correction
from civic.kernel import clock
from civic.kernel.db import db
from civic.voting import roll_call
from civic.voting import services as voting
from civic.voting.models import Ballot
from civic.voting.rolls import RightHolder, VotingRight
from tests.factories import World, person, roll_of_residents, standing
from tests.voting import boxes


def neighbours(world: World, count: int) -> list[Any]:
    """More adult residents of the gate."""
    found = [person(f"邻{number}") for number in range(count)]
    for one in found:
        standing(one, world.gate)
    db.session.commit()
    return found


def sealed(world: World, *choices: int | None, **values: Any) -> Ballot:
    """A published count: as many residents as choices have voted, in the order of the roll."""
    roll = roll_of_residents(world)
    roll_call.freeze(world.actor("deputy"), roll.id)
    made = boxes.ballot(world.erlong, "东侧", "西侧", roll_id=roll.id, **values)
    put(made, *choices)
    return boxes.close(made)


def put(made: Ballot, *choices: int | None) -> None:
    """Let those vote who have a right, in the order of the roll."""
    ids = [option["id"] for option in made.rules["options"]]
    rows = db.session.execute(
        select(VotingRight.id, VotingRight.key, RightHolder.person_id)
        .join(RightHolder, RightHolder.right_id == VotingRight.id)
        .where(VotingRight.roll_id == made.roll_id, VotingRight.struck_by.is_(None))
        .order_by(VotingRight.number)
    ).all()
    for row, choice in zip(rows, choices, strict=False):
        right = voting.Right(key=row[1], person_id=row[2], id=row[0])
        with clock.at(max(clock.now(), made.opens_at)):
            voting.put(made, right, boxes.marks("one", ids, choice))
    db.session.commit()


def raised(
    world: World, ballot: Ballot, role: str = "officer", kind: str = "roll_error"
) -> Correction:
    """A correction of a count; that of an office needs no signatures."""
    target = targets.find(world.erlong, "count", ballot.id)
    made = services.raise_(
        world.actor(role),
        world.erlong,
        target,
        kind=kind,
        words="名册上有人已经搬走。",
        form_key=f"{role}-{kind}-{ballot.id}",
        as_post=role == "officer",
    )
    db.session.commit()
    return made


def examined(world: World, found: Correction, errors: dict[str, Any] | None = None) -> Correction:
    """Take it up and examine it."""
    secretary = world.actor("secretary")
    deciding.admit(secretary, world.erlong, found.id, suspends=True, reason="需要核实。")
    deciding.examine(secretary, world.erlong, found.id, findings="核实属实。", errors=errors)
    db.session.commit()
    return found


def proposed(world: World, found: Correction, effect: str) -> None:
    """Let the secretary propose."""
    proposal = deciding.Proposal(effect=effect, reason="经核实。", note="已经更正。")
    deciding.propose(world.actor("secretary"), world.erlong, found.id, proposal)
    db.session.commit()
