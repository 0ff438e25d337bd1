"""A large town, written in bulk: places, people with standings, and posts."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select

from civic.communities import kinds, services
from civic.communities.models import Community, Node
from civic.identities.kinds import OFFICER, SECRETARY
from civic.identities.models import Contact, Person, Standing
from civic.identities.services import appoint
from civic.kernel import clock
from civic.kernel.db import db

BATCH = 5000
GATES = 6


@dataclass(frozen=True)
class Town:
    """Name what the measurements ask for.

    :ivar half: a node below which about half of all people have a standing.
    """

    street: Community
    first: Community
    half: int
    resident: int
    secretary: int
    officer: int


def _bulk(model: Any, rows: list[dict[str, Any]]) -> None:  # noqa: ANN401 - a mapped class
    for start in range(0, len(rows), BATCH):
        db.session.execute(insert(model), rows[start : start + BATCH])


def fill(*, people: int, nodes: int) -> Town:
    """Write a street with two halves, so many places below it, and so many people in them."""
    street_node = services.add_node(kinds.SUBDISTRICT, "大街道")
    street = services.found(street_node, "street", telephone="010-0000-0000")
    homes = []
    for number in range(2):
        node = services.add_node(kinds.COMMUNITY, f"第{number + 1}社区", street_node)
        homes.append(services.found(node, f"c{number + 1}", telephone="010-0000-0001"))
    gates = _places(homes, nodes)
    ids = _people(gates, people)
    posts = {}
    for kind, node in ((SECRETARY, homes[0].node), (OFFICER, street_node)):
        posts[kind] = ids[len(posts)]
        post = services.add_post(node, kind, kind, "办公室")
        appoint(db.session.get_one(Person, posts[kind]), post.id)
    db.session.commit()
    return Town(street, homes[0], homes[0].id, ids[-2], posts[SECRETARY], posts[OFFICER])


def _places(homes: list[Community], nodes: int) -> list[int]:
    first = (db.session.scalar(select(func.max(Node.id))) or 0) + 1
    rows: list[dict[str, Any]] = []
    gates: list[int] = []
    building: dict[int, dict[str, Any]] = {}
    for number in range(nodes):
        home = homes[number % len(homes)]
        node_id = first + number
        if number % (GATES * len(homes)) < len(homes):
            row = _row(node_id, kinds.BUILDING, f"{number}号楼", home.id, home.node.ids)
            building[home.id] = row
        else:
            above = building[home.id]
            row = _row(node_id, kinds.GATE, f"{number}单元", above["id"], above["ids"])
            gates.append(node_id)
        rows.append(row)
    _bulk(Node, rows)
    return gates


def _row(node_id: int, kind: str, name: str, parent_id: int, above: str) -> dict[str, Any]:
    return {
        "id": node_id,
        "kind": kind,
        "name": name,
        "parent_id": parent_id,
        "ids": f"{above}{node_id}/",
        "valid_from": clock.now(),
        "valid_to": None,
    }


def _people(gates: list[int], people: int) -> list[int]:
    now = clock.now()
    first = (db.session.scalar(select(func.max(Person.id))) or 0) + 1
    ids = list(range(first, first + people))
    common = {"password_hash": "-", "adult": True, "agreed": "bench", "agreed_at": now}
    if "session_key" in Person.__table__.columns:
        common |= {"session_key": "bench"}
    _bulk(
        Person,
        [{"id": n, "name": "居民", "public_name": "居*", "created_at": now, **common} for n in ids],
    )
    _bulk(
        Contact,
        [
            {"person_id": n, "kind": "email", "value": f"p{n}@example.org", "proven_at": now}
            for n in ids
        ],
    )
    _bulk(
        Standing,
        [
            {
                "person_id": n,
                "kind": "resident_living",
                "node_id": gates[n % len(gates)],
                "level": 2,
                "source": "bench",
                "valid_from": now,
            }
            for n in ids
        ],
    )
    return ids
