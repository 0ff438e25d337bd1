"""Cases at which people argue, ask, and place dots."""

from datetime import date, timedelta

from civic.consultations.models import Consultation
from civic.deliberation import arguments, questions, walls
from civic.deliberation.models import Argument, Question, Wall
from civic.kernel import clock, holidays
from civic.kernel.db import db
from civic.kernel.periods import HolidayTable
from tests.factories import World, consultation


def days_off(world: World) -> None:
    """Tables without days off for this year and the next."""
    year = clock.local(clock.now()).year
    for one in (year, year + 1):
        table = HolidayTable(year=one, off=frozenset[date](), work=frozenset[date](), source="试")
        holidays.replace(table, world.people["secretary"].id)
    db.session.commit()


def talks(world: World, stage: str = "deliberating") -> Consultation:
    """A case at which people speak."""
    days_off(world)
    return consultation(world.erlong, stage=stage)


def argued(
    world: World, case: Consultation, role: str = "neighbour", key: str = "a", side: str = "for"
) -> Argument:
    """An argument."""
    made = arguments.write(
        world.actor(role),
        world.erlong,
        case,
        side=side,
        title="晚上有地方停车",
        words="现在要绕三圈。",
        form_key=key,
    )
    assert isinstance(made, Argument)
    db.session.commit()
    return made


def asked(world: World, case: Consultation, role: str = "neighbour", key: str = "q") -> Question:
    """A question."""
    made = questions.ask(
        world.actor(role), world.erlong, case, words="车位怎么收费？", form_key=key
    )
    assert isinstance(made, Question)
    db.session.commit()
    return made


def wall_draft(**values: object) -> walls.Draft:
    """What the office puts up."""
    plain: dict[str, object] = {
        "title": "先解决什么？",
        "items": ["路灯", "车位", "花坛", "长椅", "快递柜", "充电桩"],
        "dots": 5,
        "several": False,
        "closes_at": clock.now() + timedelta(hours=12),
        "form_key": "w",
    }
    return walls.Draft(**(plain | values))  # type: ignore[arg-type]


def hung(world: World, case: Consultation, **values: object) -> Wall:
    """A wall."""
    made = walls.open_(world.actor("secretary"), world.erlong, case, wall_draft(**values))
    db.session.commit()
    return made
