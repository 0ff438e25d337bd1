"""An attacker with everything that is stored looks for who chose what."""

import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import MetaData, String, cast, select

from civic.communities.models import Node
from civic.identities.models import Person
from civic.kernel import erasing
from civic.kernel.db import db
from civic.voting import sealing
from civic.voting.models import Ballot
from tests.factories import World, build_world, person, standing
from tests.voting.boxes import ballot, close, vote

#: So rare a text that a byte of it is a find.
TEXTS = tuple(f"选项{number}号" for number in range(6))


def crowd(made: Ballot, count: int = 40) -> list[tuple[Person, int]]:
    """Let people vote in an order of their own; each choice is known to the test alone."""
    chance = random.Random(made.id)
    people = [(person(f"居民{number}"), chance.randrange(6)) for number in range(count)]
    chance.shuffle(people)
    for who, _choice in people:
        standing(who, db.session.get_one(Node, made.community_id))
    for who, choice in people:
        vote(made, choice, who)
    return people


def dump() -> dict[str, list[dict[str, str]]]:
    """Every row of every table, in the order in which the database keeps it."""
    found = MetaData()
    found.reflect(db.session.connection())
    rows = {}
    for table in found.sorted_tables:
        columns = [cast(column, String).label(column.name) for column in table.columns]
        rows[table.name] = [dict(row._mapping) for row in db.session.execute(select(*columns))]
    db.session.commit()
    return rows


def choices_of(made: Ballot, tables: dict[str, list[dict[str, str]]]) -> list[str]:
    """The choices of a ballot in the order in which a dump has them."""
    papers = [row["choice"] for row in tables["paper"] if row["ballot_id"] == str(made.id)]
    for row in tables["urn"]:
        if row["ballot_id"] == str(made.id):
            papers += json.loads(row["choices"])
    return papers


def ids(made: Ballot) -> list[str]:
    return [str(option["id"]) for option in made.rules["options"]]


def hits(order: list[str], truth: list[str]) -> int:
    return sum(one == other for one, other in zip(order, truth, strict=True))


def no_row_links(made: Ballot, people: list[tuple[Person, int]], tables: dict[str, Any]) -> None:
    """No row that names a person, a right or a receipt holds a choice or the key of a paper."""
    keys = {row["key"] for row in tables["paper"]}
    persons = {f"person:{who.id}" for who, _choice in people}
    codes = {row["code"] for row in tables["receipt"]}
    for name, rows in tables.items():
        for row in rows:
            values = [value for value in row.values() if value is not None]
            linked = [value for value in values if any(one in value for one in (*persons, *codes))]
            if linked and name in {"used_right", "receipt", "audit_entry", "message"}:
                assert row.get("choice") is None, (name, row)
                assert not any(key in value for key in keys for value in values), (name, row)
    used = [row for row in tables["used_right"] if row["ballot_id"] == str(made.id)]
    assert {row["cast_at"] for row in used} == {row["changed_at"] for row in used} == {None}
    # Papers know no time and no number of their own.
    assert {"ballot_id", "key", "choice", "heads", "area_cm2", "rehearsal"} >= {
        column for row in tables["paper"] for column in row
    }


def order_tells_nothing(
    made: Ballot, people: list[tuple[Person, int]], tables: dict[str, Any]
) -> None:
    """The order of papers is not that of votes, of rights or of receipts, nor backwards."""
    names = ids(made)
    truth = [names[choice] for _who, choice in people]
    found = choices_of(made, tables)
    assert Counter(found) == Counter(truth)
    by_id = [names[choice] for _who, choice in sorted(people, key=lambda one: one[0].id)]
    for order in (truth, truth[::-1], by_id, by_id[::-1]):
        # Of 40 with six choices chance hits about seven; all would be forty.
        assert hits(found, order) < 25


@pytest.mark.parametrize("secrecy", ["sealed", "detached"])
def test_after_the_close(app: Flask, world: World, secrecy: str) -> None:
    made = ballot(world.erlong, *TEXTS, secrecy=secrecy, changeable=secrecy == "sealed")
    people = crowd(made)
    close(made)
    tables = dump()
    no_row_links(made, people, tables)
    order_tells_nothing(made, people, tables)
    assert tables["urn"] == []


def test_a_detached_ballot_at_any_time(app: Flask, world: World) -> None:
    made = ballot(world.erlong, *TEXTS, secrecy="detached", changeable=False)
    people = crowd(made)
    tables = dump()
    no_row_links(made, people, tables)
    for row in tables["urn"]:
        held = json.loads(row["choices"])
        assert held == sorted(held)
    assert Counter(choices_of(made, tables)) == Counter(ids(made)[choice] for _, choice in people)


@pytest.mark.parametrize("secrecy", ["sealed", "detached"])
def test_no_tally_before_the_close(app: Flask, world: World, secrecy: str) -> None:
    """Only the turnout is counted: outside box and urns nothing depends on the choices."""
    made = ballot(world.erlong, *TEXTS, secrecy=secrecy, changeable=secrecy == "sealed")
    crowd(made, 12)
    tables = dump()
    row = next(row for row in tables["ballot"] if row["id"] == str(made.id))
    assert (row["turnout"], row["receipts"], row["closing"]) == ("12", "12", "{}")
    assert tables["paper"] == []
    assert set(tables["ballot_option"][0]) == {"id", "ballot_id", "position", "text", "cost"}


def test_the_audit_and_the_log_know_no_choice(
    app: Flask, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    made = ballot(world.erlong, *TEXTS)
    crowd(made, 8)
    close(made)
    tables = dump()
    keys = [row["key"] for row in tables["paper"]]
    said = caplog.text + json.dumps(tables["audit_entry"], ensure_ascii=False)
    assert not [key for key in keys if key in said]
    acts = [json.loads(row["data"]) for row in tables["audit_entry"]]
    assert {"closing", "turnout"} in [set(data) for data in acts]
    assert not any("choice" in str(data) for data in acts)


def marked(content: bytes, people: list[tuple[Person, int]], names: list[str]) -> list[str]:
    """Rows of used rights as SQLite writes them, the choice among them."""
    found = []
    for who, choice in people:
        for channel in (b"sealed", b"detached"):
            row = b"person:" + str(who.id).encode() + channel
            for place in _places(content, row):
                near = content[place : place + 80]
                if b"online" + names[choice].encode() in near:
                    found.append(f"{who.id}: {names[choice]}")
    return found


def _places(content: bytes, what: bytes) -> list[int]:
    places, at = [], content.find(what)
    while at >= 0:
        places.append(at)
        at = content.find(what, at + 1)
    return places


def test_the_raw_files_of_sqlite(sqlite_app: Flask) -> None:
    world = build_world()
    # Ids of options that no length or count is mistaken for.
    for _ in range(30):
        ballot(world.jingji, *TEXTS)
    made = ballot(world.erlong, *TEXTS)
    people = crowd(made)
    file = Path(db.engine.url.database)
    log = file.with_name(f"{file.name}-wal")
    names = ids(made)

    def content() -> bytes:
        return b"".join(one.read_bytes() for one in (file, log) if one.exists())

    assert marked(content(), people, names), "the search finds what is there"
    close(made)
    assert sealing.clean()
    db.session.refresh(made)
    db.session.commit()
    assert made.scrubbed_at is not None
    assert erasing.settle()
    assert marked(content(), people, names) == []
    assert log.stat().st_size == 0
    text = "\n".join(db.engine.raw_connection().driver_connection.iterdump())
    for who, choice in people:
        lines = [line for line in text.splitlines() if f"'person:{who.id}'" in line]
        assert not [line for line in lines if f"'{names[choice]}'" in line]
