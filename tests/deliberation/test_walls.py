"""Walls: who puts them up, how many dots one has, what is shown when, what the database refuses."""

from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from civic.consultations import stages
from civic.deliberation import own_data, pages, walls
from civic.deliberation.models import WallDot, WallItem
from civic.deliberation.rules import rules
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from tests.deliberation.conftest import hung, talks, wall_draft
from tests.deliberation.test_arguments import refused
from tests.factories import World, case_by_process


def test_dots_are_placed_moved_and_counted_at_the_close(world: World) -> None:
    case = talks(world)
    wall = hung(world, case)
    assert hung(world, case).id == wall.id
    items = [one.id for one in walls.items(wall.id)]
    resident, neighbour = world.actor("resident"), world.actor("neighbour")
    for actor, chosen in (
        (resident, items[:5]),
        (resident, items[1:4]),
        (neighbour, items[3:]),
        (neighbour, []),
        (neighbour, items[3:4]),
    ):
        walls.place(actor, world.erlong, case, wall.id, dict.fromkeys(chosen, 1))
        db.session.commit()
        assert walls.mine(actor.person_id, wall.id) == Counter(chosen)
    assert walls.mine(None, wall.id) == Counter()
    now = clock.now()
    assert walls.counted(wall, now) is None
    assert pages.result(wall, walls.items(wall.id), now) is None
    with clock.at(wall.closes_at):
        counted = walls.counted(wall, clock.now())
        assert counted == (Counter({items[1]: 1, items[2]: 1, items[3]: 2}), 2)
        shown = pages.result(wall, walls.items(wall.id), clock.now())
        assert shown is not None
        assert (shown["rows"][0]["count"], shown["dots"], shown["people"]) == (2, 4, 2)
        one = dict.fromkeys(items[:1], 1)
        refused("over", walls.place, resident, world.erlong, case, wall.id, one)


def test_nobody_places_more_than_they_have(world: World) -> None:
    case = talks(world)
    wall = hung(world, case)
    items = [one.id for one in walls.items(wall.id)]
    other = hung(world, case, form_key="v", several=True, dots=3)
    foreign = [one.id for one in walls.items(other.id)]
    actor = world.actor("resident")
    for code, where, wanted in (
        ("too_many", wall.id, dict.fromkeys(items, 1)),
        ("once", wall.id, {items[0]: 2}),
        ("item", wall.id, {foreign[0]: 1}),
        ("item", wall.id, {items[0]: -1}),
        ("too_many", other.id, {foreign[0]: 4}),
        ("missing", 99, {foreign[0]: 1}),
    ):
        refused(code, walls.place, actor, world.erlong, case, where, wanted)
    walls.place(actor, world.erlong, case, other.id, {foreign[0]: 3})
    db.session.commit()
    assert walls.mine(actor.person_id, other.id) == {foreign[0]: 3}
    for role, code in (("anonymous", "sign_in"), ("elsewhere", "audience"), ("deputy", "audience")):
        refused(code, walls.place, world.actor(role), world.erlong, case, wall.id, {items[0]: 1})


def test_the_database_holds_each_dot_to_its_wall(world: World) -> None:
    case = talks(world)
    wall = hung(world, case, dots=2)
    items = [one.id for one in walls.items(wall.id)]
    person_id = world.people["resident"].id
    walls.place(world.actor("resident"), world.erlong, case, wall.id, {items[0]: 1})
    db.session.commit()

    def dot(**values: object) -> WallDot:
        plain = {"wall_id": wall.id, "dots": 2, "several": False, "person_id": person_id}
        plain |= {"number": 2, "item_id": items[1], "at": clock.now()}
        return WallDot(**(plain | values))

    for values in (
        {"number": 1},
        {"number": 3},
        {"number": 0},
        {"number": 3, "dots": 3},
        {"several": True},
        {"item_id": items[0]},
        {"item_id": 999},
    ):
        db.session.add(dot(**values))
        with pytest.raises(IntegrityError):
            db.session.flush()
        db.session.rollback()
    db.session.add(dot())
    db.session.flush()
    with pytest.raises(DBAPIError):
        db.session.execute(update(WallItem).values(text="x"))
    db.session.rollback()


def test_a_wall_is_checked_before_it_hangs(world: World) -> None:
    case = talks(world)
    secretary = world.actor("secretary")
    most = rules()
    for code, changed in (
        ("title", {"title": ""}),
        ("title", {"title": "长" * (most.wall_title + 1)}),
        ("items", {"items": ["一"]}),
        ("items", {"items": ["一", "一 "]}),
        ("items", {"items": ["长" * (most.wall_item + 1), "二"]}),
        ("items", {"items": [f"{n}" for n in range(most.most_items + 1)]}),
        ("dots", {"dots": 0}),
        ("dots", {"dots": most.most_dots + 1}),
        ("dots", {"items": ["一", "二"], "dots": 3}),
        ("closes_at", {"closes_at": clock.now()}),
        ("closes_at", {"closes_at": case.closes_at + timedelta(hours=1)}),
    ):
        refused(code, walls.open_, secretary, world.erlong, case, wall_draft(**changed))
    assert hung(world, case, items=["一", "二"], dots=3, several=True).dots == 3
    refused(
        "not_open",
        walls.open_,
        secretary,
        world.erlong,
        talks(world, "closed"),
        wall_draft(form_key="n"),
    )
    by_process = case_by_process(world.erlong, "open_space")
    stage = by_process.process["data"]["stages"]
    by_process.stage = next(one["code"] for one in stage if "wall" in one.get("can", ()))
    db.session.commit()
    later = by_process.closes_at + timedelta(1)
    assert hung(world, by_process, form_key="o", closes_at=later).id
    for until, fits in ((later, True), (later - timedelta(hours=1), False), (clock.now(), True)):
        # A stage that may end already says nothing of how long it goes on.
        data, code = by_process.process["data"], by_process.stage
        by_process.present = stages.present(data, code, until=until, back="")
        db.session.commit()
        draft = wall_draft(form_key=f"{until}", closes_at=later)
        if fits:
            assert walls.open_(secretary, world.erlong, by_process, draft).closes_at == later
        else:
            refused("closes_at", walls.open_, secretary, world.erlong, by_process, draft)


def test_a_wall_says_when_the_stage_has_none(world: World, app: Flask) -> None:
    case = case_by_process(world.erlong, "open_space")
    found = case.process["data"]["stages"]
    codes = {("wall" in one.get("can", ())): one["code"] for one in found}
    case.stage = codes[True]
    db.session.commit()
    wall = hung(world, case)
    with app.test_request_context(f"/c/erlonglu/consultations/{case.id}/walls"):
        app.preprocess_request()
        assert pages.wall(wall, case, clock.now())["badge"] == "act"
        case.stage = codes[False]
        shown = pages.wall(wall, case, clock.now())
        assert (shown["open"], shown["badge"]) == (True, "")
        assert shown["state"] == "现阶段不能贴点"


def test_there_are_not_too_many_walls(world: World) -> None:
    case = talks(world)
    for number in range(rules().walls_each):
        hung(world, case, form_key=f"w{number}")
    act = walls.open_, world.actor("secretary"), world.erlong, case, wall_draft(form_key="one")
    refused("too_many", *act)
    assert len(walls.listed(case.id)) == case.figures[walls.ALL] == rules().walls_each


def test_a_wall_is_taken_down_with_a_reason_and_never_counted(world: World) -> None:
    case = talks(world)
    wall = hung(world, case)
    items = [one.id for one in walls.items(wall.id)]
    secretary, resident = world.actor("secretary"), world.actor("resident")
    refused("reason", walls.withdraw, secretary, world.erlong, case, wall.id, reason=" ")
    for _ in range(2):
        found = walls.withdraw(secretary, world.erlong, case, wall.id, reason="漏了一项")
        db.session.commit()
    assert found.withdrawn_reason == "漏了一项"
    assert case.figures == {}
    refused("over", walls.place, resident, world.erlong, case, wall.id, {items[0]: 1})
    with clock.at(wall.closes_at):
        assert walls.counted(wall, clock.now()) is None
    other = hung(world, case, form_key="v")
    with clock.at(other.closes_at):
        refused("over", walls.withdraw, secretary, world.erlong, case, other.id, reason="晚了")


def test_dots_of_who_leaves_still_count(world: World) -> None:
    case = talks(world)
    wall = hung(world, case)
    items = [one.id for one in walls.items(wall.id)]
    resident = world.actor("resident")
    assert resident.person_id is not None
    walls.place(resident, world.erlong, case, wall.id, dict.fromkeys(items[:2], 1))
    db.session.commit()
    assert [row[1] for row in own_data.PART.export(resident.person_id)[4].rows] == ["路灯", "车位"]
    own_data.PART.forget(resident.person_id)
    db.session.commit()
    assert walls.mine(resident.person_id, wall.id) == Counter()
    with clock.at(wall.closes_at):
        assert walls.counted(wall, clock.now()) == (Counter(items[:2]), 1)


WANTED = st.dictionaries(st.integers(0, 5), st.integers(-1, 4), max_size=6)


@pytest.mark.parametrize("several", [False, True])
def test_whatever_is_sent_nobody_has_too_many(world: World, several: bool) -> None:
    case = talks(world)
    wall = hung(world, case, several=several, dots=3)
    items = [one.id for one in walls.items(wall.id)]
    actor = world.actor("resident")

    @settings(max_examples=25, deadline=None)
    @given(WANTED)
    def check(wanted: dict[int, int]) -> None:
        before = walls.mine(actor.person_id, wall.id)
        sent = {items[at]: number for at, number in wanted.items()}
        try:
            walls.place(actor, world.erlong, case, wall.id, sent)
            db.session.commit()
        except Refused:
            db.session.rollback()
            assert walls.mine(actor.person_id, wall.id) == before
        else:
            assert walls.mine(actor.person_id, wall.id) == {k: n for k, n in sent.items() if n}
        kept = select(func.count()).select_from(WallDot).filter_by(wall_id=wall.id)
        assert (db.session.scalar(kept) or 0) <= wall.dots

    check()
