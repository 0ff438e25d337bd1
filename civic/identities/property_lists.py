"""Take over a list of properties: parts, owners and households, all of it or nothing."""

import hmac
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, insert, or_, select, update

from civic.communities.kinds import BUILDING, ESTATE, GATE
from civic.communities.models import Community, Node
from civic.identities.dwellings import Dwelling, Household, Owner, Ownership
from civic.identities.property_tables import Named, PartRow
from civic.kernel import audit, clock
from civic.kernel.db import db
from civic.kernel.permissions import Actor
from civic.kernel.problems import Problem
from civic.kernel.sheets import folded

_NO_SUCH_PLACE = _l("There is no “%(value)s” here. Add the building or gate to the tree first.")
_TWO_PLACES = _l("“%(value)s” is here more than once. Say which estate it stands in.")
_DOOR = _l("Parts stand at a gate or a building, not at “%(value)s”.")


@dataclass
class PropertyPlan:
    """Say what a list would do.

    :ivar new: parts that are not here yet, each with the id of its place.
    :ivar changed: ids of parts whose areas, use, state or owners differ, with what the list says.
    """

    new: list[tuple[int, PartRow]] = field(default_factory=list)
    changed: list[tuple[int, PartRow]] = field(default_factory=list)
    known: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def counts(self) -> Counter[str]:
        """Return how many parts would be new, changed and unchanged."""
        return Counter(new=len(self.new), changed=len(self.changed), known=self.known)


def plan(community: Community, found: Sequence[PartRow]) -> PropertyPlan:
    """Compare a list with what is here, in a bounded number of statements; nothing is changed."""
    made = PropertyPlan()
    places = _places(community)
    here = {
        (row.node_id, folded(row.number)): row
        for row in db.session.scalars(
            select(Dwelling).where(
                Dwelling.community_id == community.id, Dwelling.valid_to.is_(None)
            )
        )
    }
    owners = _owners_of(here.values())
    for part in found:
        node_id = _place(part, places, made.problems)
        if node_id is None:
            continue
        dwelling = here.get((node_id, folded(part.number)))
        if dwelling is None:
            made.new.append((node_id, part))
        elif _differs(dwelling, part, owners.get(dwelling.id, frozenset())):
            made.changed.append((dwelling.id, part))
        else:
            made.known += 1
    return made


def apply(actor: Actor, community: Community, made: PropertyPlan) -> None:
    """Do what a plan says, in the acting transaction; lists of a place follow each other."""
    db.session.execute(select(Community.id).filter_by(id=community.id).with_for_update())
    now = clock.now()
    rows = [_columns(part) | _begun(community, node_id, part, now) for node_id, part in made.new]
    ids: list[int] = []
    if rows:
        db.session.execute(insert(Dwelling), rows)
        # Read back rather than returned: SQLite would insert them one by one.
        here = {(row.node_id, row.number): row.id for row in db.session.execute(_keys(community))}
        ids = [here[row["node_id"], row["number"]] for row in rows]
        homes = [
            {"community_id": community.id, "dwelling_id": key, "valid_from": now}
            for key, (_node, part) in zip(ids, made.new, strict=True)
            if part.use == "dwelling"
        ]
        if homes:
            db.session.execute(insert(Household), homes)
    for dwelling_id, part in made.changed:
        db.session.execute(
            update(Dwelling).where(Dwelling.id == dwelling_id).values(**_columns(part))
        )
    changed = [*zip(ids, (part for _node, part in made.new), strict=True), *made.changed]
    _own(community, changed)
    audit.done(
        "properties.imported", actor, community, f"community:{community.id}", dict(made.counts)
    )


def identity(community: Community, part: PartRow, owner: Named) -> str:
    """Return the keyed hash by which an owner is known again.

    By the whole number of a paper; else by name and last four; else in this part alone.
    """
    if len(owner.paper) > len(owner.last4):
        base = f"paper:{owner.paper}"
    elif owner.paper:
        base = f"name:{folded(owner.name)}:{owner.last4}"
    else:
        base = f"part:{part.at}:{folded(part.number)}:{folded(owner.name)}"
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.digest(key, f"owner:{community.id}:{base}".encode(), "sha256").hex()


def _columns(part: PartRow) -> dict[str, Any]:
    areas = {f"area_{source}_cm2": part.areas.get(source) for source in _SOURCES}
    return {"use": part.use, "state": part.state, **areas}


def _keys(community: Community) -> Select[int, int, str]:
    query = select(Dwelling.id, Dwelling.node_id, Dwelling.number)
    return query.where(Dwelling.community_id == community.id, Dwelling.valid_to.is_(None))


_SOURCES = ("register", "survey", "contract")


def _begun(community: Community, node_id: int, part: PartRow, now: Any) -> dict[str, Any]:  # noqa: ANN401
    place = {"community_id": community.id, "node_id": node_id}
    return place | {"number": part.number, "valid_from": now}


def _own(community: Community, parts: Iterable[tuple[int, PartRow]]) -> None:
    """Let the owners of parts be those that the list names."""
    now = clock.now()
    wanted: dict[int, dict[str, Named]] = {
        dwelling_id: {identity(community, part, owner): owner for owner in part.owners}
        for dwelling_id, part in parts
    }
    named = {key: owner for owners in wanted.values() for key, owner in owners.items()}
    known = _known(community)
    fresh = [
        {"community_id": community.id, "identity": key, "name": owner.name, "last4": owner.last4}
        for key, owner in named.items()
        if key not in known
    ]
    if fresh:
        db.session.execute(insert(Owner), fresh)
        known = _known(community)
    held = _held(wanted)
    rows = []
    for dwelling_id, owners in wanted.items():
        now_own = {known[key] for key in owners}
        before = held.get(dwelling_id, {})
        gone = [row_id for owner_id, row_id in before.items() if owner_id not in now_own]
        if gone:
            db.session.execute(update(Ownership).where(Ownership.id.in_(gone)).values(valid_to=now))
        rows += [
            {"dwelling_id": dwelling_id, "owner_id": owner_id, "valid_from": now}
            for owner_id in sorted(now_own - before.keys())
        ]
    if rows:
        db.session.execute(insert(Ownership), rows)


def _known(community: Community) -> dict[str, int]:
    query = select(Owner.identity, Owner.id).where(Owner.community_id == community.id)
    return {row.identity: row.id for row in db.session.execute(query)}


def _held(parts: Mapping[int, object]) -> dict[int, dict[int, int]]:
    query = select(Ownership.dwelling_id, Ownership.owner_id, Ownership.id).where(
        Ownership.valid_to.is_(None), Ownership.dwelling_id.in_(list(parts))
    )
    found: dict[int, dict[int, int]] = {}
    for row in db.session.execute(query):
        found.setdefault(row.dwelling_id, {})[row.owner_id] = row.id
    return found


def _owners_of(dwellings: Iterable[Dwelling]) -> dict[int, frozenset[str]]:
    ids = [row.id for row in dwellings]
    query = (
        select(Ownership.dwelling_id, Owner.identity)
        .join(Owner, Owner.id == Ownership.owner_id)
        .where(Ownership.valid_to.is_(None), Ownership.dwelling_id.in_(ids))
    )
    found: dict[int, set[str]] = {}
    for row in db.session.execute(query):
        found.setdefault(row.dwelling_id, set()).add(row.identity)
    return {key: frozenset(values) for key, values in found.items()}


def _differs(dwelling: Dwelling, part: PartRow, owners: frozenset[str]) -> bool:
    columns = _columns(part)
    named = {identity(dwelling.community, part, owner) for owner in part.owners}
    return named != owners or any(getattr(dwelling, key) != value for key, value in columns.items())


@dataclass
class _Places:
    """Hold the places below a community by their folded names, from the nearest up."""

    by_names: dict[tuple[str, ...], set[int]] = field(default_factory=dict)
    kinds: dict[int, str] = field(default_factory=dict)


def _places(community: Community) -> _Places:
    now = clock.now()
    query = (
        select(Node)
        .where(Node.ids.startswith(community.node.ids), Node.kind.in_((ESTATE, BUILDING, GATE)))
        .where(or_(Node.valid_to.is_(None), Node.valid_to > now))
    )
    nodes = {node.id: node for node in db.session.scalars(query)}
    places = _Places()
    for node in nodes.values():
        chain = [nodes[step] for step in node.path if step in nodes]
        names = tuple(folded(step.name) for step in chain)
        without = tuple(folded(step.name) for step in chain if step.kind != ESTATE)
        for key in {names, without}:
            places.by_names.setdefault(key, set()).add(node.id)
        places.kinds[node.id] = node.kind
    return places


def _place(part: PartRow, places: _Places, problems: list[Problem]) -> int | None:
    found = places.by_names.get(part.at, set())
    shown = {"value": " ".join(part.at)}
    if len(found) == 1:
        (node_id,) = found
        if places.kinds[node_id] != ESTATE:
            return node_id
        problems.append(Problem(code="door", row=part.row, message=_DOOR, values=shown))
    elif found:
        problems.append(Problem(code="two_places", row=part.row, message=_TWO_PLACES, values=shown))
    else:
        problems.append(
            Problem(code="no_such_place", row=part.row, message=_NO_SUCH_PLACE, values=shown)
        )
    return None
