"""Telling: into inboxes, in the acting transaction, by what each person chose."""

import pytest
from flask import Flask
from sqlalchemy import literal, select

from civic.identities.models import Person
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.mail import Mail
from civic.kernel.tell import News, tell
from civic.notifications import choosing, mailing, services
from civic.notifications.models import InboxItem, Message
from tests.factories import World, actor, person, rows, scalars
from tests.mailbox import prove


def say(people, words: str = "您好", kind: str = "test.now") -> None:
    tell(News(kind=kind, subject="test:1", people=people, values={"words": words}))


def told() -> set[int]:
    return set(scalars(select(InboxItem.person_id)))


def test_a_rollback_leaves_neither_message_nor_mail(world: World, door, folder) -> None:
    prove(world.resident)
    say([world.resident.id])
    db.session.flush()
    db.session.rollback()
    mailing.at_once()
    for table in (Message, InboxItem, Mail):
        assert scalars(select(table)) == []


def test_an_undeclared_kind_is_a_programming_error(world: World) -> None:
    with pytest.raises(KeyError):
        tell(News(kind="test.unheard", subject="test:1", people=[world.resident.id]))


@pytest.mark.parametrize("form", ["list", "select"])
def test_each_is_told_once_but_not_who_has_left_nor_children(world: World, door, form: str) -> None:
    closed, child = person("离开"), person("孩子", adult=False)
    closed.closed_at = clock.now()
    child.guardian_id = world.resident.id
    db.session.commit()
    people = [world.resident.id, world.minor.id, closed.id, child.id, world.resident.id, 10**6]
    say(people if form == "list" else select(Person.id).where(Person.id.in_(people)))
    db.session.commit()
    assert told() == {world.resident.id, world.minor.id}


def test_more_than_fit_into_one_statement_are_told(world: World, door) -> None:
    ids = [world.resident.id, world.neighbour.id, *range(10**6, 10**6 + 2500)]
    say(ids)
    db.session.commit()
    assert told() == {world.resident.id, world.neighbour.id}


def test_nobody_is_told_of_an_empty_audience(world: World, door) -> None:
    say([])
    say(select(Person.id).where(Person.id < 0))
    db.session.commit()
    assert told() == set()


@pytest.mark.parametrize("default", ["test.now", "test.later"])
@pytest.mark.parametrize("chosen", [None, "none", "at_once", "daily"])
@pytest.mark.parametrize("proven", [True, False])
def test_mail_follows_the_choice_then_the_kind_and_needs_a_proven_address(
    world: World, door, folder, default: str, chosen: str | None, proven: bool
) -> None:
    if proven:
        prove(world.resident)
    if chosen:
        other = "test.later" if default == "test.now" else "test.now"
        choosing.choose(world.resident.id, {default: chosen})
        choosing.choose(world.neighbour.id, {default: "none", other: "none"})
    say([world.resident.id], kind=default)
    db.session.commit()
    expected = chosen or {"test.now": "at_once", "test.later": "daily"}[default]
    assert scalars(select(InboxItem.mail)) == [expected if proven else "none"]


def test_without_mail_on_the_site_nothing_waits_for_it(world: World, door) -> None:
    prove(world.resident)
    say([world.resident.id])
    db.session.commit()
    assert scalars(select(InboxItem.mail)) == ["none"]


def unread(who: Person) -> int:
    [found] = scalars(select(services.unread(literal(who.id))))
    return found


def test_what_is_opened_is_unread_no_more(world: World, door) -> None:
    for number in range(3):
        say([world.resident.id], str(number))
    say([world.neighbour.id])
    db.session.commit()
    assert unread(world.resident) == 3
    item = scalars(select(InboxItem.id).filter_by(person_id=world.resident.id))[0]
    assert services.open_item(actor(world.resident), item) == "/c/erlonglu/?0"
    db.session.commit()
    assert unread(world.resident) == 2
    assert unread(world.neighbour) == 1


def test_a_hundred_unread_are_enough_to_count(world: World, door) -> None:
    for number in range(105):
        say([world.resident.id], str(number))
    db.session.commit()
    assert unread(world.resident) == services.MOST_COUNTED


def test_the_figures_of_unread_and_waiting_come_from_indices(app: Flask, world: World) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("a small table is read whole there")
    for query, index in (
        (select(services.unread(Person.id)).where(Person.id == 1), "ix_inbox_item_unread"),
        (mailing._pending("at_once"), "ix_inbox_item_mail_waits"),
    ):
        compiled = query.compile(db.engine, compile_kwargs={"literal_binds": True})
        plan = rows(db.text(f"EXPLAIN QUERY PLAN {compiled}"))
        assert index in str(plan), plan
