"""At the entrance, after it, and in other programs: codes, counts, feedback, calendars, lists."""

from datetime import timedelta

import icalendar
import pytest
from sqlalchemy import event, select, text

from civic.api import clock, db, sheets
from civic_events import arriving, export_member, forget_member, listing
from civic_events.models import Arrival, Feedback, SignUp

HERE = "/c/erlonglu/events/"


def sign_up(client, row, places=1):
    assert client.post(f"{HERE}{row.id}/sign-up", data={"places": places}).status_code == 303


@pytest.fixture
def tonight(make):
    now = clock.now()
    return make(
        starts_at=now + timedelta(hours=2), ends_at=now + timedelta(hours=4), capacity=5, most=3
    )


def code_of(login, row):
    query = select(SignUp.code).filter_by(activity_id=row.id, person_id=login.id("resident"))
    return db.session.scalars(query).one()


def admit(client, row, code, heads=1, nonce="n1"):
    data = {"code": code, "heads": heads, "nonce": nonce}
    return client.post(f"{HERE}{row.id}/entrance", data=data)


def test_a_scan_that_is_sent_again_counts_once(login, tonight):
    sign_up(login("resident"), tonight, 3)
    code, staff = code_of(login, tonight), login("staff")
    shown = staff.get(f"{HERE}{tonight.id}/entrance?code={code.lower()}")
    assert "王桂兰" in shown.text
    assert list(db.session.scalars(text("SELECT what FROM look"))) == ["profile"]
    assert [admit(staff, tonight, code, 3).status_code for _ in range(4)] == [303] * 4
    assert listing.came(tonight) == 3
    again = admit(staff, tonight, code, 3, nonce="n2")
    assert again.status_code == 409
    assert "已经入场" in again.text
    assert listing.came(tonight) == 3
    left = login("resident").post(f"{HERE}{tonight.id}/answer", data={"act": "leave"})
    assert left.status_code == 409


def test_the_code_is_typed_as_people_type(login, tonight):
    sign_up(login("resident"), tonight)
    code, staff = code_of(login, tonight), login("staff")
    typed = f" {code[:3].lower()}-{code[3:]} "
    page = staff.get(f"{HERE}{tonight.id}/entrance", query_string={"code": typed})
    assert page.status_code == 200
    assert "确认入场" in page.text
    wrong = staff.get(f"{HERE}{tonight.id}/entrance?code=OOOOOO")
    assert wrong.status_code == 404
    assert "没有入场码" in wrong.text


@pytest.mark.parametrize("heads", [0, 4, -1, "viele"])
def test_no_more_come_in_than_signed_up(login, tonight, heads):
    sign_up(login("resident"), tonight, 3)
    answer = admit(login("staff"), tonight, code_of(login, tonight), heads)
    assert answer.status_code == 422
    assert listing.came(tonight) == 0


def test_who_waits_has_no_place_yet_and_residents_let_nobody_in(login, make):
    now = clock.now()
    row = make(capacity=1, starts_at=now + timedelta(hours=1), ends_at=now + timedelta(hours=2))
    sign_up(login("resident", name="赵淑芬"), row)
    sign_up(login("resident"), row)
    code = code_of(login, row)
    assert admit(login("staff"), row, code).status_code == 409
    assert admit(login("resident"), row, code).status_code == 403
    assert login("resident").get(f"{HERE}{row.id}/people").status_code == 403
    assert admit(login("staff", at="jingjidao"), row, code).status_code == 403


def test_the_list_of_the_entrance_is_a_look_once_a_day(login, tonight):
    sign_up(login("resident"), tonight, 3)
    query = text("SELECT count(*) FROM look WHERE what = 'profile'")
    counted = []
    for staff, hours in (("staff", 0), ("staff", 1), ("secretary", 1), ("staff", 13)):
        with clock.at(clock.now() + timedelta(hours=hours)):
            page = login(staff).get(f"{HERE}{tonight.id}/people")
        assert "王桂兰" in page.text
        counted.append(db.session.scalar(query))
    assert counted == [1, 1, 2, 3]


def test_who_just_comes_is_counted_where_places_are_left(login, tonight):
    sign_up(login("resident"), tonight, 3)
    staff = login("staff")

    def count(heads, nonce):
        data = {"heads": heads, "nonce": nonce}
        return staff.post(f"{HERE}{tonight.id}/count", data=data).status_code

    assert [count(2, "a"), count(2, "a"), count(1, "b")] == [303, 303, 409]
    assert listing.came(tonight) == 2


def test_the_entrance_is_closed_days_before_and_after(login, make):
    row = make()
    sign_up(login("resident"), row)
    assert admit(login("staff"), row, code_of(login, row)).status_code == 409
    clock.shift(timedelta(days=7, hours=9))
    assert admit(login("staff"), row, code_of(login, row)).status_code == 409


def test_single_arrivals_are_deleted_after_90_days_and_the_count_stays(login, tonight, community):
    sign_up(login("resident"), tonight, 3)
    admit(login("staff"), tonight, code_of(login, tonight), 2)
    clock.shift(timedelta(days=90))
    arriving.forget_arrivals(community)
    assert listing.came(tonight) == 2
    assert tonight.came is None
    clock.shift(timedelta(days=91))
    arriving.forget_arrivals(community)
    db.session.commit()
    db.session.refresh(tonight)
    assert (tonight.came, db.session.scalars(select(Arrival)).all()) == (2, [])


def rate(client, row, stars="4", words=""):
    return client.post(f"{HERE}{row.id}/rate", data={"stars": stars, "words": words})


def test_feedback_is_shown_from_five_answers_on(login, make, client):
    row = make(capacity=9, expected=30)
    people = [login("resident", name=f"居民{number}") for number in range(5)]
    for each in people:
        sign_up(each, row)
    assert rate(people[0], row).status_code == 409
    clock.shift(timedelta(days=8))
    for number, each in enumerate(people[:4]):
        assert rate(each, row, "5", f"好{number}").status_code == 303
    page = client.get(f"{HERE}{row.id}/").text
    assert "好0" not in page
    assert "有5人以上" in page
    assert rate(people[0], row, "4", "很好").status_code == 303
    assert len(db.session.scalars(select(Feedback)).all()) == 4
    assert rate(people[4], row, "1").status_code == 303
    page = client.get(f"{HERE}{row.id}/").text
    assert "很好" in page
    assert "4.0星" in page
    assert "居民" not in page.partition("大家的评价")[2].partition("</section>")[0]


@pytest.mark.parametrize("stars", ["0", "6", "", "gut"])
def test_stars_are_one_to_five(login, make, stars):
    row = make()
    resident = login("resident")
    sign_up(resident, row)
    clock.shift(timedelta(days=8))
    answer = rate(resident, row, stars, "写了很久")
    assert answer.status_code == 422
    assert "写了很久" in answer.text


def test_who_was_not_there_says_nothing(login, make):
    row = make(capacity=1)
    sign_up(login("resident"), row)
    waits = login("resident", name="赵淑芬")
    sign_up(waits, row)
    clock.shift(timedelta(days=8))
    assert rate(waits, row).status_code == 409
    assert rate(login("resident", name="路人"), row).status_code == 409


def test_a_calendar_program_reads_the_events(client, community, make):
    row = make(title="合唱；带水杯，谢谢", text="第一行\n第二行")
    make(state="draft", title="草稿")
    gone = make(state="cancelled", title="取消的")
    answer = client.get(f"{HERE}calendar.ics")
    assert answer.mimetype == "text/calendar"
    calendar = icalendar.Calendar.from_ical(answer.data)
    found = {str(each["summary"]): each for each in calendar.walk("VEVENT")}
    assert set(found) == {"合唱；带水杯，谢谢", "取消的"}
    mine = found["合唱；带水杯，谢谢"]
    assert mine.decoded("dtstart") == row.starts_at.replace(microsecond=0)
    assert str(mine["dtstart"].params["TZID"]) == "Asia/Shanghai"
    assert mine["status"] == "CONFIRMED"
    assert found["取消的"]["status"] == "CANCELLED"
    assert str(mine["url"]).endswith(f"/c/erlonglu/events/{row.id}/")
    assert calendar.walk("VTIMEZONE")
    one = icalendar.Calendar.from_ical(client.get(f"{HERE}{gone.id}/event.ics").data)
    assert len(one.walk("VEVENT")) == 1
    again = icalendar.Calendar.from_ical(client.get(f"{HERE}calendar.ics").data)
    assert {str(e["uid"]) for e in again.walk("VEVENT")} == {
        str(e["uid"]) for e in calendar.walk("VEVENT")
    }


def test_the_list_goes_out_as_a_spreadsheet_and_that_is_noted(login, make):
    row = make(questions=["吃素吗？"])
    resident = login("resident")
    data = {"places": 2, "answer": "=1+1"}
    resident.post(f"{HERE}{row.id}/sign-up", data=data)
    staff = login("staff")
    answer = staff.post(f"{HERE}{row.id}/people.xlsx")
    assert answer.headers["Cache-Control"] == "no-store"
    sheet = sheets.read(answer.data, "people.xlsx")
    rows = [list(map(str, cells)) for _number, cells in sheet.rows]
    assert rows[0][:3] == ["姓名", "人数", "状态"]
    assert rows[1][0] == "王桂兰"
    assert rows[1][2] == "已报名"
    assert "=1+1" in rows[1][5]
    query = text("SELECT count(*) FROM audit_entry WHERE act = 'events.people_exported'")
    assert db.session.scalar(query) == 1
    assert resident.post(f"{HERE}{row.id}/people.xlsx").status_code == 403
    looks = "SELECT what FROM look ORDER BY id"
    assert list(db.session.scalars(text(looks))) == ["export"]
    out = login("secretary").post("/c/erlonglu/desk/tables/events/events/export.xlsx")
    assert "周六合唱" in str(sheets.read(out.data, "events.xlsx").rows)


def test_the_list_is_narrowed_and_turned_page_by_page(login, client, make):
    now = clock.now()
    for number in range(45):
        starts = now + timedelta(days=1, hours=number)
        make(title=f"活动{number:02}", starts_at=starts, ends_at=starts + timedelta(hours=1))
    make(title="给职工的讲座", audience="worker")
    seen, address = [], HERE
    while address:
        page = client.get(address).text
        seen += page.split('class="row-title"')[1:]
        _, _, rest = page.partition('rel="next" href="')
        address = rest.partition('"')[0].replace("&amp;", "&")
    assert len(seen) == 46
    assert client.get(f"{HERE}?audience=worker").text.count('class="row-title"') == 1
    assert client.get(f"{HERE}?q=活动0").text.count('class="row-title"') == 10
    assert "没有符合条件" in client.get(f"{HERE}?q=%25").text
    assert client.get(f"{HERE}?when=x&audience=y&after=999999").status_code == 200
    assert "还没有报名" in login("resident").get(f"{HERE}?when=mine").text
    clock.shift(timedelta(days=30))
    assert client.get(f"{HERE}?when=past").text.count('class="row-title"') == 20


def test_a_long_list_asks_no_more_than_a_short_one(login, make):
    client = login("resident")

    def statements(address):
        said = []

        def note(_connection, _cursor, statement, *_):
            said.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        assert client.get(address).status_code == 200
        event.remove(db.engine, "before_cursor_execute", note)
        return len(said)

    for _ in range(3):
        make()
    pages = (HERE, "/c/erlonglu/")
    for page in pages:
        client.get(page)
    few = [statements(page) for page in pages]
    for _ in range(16):
        make()
    assert [statements(page) for page in pages] == few


def test_everybody_is_given_their_own_and_forgetting_leaves_nobody(login, make):
    row = make(questions=["吃素吗？"])
    resident = login("resident")
    resident.post(f"{HERE}{row.id}/sign-up", data={"places": 2, "answer": "是，吃素"})
    clock.shift(timedelta(days=8))
    rate(resident, row, "5", "真不错")
    who = login.id("resident")
    told = {each.name: [list(map(str, r)) for r in each.rows] for each in export_member(who)}
    assert "是，吃素" in told["events_sign_ups"][0]
    assert "真不错" in told["events_feedback"][0]
    assert all(each.rows == [] for each in export_member(login.id("staff")))
    forget_member(who)
    db.session.commit()
    assert all(each.rows == [] for each in export_member(who))
    found = db.session.scalars(select(Feedback)).one()
    assert (found.stars, found.words, found.person_id) == (5, "", None)
