"""What the database itself holds: keys, checks and triggers, whatever the code would do."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, inspect, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.voting import closing
from civic.voting.box import Paper, Receipt, UsedRight
from civic.voting.models import Ballot, BallotExtension, BallotOption, BallotStep
from civic.voting.sheets import Sheet
from tests.factories import World
from tests.voting.boxes import ballot, close, vote
from tests.voting.sheets import on_paper

UNIQUE = {
    "used_right": {("ballot_id", "key"), ("ballot_id", "right_id")},
    "receipt": {("ballot_id", "number"), ("ballot_id", "code"), ("ballot_id", "strikes")},
    "paper": {("ballot_id", "key")},
    "voting_right": {("id",), ("roll_id", "number"), ("roll_id", "key")},
    "right_holder": {("right_id", "person_id")},
    "receipt_check": {("ballot_id", "number")},
    "ballot_step": {("id",), ("ballot_id", "act")},
    "ballot": {("id",), ("id", "secrecy", "rehearsal")},
    "sheet": {("ballot_id", "serial")},
    "sheet_scan": {("id",), ("stored",)},
    "paper_work": {("ballot_id",)},
}
CHECKS = {
    "used_right": {"channel", "detached", "rehearsal"},
    "receipt": {"act", "channel", "strikes", "withdrawn", "rehearsal"},
    "ballot": {
        "period",
        "turnout",
        "kind",
        "method",
        "secrecy",
        "shows",
        "tie",
        "seats",
        "detached_once",
        "fixed",
        "sealed",
    },
    "ballot_step": {"act", "two_people", "confirmed"},
    "ballot_extension": {"later", "reason"},
    "roll": {"unit", "state", "measures", "frozen", "two_people"},
    "roll_change": {"act", "reason", "two_people", "confirmed"},
    "roll_objection": {"outcome", "text", "answered"},
    "voting_right": {"measures"},
    "urn": {"detached"},
    "paper": {"measures"},
    "paper_work": {"two_people", "confirmed"},
    "sheet": {
        "state",
        "channel",
        "serial",
        "two_people",
        "third_person",
        "void_two_people",
        "void",
        "witnessed",
        "reason",
        "why",
        "typed_twice",
        "counted",
        "forgotten",
    },
    "sheet_scan": {"of_one"},
    "mandate": {"name", "two_people", "confirmed", "revoked"},
}


def test_keys_and_checks_stand_in_the_database(app: Flask) -> None:
    schema = inspect(db.engine)
    for table, expected in UNIQUE.items():
        found = {tuple(schema.get_pk_constraint(table)["constrained_columns"])}
        found |= {tuple(one["column_names"]) for one in schema.get_unique_constraints(table)}
        assert found >= expected, table
    for table, names in CHECKS.items():
        found = {one["name"] for one in schema.get_check_constraints(table)}
        assert found >= {f"ck_{table}_{name}" for name in names}, table


def refuses(*statements: object) -> None:
    with pytest.raises((IntegrityError, DBAPIError)):
        _try(statements)
    db.session.rollback()


def _try(statements: tuple[object, ...]) -> None:
    for statement in statements:
        db.session.execute(statement)
    db.session.flush()


def test_rules_that_are_fixed_stay(app: Flask, world: World) -> None:
    made = ballot(world.erlong, changeable=False)
    mine = update(Ballot).where(Ballot.id == made.id)
    for values in (
        {"question": "另一个问题"},
        {"method": "approval", "kind": "approval"},
        {"limits": {"max": 1}},
        {"audience": ["worker"]},
        {"opens_at": made.opens_at - timedelta(days=1)},
        {"closes_at": made.closes_at + timedelta(days=1)},
        {"fingerprint": "0" * 64},
        {"fingerprint": None, "fixed_at": None},
        {"rules": {}},
        {"procedure": {"data": {}}},
        {"secrecy": "named"},
        {"secrecy": "detached"},
        {"rehearsal": True},
        {"changeable": True},
        {"formal": True},
    ):
        refuses(mine.values(values))
    refuses(update(BallotOption).where(BallotOption.ballot_id == made.id).values(text="换"))
    refuses(delete(BallotOption).where(BallotOption.ballot_id == made.id))
    more = BallotOption(ballot_id=made.id, position=9, text="再一个")
    db.session.add(more)
    refuses()


def test_secrecy_is_promised_when_a_ballot_is_made(app: Flask, world: World) -> None:
    draft = Ballot(
        community_id=world.erlong.id,
        question="?",
        audience=[],
        opens_at=clock.now(),
        closes_at=clock.now() + timedelta(days=1),
    )
    db.session.add(draft)
    db.session.commit()
    mine = update(Ballot).where(Ballot.id == draft.id)
    refuses(mine.values(secrecy="named"))
    refuses(mine.values(rehearsal=True))


def test_the_chain_takes_only_what_fits_and_gives_nothing_back(app: Flask, world: World) -> None:
    made = ballot(world.erlong)
    vote(made, 0)
    entry = {
        "ballot_id": made.id,
        "number": 2,
        "code": "AAAA-AAAA-AAAA",
        "act": "cast",
        "channel": "online",
        "rehearsal": False,
        "previous": made.head,
        "hash": "0" * 64,
    }
    table = Receipt.metadata.tables["receipt"]
    refuses(table.insert().values(entry | {"number": 3}))
    refuses(table.insert().values(entry | {"previous": "0" * 64}))
    refuses(table.insert().values(entry | {"rehearsal": True, "code": "TEST0-AAAA-AAAA-AAAA"}))
    refuses(table.insert().values(entry | {"act": "withdrawn"}))
    refuses(table.insert().values(entry | {"strikes": 2}))
    refuses(update(Receipt).values(code="BBBB-BBBB-BBBB"))
    refuses(delete(Receipt))


def test_a_right_is_used_once_and_a_detached_vote_has_no_choice(app: Flask, world: World) -> None:
    made = ballot(world.erlong)
    vote(made, 0, world.resident)
    used = UsedRight.metadata.tables["used_right"]
    row = {
        "ballot_id": made.id,
        "key": f"person:{world.resident.id}",
        "secrecy": "sealed",
        "rehearsal": False,
        "channel": "online",
    }
    refuses(used.insert().values(row))
    refuses(used.insert().values(row | {"key": "x", "secrecy": "named"}))
    refuses(used.insert().values(row | {"key": "x", "rehearsal": True}))
    refuses(used.insert().values(row | {"key": "test:1"}))
    detached = ballot(world.erlong, secrecy="detached", changeable=False)
    mine = row | {"ballot_id": detached.id, "secrecy": "detached", "key": "x"}
    refuses(used.insert().values(mine | {"choice": "1"}))
    refuses(used.insert().values(mine | {"cast_at": clock.now()}))


def test_what_is_sealed_stays(app: Flask, world: World) -> None:
    made = ballot(world.erlong)
    vote(made, 0)
    close(made)
    mine = update(Ballot).where(Ballot.id == made.id)
    for values in ({"closing": {}}, {"closing_hash": "0"}, {"turnout": 0}, {"head": ""}):
        refuses(mine.values(values))
    refuses(update(Paper).values(choice="null"))
    refuses(delete(Paper))
    key = {"ballot_id": made.id, "key": "f" * 32, "choice": "null", "heads": 1, "rehearsal": False}
    refuses(Paper.metadata.tables["paper"].insert().values(key))


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"method": "approval"}, "method"),
        ({"limits": {"max": 3}}, "limits"),
        ({"procedure": {"data": {"silence_follows_majority": True}}}, "procedure"),
        ({"procedure": {"data": {"pass": {"weights": [{"measure": "experts"}]}}}}, "part"),
    ],
)
def test_what_cannot_be_counted_is_not_opened(
    app: Flask, world: World, values: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        ballot(world.erlong, **values)
    assert refused.value.code == code
    db.session.rollback()


def test_two_people_are_two(app: Flask, world: World) -> None:
    made = ballot(world.erlong)
    now = clock.now()
    db.session.add(
        BallotStep(
            ballot_id=made.id,
            act="close",
            proposed_by=world.secretary.id,
            proposed_at=now,
            confirmed_by=world.secretary.id,
            confirmed_at=now,
        )
    )
    refuses()
    db.session.add(
        BallotExtension(
            ballot_id=made.id,
            was=made.closes_at,
            closes_at=made.closes_at,
            reason="x",
            by=world.secretary.id,
            at=now,
        )
    )
    refuses()


def test_a_sheet_says_who_typed_it_and_forgets_what(app: Flask, world: World) -> None:
    made = on_paper(world)
    one, two = world.secretary.id, world.deputy.id
    seen = {"witness_one": "甲", "witness_two": "乙", "handed_in_at": clock.now()}
    first = seen | {"state": "typed", "first_by": one, "first_typed": "{}"}
    counted = seen | {"state": "counted", "key": "household:1", "first_by": one, "second_by": two}
    sheet = update(Sheet).where(Sheet.ballot_id == made.id)
    mine = sheet.where(Sheet.serial == 1)
    for values in (
        first | {"second_by": one},
        first | {"witness_two": ""},
        first | {"witness_two": "甲"},
        first | {"second_by": two, "decided_by": two},
        first | {"second_by": two, "decided_by": one},
        counted | {"first_typed": "{}"},
        counted | {"second_by": None},
        counted | {"key": None},
        counted | {"state": "invalid"},
        counted | {"channel": "telephone"},
        counted | {"channel": "online"},
        {"state": "void", "reason": "undecided"},
        {"state": "void", "reason": "undecided", "void_by": one, "void_confirmed_by": one},
        {"secrecy": "named"},
        {"serial": 0},
        {"state": "lost"},
    ):
        refuses(mine.values(values))
    db.session.execute(mine.values(counted))
    refuses(sheet.where(Sheet.serial == 2).values(counted))
    table = Sheet.metadata.tables["sheet"]
    issued = {"ballot_id": made.id, "secrecy": "sealed", "rehearsal": False, "channel": "paper"}
    issued |= {"state": "issued", "issued_by": one, "issued_at": clock.now()}
    issued |= dict.fromkeys(("witness_one", "witness_two", "reason", "note"), "")
    refuses(table.insert().values(issued | {"serial": 9}))
    with clock.at(made.closes_at + timedelta(days=2)):
        closing.close(made.id)
    db.session.commit()
    refuses(mine.values(note="later"))
    refuses(table.insert().values(issued | {"serial": 10}))
    refuses(delete(Sheet))


def test_the_guards_are_where_they_belong(app: Flask) -> None:
    catalogue = {
        "sqlite": "SELECT tbl_name, count(*) FROM sqlite_master WHERE type='trigger' GROUP BY 1",
        "postgresql": (
            "SELECT relname, count(*) FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
            "WHERE NOT tgisinternal GROUP BY 1"
        ),
    }
    found = dict(db.session.execute(text(catalogue[db.engine.dialect.name])).all())
    db.session.commit()
    assert (found["ballot"], found["ballot_option"], found["paper"]) == (4, 3, 3)
    assert found["ballot_extension"] == 2
    assert found["receipt"] == (4 if db.engine.dialect.name == "sqlite" else 3)
