"""What the demonstration shows of the three lists: three lines of projects, and what waits."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from civic.api import Community, Stage, clock, db, places_at, units_at
from civic_party import accepting, posting, projects, proposing, rating, walking
from civic_party.joint_models import NEED, RESOURCE, Match
from civic_party.list_models import LISTS, Need, Resource
from civic_party.weekly import HOUR
from civic_party.words import data


@dataclass
class Play:
    """Hold one community while it is played."""

    home: Community
    stage: Stage
    script: dict[str, Any]
    places: dict[str, int]
    units: dict[str, int]
    rows: dict[str, Any] = field(default_factory=dict)


def demonstrate(home: Community, stage: Stage) -> None:
    """Fill the community in which the lists are played."""
    script = data("lists_demo")
    if home.slug != script["at"]:
        return
    places = {name.rpartition(" ")[2]: place_id for place_id, name in places_at(home).items()}
    play = Play(home, stage, script, places, {unit.name: unit.id for unit in units_at(home)})
    with stage.at(script["noted"]):
        for one, other, minutes in script["walk"]:
            staff = stage.person(script["staff"])
            walking.note(staff, home, places[one], places[other], minutes)
    posted = [*_dated("resources", script["resource"]), *_dated("needs", script["need"])]
    acts = [
        *((row["posted"], _post, row, list_name) for list_name, row in posted),
        *(
            (row["checked"], _check, row, list_name)
            for list_name, row in posted
            if "checked" in row
        ),
        *((row["at"], _agree, row, "") for row in script["agreed"]),
        *((row["at"], _wait, row, "") for row in script["waiting"]),
    ]
    for at, act, row, list_name in sorted(acts, key=lambda each: stage.moment(each[0])):
        with stage.at(at):
            act(play, row, list_name)
            db.session.flush()
    for row in script["agreed"]:
        _carry_out(play, row)


def _dated(list_name: str, rows: list[dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    return [(list_name, row) for row in rows]


def _post(play: Play, row: dict[str, Any], list_name: str) -> None:
    hours = [
        [day, _minutes(begins), _minutes(ends)]
        for days, begins, ends in row["hours"]
        for day in days
    ]
    values = {key: row[key] for key in ("kind", "title", "text")} | {
        "place_id": play.places[row["place"]],
        "room": row.get("room", ""),
        "slots": hours,
        "holidays": row.get("holidays", False),
        "organisation_id": play.units[row["unit"]] if "unit" in row else None,
    }
    if list_name == "resources":
        values |= {"capacity": row["capacity"], "conditions": row.get("conditions", "")}
        values |= {"until": None}
    else:
        values |= {"group_name": row.get("group", ""), "by_office": row.get("office", False)}
        values |= {"heads": row["heads"], "urgency": row["urgency"]}
        today = clock.local(play.stage.moment("0 12:00")).date()
        values["by_day"] = today + timedelta(days=row["until"])
    who = play.stage.person(row["by"])
    play.rows[row["key"]] = posting.post(who, play.home, LISTS[list_name], values, row["key"])


def _minutes(words: str) -> int:
    hour, minute = words.split(":")
    return int(hour) * HOUR + int(minute)


def _check(play: Play, row: dict[str, Any], _list_name: str) -> None:
    """Put it on the list; whoever wrote it down for a group has it checked by somebody else."""
    staff, second = play.script["staff"], play.script["second"]
    who = play.stage.person(second if row["by"] == staff else staff)
    found = play.rows[row["key"]]
    posting.check(who, play.home, found, posting.PUBLISH, "")
    if isinstance(found, Need):
        proposing.propose_fitting(found)
    elif isinstance(found, Resource):
        proposing.propose_resource(found)


def _match(play: Play, row: dict[str, Any]) -> Match:
    need, resource = play.rows[row["need"]], play.rows[row["resource"]]
    query = select(Match).filter_by(need_id=need.id, resource_id=resource.id)
    return db.session.scalars(query.order_by(Match.id.desc())).one()


def _wait(play: Play, row: dict[str, Any], _list_name: str) -> None:
    match, who = _match(play, row), play.stage.person(row["yes"])
    accepting.accept(who, play.home, match.id, NEED, row.get("words", ""))


def _agree(play: Play, row: dict[str, Any], list_name: str) -> None:
    _wait(play, row, list_name)
    who = play.stage.person(row["unit_yes"])
    accepting.accept(who, play.home, _match(play, row).id, RESOURCE)


def _carry_out(play: Play, row: dict[str, Any]) -> None:
    """Lead a project as far as it has come."""
    stage, home = play.stage, play.home
    match = _match(play, row)
    assert match.project_id is not None  # noqa: S101 - both sides said yes
    number, lead = match.project_id, stage.person(row["yes"])
    today = clock.local(stage.moment("0 12:00")).date()
    with clock.at(stage.moment(row["at"]) + timedelta(hours=2)):
        seen = projects.mark(projects.project(home, number))
        projects.plan(lead, home, number, row["plan"], row["lead"], seen)
        for words, due, _done in row["steps"]:
            projects.add_step(lead, home, number, words, today + timedelta(days=due))
    if "begun" in row:
        with stage.at(row["begun"]):
            projects.move(lead, home, number, "begin", "")
    steps = projects.steps(projects.project(home, number))
    for step, (_words, _due, done) in zip(steps, row["steps"], strict=True):
        if done:
            with stage.at(done):
                projects.do_step(lead, home, number, step.id)
    if "finished" in row:
        with stage.at(row["finished"]):
            projects.move(lead, home, number, "finish", row["report"])
        with clock.at(stage.moment(row["finished"]) + timedelta(days=1)):
            rating.rate(lead, home, number, match.need_id, row["stars"], row["said"])
