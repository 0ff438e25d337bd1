"""The office's pages of homes: listed, matched at the desk, with what goes wrong said beside it."""

import io
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from benchmarks import inside
from civic.identities.dwellings import HouseholdRep, Owner
from civic.identities.looks import Look
from civic.identities.models import Person
from civic.kernel.audit import AuditEntry
from civic.kernel.db import db
from civic.kernel.i18n import square_metres
from civic.kernel.sheets import write_csv
from tests.factories import World, home, rows, scalars, sign_ins, standing
from tests.identities.test_property_lists import HEAD, line
from tests.pages import text_of

PAGE = "/c/erlonglu/desk/homes/"
Login = Callable[[Person | None], FlaskClient]


@pytest.mark.parametrize(
    ("cm2", "words"), [(893_500, "89.35"), (10_000, "1"), (1, "0.0001"), (120_500, "12.05")]
)
def test_areas_are_written_exactly(cm2: int, words: str) -> None:
    assert square_metres(cm2) == words


def test_the_list_says_what_it_adds_up_to_and_where_to_begin(world: World, login: Login) -> None:
    client = login(world.secretary)
    assert "还没有房屋" in text_of(client.get(PAGE))
    home(world.erlong, world.gate)
    home(world.erlong, world.building, "底商1")
    home(world.jingji, world.jingji.node, "别处的门")
    db.session.commit()
    page = text_of(client.get(PAGE))
    assert "178.7" in page
    assert "2单元 302" in page
    assert "别处的门" not in page
    assert "孙丽" not in page
    near = text_of(client.get(f"{PAGE}?near={world.gate.id}"))
    assert "302" in near
    assert "底商1" not in near


def test_the_list_takes_as_many_statements_for_a_hundred(
    app: Flask, world: World, login: Login
) -> None:
    client = login(world.secretary)

    def count() -> int:
        client.get(PAGE)
        with inside.statements(app) as seen:
            assert client.get(PAGE).status_code == 200
        return len(seen)

    home(world.erlong, world.gate)
    db.session.commit()
    few = count()
    assert few <= 8
    for number in range(100):
        home(world.erlong, world.gate, f"{number}")
    db.session.commit()
    assert count() == few
    page = text_of(client.get(PAGE))
    assert "after=" in page


def test_at_the_desk_an_owner_is_matched_and_a_voice_chosen(world: World, login: Login) -> None:
    dwelling_id, owner_id = home(world.erlong, world.gate)
    db.session.commit()
    client, page = login(world.secretary), f"{PAGE}{dwelling_id}"
    who = sign_ins(world.resident)[0]
    data = {"act": "match", "account": who}
    assert client.post(f"{page}/owners/{owner_id}", data=data).status_code == 303
    data = {"voice": who, "basis": "全家签字"}
    assert client.post(f"{page}/voice", data=data).status_code == 303
    shown = text_of(client.get(page))
    assert shown.count("王桂兰") >= 2
    assert "全家签字" in shown
    assert rows(select(Owner.person_id)) == [(world.resident.id,)]
    assert rows(select(HouseholdRep.person_id)) == [(world.resident.id,)]
    assert set(scalars(select(Look.person_id))) == {world.resident.id}
    assert client.post(f"{page}/owners/{owner_id}/release").status_code == 303
    assert rows(select(Owner.person_id)) == [(None,)]


def test_what_is_wrong_is_said_and_kept(world: World, login: Login) -> None:
    dwelling_id, owner_id = home(world.erlong, world.gate)
    db.session.commit()
    client, page = login(world.secretary), f"{PAGE}{dwelling_id}"
    wrong = client.post(
        f"{page}/owners/{owner_id}", data={"act": "match", "account": "nobody@example.com"}
    )
    assert wrong.status_code == 422
    assert "nobody@example.com" in text_of(wrong)
    assert f'href="#account-{owner_id}"' in text_of(wrong)
    wrong = client.post(f"{page}/voice", data={"voice": "x", "basis": "全家签字"})
    assert wrong.status_code == 422
    assert "全家签字" in text_of(wrong)
    # Who lives here too does not choose themself at their own desk.
    standing(world.secretary, world.gate)
    db.session.commit()
    own = sign_ins(world.secretary)[0]
    wrong = client.post(f"{page}/voice", data={"voice": own, "basis": "全家签字"})
    assert wrong.status_code == 403
    assert scalars(select(HouseholdRep.id)) == []


def test_a_list_comes_in_over_pages_and_goes_out_again(world: World, login: Login) -> None:
    client, tables = login(world.secretary), "/c/erlonglu/desk/tables/dwelling/"
    assert f"{tables}properties/import" in text_of(client.get(PAGE))
    data = write_csv([line(), line("303", 楼栋="9号楼")], HEAD)
    wrong = send(client, f"{tables}properties/import", data)
    assert wrong.status_code == 422
    assert "9号楼" in text_of(wrong)
    looked = send(client, f"{tables}properties/import", write_csv([line(), line("303")], HEAD))
    assert looked.status_code == 303, text_of(looked)
    assert "2" in text_of(client.get(looked.location))
    assert scalars(select(Owner.id)) == []
    assert client.post(looked.location).status_code == 303
    assert "303" in text_of(client.get(PAGE))
    given = client.post(f"{tables}properties/export.csv").get_data(as_text=True)
    assert "王桂兰" in given
    assert scalars(select(AuditEntry.act).order_by(AuditEntry.id)) == [
        "properties.imported",
        "table.exported",
    ]
    for role in ("resident", "elsewhere", "administrator"):
        assert login(world.people[role]).get(tables).status_code == 404


def send(client: FlaskClient, address: str, data: bytes):
    form = {"file": (io.BytesIO(data), "房产.csv")}
    return client.post(address, data=form, content_type="multipart/form-data")
