"""Lists of properties: read by row, taken over whole, matched with people who are known here."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from benchmarks import inside
from civic.identities import owners, property_lists
from civic.identities.dwellings import Dwelling, Household, HouseholdRep, Owner, Ownership
from civic.identities.looks import Look
from civic.identities.models import Standing
from civic.identities.own_property import PART
from civic.identities.property_tables import COLUMNS, cm2, parts
from civic.kernel.audit import AuditEntry
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.phones import Identifier, identify
from civic.kernel.sheets import read, table, write_csv
from tests.factories import World, actor, rows, scalars, sign_ins

HEAD = ["小区", "楼栋", "单元", "房号", "用途", "登记面积", "测绘面积", "状态", "业主", "证件号"]


def line(number: str = "302", owners: str = "王桂兰", papers: str = "123X", **more: str):
    values = {
        "楼栋": "6号楼",
        "单元": "2单元",
        "房号": number,
        "登记面积": "89.35",
        "业主": owners,
        "证件号": papers,
    } | more
    return [values.get(name, "") for name in HEAD]


def listed(*lines: list[str]):
    found = table(read(write_csv(lines, HEAD), "房产.csv"), COLUMNS)
    made, problems = parts(found)
    return made, [*found.problems, *problems]


def taken(world: World, *lines: list[str]) -> property_lists.PropertyPlan:
    found, problems = listed(*lines)
    assert not [problem for problem in problems if not problem.notice]
    plan = property_lists.plan(world.erlong, found)
    assert not plan.problems
    property_lists.apply(world.actor("secretary"), world.erlong, plan)
    db.session.commit()
    return plan


def account(world: World, role: str) -> Identifier:
    return identify(sign_ins(world.people[role])[0])


@pytest.mark.parametrize(
    ("metres", "expected"), [("89.35", 893_500), ("1", 10_000), ("0.0001", 1), ("100.0000", 10**6)]
)
def test_areas_are_whole_square_centimetres(metres: str, expected: int) -> None:
    assert cm2(metres) == expected


@pytest.mark.parametrize("metres", ["0", "-3", "1.00005"])
def test_areas_that_are_none(metres: str) -> None:
    with pytest.raises(ValueError, match=metres):
        cm2(metres)


def test_a_list_as_people_write_it() -> None:
    found, problems = listed(
        line("３０２ ", "王桂兰、 李 明", "110101194001011234，５６７x", 用途="住宅"),
        line("B1-7", "", "", 用途="车位", 状态="未售", 登记面积="", 测绘面积="12.5"),
    )
    assert [problem.code for problem in problems] == []
    first, second = found
    assert first.at == ("6号楼", "2单元")
    assert [(owner.name, owner.last4) for owner in first.owners] == [
        ("王桂兰", "1234"),
        ("李 明", "567X"),
    ]
    assert (second.use, second.state, dict(second.areas)) == (
        "parking",
        "unsold",
        {"survey": 125000},
    )


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"用途": "城堡"}, "property_use"),
        ({"状态": "空"}, "property_state"),
        ({"登记面积": ""}, "property_register"),
        ({"登记面积": "0"}, "property_register"),
        ({"登记面积": "八十"}, "number"),
        ({"owners": "王桂兰、李明"}, "property_papers"),
        ({"papers": "12"}, "property_papers"),
        ({"owners": "王" * 41}, "property_owners"),
        ({"number": ""}, "empty"),
    ],
)
def test_what_is_wrong_is_said_by_row(change: dict[str, str], code: str) -> None:
    found, problems = listed(line("101"), line(**change))
    wrong = [problem for problem in problems if not problem.notice]
    assert [(problem.code, problem.row) for problem in wrong] == [(code, 3)]
    assert all(str(problem) for problem in problems)
    assert [part.number for part in found] == ["101"]


def test_owners_without_papers_are_said_to_be_apart() -> None:
    _found, problems = listed(line(papers=""), line("303", "", ""))
    assert [(problem.code, problem.notice) for problem in problems] == [
        ("property_owners", True),
        ("property_owners", True),
    ]


def test_places_must_be_here(world: World) -> None:
    found, _problems = listed(line(楼栋="7号楼"), line("303", 楼栋="6号楼", 小区="别的小区"))
    plan = property_lists.plan(world.erlong, found)
    assert [problem.code for problem in plan.problems] == ["no_such_place", "no_such_place"]
    assert property_lists.plan(world.jingji, listed(line())[0]).problems


def test_a_list_is_taken_over_once_and_then_compared(world: World) -> None:
    first = taken(world, line(), line("303", "李明、赵敏", "4321、5678"), line("304", 状态="未售"))
    assert dict(first.counts) == {"new": 3, "changed": 0, "known": 0}
    assert scalars(select(func.count()).select_from(Household)) == [3]
    again = taken(
        world, line(), line("303", "李明", "4321"), line("304", "赵敏", "5678", 登记面积="90")
    )
    assert dict(again.counts) == {"new": 0, "changed": 2, "known": 1}
    now = rows(
        select(Dwelling.number, Owner.name)
        .join(Ownership, Ownership.dwelling_id == Dwelling.id)
        .join(Owner, Owner.id == Ownership.owner_id)
        .where(Ownership.valid_to.is_(None))
        .order_by(Dwelling.number)
    )
    assert now == [("302", "王桂兰"), ("303", "李明"), ("304", "赵敏")]
    # Who owned before stays in the history, and is the same owner as before.
    assert scalars(select(func.count()).select_from(Ownership)) == [5]
    assert scalars(select(func.count()).select_from(Owner)) == [3]
    assert scalars(select(AuditEntry.act)) == ["properties.imported"] * 2


def test_nobody_reads_the_number_of_a_paper_from_the_database(world: World) -> None:
    taken(world, line(papers="110101194001011234"))
    (found,) = rows(select(Owner.name, Owner.identity, Owner.last4))
    assert "110101194001011234" not in repr(found)
    assert found[2] == "1234"


def test_statements_do_not_grow_with_the_list(app: Flask, world: World) -> None:
    def count(lines: list[list[str]]) -> int:
        found, _problems = listed(*lines)
        with inside.statements(app) as seen:
            plan = property_lists.plan(world.erlong, found)
            property_lists.apply(world.actor("secretary"), world.erlong, plan)
        db.session.rollback()
        return len(seen)

    few = count([line("1")])
    assert count([line(f"{number}", papers=f"A{number:04}") for number in range(200)]) <= few + 2


def test_an_owner_is_matched_by_staff_and_is_on_the_roll(world: World) -> None:
    taken(world, line())
    (dwelling_id, owner_id) = (scalars(select(Dwelling.id))[0], scalars(select(Owner.id))[0])
    owners.match(
        world.actor("secretary"), world.erlong, dwelling_id, owner_id, account(world, "resident")
    )
    db.session.commit()
    held = rows(
        select(Standing.level, Standing.node_id).filter_by(
            person_id=world.resident.id, kind="owner"
        )
    )
    assert held == [(4, world.gate.id)]
    assert scalars(select(Look.person_id)) == [world.resident.id]
    (table_, _households) = PART.export(world.resident.id)
    assert [row[1] for row in table_.rows] == ["302"]


def test_nobody_matches_themself_and_a_guardian_is_another_adult(world: World) -> None:
    taken(world, line())
    (dwelling_id, owner_id) = (scalars(select(Dwelling.id))[0], scalars(select(Owner.id))[0])
    secretary = world.actor("secretary")
    ways = (
        (owners.match, "elsewhere", "nobody"),
        (owners.guard, "minor", "minor"),
    )
    for act, role, code in ways:
        with pytest.raises(Refused) as refused:
            act(secretary, world.erlong, dwelling_id, owner_id, account(world, role))
        assert refused.value.code == code
        db.session.rollback()
    with pytest.raises(Refused) as refused:
        owners.match(
            actor(world.resident), world.erlong, dwelling_id, owner_id, account(world, "resident")
        )
    assert refused.value.code == "own"
    db.session.rollback()
    with pytest.raises(Refused) as refused:
        owners.match(secretary, world.jingji, dwelling_id, owner_id, account(world, "elsewhere"))
    assert refused.value.status == 404


def test_a_household_has_one_voice_at_a_time(world: World) -> None:
    taken(world, line())
    (dwelling_id,) = scalars(select(Dwelling.id))
    secretary = world.actor("secretary")
    owners.choose(secretary, world.erlong, dwelling_id, account(world, "resident"), "家庭决定")
    owners.choose(secretary, world.erlong, dwelling_id, account(world, "neighbour"), "家庭决定")
    db.session.commit()
    now = rows(
        select(HouseholdRep.person_id, HouseholdRep.valid_to.is_(None)).order_by(HouseholdRep.id)
    )
    assert now == [(world.resident.id, False), (world.neighbour.id, True)]
    for role, basis, code in (
        ("neighbour", "又选", "same"),
        ("minor", "x", "minor"),
        ("resident", " ", "basis"),
    ):
        with pytest.raises(Refused) as refused:
            owners.choose(secretary, world.erlong, dwelling_id, account(world, role), basis)
        assert refused.value.code == code
        db.session.rollback()


def test_closing_an_account_parts_it_from_the_lists(world: World) -> None:
    taken(world, line())
    (dwelling_id, owner_id) = (scalars(select(Dwelling.id))[0], scalars(select(Owner.id))[0])
    secretary = world.actor("secretary")
    owners.match(secretary, world.erlong, dwelling_id, owner_id, account(world, "resident"))
    owners.choose(secretary, world.erlong, dwelling_id, account(world, "resident"), "家庭决定")
    PART.forget(world.resident.id)
    db.session.commit()
    assert rows(select(Owner.person_id, Owner.name)) == [(None, "王桂兰")]
    assert scalars(select(HouseholdRep.id)) == []
    assert all(not table_.rows for table_ in PART.export(world.resident.id))
