"""After closing, a search of everything that is stored finds nothing of the person."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import MetaData, String, Table, cast, select

from civic.kernel import erasing
from civic.kernel.db import db
from civic.records import services
from tests.factories import World, build_world
from tests.records.lives import BUILDING, EMAIL, GATE, NAME, PERSONAL, Life, lived

#: Where the places of the tree themselves are kept.
PLACES = {"node"}


@pytest.fixture
def life(world: World) -> Life:
    return lived(world)


def tables() -> list[Table]:
    """Return every table of the database, as the database itself knows them."""
    found = MetaData()
    found.reflect(db.session.connection())
    return [found.tables[name] for name in sorted(found.tables)]


def everything() -> Iterator[tuple[str, str, str]]:
    """Yield each value of each column of each row as text, with table and column."""
    for table in tables():
        columns = [cast(column, String) for column in table.columns]
        for row in db.session.execute(select(*columns)):
            for column, value in zip(table.columns, row, strict=True):
                if value is not None:
                    yield table.name, column.name, _read(value)
    db.session.commit()


def _read(value: str) -> str:
    """Return a text with the letters that JSON may have written as numbers."""
    return value.encode().decode("unicode_escape") if "\\u" in value else value


def found(values: tuple[str, ...], *, outside: frozenset[str] | set[str] = frozenset()) -> set:
    return {
        (table, column, value)
        for table, column, text in everything()
        for value in values
        if value in text and table not in outside
    }


def links(person_id: int, node_ids: set[int]) -> set[str]:
    """Return the tables of which a row names both the person and one of the places."""
    linking = set()
    for table in tables():
        people, nodes = (
            [key.parent for key in table.foreign_keys if key.column.table.name == target]
            for target in ("person", "node")
        )
        for person in people:
            for node in nodes:
                query = select(node).where(person == person_id, node.in_(node_ids))
                if db.session.execute(query).first() is not None:
                    linking.add(f"{table.name}.{person.name}")
    db.session.commit()
    return linking


def close(life: Life) -> None:
    db.session.commit()
    services.close(life.person.id)
    db.session.commit()


def test_the_search_finds_what_is_there(life: Life) -> None:
    """Look before closing, or nothing found would say nothing."""
    seen = found(PERSONAL)
    assert {value for _table, _column, value in seen} == set(PERSONAL)
    assert len({table for table, _column, _value in seen}) >= 8
    assert {"comment"} <= {table for table, _c, _v in found((BUILDING,), outside=PLACES)}
    assert len(links(life.person.id, {life.gate.id, life.building.id})) >= 3


def test_nothing_of_the_person_is_left(life: Life) -> None:
    person_id = life.person.id
    close(life)
    assert found(PERSONAL) == set()
    assert found((BUILDING, GATE), outside=PLACES) == set()
    assert links(person_id, {life.gate.id, life.building.id}) == set()


def test_the_audit_says_of_nobody_where_they_live(life: Life) -> None:
    person_id = life.person.id
    close(life)
    for table in tables():
        if table.name == "audit_entry":
            rows = db.session.execute(
                select(cast(table.c.data, String)).where(table.c.subject == f"person:{person_id}")
            )
            assert not [row[0] for row in rows if "node" in row[0]]
    db.session.commit()


def test_nothing_is_left_in_the_files(sqlite_app: Flask) -> None:
    life = lived(build_world())
    file = Path(db.engine.url.database)
    log = file.with_name(f"{file.name}-wal")
    assert any(NAME.encode() in one.read_bytes() for one in (file, log) if one.exists())
    close(life)
    assert erasing.settle()
    for one in (file, log):
        if one.exists():
            content = one.read_bytes()
            assert [value for value in PERSONAL if value.encode() in content] == []
    dump = "\n".join(db.engine.raw_connection().driver_connection.iterdump())
    assert [value for value in PERSONAL if value in dump] == []
    assert EMAIL not in dump
