"""Build the street of the demonstration: places, offices, people."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from civic.communities import services as communities
from civic.communities.kinds import GATE, HOMES
from civic.communities.models import Community, Node, Post
from civic.demo.script import Calendar, read
from civic.identities import claims, codes, collected, organisations, standings
from civic.identities import services as identities
from civic.identities.actors import actor_for
from civic.identities.models import Person, Standing
from civic.identities.names import masked
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.permissions import Actor
from civic.kernel.phones import Identifier

FOUNDED, APPOINTED, INVITED = "-120 09:00", "-90 09:00", "-60 09:00"
#: Somebody joins every few hours, day and night; nobody looks.
BETWEEN_JOINS = timedelta(hours=5)
LIVING = "resident_living"
#: Letters of each batch that nobody has used.
SPARE = 2
#: A hash that no password fits.
LOCKED = "-"


@dataclass
class Street:
    """Hold the places and people of the demonstration by their names in the script.

    :ivar moved_by: what moves somebody, by which their answers are made up.
    :ivar accounts: what people sign in with.
    :ivar quiet: people who have done nothing yet but join.
    """

    nodes: dict[str, Node] = field(default_factory=dict)
    homes: dict[str, Community] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    moved_by: dict[str, frozenset[str]] = field(default_factory=dict)
    accounts: dict[str, Identifier] = field(default_factory=dict)
    quiet: set[str] = field(default_factory=set)
    _actors: dict[str, Actor] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        """Return somebody as the actor that they are from when they first act."""
        if name not in self._actors:
            found = actor_for(self.people[name].id)
            assert found is not None  # noqa: S101 - made a moment ago
            self._actors[name] = found
        return self._actors[name]

    def place(self, row: Mapping[str, Any]) -> Node:
        """Return the building or gate that a row of the script names."""
        return self.nodes[row["at"] + row.get("gate", "")]


def found(calendar: Calendar) -> Street:
    """Make the places; nobody is there yet."""
    street = Street()
    with clock.at(calendar.moment(FOUNDED)):
        _places(street, read("street")["place"])
    return street


def settle(street: Street, calendar: Calendar, hashes: Mapping[str, str]) -> None:
    """Let people take up posts and join, each step at its time.

    :param hashes: hashes of the passwords of those who can sign in.
    """
    script = read("street")
    with clock.at(calendar.moment(APPOINTED)):
        _staff(street, script["staff"], hashes)
    _residents(street, read("people"), calendar.moment(INVITED), hashes)
    for unit in script["unit"]:
        _unit(street, unit, calendar)


def _places(street: Street, places: list[dict[str, Any]]) -> None:
    for row in places:
        above = street.nodes.get(row.get("above", ""))
        node = street.nodes[row["key"]] = communities.add_node(row["kind"], row["name"], above)
        if row["kind"] in HOMES:
            details = {key: row.get(key, "") for key in ("telephone", "hours", "about")}
            street.homes[row["key"]] = communities.found(node, row["slug"], **details)
        for gate in row.get("gates", ()):
            street.nodes[row["key"] + gate] = communities.add_node(GATE, gate, node)


def _staff(street: Street, staff: list[dict[str, Any]], hashes: Mapping[str, str]) -> None:
    for row in staff:
        now = clock.now()
        person = Person(
            name=row["name"],
            public_name=masked(row["name"]),
            password_hash=hashes.get(row["id"], LOCKED),
            adult=True,
            agreed=collected.VERSION,
            agreed_at=now,
            created_at=now,
        )
        db.session.add(person)
        db.session.flush()
        identities.add_contact(person, address(row), proven=True)
        post: Post = communities.add_post(
            street.nodes[row["at"]], row["post"], row["title"], row["office"]
        )
        identities.appoint(person, post.id)
        street.people[row["id"]] = person
        street.accounts[row["id"]] = address(row)


def address(row: Mapping[str, Any]) -> Identifier:
    """Return what somebody signs in with."""
    if "phone" in row:
        return Identifier("phone", f"+86{row['phone']}")
    return Identifier("email", f"{row['id']}@example.com")


def _residents(
    street: Street, people: dict[str, Any], invited: datetime, hashes: Mapping[str, str]
) -> None:
    rows = [(row, LIVING) for row in people["resident"]]
    rows += [(row, "worker") for row in people["worker"]]
    needed = Counter((street.place(row).id, kind) for row, kind in rows)
    letters: dict[tuple[int, str], list[codes.Fresh]] = {}
    for number, (row, kind) in enumerate(rows):
        node = street.place(row)
        key = (node.id, kind)
        if key not in letters:
            with clock.at(invited + number * BETWEEN_JOINS):
                letters[key] = invite(street, node, kind, needed[key] + SPARE)
        fresh = letters[key].pop()
        with clock.at(invited + (number + 1) * BETWEEN_JOINS):
            newcomer = identities.Newcomer(
                name=row["name"],
                identifier=address(row),
                password_hash=hashes.get(row["id"], LOCKED),
                adult=True,
            )
            person = identities.sign_up(fresh.row, newcomer)
            street.people[row["id"]] = person
            street.accounts[row["id"]] = address(row)
            if row.get("known"):
                _verify(street, person)
        street.moved_by[row["id"]] = frozenset(row["is"])
        if row.get("new"):
            street.quiet.add(row["id"])


def invite(
    street: Street, node: Node, kind: str, count: int = 1, note: str = ""
) -> list[codes.Fresh]:
    """Make a batch of codes for a place, by whoever makes codes there."""
    home = max(
        (home for home in street.homes.values() if home.id in node.path),
        key=lambda home: len(home.path),
    )
    by = street.actor("sunwei" if home is street.homes["erlonglu"] else "maliang")
    return codes.make(by, node, kind, count, community_id=home.id, note=note)


def _unit(street: Street, unit: Mapping[str, Any], calendar: Calendar) -> None:
    """Add a unit with its liaisons."""
    with clock.at(calendar.moment(unit["since"])):
        made = organisations.add(
            street.actor("hejing"),
            street.homes["street"],
            organisations.Details(
                kind="resident_unit",
                name=unit["name"],
                node_id=street.place(unit).id,
                telephone=unit["telephone"],
            ),
        )
        for liaison in filter(None, (unit["liaison"], unit.get("second"))):
            standings.grant(
                street.actor("hejing"),
                street.homes["street"],
                street.people[liaison].id,
                standings.Grant(
                    kind="resident_unit",
                    node_id=street.place(unit).id,
                    rests_on="desk",
                    organisation_id=made.id,
                ),
            )


def office(street: Street, calendar: Calendar) -> None:
    """Let the office have something to do: letters put out again, and a claim that waits."""
    script = read("street")
    again = script["batch"]
    with clock.at(calendar.moment(again["made"])):
        invite(street, street.place(again), LIVING, again["count"], again["note"])
    claim = script["claim"]
    with clock.at(calendar.moment(claim["made"])):
        claims.make(
            street.people[claim["person"]].id,
            street.homes["erlonglu"],
            kind=claim["kind"],
            node_id=street.place(claim).id,
            words=claim["words"],
        )


def _verify(street: Street, person: Person) -> None:
    """Raise a standing to the level of papers shown at the desk (domain.md §1)."""
    standing = db.session.query(Standing).filter_by(person_id=person.id).one()
    standing.kind, standing.level, standing.source = "resident_registered", 3, "desk"
    standing.verified_by = street.people["sunwei"].id
