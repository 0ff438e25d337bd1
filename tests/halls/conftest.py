"""Meetings at a case, planned, open and over."""

from datetime import timedelta

from civic.consultations.models import Consultation
from civic.halls import hands, meetings, minutes, planning, presence, running
from civic.halls.models import HallMeeting
from civic.kernel import clock
from civic.kernel.db import db
from tests.factories import World, consultation


def plan_of(world: World, **values: object) -> planning.Plan:
    """What the office plans: the deputy leads, the secretary takes the minutes."""
    said: dict[str, object] = {
        "title": "停车议事会",
        "place": "社区二层会议室",
        "starts_at": clock.now() + timedelta(hours=1),
        "chair_id": world.people["deputy"].id,
        "secretary_id": world.people["secretary"].id,
        "items": ["东侧还是西侧", "夜间收费"],
        "turn_seconds": 120,
        "turns_each": 2,
        "majority": "half",
        "form_key": "k",
    }
    return planning.Plan(**(said | values))  # type: ignore[arg-type]


def planned(
    world: World, case: Consultation | None = None, **values: object
) -> tuple[Consultation, HallMeeting]:
    """A planned meeting."""
    case = case or consultation(world.erlong)
    made = planning.plan(world.actor("secretary"), world.erlong, case.id, plan_of(world, **values))
    db.session.commit()
    return case, made


def opened(
    world: World, case: Consultation | None = None, *, leads: str = "deputy", **values: object
) -> tuple[Consultation, HallMeeting]:
    """A meeting that goes on."""
    case, made = planned(world, case, **values)
    running.open_(world.actor(leads), world.erlong, case.id, made.id)
    db.session.commit()
    return case, made


def raised(world: World, case: Consultation, made: HallMeeting, *roles: str) -> None:
    """Hands of people, one after the other."""
    for role in roles:
        hands.raise_(world.actor(role), world.erlong, case, made.id)
        db.session.commit()


def noted(world: World, case: Consultation, made: HallMeeting, words: str = "大家同意先试行。"):
    """A note in the minutes."""
    taken = minutes.Taken(kind="note", words=words, form_key=f"{made.id} {words}")
    found = minutes.take(world.actor("secretary"), world.erlong, case.id, made.id, taken)
    db.session.commit()
    return found


def closed(
    world: World,
    case: Consultation | None = None,
    *,
    sign: bool = False,
    leads: str = "deputy",
    **values: object,
) -> tuple[Consultation, HallMeeting]:
    """A meeting that is over, with one note, its minutes signed or not."""
    case, made = opened(world, case, leads=leads, **values)
    noted(world, case, made)
    chair = world.actor(leads)
    presence.count(world.actor("secretary"), world.erlong, case.id, made.id, 12)
    running.close(chair, world.erlong, case.id, made.id)
    if sign:
        running.sign(chair, world.erlong, case.id, made.id)
    db.session.commit()
    assert meetings.state(made) == (meetings.SIGNED if sign else meetings.CLOSED)
    return case, made
