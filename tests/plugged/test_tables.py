"""Tables that a plugin takes in and gives out: read by the site, refused where it is off."""

import io
import re

import pytest
from civic_kinds import Card, Tenancy
from sqlalchemy import select

from civic.communities import switching
from civic.kernel.audit import AuditEntry
from civic.kernel.db import db
from civic.kernel.sheets import read, write_csv, write_xlsx
from tests.factories import scalars
from tests.pages import text_of
from tests.plugged.conftest import off

HERE = "/c/erlonglu/desk/tables/kinds"
CARDS = f"{HERE}/cards"


def sent(client, *numbers: str, path: str = CARDS, data: bytes = b""):
    data = data or write_csv([(number,) for number in numbers], ("编号",))
    return client.post(f"{path}/import", data={"file": (io.BytesIO(data), "cards.csv")})


def numbers() -> list[str]:
    return scalars(select(Card.number).order_by(Card.id))


def acts(like: str) -> list[tuple[str, str, dict[str, int]]]:
    found = scalars(select(AuditEntry).order_by(AuditEntry.id))
    return [(row.act, row.subject, row.data) for row in found if row.act.startswith(like)]


def test_looking_changes_nothing_and_importing_does_it_all(world, login):
    client = login(world.secretary)
    looked = sent(client, "K1", "K2")
    assert looked.status_code == 303
    page = text_of(client.get(looked.location))
    assert "Cards" in page
    assert numbers() == []
    done = client.post(looked.location)
    assert (done.status_code, done.location) == (303, f"{HERE}/")
    assert numbers() == ["K1", "K2"]
    assert acts("table.") == [("table.imported", "table:kinds.cards", {"filled": 0, "new": 2})]
    # The same table a second time: the kept one is gone, a new one finds everything there.
    assert client.post(looked.location).location == f"{CARDS}/import"
    again = client.get(sent(client, "K1", "K2").location)
    assert '<form method="post" action="/c/erlonglu/desk/tables' not in text_of(again)


def test_problems_are_said_by_row(world, login):
    answer = sent(login(world.secretary), "K1", "a number that is too long", "K1")
    assert answer.status_code == 422
    page = re.sub(r"<[^>]+>", " ", text_of(answer))
    assert "“a number that is too long” is longer than ten characters." in page
    assert "3" in page
    assert numbers() == []


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04 no workbook", write_csv([("x",)], ("Colour",)), write_csv([], ("编号",))],
)
def test_what_is_no_such_table_is_refused(world, login, data):
    answer = sent(login(world.secretary), data=data)
    assert answer.status_code == 422
    assert numbers() == []


@pytest.mark.parametrize(("number", "where"), [("crash", "read"), ("late", "apply")])
def test_a_failing_plugin_is_named_and_nothing_is_kept(world, login, number, where, caplog):
    client = login(world.secretary)
    answer = sent(client, "K1", number)
    if where == "read":
        assert answer.status_code == 503
        assert "Kinds" in text_of(answer)
    else:
        back = client.post(answer.location)
        assert back.location == answer.location
        assert "Kinds" in text_of(client.get(back.location))
    assert f"plugin kinds failed in {where} of kinds.cards" in caplog.text
    assert numbers() == []
    assert acts("table.") == []


def test_a_kept_table_is_its_senders_and_its_communitys(world, login):
    looked = sent(login(world.secretary), "K1").location
    switching.switch(world.jingji, "kinds", on=True)
    db.session.commit()
    assert login(world.deputy).get(looked).status_code == 404
    assert login(world.administrator).post(looked).status_code == 404
    elsewhere = looked.replace("erlonglu", "jingjidao")
    assert login(world.secretary).post(elsewhere).status_code == 404
    assert numbers() == []


@pytest.mark.parametrize(
    ("role", "status"),
    [("resident", 404), ("deputy", 404), ("secretary", 200)],
)
def test_who_may_open_the_pages(world, login, role, status):
    visitor = login(None)
    assert visitor.get(f"{HERE}/").location.startswith("/sign-in")
    client = login(world.people[role])
    for path in (f"{HERE}/", f"{CARDS}/import", f"{CARDS}/template.csv", f"{CARDS}/template.xlsx"):
        assert client.get(path).status_code == status, path
    assert client.post(f"{CARDS}/export.csv").status_code == status


def test_a_template_has_the_columns(world, login):
    client = login(world.secretary)
    assert text_of(client.get(f"{CARDS}/template.csv")).strip("\ufeff\r\n") == "编号"
    book = read(client.get(f"{CARDS}/template.xlsx").data, "cards.xlsx")
    assert [list(texts) for _number, texts in book.rows] == [["编号"]]


def test_what_goes_out_is_whole_and_runs_nothing(world, login):
    db.session.add_all(
        Card(community_id=world.erlong.id, number=number) for number in ("K1", "=1+1", "张三")
    )
    db.session.add(Card(community_id=world.jingji.id, number="foreign"))
    db.session.commit()
    client = login(world.secretary)
    csv = client.post(f"{CARDS}/export.csv")
    assert csv.data.startswith(b"\xef\xbb\xbf")
    assert text_of(csv).strip("\ufeff").split() == ["编号", "K1", "'=1+1", "张三"]
    assert csv.headers["Cache-Control"] == "no-store"
    book = read(client.post(f"{CARDS}/export.xlsx").data, "cards.xlsx")
    assert [texts[0] for _number, texts in book.rows] == ["编号", "K1", "=1+1", "张三"]
    assert not book.marks  # a text, and no formula
    # No people stand in it, so that nothing is recorded.
    assert acts("table.") == []


def test_that_people_went_out_is_recorded(world, login):
    row = Tenancy(
        community_id=world.erlong.id, person_id=world.resident.id, node_id=world.gate.id, note="n"
    )
    db.session.add(row)
    db.session.commit()
    assert login(world.secretary).post(f"{HERE}/tenants/export.xlsx").status_code == 200
    assert acts("table.") == [("table.exported", "table:kinds.tenants", {"rows": 1})]


def test_off_nothing_goes_in_and_the_administrator_takes_everything_out(world, login):
    db.session.add(Card(community_id=world.erlong.id, number="K1"))
    db.session.commit()
    off(world)
    staff = login(world.secretary)
    for answer in (staff.get(f"{HERE}/"), staff.post(f"{CARDS}/export.csv"), sent(staff, "K2")):
        assert answer.status_code == 404
    client = login(world.administrator)
    page = text_of(client.get(f"{HERE}/"))
    assert f"{CARDS}/export.csv" in page
    assert f"{CARDS}/import" not in page
    assert sent(client, "K2").status_code == 404
    assert "K1" in text_of(client.post(f"{CARDS}/export.csv"))
    assert HERE in text_of(client.get("/desk/?community=erlonglu"))
    assert HERE not in text_of(staff.get("/desk/"))


def test_the_tools_of_staff_lead_there(world, login):
    assert f'href="{HERE}/"' in text_of(login(world.secretary).get("/desk/"))
    assert f'href="{HERE}/"' in text_of(login(world.secretary).get("/c/erlonglu/"))
    assert HERE not in text_of(login(world.deputy).get("/desk/"))


def test_gone_its_tables_are_gone(world, bare_login):
    assert bare_login(world.administrator).get(f"{HERE}/").status_code == 404
    assert bare_login(world.administrator).get("/desk/").status_code == 200


def test_what_is_read_is_what_the_plugin_gets(world, login):
    client = login(world.secretary)
    data = write_xlsx([(7,), ("K2 ",)], ("Number",), "x")
    file = {"file": (io.BytesIO(data), "cards.xlsx")}
    looked = client.post(f"{CARDS}/import", data=file)
    assert client.post(looked.location).status_code == 303
    assert numbers() == ["7", "K2"]
