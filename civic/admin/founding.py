"""Insert many places at once, level by level, and give homes to those that have one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from civic.admin.place_tables import Key, Place
from civic.communities import kinds, slugs
from civic.communities.models import Community, Node
from civic.kernel import clock
from civic.kernel.db import db

# Of the table and not of the model: that one would be sent row by row.
_TABLE = Node.metadata.tables[Node.__tablename__]
_PATHS = update(_TABLE).where(_TABLE.c.id == bindparam("key")).values(ids=bindparam("path"))
#: A path that no place keeps, by which those are found that were inserted a moment ago.
_FRESH = ""


@dataclass(frozen=True)
class Todo:
    """Hold new places by depth, those that are here, and details of homes.

    :ivar here: id and path of what is here, by key.
    :ivar details: what new homes are given; `blanks`: what is filled in, by id of a home.
    """

    levels: list[list[Place]]
    here: Mapping[Key, tuple[int, str]]
    details: Mapping[Key, Mapping[str, str]]
    blanks: Mapping[int, Mapping[str, str]]


def insert_places(todo: Todo) -> list[dict[str, Any]]:
    """Insert level by level, as what a place stands below has its id by then; return the rows."""
    here, new = dict(todo.here), list[dict[str, Any]]()
    for level in todo.levels:
        if not level:
            continue
        rows = [_row(place, here[place.key[:-1]][0]) for place in level]
        db.session.execute(insert(Node), rows)
        fresh = db.session.execute(
            select(Node.id, Node.parent_id, Node.name).where(Node.ids == _FRESH)
        )
        ids = {(row[1], row[2]): row[0] for row in fresh}
        for place, row in zip(level, rows, strict=True):
            node_id = ids[row["parent_id"], place.name]
            path = f"{here[place.key[:-1]][1]}{node_id}/"
            here[place.key] = (node_id, path)
            new.append(row | {"id": node_id, "ids": path})
        paths = [{"key": here[place.key][0], "path": here[place.key][1]} for place in level]
        db.session.execute(_PATHS, paths)
        homes = [
            _home(here[place.key][0], todo.details.get(place.key, {}))
            for place in level
            if place.kind in kinds.HOMES
        ]
        if homes:
            db.session.execute(insert(Community), homes)
    return new


def _row(place: Place, parent_id: int) -> dict[str, Any]:
    return {
        "kind": place.kind,
        "name": place.name,
        "parent_id": parent_id,
        "ids": _FRESH,
        "valid_from": clock.now(),
    }


def _home(node_id: int, details: Mapping[str, str]) -> dict[str, object]:
    return {
        "id": node_id,
        "slug": details.get("slug") or slugs.given_none(node_id),
        "telephone": details.get("telephone", ""),
        "hours": details.get("hours", ""),
        "about": "",
    }
