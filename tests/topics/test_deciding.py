"""Weighing topics, lanes, and every way in which one is closed: with an answer, always."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from civic.consultations import checks
from civic.consultations.models import Consultation
from civic.identities.models import Person
from civic.kernel import clock
from civic.kernel.audit import AuditEntry
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.notifications.models import InboxItem, Message
from civic.procedures import loading
from civic.topics import appeals, deciding, joining, listing, services, states
from civic.topics.models import Topic, TopicAppeal, TopicAsker, TopicStep
from tests.databases import Sqlite
from tests.factories import World, build_world, consultation, scalars
from tests.pages import text_of

Login = Callable[[Person | None], FlaskClient]
HandIn = Callable[..., Topic]
Weigh = Callable[..., Topic]
DESK = "/c/erlonglu/desk/topics/"


def told(topic: Topic, kind: str = "topics.answered") -> set[int]:
    query = select(InboxItem.person_id).join(Message, Message.id == InboxItem.message_id)
    return set(scalars(query.where(Message.subject == f"topic:{topic.id}", Message.kind == kind)))


def test_the_desk_is_in_the_order_that_triage_gives(
    world: World, hand_in: HandIn, weigh: Weigh, login: Login
) -> None:
    light, heavy, fresh = hand_in("树该剪了"), hand_in("灯坏了"), hand_in("门关不上")
    weigh(light, urgency=1, reach=1, authority=1)
    weigh(heavy, urgency=3, reach=3, authority=3)
    found = listing.on_desk(world.erlong).topics
    assert [topic.id for topic in found] == [fresh.id, heavy.id, light.id]
    rest = listing.on_desk(world.erlong, after=(heavy.rank, heavy.id)).topics
    assert [topic.id for topic in rest] == [light.id]
    page = text_of(login(None).get(f"/c/erlonglu/topics/{heavy.id}/"))
    assert "影响整栋楼。" in page
    assert "二龙路社区党委" in page
    desk = text_of(login(world.secretary).get("/desk/"))
    assert all(topic.title in desk for topic in (light, heavy, fresh))


@pytest.mark.usefixtures("in_force")
def test_a_topic_becomes_a_case_and_others_join_it(
    app: Flask, world: World, hand_in: HandIn, weigh: Weigh
) -> None:
    first, second = hand_in(), hand_in("停车太难", "neighbour")
    for topic in (first, second):
        weigh(topic)
    deputy = world.actor("deputy")
    deciding.accept(deputy, world.erlong, first.id, "列入协商。", None)
    case = db.session.get_one(Consultation, first.consultation_id)
    deciding.accept(deputy, world.erlong, second.id, "并入。", case.id)
    db.session.commit()
    assert (case.title, case.published_at, case.figures) == (first.title, None, {"topics": 2})
    assert (case.process_code, case.stage) == ("opinion_call", "draft")
    assert case.process["procedure_code"] == "street_advisory"
    assert told(first) == {world.resident.id}
    assert told(second) == {world.neighbour.id}
    assert checks.known()["topic_answered"].missing(case) == []
    open_one = hand_in("停车费", "neighbour")
    with app.test_request_context(method="POST"):
        # Held by the database for each act; asked of a case where something went another way.
        db.session.execute(
            update(Topic).where(Topic.id == open_one.id).values(consultation_id=case.id)
        )
        assert len(checks.known()["topic_answered"].missing(case)) == 1
    db.session.rollback()
    foreign = consultation(world.jingji)
    third = weigh(hand_in("停车证"))
    with pytest.raises(Refused) as refused:
        deciding.accept(deputy, world.erlong, third.id, "并入。", foreign.id)
    assert refused.value.code == "no_consultation"


def test_merging_carries_those_who_asked_to_the_answer(
    world: World, hand_in: HandIn, weigh: Weigh
) -> None:
    first, second = hand_in(), hand_in("停车太难", "neighbour")
    deputy = world.actor("deputy")
    deciding.merge(deputy, world.erlong, second.id, first.id, "说的是一件事。")
    weigh(first, lane="government")
    deciding.hand_over(
        deputy, world.erlong, first.id, "已转交。", channel="office", to="城市管理办公室"
    )
    db.session.commit()
    assert told(second) == {world.neighbour.id}
    assert told(first) == {world.resident.id, world.neighbour.id}
    assert first.asker_count == 2
    with pytest.raises(Refused) as refused:
        deciding.merge(deputy, world.erlong, first.id, first.id, "x")
    assert refused.value.code == "into"


def test_a_lane_changes_with_a_reason_that_everybody_reads(
    world: World, hand_in: HandIn, weigh: Weigh, login: Login
) -> None:
    topic = weigh(hand_in(), lane="residents")
    deputy = world.actor("deputy")
    with pytest.raises(Refused) as refused:
        deciding.hand_over(deputy, world.erlong, topic.id, "x", channel="police", to="")
    assert refused.value.code == "wrong_lane"
    db.session.rollback()
    deciding.leave_to_residents(deputy, world.erlong, topic.id, "请自己商量。")
    deciding.change_lane(deputy, world.erlong, topic.id, "government", "需要划线，要由街道办。")
    db.session.commit()
    assert (topic.state, topic.lane, topic.answer) == ("screening", "government", "")
    assert "需要划线，要由街道办。" in text_of(login(None).get(f"/c/erlonglu/topics/{topic.id}/"))
    deciding.hand_over(deputy, world.erlong, topic.id, "属公安管辖。", channel="police", to="")
    db.session.commit()
    assert topic.handed_to == "公安机关"


def test_a_refusal_is_appealed_to_somebody_else(
    world: World, hand_in: HandIn, weigh: Weigh, login: Login
) -> None:
    topic = weigh(hand_in())
    deputy, secretary = world.actor("deputy"), world.actor("secretary")
    deciding.refuse(deputy, world.erlong, topic.id, "decided", "去年已定。")
    db.session.commit()
    page = text_of(login(world.resident).get(f"/c/erlonglu/topics/{topic.id}/"))
    assert 'id="appeal"' in page
    with pytest.raises(Refused):
        appeals.appeal(world.actor("neighbour"), world.erlong, topic.id, "我也不同意。")
    appeals.appeal(world.actor("resident"), world.erlong, topic.id, "没有公示过。")
    db.session.commit()
    with pytest.raises(Refused) as refused:
        appeals.appeal(world.actor("resident"), world.erlong, topic.id, "再说一次。")
    assert refused.value.code == "appealed"
    with pytest.raises(Refused) as refused:
        appeals.answer(deputy, world.erlong, topic.id, upheld=False, words="就这样。")
    assert refused.value.code == "second_person"
    db.session.rollback()
    assert "没有公示过。" not in text_of(login(None).get(f"/c/erlonglu/topics/{topic.id}/"))
    assert 'id="answer"' not in text_of(login(world.deputy).get(f"{DESK}{topic.id}"))
    answer = {"answer-outcome": "upheld", "answer-words": "确实没有公示。"}
    done = login(world.secretary).post(f"{DESK}{topic.id}/answer", data=answer)
    assert done.status_code == 303
    [topic] = scalars(select(Topic))
    assert (topic.state, topic.answer, topic.refused_by) == ("screening", "", None)
    deciding.refuse(secretary, world.erlong, topic.id, "decided", "补充公示后仍维持。")
    appeals.appeal(world.actor("resident"), world.erlong, topic.id, "还是不同意。")
    appeals.answer(deputy, world.erlong, topic.id, upheld=False, words="已公示。")
    db.session.commit()
    assert (topic.state, topic.answer) == ("refused", "已公示。")


def test_the_database_lets_nobody_answer_their_own_refusal(
    world: World, hand_in: HandIn, weigh: Weigh
) -> None:
    topic = weigh(hand_in())
    deciding.refuse(world.actor("deputy"), world.erlong, topic.id, "decided", "已定。")
    appeals.appeal(world.actor("resident"), world.erlong, topic.id, "没有。")
    db.session.commit()
    values = {"answered_by": world.deputy.id, "answered_at": clock.now(), "outcome": "kept"}
    with pytest.raises(IntegrityError):
        db.session.execute(update(TopicAppeal).values(**values))
    db.session.rollback()
    for broken in ({"state": "screening"}, {"answer": ""}, {"answered_at": None}):
        with pytest.raises(IntegrityError):
            db.session.execute(update(Topic).values(**broken))
        db.session.rollback()


def test_the_window_of_an_appeal_ends(world: World, hand_in: HandIn, weigh: Weigh) -> None:
    topic = weigh(hand_in())
    deciding.refuse(world.actor("deputy"), world.erlong, topic.id, "decided", "已定。")
    db.session.commit()
    until = topic.appeal_until
    with clock.at(until), pytest.raises(Refused) as refused:
        appeals.appeal(world.actor("resident"), world.erlong, topic.id, "没有。")
    assert refused.value.code == "late"
    db.session.rollback()
    with clock.at(until - timedelta(seconds=1)):
        appeals.appeal(world.actor("resident"), world.erlong, topic.id, "没有。")
    db.session.commit()


def test_one_s_own_topic_is_decided_by_a_colleague(world: World, hand_in: HandIn) -> None:
    topic = hand_in()
    db.session.execute(update(Topic).values(author_id=world.deputy.id))
    db.session.commit()
    weight = deciding.Weight(urgency=1, reach=1, authority=1, lane="residents", words="x")
    with pytest.raises(Refused) as refused:
        deciding.triage(world.actor("deputy"), world.erlong, topic.id, weight)
    assert refused.value.code == "own"


def test_each_decision_is_an_official_act(world: World, hand_in: HandIn, weigh: Weigh) -> None:
    topic = weigh(hand_in())
    deciding.refuse(world.actor("deputy"), world.erlong, topic.id, "privacy", "个案。")
    db.session.commit()
    acts = select(AuditEntry).where(AuditEntry.subject == f"topic:{topic.id}")
    rows = scalars(acts.order_by(AuditEntry.id))
    assert [(row.act, row.post, row.data) for row in rows] == [
        ("topic.triage", "二龙路社区党委", {"code": "consultation"}),
        ("topic.refuse", "二龙路社区党委", {"code": "privacy"}),
    ]


# Nothing closes without an answer: over any path of acts, possible and impossible ones.

WORDS = "理由"
ACTORS = ("deputy", "secretary", "officer")


def act(world: World, topic: Topic, other: Topic, name: str, lane: str, who: str) -> None:
    actor, home = world.actor(who), world.erlong
    weight = deciding.Weight(urgency=1, reach=2, authority=3, lane=lane, words=WORDS)
    {
        states.TRIAGE: lambda: deciding.triage(actor, home, topic.id, weight),
        states.LANE: lambda: deciding.change_lane(actor, home, topic.id, lane, WORDS),
        states.ACCEPT: lambda: deciding.accept(actor, home, topic.id, WORDS, None),
        states.HAND_OVER: lambda: deciding.hand_over(
            actor, home, topic.id, WORDS, channel="court", to=""
        ),
        states.LEAVE: lambda: deciding.leave_to_residents(actor, home, topic.id, WORDS),
        states.REFUSE: lambda: deciding.refuse(actor, home, topic.id, "other", WORDS),
        states.MERGE: lambda: deciding.merge(actor, home, topic.id, other.id, WORDS),
        states.WITHDRAW: lambda: deciding.withdraw(world.actor("resident"), home, topic.id),
        states.APPEAL: lambda: appeals.appeal(world.actor("neighbour"), home, topic.id, WORDS),
        states.UPHOLD: lambda: appeals.answer(actor, home, topic.id, upheld=True, words=WORDS),
        states.KEEP: lambda: appeals.answer(actor, home, topic.id, upheld=False, words=WORDS),
    }[name]()


@pytest.fixture(scope="module")
def crossing(sqlite: Sqlite):
    """A street that all paths share; each is taken back."""
    app = sqlite.fresh()
    with app.app_context():
        world = build_world()
        loading.sync()
        draft = services.Draft(title="停车", text="")
        topics = [
            services.hand_in(world.actor("resident"), world.erlong, draft, form_key=key)
            for key in ("one", "two")
        ]
        joining.join(world.actor("neighbour"), world.erlong, topics[0].id)
        db.session.commit()
        yield world, topics[0].id, topics[1].id
        db.session.rollback()


STEPS = st.tuples(
    st.sampled_from(sorted(states.ACTS)), st.sampled_from(states.LANES), st.sampled_from(ACTORS)
)


@settings(max_examples=40, deadline=None)
@given(st.lists(STEPS, min_size=1, max_size=10))
def test_no_path_closes_a_topic_without_an_answer_to_its_author(crossing, path) -> None:
    world, topic_id, other_id = crossing
    topic = db.session.get_one(Topic, topic_id)
    other = db.session.get_one(Topic, other_id)
    try:
        weight = deciding.Weight(urgency=1, reach=1, authority=1, lane=path[0][1], words=WORDS)
        deciding.triage(world.actor("deputy"), world.erlong, topic.id, weight)
        for name, lane, who in path:
            before = topic.state
            possible = states.possible(name, topic.state, topic.lane)
            mark = db.session.scalar(select(Message.id).order_by(Message.id.desc()).limit(1)) or 0
            try:
                with db.session.begin_nested():
                    act(world, topic, other, name, lane, who)
            except Refused:
                db.session.refresh(topic)
                assert topic.state == before
                continue
            assert possible
            assert topic.state == states.after(name, before)
            answered = topic.state in states.CLOSED
            assert answered == bool(topic.answer) == (topic.answered_at is not None)
            if answered and topic.state != before:
                asking = set(db.session.scalars(select(TopicAsker.person_id)))
                reached = (
                    select(InboxItem.person_id)
                    .join(Message, Message.id == InboxItem.message_id)
                    .where(Message.id > mark, Message.subject == f"topic:{topic.id}")
                )
                assert set(db.session.scalars(reached)) == asking
                assert topic.author_id in asking
                last = select(TopicStep).filter_by(topic_id=topic.id).order_by(TopicStep.id.desc())
                step = db.session.scalars(last).first()
                assert step is not None
                assert step.act == name
                assert step.words or name == states.WITHDRAW
    finally:
        db.session.rollback()
