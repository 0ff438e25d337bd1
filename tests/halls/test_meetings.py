"""What holds in a meeting, and what the database refuses."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from civic.consultations import checks
from civic.consultations.models import Participant
from civic.halls import (
    deciding,
    due,
    hands,
    meetings,
    minutes,
    motion_steps,
    motions,
    own_data,
    planning,
    presence,
    running,
)
from civic.halls.deciding import Shown
from civic.halls.minute_rows import HallEntry, HallMotion, HallOldWords
from civic.halls.models import HallHand, HallItem, HallMeeting, HallPresence
from civic.halls.motions import Somebody
from civic.kernel import clock
from civic.kernel.audit import AuditEntry
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.records import services
from tests.factories import World, consultation, person, scalars, standing
from tests.halls.conftest import closed, noted, opened, plan_of, planned, raised
from tests.outcomes.conftest import days_off


def refused(code: str, act: Any, *args: Any, **values: Any) -> None:
    """An act that is refused, and undone."""
    with pytest.raises(Refused) as caught:
        act(*args, **values)
    assert caught.value.code == code
    db.session.rollback()


def held(case: Any) -> list[str]:
    return checks.known()["meeting_held"].missing(case)


def shown(in_favour: int | None = 5, against: int = 2, other: str = "高大鹏") -> Shown:
    return Shown(
        in_favour=in_favour, against=against, abstained=1, counter="马淑芬", other_counter=other
    )


def test_a_plan_is_checked_and_kept_once(world: World) -> None:
    case = consultation(world.erlong)
    secretary = world.actor("secretary")
    people = world.people

    def plan(**values: Any) -> HallMeeting:
        return planning.plan(secretary, world.erlong, case.id, plan_of(world, **values))

    for code, values in (
        ("chair", {"chair_id": people["resident"].id}),
        ("secretary", {"secretary_id": people["resident"].id}),
        ("secretary", {"secretary_id": people["deputy"].id}),
        ("words", {"title": " "}),
        ("agenda", {"items": []}),
        ("agenda", {"items": ["长" * 201]}),
        ("caps", {"turn_seconds": 100_000}),
        ("majority", {"majority": "all"}),
    ):
        refused(code, plan, **values)
    first = plan()
    assert plan() is first
    over = consultation(world.erlong, stage="closed")
    refused("stage", planning.plan, secretary, world.erlong, over.id, plan_of(world, form_key="o"))
    changed = plan_of(world, items=["一项"])
    planning.change(secretary, world.erlong, case.id, first.id, changed)
    assert [one.title for one in meetings.agenda(first.id)] == ["一项"]
    assert case.figures[meetings.STATE] == meetings.PLANNED
    refused("reason", running.call_off, secretary, world.erlong, case.id, first.id, " ")
    running.call_off(secretary, world.erlong, case.id, first.id, "改期")
    assert meetings.state(first) == meetings.CALLED_OFF
    refused("begun", running.open_, world.actor("deputy"), world.erlong, case.id, first.id)
    assert held(case)


def test_a_meeting_goes_from_its_plan_to_its_signed_minutes(world: World) -> None:
    case, made = planned(world)
    secretary, chair = world.actor("secretary"), world.actor("deputy")
    here = (world.erlong, case.id, made.id)
    assert held(case)
    refused("not_the_chair", running.open_, secretary, *here)
    running.open_(chair, *here)
    db.session.commit()
    refused("begun", running.open_, chair, *here)
    _case, second = planned(world, case, form_key="two")
    refused("running", running.open_, chair, world.erlong, case.id, second.id)
    assert held(case)
    refused("present", running.close, chair, *here)
    presence.count(secretary, *here, 30)
    running.close(chair, *here)
    db.session.commit()
    assert "签字" in held(case)[0] or "signed" in held(case)[0]
    refused("empty", running.sign, chair, *here)
    noted(world, case, made)
    refused("not_the_chair", running.sign, secretary, *here)
    running.sign(chair, *here)
    db.session.commit()
    refused("signed", running.sign, chair, *here)
    assert not held(case)
    acts = scalars(select(AuditEntry.act).where(AuditEntry.act.like("hall.%")))
    assert {"hall.planned", "hall.opened", "hall.closed", "hall.signed"} <= set(acts)


def test_signed_minutes_are_frozen_by_the_database(world: World) -> None:
    case, made = closed(world)
    chair = world.actor("deputy")
    entry = db.session.scalars(select(HallEntry)).one()
    minutes.correct(chair, world.erlong, case.id, made.id, entry.id, words="大家同意试行。", seen=1)
    running.sign(chair, world.erlong, case.id, made.id)
    db.session.commit()
    for change in (
        update(HallMeeting).values(present=99),
        delete(HallEntry),
        update(HallEntry).values(words="别的"),
        update(HallOldWords).values(words="别的"),
        update(HallItem).values(title="别的"),
    ):
        with pytest.raises(DBAPIError, match="the minutes are signed"):
            db.session.execute(change)
        db.session.rollback()
    item = meetings.agenda(made.id)[0]
    db.session.add(
        HallHand(meeting_id=made.id, item_id=item.id, label="老王", raised_at=clock.now())
    )
    with pytest.raises(DBAPIError, match="the minutes are signed"):
        db.session.flush()
    db.session.rollback()
    refused("no_minutes", noted, world, case, made, "晚了")


def test_hands_are_called_in_turn_and_within_the_caps(world: World) -> None:
    case, made = opened(world, turns_each=1)
    chair, secretary = world.actor("deputy"), world.actor("secretary")
    here = (world.erlong, case.id, made.id)
    refused("neutral", hands.raise_, chair, world.erlong, case, made.id)
    refused("audience", hands.raise_, world.actor("elsewhere"), world.erlong, case, made.id)
    raised(world, case, made, "resident", "neighbour", "resident")
    assert len(scalars(select(HallHand.id))) == 2
    assert scalars(select(func.count()).select_from(Participant)) == [2]
    hands.add(secretary, *here, " 蓝衣  老人 ")
    hands.add(secretary, *here, "蓝衣 老人")
    db.session.commit()
    refused("label", hands.add, secretary, *here, "长" * 41)
    refused("not_at_the_desk", hands.add, world.actor("resident"), *here, "甲")
    called = hands.call_next(chair, *here, seen=0)
    db.session.commit()
    assert called.person_id == world.people["resident"].id
    refused("moved_on", hands.call_next, chair, *here, seen=0)
    with clock.at(clock.now() + timedelta(seconds=70)):
        then = hands.call_next(chair, *here, seen=called.id)
        db.session.commit()
    assert then.person_id == world.people["neighbour"].id
    refused("turns", hands.raise_, world.actor("resident"), world.erlong, case, made.id)
    label = db.session.scalars(select(HallHand).filter_by(label="蓝衣 老人")).one()
    hands.take_down(secretary, *here, label.id)
    db.session.commit()
    refused("not_up", hands.take_down, secretary, *here, 999)
    refused("speaking", running.go_to, chair, *here, 2)
    hands.end(chair, *here, seen=then.id)
    db.session.commit()
    refused("moved_on", hands.end, chair, *here, seen=then.id)


def test_the_database_lets_one_person_speak_and_one_hand_be_up(world: World) -> None:
    case, made = opened(world)
    item = meetings.agenda(made.id)[0]
    raised(world, case, made, "resident", "neighbour")
    key = {"meeting_id": made.id, "item_id": item.id}
    now = clock.now()
    resident = world.people["resident"].id
    for values in (
        {"person_id": resident, "raised_at": now},
        {"raised_at": now},
        {"person_id": resident, "label": "甲", "raised_at": now},
        {"label": "甲", "raised_at": now, "state": "speaking"},
        {"label": "甲", "raised_at": now, "state": "singing"},
    ):
        db.session.add(HallHand(**key, **values))
        with pytest.raises(IntegrityError):
            db.session.flush()
        db.session.rollback()
    hands.call_next(world.actor("deputy"), world.erlong, case.id, made.id, seen=0)
    db.session.commit()
    speaks = update(HallHand).where(HallHand.state == "waiting")
    with pytest.raises(IntegrityError):
        db.session.execute(speaks.values(state="speaking", called_at=now))
    db.session.rollback()


def test_one_motion_at_a_time_its_changes_first(world: World) -> None:
    case, made = opened(world)
    chair, secretary = world.actor("deputy"), world.actor("secretary")
    here = (world.erlong, case.id, made.id)

    def move(words: str = "东侧12个", mover: str = "甲", **values: Any) -> HallMotion:
        return motions.move(secretary, *here, words=words, mover=Somebody(label=mover), **values)

    def by(name: str) -> dict[str, Somebody]:
        return {"seconder": Somebody(label=name)}

    refused("another", move, **by("甲"))
    refused("words", move, " ")
    main = move()
    refused("one_motion", move, "西侧", "乙")
    refused("not_this_one", motion_steps.debate, chair, *here, main.id)
    main = move()
    refused("another", motion_steps.second_for, secretary, *here, main.id, Somebody(label="甲"))
    main = move()
    db.session.commit()
    motion_steps.second(world.actor("resident"), world.erlong, case, made.id, main.id)
    motion_steps.debate(chair, *here, main.id)
    refused("unchanged", move, "东侧12个", "乙", amends=main.id)
    motion_steps.second(world.actor("resident"), world.erlong, case, made.id, main.id)
    motion_steps.debate(chair, *here, main.id)
    change = move("东侧10个", "乙", amends=main.id, **by("丙"))
    deeper = move("东侧9个", "丁", amends=change.id, **by("戊"))
    db.session.commit()
    refused("not_this_one", deciding.put, chair, *here, main.id)
    motion_steps.debate(chair, *here, deeper.id)
    db.session.commit()
    refused("depth", move, "东侧8个", "己", amends=deeper.id)
    deciding.put(chair, *here, deeper.id)
    for code, found in (
        ("numbers", shown(None)),
        ("counters", shown(other="马淑芬")),
        ("counters", shown(other="")),
    ):
        db.session.commit()
        refused(code, deciding.record, secretary, *here, deeper.id, found)
    deciding.record(secretary, *here, deeper.id, shown())
    motion_steps.debate(chair, *here, change.id)
    deciding.put(chair, *here, change.id)
    presence.count(secretary, *here, 7)
    db.session.commit()
    refused("too_many", deciding.record, secretary, *here, change.id, shown())
    deciding.record(secretary, *here, change.id, shown(5, 1))
    db.session.commit()
    assert (main.words, change.words, change.before) == ("东侧9个", "东侧9个", "东侧12个")
    raised(world, case, made, "neighbour")
    refused("waiting", deciding.put, chair, *here, main.id)
    deciding.put(chair, *here, main.id, reason="散会时间到")
    deciding.record(secretary, *here, main.id, shown(3, 3))
    db.session.commit()
    assert main.state == "lost"
    said = scalars(select(HallEntry.motion_id).filter_by(kind="motion").order_by(HallEntry.number))
    assert said == [deeper.id, change.id, main.id]
    ended = scalars(select(AuditEntry.data).filter_by(act="hall.debate_ended"))
    assert ended[0]["reason"] == "散会时间到"


def test_a_divided_motion_is_decided_part_by_part(world: World) -> None:
    case, made = opened(world)
    chair, secretary = world.actor("deputy"), world.actor("secretary")
    here = (world.erlong, case.id, made.id)
    whole = motions.move(
        secretary, *here, words="东侧划线，夜间收费", mover=Somebody(label="甲"),
        seconder=Somebody(label="乙"),
    )  # fmt: skip
    db.session.commit()
    for parts in (["东侧划线"], [f"第{n}部分" for n in range(11)]):
        refused("parts", motion_steps.divide, chair, *here, whole.id, parts)
    motion_steps.divide(chair, *here, whole.id, ["东侧划线", "夜间收费"])
    db.session.commit()
    assert whole.state == "divided"
    refused("motion", running.go_to, chair, *here, 2)
    for number, state in enumerate(("carried", "withdrawn")):
        [part] = motions.on_floor(made.id)
        if number:
            motion_steps.withdraw(secretary, *here, part.id)
        else:
            motion_steps.debate(chair, *here, part.id)
            deciding.put(chair, *here, part.id)
            deciding.record(secretary, *here, part.id, shown())
        assert (part.state, part.part_of) == (state, whole.id)
    assert motions.on_floor(made.id) == []
    running.go_to(chair, *here, 2)
    refused("main", _divided_change, world, case, made)


def _divided_change(world: World, case: Any, made: HallMeeting) -> None:
    chair, secretary = world.actor("deputy"), world.actor("secretary")
    here = (world.erlong, case.id, made.id)
    names = {"mover": Somebody(label="甲"), "seconder": Somebody(label="乙")}
    main = motions.move(secretary, *here, words="甲案", **names)
    change = motions.move(secretary, *here, words="乙案", amends=main.id, **names)
    motion_steps.divide(chair, *here, change.id, ["一", "二"])


@pytest.mark.parametrize("seconded", ["neighbour", ""])
def test_a_motion_of_somebody_who_has_left_is_divided(world: World, seconded: str) -> None:
    case, made = opened(world)
    chair, here = world.actor("deputy"), (world.erlong, case.id, made.id)
    raised(world, case, made, "resident", "neighbour")
    mine, other = scalars(select(HallHand.id).order_by(HallHand.id))
    whole = motions.move(
        world.actor("secretary"), *here, words="东侧划线，夜间收费", mover=Somebody(mine),
        seconder=Somebody(other) if seconded else Somebody(label="乙"),
    )  # fmt: skip
    db.session.commit()
    for role in ("resident", *filter(None, [seconded])):
        services.close(world.people[role].id)
        db.session.commit()
    motion_steps.divide(chair, *here, whole.id, ["东侧划线", "夜间收费"])
    db.session.commit()
    query = select(HallMotion).filter_by(part_of=whole.id).order_by(HallMotion.number)
    parts = scalars(query)
    assert [(one.words, one.mover_id, one.seconder_id) for one in parts] == [
        ("东侧划线", None, None),
        ("夜间收费", None, None),
    ]
    labels = ("已注销的用户", "另一位已注销的用户" if seconded else "乙")
    assert {(one.mover, one.seconder) for one in parts} == {labels}


def test_a_part_of_a_divided_motion_is_not_divided_again(world: World) -> None:
    case, made = opened(world)
    chair, secretary = world.actor("deputy"), world.actor("secretary")
    here = (world.erlong, case.id, made.id)
    whole = motions.move(
        secretary, *here, words="东侧划线，夜间收费", mover=Somebody(label="甲"),
        seconder=Somebody(label="乙"),
    )  # fmt: skip
    motion_steps.divide(chair, *here, whole.id, ["东侧划线", "夜间收费"])
    db.session.commit()
    [part] = motions.on_floor(made.id)
    refused("divided", motion_steps.divide, chair, *here, part.id, ["划线", "不划线"])
    for _ in range(2):
        [part] = motions.on_floor(made.id)
        motion_steps.withdraw(secretary, *here, part.id)
        db.session.commit()
    running.go_to(chair, *here, 2)
    presence.count(secretary, *here, 12)
    running.close(chair, *here)


def test_the_chair_neither_moves_nor_seconds(world: World) -> None:
    case, made = opened(world)
    here = (world.erlong, case.id, made.id)
    secretary = world.actor("secretary")
    motion = motions.move(secretary, *here, words="甲案", mover=Somebody(label="甲"))
    db.session.commit()
    chair = world.actor("deputy")
    refused("neutral", motion_steps.second, chair, world.erlong, case, made.id, motion.id)
    raised(world, case, made, "resident")
    [hand] = scalars(select(HallHand.id))
    mine = Somebody(hand_id=hand)
    motion_steps.withdraw(secretary, *here, motion.id)
    refused("another", motions.move, secretary, *here, words="乙案", mover=mine, seconder=mine)
    motion_steps.withdraw(secretary, *here, motion.id)
    moved = motions.move(secretary, *here, words="乙案", mover=mine)
    db.session.commit()
    resident = world.actor("resident")
    refused("another", motion_steps.second, resident, world.erlong, case, made.id, moved.id)


def test_corrections_keep_what_stood_there_and_nobody_overwrites(world: World) -> None:
    case, made = opened(world)
    secretary, chair = world.actor("secretary"), world.actor("deputy")
    here = (world.erlong, case.id, made.id)
    entry = noted(world, case, made)
    assert noted(world, case, made) is entry
    minutes.correct(secretary, *here, entry.id, words="改一", seen=1)
    db.session.commit()
    refused("meanwhile", minutes.correct, chair, *here, entry.id, words="改二", seen=1)
    minutes.correct(chair, *here, entry.id, words="改二", seen=2)
    db.session.commit()
    assert [one.words for one in minutes.old_words(made.id)[entry.id]] == [
        "大家同意先试行。",
        "改一",
    ]
    raised(world, case, made, "resident")
    called = hands.call_next(chair, *here, seen=0)
    hands.end(chair, *here, seen=called.id)
    db.session.commit()
    turn = minutes.of(made.id)[-1]
    refused("by_itself", minutes.correct, chair, *here, turn.id, words="改", seen=1)
    refused("not_at_the_desk", minutes.correct, world.actor("resident"), *here, entry.id,
            words="改", seen=3)  # fmt: skip


def test_who_is_there_is_a_number_and_forgotten_at_the_end(world: World) -> None:
    case, made = opened(world)
    for role in ("resident", "neighbour", "resident"):
        presence.here(world.actor(role), world.erlong, case, made.id)
    assert made.checked_in == 2
    assert presence.is_here(made.id, world.people["resident"].id)
    chair = world.actor("deputy")
    presence.count(chair, world.erlong, case.id, made.id, 12)
    running.close(chair, world.erlong, case.id, made.id)
    assert db.session.scalar(select(func.count()).select_from(HallPresence)) == 0
    refused("not_open", presence.here, world.actor("resident"), world.erlong, case, made.id)


def test_the_chair_can_hand_over_while_minutes_are_open(world: World) -> None:
    case, made = closed(world)
    secretary, officer = world.actor("secretary"), world.actor("officer")
    here = (world.erlong, case.id, made.id)
    people = world.people
    swap = {"chair_id": people["officer"].id, "secretary_id": people["secretary"].id}
    refused("reason", running.hand_over, secretary, *here, **swap, reason="")
    running.hand_over(secretary, *here, **swap, reason="主持人病假")
    running.sign(officer, *here)
    db.session.commit()
    refused("signed", running.hand_over, secretary, *here, **swap, reason="又换")


def test_unsigned_minutes_stand_on_the_desk_with_their_date(world: World, app: Flask) -> None:
    closed(world)
    days_off(world)
    roles = (("secretary", 1), ("deputy", 1), ("officer", 1), ("resident", 0))
    with app.test_request_context("/", method="POST"):
        for role, number in roles:
            found = list(due.due(world.actor(role), 9))
            assert len(found) == number, role
            assert all(one.at is not None for one in found)


def test_own_data_are_given_out_and_erased(world: World) -> None:
    case, made = opened(world)
    raised(world, case, made, "resident", "neighbour")
    presence.here(world.actor("resident"), world.erlong, case, made.id)
    resident, deputy = world.people["resident"].id, world.people["deputy"].id
    tables = {table.name: len(table.rows) for table in own_data.PART.export(resident)}
    assert tables == {"hall_hands": 1, "hall_motions": 0, "hall_presence": 1, "hall_led": 0}
    assert len(own_data.PART.export(deputy)[-1].rows) == 1
    own_data.PART.forget(resident)
    assert [one.person_id for one in db.session.scalars(select(HallHand))] == [
        world.people["neighbour"].id
    ]
    assert db.session.scalar(select(func.count()).select_from(HallPresence)) == 0


def test_two_people_of_one_masked_name_are_told_apart(world: World) -> None:
    case, made = opened(world)
    twin = person("王桂芳")
    standing(twin, world.gate)
    world.people["twin"] = twin
    db.session.commit()
    raised(world, case, made, "resident", "twin")
    assert len(hands.floor(meetings.current(made)).waiting) == 2
