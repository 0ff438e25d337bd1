"""Fill the demonstration with conversions and the homes of one of them, all invented."""

from collections.abc import Mapping
from datetime import timedelta
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw
from werkzeug.datastructures import FileStorage

from civic.api import Actor, Community, Stage, clock, db
from civic_rental import (
    commutes,
    conversions,
    listings,
    moving,
    photos,
    recording,
    reviewing,
    states,
)
from civic_rental.models import Conversion
from civic_rental.words import codes, data

#: Wall, floor, sky, bed and desk of the drawn rooms.
LOOKS = {
    "sun": ("#f3e9d6", "#d9b98a", "#cfe6f5", "#8fb3a4", "#b98955"),
    "calm": ("#e6ecef", "#c9c1b4", "#d8ebf7", "#7d9bb5", "#a58f78"),
    "warm": ("#f6e6e0", "#cfa888", "#fbe9c6", "#c08475", "#9a7350"),
}
SIZE = (1200, 750)


def play(home: Community, stage: Stage) -> None:
    """Play all conversions of the script in the community that is their scene."""
    script = data("demo_homes")
    if home.slug == script["at"]:
        for row in script["conversion"]:
            _convert(home, stage, script, row)


def _convert(
    home: Community, stage: Stage, script: Mapping[str, Any], row: Mapping[str, Any]
) -> None:
    writes, leads = stage.person(script["writes"]), stage.person(script["leads"])
    street = stage.person(script["street"])
    same = ("title", "building", "old_use", "kind", "operator", "about")
    with stage.at(row["begun"]):
        values = {name: row[name] for name in same}
        made = conversions.write(writes, home, values, row["title"])
    for goal, moment in row["days"].items():
        with stage.at(moment):
            _answer(made, row, (writes, leads, street))
            if goal == "inspection":
                _met(made, row, leads)
            if goal == states.LISTED:
                _write_homes(made, row, writes)
            moving.move(leads, made, goal, "")
    if row["until"] == states.REVIEW:
        with clock.at(stage.moment(row["days"][states.REVIEW]) + timedelta(days=3)):
            _opine(made, row, (writes, leads, street))
    _ways(home, writes, made, row)
    if row["until"] == states.LISTED:
        with clock.at(stage.moment(row["days"][states.LISTED]) + timedelta(hours=1)):
            for listing in listings.of(made):
                listings.publish(leads, listing)
    db.session.flush()


def _answer(made: Conversion, row: Mapping[str, Any], people: tuple[Actor, Actor, Actor]) -> None:
    """Put on record what the state of a conversion asks for, and answer its gates."""
    state, today = states.way().states[made.state], clock.local(clock.now()).date()
    for number, code in enumerate(state.records, 1):
        asked = states.way().records[code]
        paper = f"示例〔{made.id}〕{number}号" if asked["number"] else ""
        day = today - timedelta(days=2) if asked["day"] else None
        recording.record(people[0], made, code, paper, day, "材料齐全，已核对原件。")
    if "partners" in state.gates:
        for name, homes in row["units"]:
            conversions.add_partner(people[0], made, name, homes)
    if "opinions" in state.gates:
        _opine(made, row, people)
    if "building" in state.gates:
        conversions.tick(people[0], made, codes("conversion", "fact"))


def _opine(made: Conversion, row: Mapping[str, Any], people: tuple[Actor, Actor, Actor]) -> None:
    """Let the offices answer: on paper, recorded by one and confirmed by another, or here."""
    writes, leads, street = people
    for office, opinion, words, letter in row["opinions"]:
        if letter:
            said = reviewing.record_letter(writes, made, office, opinion, words, letter)
            reviewing.confirm(leads, said)
        else:
            speaks = street if office == "street" else leads
            reviewing.give(speaks, made, office, opinion, words)


def _met(made: Conversion, row: Mapping[str, Any], leads: Actor) -> None:
    for office, opinion in reviewing.opinions(made).items():
        if office in row["met"]:
            reviewing.meet(leads, opinion, row["met"][office])


def _write_homes(made: Conversion, row: Mapping[str, Any], writes: Actor) -> None:
    kept = [
        *("title", "layout", "area", "rent", "deposit", "custody", "fees", "furniture"),
        *("lift", "step_free", "text", "audience", "tiers"),
    ]
    for each in row["home"]:
        values = {name: each[name] for name in kept}
        values |= {"kind": made.kind, "pay_months": 1, "lease_months": 12}
        rooms = [
            dict(zip(("use", "area", "persons", "window"), room, strict=True))
            for room in each["rooms"]
        ]
        listing = listings.write(writes, made, values, rooms, each["title"])
        listings.set_doors(writes, listing, each["doors"])
        sent = FileStorage(_drawn(each["look"]), "room.png")
        photos.add(writes, listing, sent, each["alt"])


def _ways(home: Community, writes: Actor, made: Conversion, row: Mapping[str, Any]) -> None:
    plan = commutes.planned(made.id, row["ways"])
    commutes.apply(writes, home, plan)


def _drawn(look: str) -> BytesIO:
    """Return the picture of an invented room: a wall with a window, a bed and a desk."""
    wall, floor, sky, bed, desk = LOOKS[look]
    picture = Image.new("RGB", SIZE, wall)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 540, 1200, 750), fill=floor)
    draw.rectangle((0, 530, 1200, 542), fill="#ffffff")
    draw.rounded_rectangle((400, 90, 800, 400), 8, fill="#ffffff")
    draw.rectangle((416, 106, 592, 384), fill=sky)
    draw.rectangle((608, 106, 784, 384), fill=sky)
    draw.rounded_rectangle((60, 430, 420, 620), 18, fill="#ffffff")
    draw.rounded_rectangle((60, 480, 420, 640), 18, fill=bed)
    draw.rounded_rectangle((80, 440, 190, 500), 16, fill="#fbfbf7")
    draw.rectangle((850, 470, 1130, 492), fill=desk)
    draw.rectangle((866, 492, 884, 640), fill=desk)
    draw.rectangle((1096, 492, 1114, 640), fill=desk)
    draw.polygon(((930, 470), (950, 400), (1010, 400), (1030, 470)), fill="#3d4b57")
    draw.ellipse((500, 590, 720, 690), fill="#ffffff")
    data = BytesIO()
    picture.save(data, "PNG")
    data.seek(0)
    return data
