"""Give the places of the demonstration their bodies, their links and a history."""

from typing import Any

from civic.communities import bodies, reform, tree
from civic.communities.kinds import COVERS, SERVES
from civic.communities.tree import Act
from civic.demo.script import Calendar, read
from civic.demo.street import Street
from civic.kernel import clock
from civic.kernel.db import db

DETAILS = ("telephone", "hours", "place", "about")


def furnish(street: Street, calendar: Calendar) -> None:
    """Let what happened to places happen, each at its time; then add what stands at them.

    Nobody has a standing or a post there yet, so that no rights end.
    """
    script = read("places")
    _merge(street, script["merged"], calendar)
    _move(street, script["moved"], calendar)
    with clock.at(calendar.moment(script["furnished"])):
        _add(street, script)


def _add(street: Street, script: dict[str, Any]) -> None:
    for row in script["node"]:
        node = tree.add(_act(row), row["kind"], row["name"], street.nodes[row["above"]].id)
        street.nodes[row["key"]] = node
        for kind in (COVERS, SERVES):
            for target in row.get(kind, ()):
                bodies.link(kind, node.id, street.nodes[target].id)
    for row in script["body"]:
        details = {name: row.get(name, "") for name in DETAILS}
        about = bodies.Details(kind=row["kind"], title=row["title"], **details)
        bodies.add(street.nodes[row["at"]].id, about)
    db.session.flush()


def _act(row: dict[str, Any]) -> Act:
    return Act(
        person_id=None, at=clock.now(), basis=row.get("basis", ""), reason=row.get("reason", "")
    )


def _merge(street: Street, row: dict[str, Any], calendar: Calendar) -> None:
    with clock.at(calendar.moment(row["at"])):
        source, target = (street.nodes[row[name]].id for name in ("source", "target"))
        reform.merge(_act(row), [source], target)
        del street.homes[row["source"]]


def _move(street: Street, row: dict[str, Any], calendar: Calendar) -> None:
    with clock.at(calendar.moment(row["at"])):
        tree.move(_act(row), street.nodes[row["place"]].id, street.nodes[row["below"]].id)
