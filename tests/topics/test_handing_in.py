"""Handing topics in: who may, what is like it, joining, limits, once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from civic.identities.models import Person
from civic.kernel import clock
from civic.kernel.audit import AuditEntry
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.moderation import services as moderation
from civic.topics import joining, own_data, services
from civic.topics.models import Topic, TopicAsker
from tests.factories import World, scalars
from tests.pages import text_of

Login = Callable[[Person | None], FlaskClient]
HandIn = Callable[..., Topic]
PAGE = "/c/erlonglu/topics/"


def test_a_topic_is_handed_in_shown_and_joined(world: World, login: Login) -> None:
    client = login(world.resident)
    words = {"title": "  6号楼前 停车位不够 ", "words": "晚上没地方停车。"}
    words |= {"node": str(world.building.id)}
    form = words | {"place": "东门口", "form_key": "k1"}
    first = client.post(f"{PAGE}new", data=form)
    assert first.status_code == 303
    # The same form again is the same topic, and is not shown to its author as a duplicate.
    assert client.post(f"{PAGE}new", data=form).headers["Location"] == first.headers["Location"]
    [topic] = scalars(select(Topic))
    assert (topic.title, topic.state, topic.asker_count) == ("6号楼前 停车位不够", "handed_in", 1)
    page = text_of(login(None).get(first.headers["Location"]))
    assert "6号楼前 停车位不够" in page
    assert "6号楼 · 东门口" in page
    assert "王*" in page
    assert "王桂兰" not in page

    other = login(world.neighbour)
    mine = {"title": "停车位不够用了", "words": "6号楼前晚上没地方停车", "form_key": "k2"}
    shown = other.post(f"{PAGE}new", data=mine | {"node": "0"})
    assert shown.status_code == 200
    assert f"{PAGE}{topic.id}/join" in text_of(shown)
    assert 'value="停车位不够用了"' in text_of(shown)
    assert scalars(select(Topic.id)) == [topic.id]
    for _ in range(2):
        assert other.post(f"{PAGE}{topic.id}/join").status_code == 303
    [topic] = scalars(select(Topic))
    assert topic.asker_count == 2
    assert "您已附议" in text_of(other.get(f"{PAGE}{topic.id}/")) or "You have joined" in text_of(
        other.get(f"{PAGE}{topic.id}/")
    )
    assert topic.title in text_of(other.get("/me/topics"))
    other.post(f"{PAGE}{topic.id}/leave")
    assert scalars(select(Topic.asker_count)) == [1]
    # Mine can be sent all the same.
    sent = other.post(f"{PAGE}new", data=mine | {"node": "0", "anyway": "1"})
    assert sent.status_code == 303
    assert len(scalars(select(Topic.id))) == 2


def test_staff_write_a_topic_down_for_somebody(world: World, login: Login) -> None:
    data = {"title": "楼道灯坏了", "node": "0", "form_key": "c"}
    answers = [login(world.deputy).post(f"{PAGE}new", data=data).status_code for _ in range(2)]
    assert answers == [303, 303]
    [topic] = scalars(select(Topic))
    assert (topic.author_id, topic.source, topic.asker_count) == (None, "counter", 0)
    acts = scalars(select(AuditEntry.act).where(AuditEntry.subject == f"topic:{topic.id}"))
    assert acts == ["topic.taken_down"]


@pytest.mark.parametrize("role", ["anonymous", "elsewhere", "worker", "administrator"])
def test_who_neither_lives_nor_works_here_does_not(
    world: World, hand_in: HandIn, role: str
) -> None:
    topic = hand_in()
    draft = services.Draft(title="灯坏了", text="")
    actor = world.actor(role)
    with pytest.raises(Refused):
        services.hand_in(actor, world.erlong, draft, form_key="x")
    with pytest.raises(Refused):
        joining.join(actor, world.erlong, topic.id)


def test_a_worker_hands_in_where_the_street_is_theirs(world: World) -> None:
    draft = services.Draft(title="班车太挤", text="")
    made = services.hand_in(world.actor("worker"), world.street, draft, form_key="w")
    assert (made.home, made.standing) == ("金融中心大厦", "worker")
    db.session.rollback()


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (services.Draft(title=" ", text="x"), "empty"),
        (services.Draft(title="题" * 81, text=""), "too_long"),
        (services.Draft(title="题", text="字" * 2001), "too_long"),
        (services.Draft(title="题", text="", node_id=999_999), "no_place"),
    ],
)
def test_what_does_not_do_is_refused(world: World, draft: services.Draft, code: str) -> None:
    with pytest.raises(Refused) as refused:
        services.hand_in(world.actor("resident"), world.erlong, draft, form_key="x")
    assert refused.value.code == code


def test_an_hour_has_its_limit(world: World, hand_in: HandIn) -> None:
    for number in range(5):
        hand_in(f"第{number}件")
    with pytest.raises(Refused) as refused:
        hand_in("第六件")
    assert refused.value.code == "too_many"
    db.session.rollback()
    with clock.at(clock.now() + timedelta(hours=1, seconds=1)):
        hand_in("第六件")


def test_a_topic_is_hidden_and_shown_again(
    app: Flask, world: World, hand_in: HandIn, login: Login
) -> None:
    topic = hand_in(text="骂人的话")
    deputy, secretary = world.actor("deputy"), world.actor("secretary")
    with app.test_request_context(method="POST"):
        decision = moderation.hide(deputy, world.erlong, "topic", topic.id, reason="off_topic")
        db.session.commit()
    for client in (login(None), login(world.deputy)):
        page = text_of(client.get(f"{PAGE}{topic.id}/"))
        assert "骂人的话" not in page
        assert "6号楼前停车位不够" not in page
    with app.test_request_context(method="POST"):
        moderation.object_to(world.resident.id, decision.id, "没有骂人。")
        moderation.answer(secretary, world.erlong, decision.id, restore=True, words="对。")
        db.session.commit()
    assert "骂人的话" in text_of(login(None).get(f"{PAGE}{topic.id}/"))


def test_own_data_are_given_out_and_freed(world: World, hand_in: HandIn) -> None:
    topic = hand_in()
    joining.join(world.actor("neighbour"), world.erlong, topic.id)
    tables = {table.name: table.rows for table in own_data.PART.export(world.resident.id)}
    assert tables["topics"][0][0] == topic.title
    assert len(tables["topics_joined"]) == 1
    own_data.PART.forget(world.resident.id)
    db.session.commit()
    assert scalars(select(TopicAsker.person_id)) == [world.neighbour.id]
    assert scalars(select(Topic.home)) == [""]


def test_lists_go_on_by_key(world: World, hand_in: HandIn, login: Login, monkeypatch) -> None:
    monkeypatch.setattr("civic.topics.listing.PER_PAGE", 2)
    titles = ["灯坏了", "树太高", "门关不上"]
    for title in titles:
        hand_in(title)
    page = text_of(login(None).get(PAGE))
    assert all(title in page for title in titles[1:])
    assert titles[0] not in page
    last = scalars(select(Topic.id).order_by(Topic.id))[1]
    page = text_of(login(None).get(f"{PAGE}?before={last}"))
    assert titles[0] in page
    assert titles[0] not in text_of(login(None).get(f"{PAGE}?state=refused"))
