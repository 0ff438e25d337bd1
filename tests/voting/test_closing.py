"""Closing a ballot: the record, the bundle that a stranger checks, and any bit that was changed."""

import random
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.voting import board, closing
from civic.voting.box import Paper, Receipt, UsedRight
from civic.voting.verifying import program as verifier
from tests.factories import World, build_world, scalars
from tests.voting.boxes import ballot, bundle, check, close, vote

KINDS: dict[str, dict[str, Any]] = {
    "one": {},
    "items": {"method": "items"},
    "approval": {"method": "approval"},
    "score": {"method": "score", "limits": {"high": 3}},
    "dots": {"method": "dots"},
    "ranking": {"method": "schulze", "tie": "lot"},
    "budget": {"method": "equal-shares", "limits": {"total": 100}, "costs": (60, 50, 40)},
}


def some_choice(kind: str, chance: random.Random) -> Any:
    places = range(3)
    if chance.random() < 0.15:
        return None
    return {
        "one": lambda: chance.choice(places),
        "items": lambda: {one: chance.choice(["agree", "oppose", "abstain"]) for one in places},
        "approval": lambda: chance.sample(places, chance.randint(1, 3)),
        "score": lambda: {one: chance.randint(0, 3) for one in places},
        "dots": lambda: {one: chance.randint(1, 1) for one in places},
        "ranking": lambda: {one: chance.randint(1, 3) for one in places},
        "budget": lambda: chance.sample(places, chance.randint(1, 3)),
    }[kind]()


@pytest.mark.parametrize("secrecy", ["named", "sealed", "detached"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_stranger_finds_the_same_result(
    app: Flask, world: World, kind: str, secrecy: str
) -> None:
    made = ballot(
        world.erlong, kind=kind, secrecy=secrecy, changeable=secrecy == "sealed", **KINDS[kind]
    )
    chance = random.Random(kind + secrecy)
    for _ in range(12):
        vote(made, some_choice(kind, chance))
    close(made)
    record = check(bundle(made), made.closing_hash)
    assert record == made.closing
    assert record["choices"] == record["roll"]["used"] == 12
    assert record["channels"] == {"online": 12}
    assert record["result"]["method"] == made.method


def test_a_vote_that_replaces_strikes_the_one_before(app: Flask, world: World) -> None:
    made = ballot(world.erlong)
    first = vote(made, 0, world.resident)
    second = vote(made, 1, world.resident)
    assert first != second
    db.session.refresh(made)
    assert (made.receipts, made.turnout) == (2, 1)
    shown = board.page(made.id)
    assert [(one.code, one.struck, one.strikes) for one in shown] == [
        (second, False, 1),
        (first, True, None),
    ]
    close(made)
    assert made.closing["result"]["figures"] == {
        str(option["id"]): int(place == 1) for place, option in enumerate(made.rules["options"])
    }
    check(bundle(made), made.closing_hash)


def test_nothing_is_counted_before_the_close_and_once_after_it(app: Flask, world: World) -> None:
    made = ballot(world.erlong)
    vote(made, 0)
    with pytest.raises(Refused) as refused:
        closing.close(made.id)
    assert refused.value.code == "running"
    db.session.rollback()
    with pytest.raises(Refused) as refused:
        bundle(made)
    assert refused.value.code == "running"
    db.session.rollback()
    close(made)
    before = made.closing_hash
    close(made)
    assert made.closing_hash == before
    assert len(scalars(select(Paper.key))) == 1


def test_a_broken_chain_stops_the_count(sqlite_app: Flask) -> None:
    world = build_world()
    made = ballot(world.erlong)
    vote(made, 0)
    vote(made, 1)
    raw = db.session.connection().connection.driver_connection
    raw.execute("DROP TRIGGER receipt_update")
    raw.execute("UPDATE receipt SET code = 'AAAA-AAAA-AAAA' WHERE number = 1")
    db.session.commit()
    with pytest.raises(Refused) as refused:
        close(made)
    assert refused.value.code == "chain"
    db.session.rollback()
    assert scalars(select(Paper.key)) == []


@pytest.fixture(scope="module")
def kept() -> dict[str, Any]:
    return {}


@pytest.fixture
def counted(sqlite_app: Flask, kept: dict[str, Any]) -> tuple[bytes, str]:
    """A bundle with every kind of line, made once."""
    if not kept:
        made = ballot(build_world().erlong, kind="ranking", method="schulze", tie="lot")
        chance = random.Random(7)
        someone = None
        for _ in range(6):
            vote(made, some_choice("ranking", chance), someone)
        close(made)
        kept["bundle"], kept["hash"] = bundle(made), made.closing_hash
    return kept["bundle"], kept["hash"]


def wrong(content: bytes, closing_hash: str) -> bool:
    verify = verifier()
    try:
        verify.verify(content.splitlines(keepends=True), closing_hash)
    except (verify.Wrong, KeyError, TypeError, ValueError, IndexError, AttributeError):
        return True
    return False


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_bit_that_is_changed_is_found(counted: tuple[bytes, str], data: st.DataObject) -> None:
    content, closing_hash = counted
    assert not wrong(content, closing_hash)
    place = data.draw(st.integers(0, len(content) - 1))
    bit = data.draw(st.integers(0, 7))
    changed = bytearray(content)
    changed[place] ^= 1 << bit
    assert wrong(bytes(changed), closing_hash)


def test_lines_that_are_missing_doubled_or_moved_are_found(counted: tuple[bytes, str]) -> None:
    content, closing_hash = counted
    lines = content.splitlines(keepends=True)
    for place in range(len(lines)):
        assert wrong(b"".join(lines[:place] + lines[place + 1 :]), closing_hash)
        assert wrong(b"".join([*lines[:place], lines[place], *lines[place:]]), closing_hash)
    assert wrong(b"".join(reversed(lines)), closing_hash)
    assert wrong(content, "0" * 64)
    assert wrong(b"", closing_hash)


def test_the_program_stands_alone(counted: tuple[bytes, str], tmp_path) -> None:
    import shutil
    import subprocess
    import sys

    from civic.kernel.migrate import resource

    content, closing_hash = counted
    program, file = tmp_path / "verify.py", tmp_path / "ballot.jsonl"
    shutil.copy(resource("data") / "verify.py", program)

    def run(*more: str) -> subprocess.CompletedProcess:
        command = [sys.executable, "-I", "-S", str(program), str(file), *more]
        return subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)

    file.write_bytes(content)
    done = run("--closing", closing_hash)
    assert (done.returncode, done.stderr) == (0, "")
    assert closing_hash in done.stdout
    assert run().returncode == 0
    file.write_bytes(content.replace(b'"cast"', b'"lost"', 1))
    done = run()
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("WRONG: ")
    file.unlink()
    assert run().returncode == 2


def test_after_the_close_nothing_leads_from_a_person_to_a_choice(app: Flask, world: World) -> None:
    made = ballot(world.erlong)
    vote(made, 0, world.resident)
    vote(made, 1, world.resident)
    close(made)
    used = scalars(select(UsedRight))[0]
    assert (used.choice, used.cast_at, used.changed_at, used.earlier) == (None,) * 4
    assert used.code == scalars(select(Receipt.code).filter_by(number=2))[0]


def test_a_named_ballot_keeps_who_chose_what(app: Flask, world: World) -> None:
    made = ballot(world.erlong, secrecy="named")
    vote(made, 0, world.resident)
    close(made)
    assert scalars(select(UsedRight.choice)) == [str(made.rules["options"][0]["id"])]
    check(bundle(made), made.closing_hash)
