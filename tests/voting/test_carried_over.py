"""Votes from before the box: carried over by the migration, counted by it, and carried back."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import MetaData, select

from civic.kernel import clock, migrate
from civic.kernel.db import db
from civic.voting import closing, opening
from civic.voting.box import UsedRight
from civic.voting.models import Ballot, BallotOption
from tests.databases import make_app
from tests.factories import scalars
from tests.voting.boxes import bundle, check

BEFORE = "0004"


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """A database from before, with two ballots in which people voted."""
    url = ""
    if request.param == "postgresql":
        server = request.getfixturevalue("postgresql")
        name = f"{server.name}_carried"
        server._run(f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name}")
        url = server._url(name)
    app = make_app(tmp_path / "instance", url)
    with app.app_context():
        migrate.upgrade()
        migrate.downgrade("civic", BEFORE)
        _fill()
        yield app
        db.session.rollback()
        db.engine.dispose()
    if url:
        server._run(f"DROP DATABASE {name} WITH (FORCE)")


def _fill() -> None:
    now = clock.now().replace(tzinfo=None) if db.engine.dialect.name == "sqlite" else clock.now()
    day = timedelta(days=1)
    meta = MetaData()
    with db.engine.begin() as connection:
        meta.reflect(connection)

        def add(table: str, **values: object) -> int:
            found = meta.tables[table]
            return connection.execute(found.insert().values(values)).inserted_primary_key[0]

        node = add("node", kind="community", name="二龙路", ids="/1/", valid_from=now - 99 * day)
        add("community", id=node, slug="erlonglu", telephone="", hours="", about="")
        people = [
            add(
                "person",
                name=f"人{n}",
                public_name="人*",
                password_hash="-",
                adult=True,
                agreed="t",
                agreed_at=now,
                created_at=now,
            )
            for n in range(4)
        ]
        for over in (True, False):
            dates = {"opens_at": now - 9 * day, "closes_at": now + (-1 if over else 9) * day}
            ballot_id = add(
                "ballot",
                community_id=node,
                question="设在哪里？",
                audience=["resident"],
                turnout=6 if over else 4,
                unlinked=1 if over else 0,
                **dates,
            )
            options = [
                add("ballot_option", ballot_id=ballot_id, position=n, text=f"第{n}处", unlinked=0)
                for n in range(2)
            ]
            if over:
                found = meta.tables["ballot_option"]
                unlinked = found.update().where(found.c.id == options[0]).values(unlinked=1)
                connection.execute(unlinked)
            add(
                "consultation",
                community_id=node,
                title="停车",
                background="",
                background_html="",
                audience=["resident"],
                opens_at=dates["opens_at"],
                voting_opens_at=dates["opens_at"],
                closes_at=dates["closes_at"],
                ballot_id=ballot_id,
                created_at=now - 10 * day,
                published_at=now - 10 * day,
                office="",
                comment_count=0,
                statement_count=0,
                participant_count=0,
            )
            for number, who in enumerate(people):
                add(
                    "vote",
                    ballot_id=ballot_id,
                    person_id=who,
                    option_id=options[number % 2] if number else None,
                    cast_at=now - 2 * day,
                )


def test_old_votes_are_counted_and_checked_by_the_new_box(old: Flask) -> None:
    migrate.upgrade()
    ballots = scalars(select(Ballot).order_by(Ballot.id))
    assert [(one.turnout, one.receipts) for one in ballots] == [(6, 6), (4, 4)]
    over, running = ballots
    options = scalars(select(BallotOption).filter_by(ballot_id=over.id))
    today = opening.rules_of(over, options, None)
    today["roll"].pop("heads_when_fixed")
    # Whoever voted then was told nothing of a check at the count, so that there is none.
    today["roll"].pop("standing")
    assert over.rules == today
    closing.close(over.id)
    db.session.commit()
    db.session.refresh(over)
    record = check(bundle(over), over.closing_hash)
    assert record["result"]["abstained"] == 2
    assert sorted(record["result"]["figures"].values()) == [2, 2]
    assert record["choices"] == record["roll"]["used"] == 6
    # The running one goes on: its rights are used, and its votes can still be changed.
    used = scalars(select(UsedRight.choice).filter_by(ballot_id=running.id))
    assert used.count("null") == 1
    assert len(used) == 4


def test_back_again_keeps_the_counts(old: Flask) -> None:
    migrate.upgrade()
    over = scalars(select(Ballot).order_by(Ballot.id))[0]
    closing.close(over.id)
    db.session.commit()
    db.session.remove()
    migrate.downgrade("civic", BEFORE)
    meta = MetaData()
    with db.engine.connect() as connection:
        meta.reflect(connection)
        ballot, option, vote = (meta.tables[name] for name in ("ballot", "ballot_option", "vote"))
        rows = connection.execute(select(ballot.c.unlinked).order_by(ballot.c.id)).scalars().all()
        assert rows == [2, 0]
        counts = select(option.c.unlinked).order_by(option.c.id)
        assert connection.execute(counts).scalars().all() == [2, 2, 0, 0]
        assert len(connection.execute(select(vote)).all()) == 4
    migrate.upgrade()
