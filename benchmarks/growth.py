"""Measure how pages of a neighbourhood grow with it: `python -m benchmarks.growth`.

A small town and a large one are written into two databases, and each page is asked of the one and
the other in turn. Statements are counted and held against their bounds; times are told as the share
of the large town's to the small one's. Audiences are counted over the large town.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from flask import Flask
from flask.testing import FlaskClient

from benchmarks import databases, inside
from benchmarks.databases import Place
from benchmarks.town import Town, fill
from civic.communities.models import Community
from civic.identities import sessions
from civic.identities.credentials import SignIn
from civic.kernel import clock
from civic.kernel.db import db
from civic.notices import audience
from civic.notices.kinds import ALL, ANY, NONE
from civic.notices.terms import Term

SMALL = {"people": 1_000, "nodes": 20, "notices": 100}
LARGE = {"people": 100_000, "nodes": 2_000, "notices": 10_000}
ROUNDS = 15
#: Seconds that an audience of half of a large town may take to be counted.
PREVIEW = 0.3


@dataclass(frozen=True)
class Page:
    """Be one page, who asks for it, and how many statements it may take."""

    name: str
    path: str
    who: str
    bound: int


PAGES = (
    Page("community home, visitor", "/c/c1/", "", 4),
    Page("community home, resident", "/c/c1/", "resident", 5),
    Page("notices, visitor", "/c/c1/notices/", "", 3),
    Page("notices, resident", "/c/c1/notices/", "resident", 3),
    Page("archive of notices, resident", "/c/c1/notices/archive", "resident", 3),
    Page("feed, visitor", "/c/c1/notices/feed.atom", "", 3),
    Page("staff desk, secretary", "/desk/", "secretary", 20),
    Page("staff desk, street officer", "/desk/", "officer", 20),
)


def main() -> None:
    """Fill two towns, measure, print; exit with 1 where a bound of statements is broken."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.add_argument(
        "--postgres", default="", metavar="URL", help="a server on which databases may be made"
    )
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    arguments = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="civic-growth-") as folder,
        databases.place(
            Path(folder) / "small", arguments.postgres, partial(fill, **SMALL)
        ) as small,
        databases.place(
            Path(folder) / "large", arguments.postgres, partial(fill, **LARGE)
        ) as large,
    ):
        broken = _pages(small, large, arguments.rounds)
        _audiences(large, arguments.rounds)
    raise SystemExit(1 if broken else 0)


def _client(place: Place[Town], who: str) -> FlaskClient:
    client = place.app.test_client()
    if who:
        person_id, secret = getattr(place.made, who), f"growth-{who}"
        with place.app.app_context():
            now = clock.now()
            if db.session.query(SignIn).filter_by(digest=sessions.digest(secret)).count() == 0:
                row = SignIn(person_id=person_id, digest=sessions.digest(secret), device="growth")
                row.began_at = row.confirmed_at = row.second_factor_at = now
                row.ends_at = now + sessions.LASTS
                db.session.add(row)
            db.session.commit()
        with client.session_transaction() as session:
            session["_user_id"] = f"{person_id}.{secret}"
    return client


def _pages(small: Place[Town], large: Place[Town], rounds: int) -> list[str]:
    print("\n| page | statements: small, large | bound | ms: small, large | share |")
    print("|---" * 5 + "|")
    broken = []
    for page in PAGES:
        clients = [_client(place, page.who) for place in (small, large)]
        counted = [
            _count(place.app, client, page.path)
            for place, client in zip((small, large), clients, strict=True)
        ]
        times: list[list[float]] = [[], []]
        for number in range(rounds):
            for which in (0, 1) if number % 2 else (1, 0):
                times[which].append(_ask(clients[which], page.path))
        few, many = median(times[0]) * 1000, median(times[1]) * 1000
        if counted[1] > page.bound or counted[0] != counted[1]:
            broken.append(page.name)
        print(
            f"| {page.name} | {counted[0]}, {counted[1]} | {page.bound} "
            f"| {few:.1f}, {many:.1f} | {many / few:.2f} |",
            flush=True,
        )
    if broken:
        print(f"\nMore statements than allowed, or more in the large town: {', '.join(broken)}")
    return broken


def _count(app: Flask, client: FlaskClient, path: str) -> int:
    client.get(path)
    with inside.statements(app) as seen:
        response = client.get(path)
    if response.status_code != 200:
        message = f"{path} answered {response.status_code}"
        raise RuntimeError(message)
    return len(seen) - seen.count("COMMIT")


def _ask(client: FlaskClient, path: str) -> float:
    return _timed(lambda: client.get(path))


def _timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _audiences(place: Place[Town], rounds: int) -> None:
    """Count audiences of the large town; half of all people is 50,000."""
    town = place.made
    half = Term(role=ANY, code="resident", node_id=town.half)
    both = Term(role=ALL, code="resident_living", node_id=town.street.id, min_level=2)
    without = Term(role=NONE, code="staff", node_id=town.street.id)
    kinds = {
        "half of the town": [half],
        "half, and only if also …": [half, both],
        "half, and without …": [half, without],
        "half, only if also, and without": [half, both, without],
        "everybody at the street (public)": [],
    }
    print(f"\n| audience | people | s: median, worst | wanted |\n{'|---' * 4}|")
    with place.app.app_context():
        community = db.session.get_one(Community, town.first.id)
        for name, terms in kinds.items():
            people = audience.reach(community, terms)
            times = [_timed(lambda t=terms: audience.reach(community, t)) for _ in range(rounds)]
            db.session.rollback()
            print(f"| {name} | {people:,} | {median(times):.3f}, {max(times):.3f} | ≤ {PREVIEW} |")


if __name__ == "__main__":
    main()
