"""Isolation: what a function did is undone where it raises; only who uses a savepoint gets one."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select, text

from civic.communities.models import Community
from civic.communities.services import find
from civic.kernel.db import db
from civic.kernel.installation import Installation
from civic.kernel.isolation import Guarded, Misused, isolated
from tests.factories import World, rows


@pytest.fixture
def home(world: World) -> Community:
    found = find("erlonglu")
    db.session.add(Installation(name="caller", value="pending"))
    return found


def add(name: str = "hook") -> None:
    db.session.add(Installation(name=name, value="half"))


def boom() -> None:
    raise ZeroDivisionError


def bad_sql() -> None:
    db.session.execute(text("SELECT nothing FROM nowhere"))


def after(*acts: Callable[[], Any]) -> Callable[[], None]:
    def do() -> None:
        for act in acts:
            act()
        boom()

    return do


def inside() -> None:
    with db.session.begin_nested():
        add("inside")


FAILING: dict[str, Callable[[], Any]] = {
    "raises": boom,
    "bad SQL": bad_sql,
    "adds": after(add),
    "flushes": after(add, db.session.flush),
    "a savepoint of its own": after(inside),
    "within another": after(lambda: isolated(add)),
    "adds what does not fit": lambda: db.session.add(Installation(name=None, value="x")),
    "deletes": after(
        lambda: db.session.delete(db.session.get(Installation, "caller")), db.session.flush
    ),
    "commits": db.session.commit,
    "adds and commits": lambda: (add(), db.session.commit()),
    "rolls back": db.session.rollback,
    "lets go": db.session.remove,
}


@pytest.mark.parametrize("name", FAILING)
def test_what_it_did_is_undone_and_what_its_caller_wrote_stays(home: Community, name: str) -> None:
    with pytest.raises(Exception):  # noqa: B017, PT011 - whatever it is, it is isolated
        isolated(FAILING[name])
    assert not isinstance(db.session(), Guarded)
    assert home.plugins == frozenset()
    db.session.commit()
    assert rows(select(Installation.name, Installation.value)) == [("caller", "pending")]


def test_an_error_that_it_swallowed_does_not_reach_its_caller(home: Community) -> None:
    def swallows() -> None:
        with pytest.raises(Exception):  # noqa: B017, PT011 - of either database
            bad_sql()

    if db.engine.dialect.name == "postgresql":
        with pytest.raises(Misused):
            isolated(swallows)
    else:
        isolated(swallows)
    db.session.commit()
    assert rows(select(Installation.value)) == [("pending",)]


@pytest.mark.parametrize("then", [bool, boom, bad_sql, db.session.flush])
def test_rows_that_it_was_given_are_put_back(home: Community, then: Callable[[], Any]) -> None:
    def changes() -> None:
        home.about = "changed"
        home.node.name = "changed"
        then()

    before = home.about, home.name, home.plugins
    with pytest.raises((Misused, ZeroDivisionError)):
        isolated(changes)
    assert (home.about, home.name, home.plugins) == before
    db.session.commit()
    assert find("erlonglu").about == before[0]


def test_rows_that_it_changed_inside_are_read_again(home: Community) -> None:
    def changes() -> None:
        db.session.execute(text("SELECT 1"))
        home.about = "changed"
        db.session.flush()
        boom()

    with pytest.raises(ZeroDivisionError):
        isolated(changes)
    assert (home.about, home.name, home.plugins) == ("", "二龙路社区", frozenset())


def test_what_it_did_well_stays(home: Community) -> None:
    isolated(add)
    db.session.commit()
    assert sorted(rows(select(Installation.name))) == [("caller",), ("hook",)]


def test_a_savepoint_is_set_for_those_alone_who_use_the_session(app: Flask, world: World) -> None:
    seen: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        isolated(bool)
        assert seen == []
        isolated(lambda: db.session.scalar(select(1)))
        assert [words.split()[0] for words in seen] == ["SAVEPOINT", "SELECT", "RELEASE"]
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
