"""Cases that are decided, and acts of their offices."""

from datetime import date, timedelta

from civic.consultations.models import Consultation
from civic.kernel import clock, holidays
from civic.kernel.db import db
from civic.kernel.periods import HolidayTable
from civic.outcomes import carrying_out, resolutions
from civic.outcomes.models import Resolution, Task
from tests.factories import World, cast, consultation, person, standing


def days_off(world: World) -> None:
    """Tables without days off for this year and the next."""
    year = clock.local(clock.now()).year
    for one in (year, year + 1):
        table = HolidayTable(year=one, off=frozenset[date](), work=frozenset[date](), source="试")
        holidays.replace(table, world.people["secretary"].id)
    db.session.commit()


def decided(world: World, voters: int = 2) -> Consultation:
    """A case whose vote is over, in which the resident and some others took part."""
    days_off(world)
    case = consultation(world.erlong, stage="closed")
    people = [world.people["resident"], *(person(f"投{n}") for n in range(voters - 1))]
    for one in people[1:]:
        standing(one, world.gate)
    for one in people:
        cast(case.ballot, one, case.ballot.options[0].id)
    return case


def draft(**values: object) -> resolutions.Draft:
    """What the office writes."""
    texts = {
        "title": "二龙路东侧停车",
        "body": "东侧划12个车位。",
        "contact": "居委会 010-0000-0001",
    }
    said = {"outcome": "东侧", "invited": {"物业公司": True, "交管队": False}}
    return resolutions.Draft(**(texts | said | values))


def resolved(world: World, case: Consultation | None = None) -> tuple[Consultation, Resolution]:
    """A published resolution."""
    case = case or decided(world)
    resolutions.write(world.actor("secretary"), world.erlong, case.id, draft())
    made = resolutions.publish(world.actor("deputy"), world.erlong, case.id)
    db.session.commit()
    return case, made


def planned(world: World, case: Consultation, key: str = "k", weight: int = 1) -> Task:
    """A task that is due in ten days."""
    plan = carrying_out.Plan(
        title="划线",
        body="街道城管科",
        helpers="物业公司",
        due_at=clock.now() + timedelta(days=10),
        weight=weight,
        form_key=key,
    )
    made = carrying_out.plan(world.actor("secretary"), world.erlong, case.id, plan)
    db.session.commit()
    return made


def reported(world: World, task: Task, progress: int = 100, key: str = "r") -> None:
    """How far it is."""
    carrying_out.report(
        world.actor("secretary"),
        world.erlong,
        task.consultation_id,
        task.id,
        progress=progress,
        words="已完成，照片在公告栏。",
        form_key=f"{key}-{task.id}-{progress}",
    )
    db.session.commit()
