"""Ballots on paper: a roll of households, a run of sheets, and what clerks type from them."""

from datetime import timedelta
from typing import Any

from civic.kernel import clock
from civic.kernel.db import db
from civic.voting import entries, papers, roll_call
from civic.voting.box import UsedRight
from civic.voting.electorate import Holder, Right
from civic.voting.entries import Entry
from civic.voting.models import Ballot
from civic.voting.rolls import Roll
from tests.factories import World
from tests.voting.boxes import ballot, marks

WITNESSES = ("周红，社区主任", "王桂兰，楼门长")
HOUR = timedelta(hours=1)


def roll(world: World, *, area: bool = False) -> Roll:
    """A frozen roll of four households; nobody here holds the last."""
    held = [world.resident, world.neighbour, world.elsewhere, None]
    rights = [
        Right(
            key=f"household:{number}",
            label=f"2单元{100 + number}室",
            heads=1,
            area_cm2=600_000 if area else None,
            holders=(Holder(person_id=who.id, capacity="representative"),) if who else (),
        )
        for number, who in enumerate(held, 1)
    ]
    made = roll_call.draw(
        world.actor("secretary"),
        world.erlong,
        unit="owner" if area else "household",
        rule={"scope": "gate"},
        entries=rights,
        measures=["heads", "area_cm2"] if area else ["heads"],
    )
    roll_call.freeze(world.actor("deputy"), made.id)
    db.session.commit()
    return made


def on_paper(
    world: World, *texts: str, duplicates: str = "", count: int = 9, **values: Any
) -> Ballot:
    """A ballot that is open now, with a run of blank sheets."""
    data = {"duplicates": duplicates} if duplicates else {}
    procedure = {"data": data | values.pop("data", {})}
    area = values.pop("area", False)
    made = ballot(
        world.erlong, *texts, roll_id=roll(world, area=area).id, procedure=procedure, **values
    )
    papers.issue(
        world.actor("secretary"),
        made,
        count=count,
        entries_until=made.closes_at + timedelta(days=1),
    )
    db.session.commit()
    return made


def entry(made: Ballot, serial: int, number: int | None, choice: Any = 0, **values: Any) -> Entry:
    ids = [option["id"] for option in made.rules["options"]]
    given = {
        "serial": serial,
        "number": number,
        "marks": marks(made.kind, ids, choice),
        "handed_in_at": clock.now().replace(second=0, microsecond=0),
        "witnesses": WITNESSES,
    }
    return Entry(**given | values)


def type_twice(world: World, made: Ballot, typed: Entry) -> str:
    """Let two clerks type one paper alike; return what became of it."""
    entries.enter(world.actor("secretary"), made, typed)
    db.session.commit()
    sheet = entries.enter(world.actor("deputy"), made, typed)
    db.session.commit()
    return sheet.state


def used(made: Ballot, number: int) -> UsedRight | None:
    found: UsedRight | None = db.session.get(
        UsedRight, (made.id, f"household:{number}"), populate_existing=True
    )
    return found
