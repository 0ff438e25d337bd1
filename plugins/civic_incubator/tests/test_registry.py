"""Organisations: proposed by residents, filed by staff, in and out as tables."""

from io import BytesIO

import pytest
from incubator_said import HERE
from sqlalchemy import event, select, text
from sqlalchemy.exc import IntegrityError

from civic.api import clock, db, sheets
from civic_incubator.imports import HEADER
from civic_incubator.models import Member, Organisation

SEND = "/c/erlonglu/desk/tables/incubator/organisations/import"
PROPOSED = {"name": "修理铺", "kind": "convenience", "people": "5", "about": "帮邻居修小家电。"}


def only():
    return db.session.scalars(select(Organisation)).one()


def test_proposed_filed_and_joined_by_its_code(login, community):
    resident, staff = login("resident"), login("staff")
    assert resident.post(f"{HERE}organisations/new", data=PROPOSED).status_code == 303
    made = only()
    assert made.status == "proposed"
    data = {"status": "filed", "number": "金备2026-7", "since": "2026-03-02"}
    address = f"{HERE}organisations/{made.id}/file"
    assert resident.post(address, data=data).status_code == 403
    assert staff.post(address, data=data).status_code == 303
    assert (only().status, only().number) == ("filed", "金备2026-7")
    page = login("resident", name="陈志强").get(f"{HERE}organisations/{made.id}").text
    assert made.code[:4] not in page
    second = login("resident", name="陈志强")
    typed = f" {made.code[:4].lower()}-{made.code[4:]} "
    assert second.post(f"{HERE}organisations/join", data={"code": typed}).status_code == 303
    assert second.post(f"{HERE}organisations/join", data={"code": typed}).status_code == 303
    assert len(db.session.scalars(select(Member)).all()) == 2
    assert made.code[:4] in second.get(f"{HERE}organisations/{made.id}").text
    refused = second.post(f"{HERE}organisations/join", data={"code": "AAAAAAAA"})
    assert refused.status_code == 404
    assert "AAAAAAAA" in refused.text
    before = made.code
    assert staff.post(f"{HERE}organisations/{made.id}/code").status_code == 303
    assert only().code != before
    acts = db.session.scalars(text("SELECT act FROM audit_entry WHERE act LIKE 'incubator.%'"))
    assert sorted(acts) == ["incubator.code_renewed", "incubator.filed"]


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"name": "长" * 61}, 422),
        ({"name": "长" * 60}, 303),
        ({"name": " "}, 422),
        ({"kind": "sports"}, 422),
        ({"people": "0"}, 422),
        ({"people": "1"}, 303),
        ({"people": "10000"}, 303),
        ({"people": "10001"}, 422),
        ({"people": "五"}, 422),
        ({"about": "长" * 501}, 422),
    ],
)
def test_what_is_proposed_is_checked_and_kept(login, community, changed, status):
    answer = login("resident").post(f"{HERE}organisations/new", data=PROPOSED | changed)
    assert answer.status_code == status
    if status == 422 and "about" not in changed:
        assert "帮邻居修小家电。" in answer.text


def test_a_name_stands_in_the_list_once_and_nobody_proposes_a_fourth(login, community):
    resident = login("resident")
    for name in ("一", "二", "三"):
        data = PROPOSED | {"name": name}
        assert resident.post(f"{HERE}organisations/new", data=data).status_code == 303
    assert resident.post(f"{HERE}organisations/new", data=PROPOSED).status_code == 409
    other = login("resident", name="陈志强")
    refused = other.post(f"{HERE}organisations/new", data=PROPOSED | {"name": "一"})
    assert refused.status_code == 409
    assert "帮邻居修小家电。" in refused.text


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"status": "filed", "number": "", "since": "2026-03-02"}, 422),
        ({"status": "filed", "number": "7", "since": ""}, 422),
        ({"status": "registered", "number": "7", "since": "2199-01-01"}, 422),
        ({"status": "best", "number": "7", "since": "2026-03-02"}, 422),
        ({"status": "ended", "number": "", "since": ""}, 303),
    ],
)
def test_a_filing_has_its_number_and_its_date(login, story, data, status):
    made = story.organisation("修理铺", status="proposed")
    answer = login("staff").post(f"{HERE}organisations/{made.id}/file", data=data)
    assert answer.status_code == status


def test_elsewhere_there_is_none_of_it(login, story):
    made = story.organisation("修理铺")
    made_id = made.id
    login("secretary", at="jingjidao")
    assert login("staff", at="jingjidao").get(f"{HERE}organisations/{made_id}").status_code == 200
    data = {"status": "ended", "number": "", "since": ""}
    there = login("staff", at="jingjidao").post(f"{HERE}organisations/{made_id}/file", data=data)
    assert there.status_code == 403
    assert story.secretary.get(f"{HERE}organisations/{made_id + 9}").status_code == 404


def test_the_list_is_narrowed_and_a_long_one_asks_no_more(client, login, story):
    def statements():
        said = []

        def note(_connection, _cursor, statement, *_):
            said.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        assert client.get(f"{HERE}organisations/").status_code == 200
        event.remove(db.engine, "before_cursor_execute", note)
        return len(said)

    story.organisation("修理铺", status="proposed")
    client.get(f"{HERE}organisations/")
    few = statements()
    for number in range(120):
        story.organisation(f"团队{number:03}")
    assert statements() <= few
    assert client.get(f"{HERE}organisations/").text.count('class="row-title"') == 50
    page = client.get(f"{HERE}organisations/?status=proposed").text
    assert page.count('class="row-title"') == 1
    assert client.get(f"{HERE}organisations/?q=团队01").text.count('class="row-title"') == 10
    assert client.get(f"{HERE}organisations/?kind=x&status=y&after=999999").status_code == 200
    assert "修理铺" not in client.get(f"{HERE}organisations/?kind=labour").text
    seen, address = 0, f"{HERE}organisations/"
    while address:
        page = client.get(address).text
        seen += page.count('class="row-title"')
        address = page.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert seen == 121


def send(client, data, name="list.xlsx"):
    return client.post(SEND, data={"file": (BytesIO(data), name)})


ROWS = [
    ("巧手修理铺", "便民服务类", "已备案", "金备7", "2026-03-02", 8, "修小家电"),
    ("和事佬工作室", "家庭矛盾调解", "已登记", "京民8", "2025-05-06", 15, ""),
    ("楼道清洁队", "城市保洁类", "", "", None, 6, "每周六"),
]


def test_a_table_comes_in_and_goes_out_again(client, login, community):
    login("staff")
    looked = send(client, sheets.write_xlsx(ROWS, HEADER, "组织"))
    assert looked.status_code == 303, looked.text
    assert client.post(looked.location).status_code == 303
    assert len(db.session.scalars(select(Organisation)).all()) == 3
    out = client.post("/c/erlonglu/desk/tables/incubator/organisations/export.xlsx")
    assert out.status_code == 200
    again = send(client, out.data)
    assert again.status_code == 303
    client.post(again.location)
    assert len(db.session.scalars(select(Organisation)).all()) == 3


def test_what_is_wrong_with_a_table_is_said_by_row(client, login, community):
    login("staff")
    wrong = [
        ("甲", "体育", "", "", None, 1, ""),
        ("乙", "便民服务", "挂牌", "", None, 1, ""),
        ("丙", "便民服务", "已备案", "", None, 1, ""),
        ("丁", "便民服务", "", "", None, 10001, ""),
        ("长" * 61, "便民服务", "", "", None, 1, ""),
        ("甲", "便民服务", "", "", None, 1, ""),
    ]
    answer = send(client, sheets.write_xlsx(wrong, HEADER, "组织"))
    assert answer.status_code == 422
    for told in ("体育", "挂牌", "10001", "第2行"):
        assert told in answer.text
    assert db.session.scalars(select(Organisation)).all() == []


def test_a_file_of_another_kind_is_refused(client, login, community):
    login("staff")
    for data, name in ((b"%PDF-1.7 not a table", "list.xlsx"), (b"\x89PNG\r\n", "list.png")):
        assert send(client, data, name).status_code in {400, 415, 422}
    login("resident")
    assert send(client, b"").status_code == 404


def test_the_database_files_nothing_without_a_number(app, story):
    made = story.organisation("修理铺", status="proposed")
    made.status = "filed"
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()
    assert clock.now()
