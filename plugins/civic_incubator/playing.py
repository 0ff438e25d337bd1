"""What the demonstration shows: a call at its awards, one being scored, one that is open."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from civic.api import Actor, Community, Stage, clock, db, give_standing, money
from civic_incubator import awarding, calls, drafts, objecting, panel, registry, seating
from civic_incubator.models import Application, Call, Organisation
from civic_incubator.review_models import Seat
from civic_incubator.words import data

LEAD, STAFF = "zhouhong", "sunwei"
WORKER, AGENCY = "程社工", "惠邻社工事务所"
FILED = "-100 10:00"


@dataclass
class Play:
    """Hold one community while it is played."""

    home: Community
    stage: Stage
    script: dict[str, Any]
    organisations: dict[str, Organisation]
    speakers: dict[str, Actor]

    @property
    def lead(self) -> Actor:
        """Return who leads the calls."""
        return self.stage.person(LEAD)


def demonstrate(home: Community, stage: Stage) -> None:
    """Fill the community in which the plugin plays."""
    script = data("demo")
    if home.slug != script["at"]:
        return
    play = Play(home, stage, script, {}, {})
    with clock.at(stage.moment(FILED)):
        _registry(play)
        for name in script["experts"]:
            who = stage.person(name).person_id or 0
            give_standing(home, who, seating.STANDING, level=2, actor=play.lead)
    for row in script["call"]:
        _call(play, row)


def _registry(play: Play) -> None:
    for row in play.script["organisation"]:
        first, *others = (play.stage.person(name) for name in row["members"])
        values = {key: row[key] for key in ("name", "kind", "people", "about")}
        made = registry.propose(first, play.home, values)
        for other in others:
            registry.join(other, play.home, made.code)
        status = row.get("status", "filed")
        if status in registry.APPLIES:
            staff = play.stage.person(STAFF)
            registry.file(staff, made, status, row["number"], row["since"])
        play.organisations[row["key"]], play.speakers[row["key"]] = made, first


def _call(play: Play, row: dict[str, Any]) -> None:
    """Play one call as far as it has come."""
    moment = play.stage.moment
    with clock.at(moment(row["drawn"])):
        values = {key: row[key] for key in ("title", "text", "pot", "most")}
        values |= {"opens_at": moment(row["opens"]), "closes_at": moment(row["closes"])}
        sides = data("calls")["sides"]
        values |= {f"{side}_weight": weight for side, weight in sides.items()}
        made = calls.draw_up(play.lead, play.home, values, row["form"])
    with clock.at(moment(row["opens"])):
        calls.move(play.lead, made, calls.OPEN)
    found = {}
    for number, project in enumerate(row["project"]):
        with clock.at(moment(row["opens"]) + timedelta(days=2 + number, hours=number)):
            found[project["organisation"]] = _write(play, made, row, project)
    if draft := row.get("draft"):
        with clock.at(moment("-1 20:15")):
            _draft(play, made, draft)
    if "screened" not in row:
        return
    with clock.at(moment(row["screened"])):
        calls.move(play.lead, made, calls.SCREENING)
        for one in found.values():
            seating.screen(play.stage.person(STAFF), one, passed=True, reason="")
        ids = [play.stage.person(name).person_id or 0 for name in play.script["experts"]]
        seating.seat_experts(play.lead, made, ids)
        calls.move(play.lead, made, calls.REVIEW)
    with clock.at(moment(row["reviewed"])):
        _review(play, made, row, found)
    if "decided" in row:
        _award(play, made, row)


def _draft(play: Play, call: Call, row: dict[str, Any]) -> Application:
    who, organisation = play.speakers[row["organisation"]], play.organisations[row["organisation"]]
    made = drafts.start(who, call, organisation)
    values = {"title": row["title"], "partner_id": play.home.id}
    drafts.save(who, made, made.version, values | {"worker": WORKER, "agency": AGENCY})
    return made


def _write(play: Play, call: Call, row: dict[str, Any], project: dict[str, Any]) -> Application:
    made = _draft(play, call, project)
    who = play.speakers[project["organisation"]]
    answers = {"need": row["need"], "activities": row["activities"]}
    answers |= {"meals": str(project.get("meals", 20)), "over80": "15", "delivery": "both"}
    answers |= {"licence": "yes", "bays": "24", "hours": "20", "groups": "6"}
    drafts.save_answers(who, made, made.version, answers)
    spent = play.script["line"]
    parts = money.parts(project["yuan"] * money.FEN, [one["percent"] for one in spent])
    lines = [
        drafts.Wanted(one["kind"], one["text"], fen) for one, fen in zip(spent, parts, strict=True)
    ]
    drafts.save_lines(who, made, made.version, lines)
    drafts.submit(who, made, made.version)
    return made


def _review(play: Play, call: Call, row: dict[str, Any], found: dict[str, Application]) -> None:
    """Let the panel declare and score; where nothing is decided yet, the last two have not."""
    names = list(play.script["experts"])
    if "decided" not in row:
        names = names[:3]
    conflict = row.get("conflict", {})
    for place, name in enumerate(names):
        who = play.stage.person(name)
        involved = conflict.get("organisation") if conflict.get("expert") == name else ""
        seat = seating.own_seat(who, call)
        if seat is not None:
            _score(who, seat, found, place, (involved, conflict.get("reason", "")))
    for place, name in enumerate(row["assessors"]):
        who = play.stage.person(name)
        _score(who, seating.take_part(who, call), found, place + 2, ("", ""))


def _score(
    who: Actor,
    seat: Seat,
    found: dict[str, Application],
    place: int,
    conflict: tuple[str | None, str],
) -> None:
    involved, reason = conflict
    words = [
        panel.Word(one.id, key == involved, reason if key == involved else "")
        for key, one in found.items()
    ]
    panel.declare(who, seat, words)
    codes = [row["code"] for row in seat.call.criteria]
    for number, (key, one) in enumerate(found.items()):
        if key != involved:
            # Made up, the same in every demonstration; the first of the list is liked best.
            marks: dict[str, int | None] = {
                code: 2 + (number * 5 + place * 2 + step * 3) % 4 if number else 5 - step % 2
                for step, code in enumerate(codes)
            }
            if (number + place) % 5 == 0:
                marks["novelty"] = None
            panel.mark(seat, one, marks, "")


def _award(play: Play, call: Call, row: dict[str, Any]) -> None:
    moment = play.stage.moment
    with clock.at(moment(row["decided"])):
        calls.move(play.lead, call, calls.DECIDING)
    with clock.at(moment(row["awarded"])):
        amounts = awarding.proposal(call)
        awarding.draw(play.lead, call, amounts, "", last=0)
    with clock.at(moment(row["objected"])):
        made = objecting.object_to(play.stage.person(row["objector"]), call, row["objection"])
    with clock.at(moment(row["answered"])):
        objecting.answer(play.lead, made, call, row["answer"], upheld=True)
    with clock.at(moment(row["redrawn"])):
        top = awarding.ranking(call)[0][1].id
        left, changed = call.pot, {}
        for ranked, one in awarding.ranking(call):
            if one.id != top and ranked.total is not None and one.asked <= left:
                changed[one.id] = one.asked
                left -= one.asked
        awarding.draw(play.lead, call, changed, row["note"], last=1)
    db.session.flush()
