"""The chain of official acts: whole, append-only, and telling when it was touched."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from civic.kernel import audit
from civic.kernel.audit import AuditActor, AuditEntry, broken
from civic.kernel.db import db
from tests.factories import World, scalars

TRIGGERS = {
    "sqlite": ["DROP TRIGGER audit_entry_no_update", "DROP TRIGGER audit_entry_no_delete"],
    "postgresql": ["DROP TRIGGER audit_entry_append_only ON audit_entry"],
}


@pytest.fixture
def chain(app: Flask, world: World) -> list[int]:
    """Five acts of the secretary."""
    made = [
        audit.append(
            "test.act",
            person_id=world.secretary.id,
            post="二龙路社区党委",
            subject=f"thing:{number}",
            community_id=world.erlong.id,
            data={"数": number, "b": None, "a": [1, "二"]},
        ).id
        for number in range(5)
    ]
    db.session.commit()
    return made


def found_broken() -> list[int]:
    found = list(broken())
    db.session.rollback()
    return found


def test_a_chain_that_was_left_alone_is_whole(chain: list[int]) -> None:
    assert found_broken() == []
    hashes = scalars(select(AuditEntry.hash).order_by(AuditEntry.id))
    before = scalars(select(AuditEntry.previous).order_by(AuditEntry.id))
    assert before == [audit.START, *hashes[:-1]]


@pytest.mark.parametrize(
    "statement",
    [
        update(AuditEntry).values(act="other"),
        delete(AuditEntry),
        text("UPDATE audit_entry SET post = 'x' WHERE id = (SELECT max(id) FROM audit_entry)"),
    ],
)
def test_the_database_refuses_to_change_it(chain: list[int], statement: object) -> None:
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(statement)
    db.session.rollback()
    assert found_broken() == []


def test_the_database_refuses_to_empty_it(chain: list[int]) -> None:
    verb = "TRUNCATE" if db.engine.dialect.name == "postgresql" else "DELETE FROM"
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(text(f"{verb} audit_entry"))
    db.session.rollback()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("act", "other.act"),
        ("post", "别的办公室"),
        ("subject", "thing:99"),
        ("actor", "somebody"),
        ("community_id", None),
        ("data", {"数": 7}),
        ("at", None),
        ("hash", "f" * 64),
        ("previous", "e" * 64),
    ],
)
def test_whoever_gets_past_the_database_is_found_out(
    chain: list[int], column: str, value: object
) -> None:
    for statement in TRIGGERS[db.engine.dialect.name]:
        db.session.execute(text(statement))
    if column == "at":
        value = scalars(select(AuditEntry.at).filter_by(id=chain[0]))[0]
    touched = update(AuditEntry).where(AuditEntry.id == chain[2]).values({column: value})
    db.session.execute(touched)
    db.session.commit()
    assert chain[2] in found_broken()


def test_an_act_that_was_taken_out_is_missed(chain: list[int]) -> None:
    for statement in TRIGGERS[db.engine.dialect.name]:
        db.session.execute(text(statement))
    db.session.execute(delete(AuditEntry).filter_by(id=chain[2]))
    db.session.commit()
    assert found_broken() == [chain[3]]


def test_a_person_can_be_erased_and_the_chain_stays_whole(chain: list[int]) -> None:
    actors = set(scalars(select(AuditEntry.actor)))
    assert len(actors) == 1
    assert scalars(select(AuditActor.key)) == list(actors)
    db.session.execute(delete(AuditActor))
    db.session.commit()
    assert found_broken() == []


def test_nothing_is_kept_of_an_act_that_was_not_done(chain: list[int]) -> None:
    audit.append("test.act", subject="thing:9")
    db.session.rollback()
    assert len(scalars(select(AuditEntry.id))) == 5
    audit.append("test.act", subject="thing:9")
    db.session.commit()
    assert found_broken() == []


def test_acts_at_once_make_one_chain(app: Flask, chain: list[int]) -> None:
    def act(number: int) -> None:
        with app.app_context():
            audit.append("test.act", actor="command", subject=f"thing:{number}")
            db.session.commit()

    with ThreadPoolExecutor(16) as pool:
        for done in [pool.submit(act, number) for number in range(16)]:
            done.result()
    assert len(scalars(select(AuditEntry.id))) == 21
    assert found_broken() == []
