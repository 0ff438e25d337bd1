"""Kinds of place that a plugin brings: in the tree, in the spreadsheet, off, and gone."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from civic.admin import imports
from civic.communities import services as communities
from civic.communities import tree
from civic.communities.models import Node
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.sheets import read, write_csv
from tests.factories import scalars
from tests.pages import text_of
from tests.plugged.conftest import off


def act() -> tree.Act:
    return tree.Act(person_id=None, at=clock.now() - timedelta(seconds=1))


def add(kind: str, name: str, parent: Node) -> Node:
    made = tree.add(act(), kind, name, parent.id)
    db.session.commit()
    return made


def codes_below(world, login, node: Node) -> str:
    page = text_of(login(world.administrator).get(f"/admin/tree/{node.id}/"))
    return page.partition('id="kind"')[2].partition("</select>")[0]


def test_it_is_added_on_the_page_where_it_is_on(world, login):
    client = login(world.administrator)
    assert 'value="kinds.bay"' in codes_below(world, login, world.building)
    assert 'value="kinds.bed"' not in codes_below(world, login, world.building)
    assert 'value="kinds.bay"' not in codes_below(world, login, world.jingji.node)
    path = f"/admin/tree/{world.building.id}/"
    assert client.post(path, data={"kind": "kinds.bay", "name": "B1"}).status_code == 303
    made = scalars(select(Node).where(Node.kind == "kinds.bay"))
    assert [(node.name, node.parent_id) for node in made] == [("B1", world.building.id)]
    assert "Bicycle bay" in text_of(client.get(path))
    elsewhere = f"/admin/tree/{world.jingji.id}/"
    assert client.post(elsewhere, data={"kind": "kinds.bay", "name": "B1"}).status_code == 422


def test_its_own_kinds_stand_below_each_other(world):
    room = add("kinds.room", "101", world.building)
    bed = add("kinds.bed", "靠窗", room)
    assert bed.ids.startswith(room.ids)
    with pytest.raises(Refused) as refused:
        tree.add(act(), "kinds.bed", "x", world.building.id)
    assert refused.value.code == "kind"
    with pytest.raises(Refused) as refused:
        tree.move(act(), bed.id, world.gate.id)
    assert refused.value.code == "kind"


def test_people_belong_to_it_where_they_can_live(world, login):
    room = add("kinds.room", "101", world.building)
    bay = add("kinds.bay", "B1", world.building)
    page = text_of(login(world.secretary).get(f"/c/erlonglu/desk/people/{world.resident.id}/grant"))
    assert f'value="{room.id}"' in page
    assert f'value="{bay.id}"' not in page
    places = [node.id for node in communities.below(world.erlong)]
    assert room.id in places
    assert bay.id not in places


@pytest.mark.parametrize("gone", [False, True])
def test_off_or_gone_what_stands_there_stays(world, login, without, bare_login, gone):
    room = add("kinds.room", "101", world.building)
    add("kinds.bed", "靠窗", room)
    off(world)
    sign_in, app = (bare_login, without) if gone else (login, None)
    client = sign_in(world.administrator)
    page = client.get(f"/admin/tree/{room.id}/")
    assert page.status_code == 200
    assert ("kinds" in text_of(page)) if gone else ("Rented room" in text_of(page))
    assert 'value="kinds.bed"' not in text_of(page)
    for path in (
        f"/admin/tree/{room.id}/rename",
        f"/admin/tree/{room.id}/move?q=6",
        f"/admin/tree/{room.id}/end",
        f"/admin/tree/{world.building.id}/?q=101",
        "/c/erlonglu/about",
    ):
        assert client.get(path).status_code == 200, path
    path = f"/admin/tree/{room.id}/rename"
    assert client.post(path, data={"name": "102"}).status_code == 303
    wrong = client.post(
        f"/admin/tree/{world.building.id}/", data={"kind": "kinds.room", "name": "103"}
    )
    assert wrong.status_code == 422
    bed = scalars(select(Node.id).where(Node.kind == "kinds.bed"))[0]
    assert client.post(f"/admin/tree/{bed}/end").status_code == 303
    assert client.post(f"/admin/tree/{room.id}/end").status_code == 303
    del app


def sheet(*rows: tuple[str, ...], header=("社区", "小区", "楼", "车位")):
    return read(write_csv(rows, header), "places.csv")


def test_the_spreadsheet_of_places_knows_it(world, login):
    page = text_of(login(world.administrator).get("/admin/import/"))
    assert "、车位、" in page
    template = login(world.administrator).get("/admin/import/template/places.csv")
    assert "车位" in text_of(template)
    table = sheet(
        ("二龙路社区", "二龙路小区", "6号楼", "B1"), ("二龙路社区", "二龙路小区", "6号楼", "B2")
    )
    plan = imports.plan(world.street, table)
    assert (dict(plan.new), plan.problems) == ({"kinds.bay": 2}, [])
    imports.carry_out(world.actor("administrator"), world.street, table)
    db.session.commit()
    made = scalars(select(Node.name).where(Node.kind == "kinds.bay").order_by(Node.id))
    assert made == ["B1", "B2"]
    assert imports.plan(world.street, table).known == 2 + 3
    data = {
        "what": "places",
        "file": (io.BytesIO(write_csv([("二龙路社区", "B3")], ("社区", "车位"))), "p.csv"),
    }
    sent = login(world.administrator).post("/admin/import/", data=data)
    assert sent.status_code == 303
    assert "Bicycle bay" in text_of(login(world.administrator).get(sent.location))


def test_where_it_is_off_a_row_says_so(world):
    plan = imports.plan(world.street, sheet(("京畿道社区", "", "", "B1"), ("新社区", "", "", "B1")))
    assert [(problem.code, problem.row) for problem in plan.problems] == [("off", 2), ("off", 3)]
    off(world)
    # Off everywhere, the column is one that nobody knows.
    plan = imports.plan(world.street, sheet(("二龙路社区", "", "", "B1")))
    assert [problem.code for problem in plan.notices] == ["unknown_column"]
    assert plan.problems == []
