"""What plugins store about people: what they declare, where they are on, and whom it concerns."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import Exists, Table, exists, select
from sqlalchemy.orm import aliased

from civic.communities.models import Community, Node
from civic.identities.models import Person, Standing
from civic.kernel import declared, own_data
from civic.kernel.activations import Activation
from civic.kernel.db import Model, db
from civic.kernel.errors import Refused
from civic.kernel.own_data import Collected, Part, PersonalData, Words
from civic.kernel.plugin import Plugin


@dataclass(frozen=True)
class Processing:
    """Be the entry of one part in the register of processing.

    :ivar owner: name of the part.
    :ivar where: names of the communities in which its plugin is on; none for the core.
    :ivar undeclared: tables of a plugin that refer to people although it declares nothing.
    """

    owner: str
    title: Words
    stored: tuple[Collected | PersonalData, ...]
    plugin: bool
    where: list[str]
    undeclared: list[str]


def init() -> None:
    """Let the plugins of the current app say what they store; called once they are loaded."""
    for plugin in _loaded():
        if plugin.personal_data or plugin.name in {part.owner for part in own_data.parts()}:
            own_data.declare(plugin.name, plugin.title, plugin.personal_data)


def _loaded() -> Iterable[Plugin]:
    loaded: dict[str, Plugin] = current_app.extensions["civic_plugins"].loaded
    return loaded.values()


def tables_about_people(plugin: str) -> list[Table]:
    """Return the tables of a plugin that refer to people."""
    person = Person.metadata.tables[Person.__tablename__].c.id
    return [
        table
        for name, table in sorted(Model.metadata.tables.items())
        if name.startswith(f"{plugin}_") and any(key.column is person for key in table.foreign_keys)
    ]


def holds(plugin: str, person_id: int) -> bool:
    """Tell whether a plugin has rows that refer to somebody."""
    person = Person.metadata.tables[Person.__tablename__].c.id
    found = [
        exists().where(key.parent == person_id)
        for table in tables_about_people(plugin)
        for key in table.foreign_keys
        if key.column is person
    ]
    try:
        return bool(found) and declared.attempt(f"{plugin}.tables", "reading", _any, found)
    except Refused:
        # Its tables cannot be read, so that nobody knows; what it declares is shown.
        return True


def _any(conditions: list[Exists]) -> bool:
    return any(db.session.execute(select(*conditions)).one())


def concerned(part: Part, person_id: int, near: frozenset[str]) -> bool:
    """Tell whether a part says something to a person: it is on where they are, or knows them."""
    return not part.plugin or part.owner in near or holds(part.owner, person_id)


def near(person_id: int) -> frozenset[str]:
    """Return the plugins that are on in a community where somebody has a standing, or above it."""
    if not any(part.plugin for part in own_data.parts()):
        return frozenset()
    home, place = aliased(Node), aliased(Node)
    query = (
        select(Activation.plugin)
        .join(home, home.id == Activation.community_id)
        .join(place, place.ids.startswith(home.ids))
        .join(Standing, Standing.node_id == place.id)
        .where(Standing.person_id == person_id, Activation.on.is_(True))
        .distinct()
    )
    return frozenset(db.session.scalars(query))


def register() -> list[Processing]:
    """Return what is processed about people on this site: by the core, then plugin by plugin."""
    where = _where()
    parts = [
        Processing(part.owner, part.title, part.stored, part.plugin, where.get(part.owner, []), [])
        for part in own_data.parts()
        if part.stored and not part.plugin
    ]
    for plugin in _loaded():
        tables = [table.name for table in tables_about_people(plugin.name)]
        undeclared = [] if plugin.personal_data else tables
        if plugin.personal_data or undeclared:
            on = where.get(plugin.name, [])
            parts.append(
                Processing(plugin.name, plugin.title, plugin.personal_data, True, on, undeclared)  # noqa: FBT003
            )
    return parts


def shown() -> list[Processing]:
    """Return what plugins that are on somewhere declare, for everybody to read."""
    return [part for part in register() if part.plugin and part.stored and part.where]


def _where() -> dict[str, list[str]]:
    query = (
        select(Activation.plugin, Node.name)
        .join(Community, Community.id == Activation.community_id)
        .join(Node, Node.id == Community.id)
        .where(Activation.on.is_(True), Node.valid_to.is_(None))
        .order_by(Node.ids)
    )
    found: dict[str, list[str]] = {}
    for plugin, name in db.session.execute(query):
        found.setdefault(plugin, []).append(name)
    return found
