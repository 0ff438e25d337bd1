"""Measure the ballot box: `python -m benchmarks.votes [--most N] [--postgres URL]`.

Votes are cast by the service, one commit each, in turn with a bare insert and its commit on the
same database; beside ever more ballots in the box; then full boxes are closed and recounted.
"""

import argparse
import resource
import secrets
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from unittest.mock import patch

from flask import Flask
from sqlalchemy import func, select, text

from civic.app import create_app
from civic.communities import kinds as nodes
from civic.communities import services as communities
from civic.communities.models import Community
from civic.kernel import clock, config, migrate
from civic.kernel.db import db
from civic.voting import (
    bundles,
    canonical,
    closing,
    codes,
    counting,
    gathering,
    opening,
    services,
    standings,
    verifying,
)
from civic.voting.box import Paper, Receipt, UsedRight
from civic.voting.choices import Marks
from civic.voting.models import Ballot, BallotOption

CHUNK = 5000
ROUNDS, EACH = 7, 150


def site(folder: Path, url: str) -> Flask:
    """Return a site with a community; it is founded when it is not there yet."""
    environment = {"CIVIC_INSTANCE": str(folder / "civic"), "CIVIC_SECRET_KEY": "bench" * 8}
    app = create_app(config.load(environment | ({"CIVIC_DATABASE_URL": url} if url else {})))
    with app.app_context():
        migrate.upgrade()
        if db.session.scalar(select(func.count()).select_from(Community)):
            return app
        db.session.execute(text("CREATE TABLE IF NOT EXISTS bench (id INTEGER, at TEXT)"))
        street = communities.add_node(nodes.SUBDISTRICT, "金融街街道")
        node = communities.add_node(nodes.COMMUNITY, "二龙路社区", street)
        communities.found(street, "jinrongjie")
        communities.found(node, "erlonglu")
        db.session.commit()
    return app


def _ballot() -> Ballot:
    now = clock.now()
    made = Ballot(
        community_id=1,
        question="停车位设在哪里？",
        audience=[],
        opens_at=now.replace(year=now.year - 1),
        closes_at=now.replace(year=now.year + 1),
        options=[BallotOption(position=number, text=f"第{number}处") for number in range(5)],
    )
    db.session.add(made)
    db.session.flush()
    # Nobody stands behind these votes: at the close all of them would be struck.
    with patch.object(standings, "rule", return_value=standings.AT_CAST):
        opening.fix(made)
    db.session.commit()
    return made


def _fill(made: Ballot, until: int) -> None:
    """Fill a box by rows, each receipt chained to the one before, as votes would have."""
    db.session.refresh(made)
    options = [str(option["id"]) for option in made.rules["options"]]
    head, first = made.head, made.receipts
    for start in range(first + 1, until + 1, CHUNK):
        rights, receipts = [], []
        for number in range(start, min(start + CHUNK, until + 1)):
            code = codes.fresh()
            line = canonical.receipt(number, code, "cast", None, "online")
            row = {"ballot_id": made.id, "rehearsal": False, "channel": "online", "code": code}
            following = canonical.link(head, line)
            rights.append(
                row | {"key": f"left:{number}", "secrecy": "sealed", "choice": options[number % 5]}
            )
            receipts.append(
                row | {"number": number, "act": "cast", "previous": head, "hash": following}
            )
            head = following
        db.session.execute(UsedRight.metadata.tables["used_right"].insert(), rights)
        db.session.execute(Receipt.metadata.tables["receipt"].insert(), receipts)
        db.session.commit()
    db.session.refresh(made)
    db.session.commit()


def filled(size: int) -> Ballot:
    """Return a new ballot with so many votes in its box."""
    made = _ballot()
    _fill(made, size)
    return made


def _rate(act: Callable[[], object]) -> tuple[float, float]:
    """Return how many a second, and processor milliseconds of each."""
    began, used = time.perf_counter(), time.process_time()
    for _ in range(EACH):
        act()
    spent = (time.process_time() - used) * 1000 / EACH
    return EACH / (time.perf_counter() - began), spent


def _vote(made: Ballot) -> None:
    right = services.Right(key=f"left:x{secrets.token_hex(8)}", person_id=None)
    option = made.rules["options"][secrets.randbelow(5)]["id"]
    services.put(made, right, Marks(picked=[str(option)]))
    db.session.commit()


def _commit() -> None:
    db.session.execute(text("INSERT INTO bench VALUES (1, 'now')"))
    db.session.commit()


def _cast(most: int) -> None:
    """Cast beside 1,000 ballots and beside the most, and print how that compares."""
    heads = "ballots in the box", "votes/s", "bare commits/s", "share", "CPU ms a vote"
    print(f"| {' | '.join(heads)} |\n" + "|---" * len(heads) + "|")
    made = _ballot()
    spent = []
    for size in (1000, most):
        _fill(made, size)
        _rate(lambda: _vote(made))
        pairs = [(_rate(lambda: _vote(made)), _rate(_commit)) for _ in range(ROUNDS)]
        share = median(own[0] / bare[0] for own, bare in pairs)
        own, bare = (median(one[0] for one in values) for values in zip(*pairs, strict=True))
        spent.append(median(own[1] for own, _bare in pairs))
        print(
            f"| {size:,} | {own:,.0f} | {bare:,.0f} | {share:.2f} | {spent[-1]:.2f} |", flush=True
        )
    print(f"\nGrowth 1,000 → {most:,}: ×{spent[1] / spent[0]:.2f} by processor time (aim: ≤ 1.2)")


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _shortest(act: Callable[[], object]) -> float:
    """Return the shortest of a few runs, which others on the machine disturbed least."""
    return min(_seconds(act) for _ in range(5))


def _count(most: int, folder: Path) -> None:
    """Close, recount and check boxes of several sizes, and print how long that takes."""
    heads = "ballots", "close s", "count again s", "plain count s", "times", "verify.py s", "MB"
    print(f"| {' | '.join(heads)} |\n" + "|---" * len(heads) + "|")
    for size in (max(1000, most // 100), max(1000, most // 10), most):
        print(_counted(size, folder / "bundle.jsonl"), flush=True)


def _counted(size: int, file: Path) -> str:
    made = filled(size)
    with clock.at(made.closes_at):
        took = _seconds(lambda: (closing.close(made.id), db.session.commit()))
    db.session.refresh(made)
    db.session.commit()
    again = _shortest(lambda: audit(made))
    counted = (
        select(Paper.choice, func.count()).where(Paper.ballot_id == made.id).group_by(Paper.choice)
    )
    plain = _shortest(lambda: db.session.execute(counted).all())
    db.session.commit()
    with file.open("w") as stream:
        stream.writelines(bundles.lines(made))
    db.session.commit()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with file.open("rb") as lines:
        checked = _seconds(lambda: verifying.program().verify(lines, made.closing_hash))
    return (
        f"| {size:,} | {took:.2f} | {again:.2f} | {plain:.3f} | ×{again / plain:.1f} |"
        f" {checked:.2f} | {memory:.0f} |"
    )


def audit(made: Ballot) -> None:
    """Count again: read each choice, hash it into the root, and count."""
    found = gathering.gather(made)
    roll = made.closing["roll"]
    result = counting.count(made.rules, found.heads, found.area, made.head, roll)
    if (found.root, result) != (made.closing["root"], made.closing["result"]):
        message = "counting again gave something else"
        raise SystemExit(message)
    db.session.commit()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.votes", description=__doc__)
    parser.add_argument("--most", type=int, default=1_000_000, help="ballots in the fullest box")
    parser.add_argument("--postgres", default="", metavar="URL", help="an empty database")
    parser.add_argument("--only", choices=("casting", "counting"), default="")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="civic-votes-") as name:
        app = site(Path(name), given.postgres)
        with app.test_request_context(method="POST"):
            if given.only != "counting":
                _cast(given.most)
            if given.only != "casting":
                _count(given.most, Path(name))
            db.engine.dispose()


if __name__ == "__main__":
    main()
