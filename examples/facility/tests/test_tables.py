"""379 bays and 137 signs from a spreadsheet, all invented; and out again."""

from io import BytesIO

import pytest
from sqlalchemy import func, select

from civic.api import db, sheets
from civic_facility.imports import HEADER
from civic_facility.models import Place

BAYS, SIGNS = 379, 137
SEND = "/c/erlonglu/desk/tables/facility/places/import"
STREETS = ("丰盛胡同", "武定侯街", "广宁伯街", "金城坊街", "太平桥大街")


def rows():
    """Return the rows of the whole street, in the words its office uses."""
    for number in range(1, BAYS + 1):
        street = STREETS[number % len(STREETS)]
        point = (round(39.91 + number / 1e5, 6), round(116.36 + number / 1e5, 6))
        yield ("停放区块", f"{number:03}", f"{street}{number}号门前", "在用", *point)
    for number in range(1, SIGNS + 1):
        yield ("导引牌", str(number), f"{STREETS[number % 5]}路口", "", None, None)


def counts():
    query = select(Place.kind, func.count()).group_by(Place.kind)
    return dict(tuple(row) for row in db.session.execute(query))


def send(client, data, name="places.xlsx"):
    return client.post(SEND, data={"file": (BytesIO(data), name)})


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_exactly_all_come_in_once(client, login, community, kind):
    login("secretary")
    whole = list(rows())
    xlsx = kind == "xlsx"
    data = sheets.write_xlsx(whole, HEADER, "设施") if xlsx else sheets.write_csv(whole, HEADER)
    looked = send(client, data, f"places.{kind}")
    assert looked.status_code == 303
    page = client.get(looked.location).text
    assert str(BAYS) in page
    assert str(SIGNS) in page
    assert counts() == {}
    assert client.post(looked.location).status_code == 303
    assert counts() == {"bay": BAYS, "sign": SIGNS}
    again = send(client, data, f"places.{kind}")
    assert client.post(again.location).status_code == 303
    assert counts() == {"bay": BAYS, "sign": SIGNS}


def test_what_is_wrong_is_said_by_row_and_nothing_comes_in(client, login, community):
    login("secretary")
    wrong = [
        ("停放区块", "001", "", "", None, None),
        ("路灯", "002", "", "", None, None),
        ("停放区块", "001", "别处", "", None, None),
        ("停放区块", "003", "", "丢了", None, None),
        ("停放区块", "004", "", "", 39.9, None),
        ("导引牌", "5", "", "", 139.9, 116.3),
        ("导引牌", "6" * 21, "", "", None, None),
    ]
    answer = send(client, sheets.write_xlsx(wrong, HEADER, "设施"))
    assert answer.status_code == 422
    for told in ("路灯", "第 2 行", "丢了", "同时填写纬度和经度", "139.9", "20 个字"):
        assert told in answer.text
    assert counts() == {}


def test_only_who_keeps_the_list_sends_a_table(client, login, community):
    login("staff")
    assert send(client, sheets.write_xlsx([], HEADER, "设施")).status_code == 404


def test_the_list_is_turned_page_by_page_and_narrowed(client, login, community):
    login("secretary")
    looked = send(client, sheets.write_xlsx(rows(), HEADER, "设施"))
    client.post(looked.location)
    seen, address, pages = [], "/c/erlonglu/facility/", 0
    while address:
        page = client.get(address).text
        seen += page.split('class="row-title"')[1:]
        pages += 1
        _, _, rest = page.partition('rel="next" href="')
        address = rest.partition('"')[0].replace("&amp;", "&")
    assert (pages, len(seen)) == (11, BAYS + SIGNS)
    one = client.get("/c/erlonglu/facility/?kind=sign&q=13").text
    assert one.count('class="row-title"') == 1 + 8  # 13, and 130 to 137
    assert "9处" in one
    assert "没有符合条件" in client.get("/c/erlonglu/facility/?q=%25").text
    assert client.get("/c/erlonglu/facility/?kind=x&state=y&after=999999").status_code == 200


def test_a_long_list_asks_no_more_than_a_short_one(client, login, community):
    from sqlalchemy import event

    def statements():
        said = []

        def note(_connection, _cursor, statement, *_):
            said.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        assert client.get("/c/erlonglu/facility/").status_code == 200
        event.remove(db.engine, "before_cursor_execute", note)
        return len(said)

    login("secretary")
    client.get("/c/erlonglu/facility/")
    few = statements()
    client.post(send(client, sheets.write_xlsx(rows(), HEADER, "设施")).location)
    client.get("/c/erlonglu/facility/")
    assert statements() <= few + 1  # which of the places that are shown have a report


def test_what_goes_out_can_come_in(client, login, community):
    login("secretary")
    client.post(send(client, sheets.write_xlsx(rows(), HEADER, "设施")).location)
    address = "/c/erlonglu/desk/tables/facility/places/export.xlsx"
    out = client.post(address)
    assert out.status_code == 200
    sheet = sheets.read(out.data, "places.xlsx")
    assert len(sheet.rows) == 1 + BAYS + SIGNS
    again = send(client, out.data)
    assert again.status_code == 303
    assert "516" in client.get(again.location).text
