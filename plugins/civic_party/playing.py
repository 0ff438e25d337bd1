"""What the demonstration shows: the street's bodies, and a year of joint meetings."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from civic.api import Actor, Community, Stage, clock, units_at
from civic_party import (
    actions,
    bodies,
    deciding,
    flow,
    meetings,
    minutes,
    quarters,
    roll,
    seats,
    steps,
    topics,
)
from civic_party.meeting_models import CONSENSUS, Meeting
from civic_party.models import CHAIR, VICE_CHAIR, Body, Seat
from civic_party.words import data

BEFORE = 25  # days between the call and the meeting
HALF_A_QUARTER = 45


@dataclass
class Play:
    """Hold the street while it is played."""

    home: Community
    stage: Stage
    script: dict[str, Any]
    lead: Actor
    clerk: Actor
    bodies: dict[str, Body] = field(default_factory=dict)
    seats: dict[tuple[str, str], Seat] = field(default_factory=dict)

    def seat(self, body: str, unit: str) -> int:
        """Return the seat of a unit in a body, 0 without a unit."""
        return self.seats[body, unit].id if unit else 0


def demonstrate(home: Community, stage: Stage) -> None:
    """Fill the community in which the plugin plays."""
    script = data("demo")
    if home.slug != script["at"]:
        return
    lead, clerk = (stage.person(script[name]) for name in ("lead", "clerk"))
    play = Play(home, stage, script, lead, clerk)
    with stage.at(script["founded"]):
        for row in script["body"]:
            _found(play, row)
    with stage.at(script["filled"]):
        _fill(play)
    with stage.at(script["founded"]):
        for row in script["body"]:
            _lead(play, row)
    for row in script["meeting"]:
        _meet(play, row)


def _found(play: Play, row: dict[str, Any]) -> None:
    made = bodies.found_body(
        play.lead,
        play.home,
        kind=row["kind"],
        title=row["title"],
        about=row["about"],
        begins_on=bodies.today(),
        parent_id=play.bodies[row["below"]].id if "below" in row else 0,
    )
    play.bodies[row["key"]] = made
    units = {each.name: each.id for each in units_at(play.home)}
    for name in row["units"]:
        seat = seats.give(play.lead, made, organisation_id=units[name])
        play.seats[row["key"], name] = seat
    for name in row["offices"]:
        play.seats[row["key"], name] = seats.give(play.lead, made, office=name)
    if text := row.get("charter"):
        bodies.adopt(play.lead, made, text=text, adopted_on=bodies.today(), last=0)


def _fill(play: Play) -> None:
    named = {row["seat"]: row for row in play.script["holder"]}
    for (key, unit), seat in play.seats.items():
        row = named.get(unit)
        if row is None:
            continue
        person = play.stage.person(row["person"]).person_id if "person" in row else None
        seats.fill(
            play.lead,
            play.bodies[key],
            seat.id,
            name=row.get("name", ""),
            title=row["title"],
            person_id=person or 0,
        )


def _lead(play: Play, row: dict[str, Any]) -> None:
    body = play.bodies[row["key"]]
    seats.set_post(play.lead, body, play.seat(row["key"], row["chair"]), CHAIR)
    for name in row["vice_chair"]:
        seats.set_post(play.lead, body, play.seat(row["key"], name), VICE_CHAIR)
    if row["rota"]:
        turns = [play.seat(row["key"], name) for name in row["rota"]]
        now = quarters.quarter_of(bodies.today())
        bodies.set_rota(play.lead, body, starts=now, seat_ids=turns)


def _meet(play: Play, row: dict[str, Any]) -> None:
    """Play one meeting as far as it has come."""
    today = bodies.today()
    if "next" in row:
        day = today + timedelta(days=row["next"])
    else:
        quarter = quarters.quarter_of(today) + row["quarter"]
        day = quarters.first_day(quarter) + timedelta(days=HALF_A_QUARTER)
    body, key = play.bodies[row["body"]], row["body"]
    with clock.at(_at(day - timedelta(days=BEFORE), 9)):
        made = meetings.call(
            play.lead, body, starts_at=_at(day, 14), place=row["place"], form_key=f"{key}-{day}"
        )
    given = []
    for number, each in enumerate(row["topic"]):
        with clock.at(_at(day - timedelta(days=BEFORE - 2), 10 + number)):
            unit = play.seat(key, each.get("unit", ""))
            words = {"title": each["title"], "text": each["text"], "form_key": f"{day}-{number}"}
            given.append(topics.propose(play.clerk, made, seat_id=unit, **words))
    if today < day - timedelta(days=flow.TIMES_OF_MEETINGS.agenda.n):
        return
    with clock.at(_at(day - timedelta(days=9), 10)):
        meetings.close_calls(play.home)
        for topic in given:
            topics.settle(play.lead, made, topic.id, accepted=True, reason="")
        _move(play, play.lead, made, flow.COORDINATING, flow.AGENDA)
    with clock.at(_at(day - timedelta(days=8), 15)):
        _move(play, play.lead, made, flow.AGENDA, flow.NOTICED)
        for name in row.get("acknowledged", ()):
            roll.acknowledge(play.clerk, made, play.seat(key, name), on_paper=True)
    if "opinions" in row:
        _hold(play, row, made, day)


def _hold(play: Play, row: dict[str, Any], made: Meeting, day: date) -> None:
    with clock.at(_at(day, 14)):
        _move(play, play.lead, made, flow.NOTICED, flow.OPEN)
        said = {line.seat_id: roll.Said("present") for line in roll.lines(made.id)}
        roll.note_attendance(play.clerk, made, said)
        for topic, each in zip(topics.of(made.id, "accepted"), row["topic"], strict=True):
            deciding.decide(play.clerk, made, topic.id, words=each["decision"], way=CONSENSUS)
            if task := each.get("task"):
                _give(play, row["body"], made, topic.id, task, day)
    with clock.at(_at(day + timedelta(days=1), 10)):
        minutes.write(play.clerk, made, opinions=row["opinions"], seen=0)
        _move(play, play.clerk, made, flow.OPEN, flow.DRAFTING)
        _move(play, play.clerk, made, flow.DRAFTING, flow.COMMENTING)
    with clock.at(_at(day + timedelta(days=9), 10)):
        chair = minutes.signer(made)
        assert chair is not None  # noqa: S101 - the notice named it
        _move(play, Actor(person_id=chair.person_id), made, flow.COMMENTING, flow.SIGNED)
        _move(play, play.lead, made, flow.SIGNED, flow.ISSUED)
    for each in row["topic"]:
        if words := each.get("task", {}).get("done"):
            with clock.at(_at(day + timedelta(days=30), 10)):
                (task,) = (
                    one for one in actions.of_meeting(made.id) if one.title == each["task"]["title"]
                )
                actions.report(play.clerk, task, words, finished=True)
                actions.check(play.lead, task, done=True, words="")
        elif words := each.get("task", {}).get("report"):
            with clock.at(_at(day + timedelta(days=30), 10)):
                (task,) = actions.of_meeting(made.id)
                actions.report(play.clerk, task, words, finished=False)


def _give(
    play: Play, key: str, made: Meeting, topic_id: int, task: dict[str, Any], day: date
) -> None:
    actions.give(
        play.clerk,
        made,
        topic_id,
        seat_id=play.seat(key, task["owner"]),
        helper_ids=[play.seat(key, name) for name in task["helpers"]],
        title=task["title"],
        due_on=day + timedelta(days=task["due"]),
        form_key=f"{made.id}-{topic_id}",
    )


def _move(play: Play, actor: Actor, made: Meeting, seen: str, to: str) -> None:
    steps.move(actor, play.home, made.id, to, seen=seen)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), clock.ZONE)
