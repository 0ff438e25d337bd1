"""A case in which very much is said: its pages ask as little, and ask by indexes."""

from collections import Counter
from collections.abc import Callable
from random import Random

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select, text, update
from sqlalchemy.dialects import sqlite

from civic.consultations import rounds, threads
from civic.consultations.models import LOTS, Comment, Consultation, Participant, Statement
from civic.consultations.models import StatementVote as Vote
from civic.identities.models import Person
from civic.kernel import clock
from civic.kernel.db import db
from tests.factories import World, consultation
from tests.test_query_counts import count

Login = Callable[[Person | None], FlaskClient]
PAGES = "", "comments", "comments?before=40", "comments/1", "statements/", "statements/?after=20"


def fill(world: World, case: Consultation, *, comments: int = 0, statements: int = 0) -> None:
    """Write threads without replies, and statements whose lots lie at even distances."""
    common = {"consultation_id": case.id, "created_at": clock.now()}
    said = {"author_id": world.resident.id, "text": "班车太挤了。", "html": "<p>班车太挤了。</p>"}
    taken, offered = case.comment_count, case.statement_count
    rows = [{**common, **said, "form_key": f"{taken + number}"} for number in range(comments)]
    sentences = [
        {**common, "text": f"停靠第{number}站。", "key": f"{number}", "lot": number * 1000}
        for number in range(offered, offered + statements)
    ]
    for model, made in ((Comment, rows), (Statement, sentences)):
        if made:
            db.session.execute(insert(model), made)
    db.session.execute(
        update(Consultation)
        .where(Consultation.id == case.id)
        .values(comment_count=taken + comments, statement_count=offered + statements)
    )
    db.session.commit()


def test_a_full_case_takes_no_statement_more(app: Flask, world: World, login: Login) -> None:
    case = consultation(world.erlong, stage="deliberating")
    fill(world, case, comments=100, statements=100)
    base = f"/c/erlonglu/consultations/{case.id}/"
    reader = login(world.neighbour)
    few = [count(app, reader, base + page) for page in PAGES]
    fill(world, case, comments=2_900, statements=2_900)
    assert [count(app, reader, base + page) for page in PAGES] == few
    assert max(few) <= 6


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("page", {"consultation_id": 1, "before": 3_000}),
        ("one", {"consultation_id": 1, "comment_id": 2, "after": 0}),
        ("round", {"consultation_id": 1, "person_id": 2, "start": 5_000}),
    ],
)
def test_they_are_found_by_indexes(
    sqlite_app: Flask, world_on_sqlite: World, name: str, values: dict[str, int]
) -> None:
    world = world_on_sqlite
    fill(world, consultation(world.erlong), comments=1_000, statements=1_000)
    db.session.execute(text("ANALYZE"))
    db.session.commit()
    query = {"page": threads._page(), "one": threads._one(), "round": rounds._round()}[name]
    asked = query.params(**values).compile(
        dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}
    )
    plan = [row[-1] for row in db.session.execute(text(f"EXPLAIN QUERY PLAN {asked}"))]
    db.session.commit()
    assert not [line for line in plan if line.startswith(("SCAN comment", "SCAN statement"))]
    assert "AUTOMATIC" not in "".join(plan)


@pytest.fixture
def world_on_sqlite(sqlite_app: Flask) -> World:
    from tests.factories import build_world

    return build_world()


def test_the_next_of_very_many_is_drawn_round_the_ring_of_lots(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = consultation(world.erlong)
    fill(world, case, statements=rounds.POOL * 3)
    ids = db.session.scalars(select(Statement.id).order_by(Statement.lot)).all()
    chance = Random(7)
    monkeypatch.setattr(rounds, "_random", chance)
    drawn = Counter[int]()
    for start in (0, 90_500, 150_500, LOTS - 1):
        monkeypatch.setattr(chance, "randrange", lambda _most, start=start: start)
        found = {rounds.next_for(case.id, world.resident.id).statement.id for _ in range(40)}
        first = -(-start // 1000) % len(ids) if start < LOTS - 1 else 0
        ring = [*ids[first:], *ids[:first]]
        assert found <= set(ring[: rounds.POOL])
        drawn.update(found)
    db.session.commit()
    assert len(drawn) > rounds.POOL / 2


def test_who_has_answered_nearly_all_is_asked_the_rest(world: World) -> None:
    case = consultation(world.erlong)
    fill(world, case, statements=rounds.POOL * 3)
    ids = db.session.scalars(select(Statement.id).order_by(Statement.id)).all()
    person = Participant(consultation_id=case.id, person_id=world.resident.id)
    db.session.add(person)
    db.session.flush()
    answer = {"participant_id": person.id, "choice": 1, "at": clock.now()}
    left = {ids[17], ids[-17]}
    done = [one for one in ids if one not in left]
    db.session.execute(insert(Vote), [{"statement_id": one, **answer} for one in done])
    db.session.commit()
    found = [rounds.next_for(case.id, world.resident.id) for _ in range(30)]
    db.session.commit()
    assert {one.statement.id for one in found} == left
    assert {(one.answered, one.total) for one in found} == {(len(done), len(ids))}
