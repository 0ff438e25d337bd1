"""Bring places into the tree from a table: first look what would be new, then all of it or none."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from civic.admin.founding import Todo, insert_places
from civic.admin.place_columns import PLACES, columns
from civic.admin.place_tables import Key, Place, Places, places
from civic.communities import kinds, known, switched
from civic.communities.models import Community, Node, TreeEvent, TreeEventNode
from civic.kernel import audit, clock, declared
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.exchange import ImportPlan
from civic.kernel.permissions import Actor
from civic.kernel.problems import Problem
from civic.kernel.sheets import Sheet, folded, table

_EXISTS_AS = _l("“%(value)s” exists here already, as %(kind)s.")
_OFF = _l("Places of the kind “%(kind)s” belong to a plugin that is off there.")
_TAKEN = _l("Another community has this name in addresses.")


def current(street: Community) -> list[Node]:
    """Return the places of a street that have not ended, the street itself first."""
    query = (
        select(Node)
        .where(Node.ids.startswith(street.node.ids))
        .where(or_(Node.valid_to.is_(None), Node.valid_to > clock.now()))
        .order_by(Node.id)
    )
    return list(db.session.scalars(query))


def plan(street: Community, sheet: Sheet) -> ImportPlan:
    """Compare a table of places with the tree; nothing is changed.

    :raises SheetRefused: for a table of too many rows.
    """
    on = _plugins(street)
    found = table(sheet, columns(PLACES, frozenset().union(*on.values())))
    read = places(found)
    made = ImportPlan()
    made.complain([*found.problems, *read.problems])
    children = _named(current(street))
    here: dict[Key, tuple[int, str]] = {(): (street.id, street.node.ids)}
    levels: list[list[Place]] = []
    for key, place in read.found.items():
        above = here.get(key[:-1])
        node = children.get((above[0], key[-1])) if above else None
        if node is None:
            levels += [[] for _ in range(len(key) - len(levels))]
            levels[len(key) - 1].append(place)
            made.new[place.kind] += 1
        else:
            here[key] = (node.id, node.ids)
            made.known += 1
            if node.kind != place.kind:
                values = {"value": place.name, "kind": known.title(node.kind)}
                made.complain([_wrong("exists_as", place.row, place.column, _EXISTS_AS, values)])
    details = {
        home: {name: value for name, (value, _) in row.items()}
        for home, row in read.details.items()
    }
    made.complain(_off(read, here, on))
    made.complain(_slugs(read.details, here, found.headings.get("slug", "")))
    blanks = _blanks(details, here)
    made.filled = len(blanks)
    made.todo = Todo(levels, here, details, blanks)
    return made


def _named(nodes: list[Node]) -> dict[tuple[int | None, str], Node]:
    """Return places by what they stand below and their folded name.

    A table may leave grids out: what stands below one is also found right below what the grid is
    in, where its name is there once.
    """
    by_id = {node.id: node for node in nodes}
    passed: dict[tuple[int | None, str], list[Node]] = {}
    for node in nodes:
        above = by_id.get(node.parent_id or 0)
        while above is not None and above.kind in (kinds.GRID, kinds.MICRO_GRID):
            passed.setdefault((above.parent_id, folded(node.name)), []).append(node)
            above = by_id.get(above.parent_id or 0)
    found = {key: rest[0] for key, rest in passed.items() if len(rest) == 1}
    return found | {(node.parent_id, folded(node.name)): node for node in reversed(nodes)}


def _wrong(code: str, row: int, column: str, message: Any, values: Mapping[str, object]) -> Problem:  # noqa: ANN401
    return Problem(code=code, row=row, column=column, message=message, values=values)


def _plugins(street: Community) -> dict[int, frozenset[str]]:
    """Return the plugins that are on in each community of a street, where that matters."""
    return switched.on_below(street.node) if known.places().imported else {}


def _off(
    read: Places,
    here: Mapping[Key, tuple[int, str]],
    on: Mapping[int, frozenset[str]],
) -> list[Problem]:
    """Return the new places of kinds whose plugin is off in their community."""
    wrong = []
    for key, place in read.found.items():
        plugin = declared.owner(place.kind)
        if not plugin or key in here:
            continue
        above = (key[:depth] for depth in range(len(key), 0, -1))
        home: Key = next(
            (each for each in above if read.found[each].kind in kinds.HOMES),
            (),
        )
        home_id = here[home][0] if home in here else 0
        if plugin not in on.get(home_id, frozenset()):
            values = {"kind": known.title(place.kind)}
            wrong.append(_wrong("off", place.row, place.column, _OFF, values))
    return wrong


def _slugs(
    details: Mapping[Key, Mapping[str, tuple[str, int]]],
    here: Mapping[Key, tuple[int, str]],
    column: str,
) -> list[Problem]:
    """Return what is wrong with names in addresses: one that is taken, here or in the table."""
    wanted = {key: row["slug"] for key, row in details.items() if "slug" in row}
    query = select(Community.slug, Community.id)
    query = query.where(Community.slug.in_([slug for slug, _row in wanted.values()]))
    owners: dict[str, object] = {row[0]: row[1] for row in db.session.execute(query)}
    wrong = []
    for key, (slug, row) in wanted.items():
        mine: object = here[key][0] if key in here else key
        if owners.setdefault(slug, mine) != mine:
            wrong.append(_wrong("slug_taken", row, column, _TAKEN, {}))
    return wrong


def _blanks(
    details: Mapping[Key, Mapping[str, str]], here: Mapping[Key, tuple[int, str]]
) -> dict[int, dict[str, str]]:
    """Return what the table knows of communities that are here and say nothing of it yet."""
    ids = {here[key][0]: row for key, row in details.items() if key in here}
    found = {}
    for home in db.session.scalars(select(Community).where(Community.id.in_(ids))):
        values = ids[home.id]
        blank = {
            name: values[name]
            for name in ("telephone", "hours")
            if name in values and not getattr(home, name)
        }
        if blank:
            found[home.id] = blank
    return found


def carry_out(actor: Actor, street: Community, sheet: Sheet) -> ImportPlan:
    """Add what is new in a table, all of it or nothing.

    :raises Refused: `problems` where something is wrong by now, `meanwhile` where somebody changed
        the tree at this moment.
    """
    # Imports of one street follow each other, so that the second finds what the first has made.
    db.session.execute(select(Node.id).filter_by(id=street.id).with_for_update())
    made = plan(street, sheet)
    if made.problems:
        raise Refused("problems", _l("The table has problems; nothing was imported."))
    todo: Todo = made.todo
    try:
        new = insert_places(todo)
        if new or todo.blanks:
            _record(actor, street, new, made)
        if todo.blanks:
            rows = [{"id": home, **values} for home, values in todo.blanks.items()]
            for row in rows:  # not all have the same columns
                db.session.execute(update(Community), [row])
    except IntegrityError as error:
        raise Refused(
            "meanwhile",
            _l("Somebody changed the places at this moment. Nothing was imported; look again."),
            HTTPStatus.CONFLICT,
        ) from error
    return made


def _record(actor: Actor, street: Community, new: list[dict[str, Any]], made: ImportPlan) -> None:
    if new:
        now = clock.now()
        event = TreeEvent(kind=kinds.FOUNDED, at=now, recorded_at=now, recorded_by=actor.person_id)
        db.session.add(event)
        db.session.flush()
        rows = [
            {
                "event_id": event.id,
                "node_id": node["id"],
                "role": "target",
                "old_name": node["name"],
                "old_parent_id": node["parent_id"],
                "old_ids": node["ids"],
            }
            for node in new
        ]
        db.session.execute(insert(TreeEventNode), rows)
    audit.done(
        "places.imported",
        actor,
        street,
        f"node:{street.id}",
        {"new": dict(sorted(made.new.items())), "filled": made.filled},
    )
