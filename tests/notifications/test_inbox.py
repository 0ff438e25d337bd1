"""The inbox: newest first, by pages, of what may still be read; reading it writes nothing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import literal, select

from benchmarks import inside
from civic.kernel import clock
from civic.kernel.db import db
from civic.notifications import keeping, services
from civic.notifications.models import InboxItem, Message
from tests.factories import World, actor, scalars
from tests.notifications.test_telling import say
from tests.pages import text_of

Login = Callable[[object], FlaskClient]


def items(who) -> list[int]:
    return scalars(select(InboxItem.id).filter_by(person_id=who.id).order_by(InboxItem.id))


def unread(who) -> int:
    [found] = scalars(select(services.unread(literal(who.id))))
    return found


def test_an_empty_inbox_says_what_will_be_here(world: World, login: Login) -> None:
    page = text_of(login(world.resident).get("/inbox"))
    assert "还没有消息" in page
    assert "全部标为已读" not in page


def test_pages_of_twenty_from_the_newest_without_gap_or_double(
    world: World, login: Login, door
) -> None:
    for number in range(45):
        say([world.resident.id, world.neighbour.id], f"第{number:02}条")
    db.session.commit()
    client, seen, address = login(world.resident), [], "/inbox"
    for length in (20, 20, 5):
        page = text_of(client.get(address))
        found = [words for number in range(45) if (words := f"消息：第{number:02}条<") in page]
        assert len(found) == length
        seen += reversed(found)
        _, _, rest = page.partition('rel="next" href="')
        address = rest.partition('"')[0]
    assert address == ""
    assert seen == sorted(seen, reverse=True)
    assert len(set(seen)) == 45


def test_what_may_not_be_opened_any_more_is_left_out_without_its_sentence(
    world: World, login: Login, door
) -> None:
    say([world.resident.id], "秘密")
    db.session.commit()
    door.open = False
    client = login(world.resident)
    page = text_of(client.get("/inbox"))
    assert "秘密" not in page
    assert "不再显示" in page
    assert "全部标为已读" in page  # or the figure would stay for good
    [item] = items(world.resident)
    answer = client.post(f"/inbox/{item}/open", follow_redirects=True)
    assert answer.request.path == "/inbox"
    assert "您已无法查看这项内容" in text_of(answer)
    assert "秘密" not in text_of(answer)
    assert unread(world.resident) == 0


def test_opening_marks_as_read_and_goes_there_once_and_again(
    world: World, login: Login, door
) -> None:
    say([world.resident.id], "停车")
    db.session.commit()
    [item] = items(world.resident)
    client = login(world.resident)
    assert "未读" in text_of(client.get("/inbox"))
    for _ in range(2):
        answer = client.post(f"/inbox/{item}/open")
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/c/erlonglu/?")
    assert 'class="tag tag-act"' not in text_of(client.get("/inbox"))


def test_an_address_of_elsewhere_is_not_gone_to(
    world: World, login: Login, door, monkeypatch
) -> None:
    from dataclasses import replace

    from civic.kernel.tell import telling

    known = telling().kinds
    known["test.now"] = replace(known["test.now"], address=lambda _v: "https://evil.example")
    say([world.resident.id])
    db.session.commit()
    [item] = items(world.resident)
    answer = login(world.resident).post(f"/inbox/{item}/open")
    assert answer.headers["Location"] == "/inbox"


def test_the_message_of_another_is_as_missing_as_none(world: World, login: Login, door) -> None:
    say([world.resident.id])
    db.session.commit()
    [item] = items(world.resident)
    client = login(world.neighbour)
    assert client.post(f"/inbox/{item}/open").status_code == 404
    assert client.post("/inbox/999999/open").status_code == 404
    assert scalars(select(InboxItem.read_at)) == [None]
    client.post("/inbox/read", data={"newest": item})
    assert scalars(select(InboxItem.read_at)) == [None]


def test_all_as_read_spares_what_came_after_the_page(world: World, login: Login, door) -> None:
    say([world.resident.id], "旧")
    db.session.commit()
    client = login(world.resident)
    page = text_of(client.get("/inbox"))
    newest = page.partition('name="newest" value="')[2].partition('"')[0]
    say([world.resident.id], "新")
    db.session.commit()
    assert client.post("/inbox/read", data={"newest": newest}).status_code == 303
    assert unread(world.resident) == 1
    assert client.post("/inbox/read", data={"newest": "x"}).status_code == 303
    assert unread(world.resident) == 1


@pytest.mark.parametrize(("count", "figure"), [(0, None), (1, "1"), (99, "99"), (100, "99+")])
def test_every_page_says_how_many_are_unread(
    world: World, login: Login, door, count: int, figure: str | None
) -> None:
    for number in range(count):
        say([world.resident.id], str(number))
    db.session.commit()
    page = text_of(login(world.resident).get("/c/erlonglu/"))
    assert ('class="count"' in page) == (figure is not None)
    if figure:
        assert f"未读： </span>{figure}</b>" in page
    assert 'class="count"' not in text_of(login(None).get("/c/erlonglu/"))


def test_the_page_writes_nothing_and_asks_little(
    app: Flask, world: World, login: Login, door
) -> None:
    client = login(world.resident)

    def count() -> int:
        client.get("/inbox")
        with inside.statements(app) as seen:
            assert client.get("/inbox").status_code == 200
        assert "COMMIT" not in seen
        assert all(one.lstrip("( ").startswith(("SELECT", "WITH")) for one in seen)
        return len(seen)

    few = count()
    assert few <= 2
    for number in range(30):
        say([world.resident.id], str(number))
    db.session.commit()
    assert count() == few


def test_old_messages_are_deleted_in_batches_and_no_younger_one(
    app: Flask, world: World, door, monkeypatch
) -> None:
    monkeypatch.setattr(keeping, "BATCH", 3)
    for number in range(4):
        say([world.resident.id, world.neighbour.id], str(number))
    db.session.commit()
    clock.shift(timedelta(days=365, minutes=-1))
    say([world.resident.id], "jung")
    db.session.commit()
    keeping.forget()
    db.session.commit()
    assert len(scalars(select(Message))) == 5
    clock.shift(timedelta(days=365, minutes=1))
    keeping.forget()
    db.session.commit()
    assert [one.values["words"] for one in scalars(select(Message))] == ["jung"]
    assert len(scalars(select(InboxItem))) == 1
    assert services.inbox(actor(world.resident)).entries[0].sentence == "消息：jung"
