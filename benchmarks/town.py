"""A large town, written in bulk: places, people with standings, posts and notices."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select

from civic.communities import kinds, services
from civic.communities.models import Community, Node
from civic.identities.kinds import DEPUTY, OFFICER, SECRETARY
from civic.identities.models import Contact, Person, Standing
from civic.identities.services import appoint
from civic.kernel import clock
from civic.kernel.db import db
from civic.notices.kinds import ANY, NOTICE, ORDINARY
from civic.notices.models import Notice, NoticeAudience, NoticeVersion

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
    deputy: int
    officer: int


def _bulk(model: Any, rows: list[dict[str, Any]]) -> None:  # noqa: ANN401 - a mapped class
    for start in range(0, len(rows), BATCH):
        db.session.execute(insert(model), rows[start : start + BATCH])


def fill(*, people: int, nodes: int, notices: int = 0) -> Town:
    """Write a street with two halves, and so many places, people and notices in them."""
    street_node = services.add_node(kinds.SUBDISTRICT, "大街道")
    street = services.found(street_node, "street", telephone="010-0000-0000")
    homes = []
    for number in range(2):
        node = services.add_node(kinds.COMMUNITY, f"第{number + 1}社区", street_node)
        homes.append(services.found(node, f"c{number + 1}", telephone="010-0000-0001"))
    gates = _places(homes, nodes)
    ids = _people(gates, people)
    posts = {}
    for kind, node in (
        (SECRETARY, homes[0].node),
        (DEPUTY, homes[0].node),
        (OFFICER, street_node),
    ):
        posts[kind] = ids[len(posts)]
        post = services.add_post(node, kind, kind, "办公室")
        appoint(db.session.get_one(Person, posts[kind]), post.id)
    town = Town(street, homes[0], homes[0].id, ids[-2], *posts.values())
    _notices(town, homes, gates, notices)
    db.session.commit()
    return town


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


def _notices(town: Town, homes: list[Community], gates: list[int], count: int) -> None:
    """Write issued notices, a third for everybody, a third for a community, a third for a gate.

    Half of them hang no longer. One in fifty waits to be checked.
    """
    now = clock.now()
    first = (db.session.scalar(select(func.max(Notice.id))) or 0) + 1
    rows, versions, terms = [], [], []
    for number in range(count):
        notice_id, home = first + number, homes[number % len(homes)]
        at = now - timedelta(minutes=30 * (count - number))
        text = {"title": f"第{number}号停水通知", "body": "明天停水。", "html": "<p>明天停水。</p>"}
        rows.append(_notice(notice_id, home, at, text, town, waits=number % 50 == 49))
        made = {"made_by": town.secretary, "made_at": at}
        approved = {"approved_by": town.deputy, "at": at}
        versions.append({"notice_id": notice_id, "number": 1, **text, **made, **approved})
        if number % 3:
            node = home.id if number % 3 == 1 else gates[number % len(gates)]
            term = {"role": ANY, "code": "resident", "node_id": node, "min_level": 0}
            terms.append({"notice_id": notice_id, **term})
    for model, made_rows in ((Notice, rows), (NoticeVersion, versions), (NoticeAudience, terms)):
        _bulk(model, made_rows)


def _notice(
    notice_id: int, home: Community, at: datetime, words: dict[str, str], town: Town, *, waits: bool
) -> dict[str, Any]:
    issued = {
        "issued_by": None if waits else town.deputy,
        "issued_at": None if waits else at,
        "year": None if waits else at.year,
        "sequence": None if waits else notice_id,
        "number": None if waits else f"{home.name}通知〔{at.year}〕{notice_id}号",
        "version": 0 if waits else 1,
        "changed_at": None if waits else at,
        "valid_to": at + timedelta(days=1) if notice_id % 2 else None,
    }
    return {
        "id": notice_id,
        "community_id": home.id,
        "kind": NOTICE,
        "level": ORDINARY,
        "office": "居委会",
        "drafted_by": town.secretary,
        "drafted_at": at,
        "submitted_at": at,
        **words,
        **issued,
    }
