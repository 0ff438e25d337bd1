"""A defect: reported, handled, and solved by the word of its reporter alone."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from civic.api import Refused, clock, db
from civic_facility import services
from civic_facility.models import Defect, Place

HERE = "/c/erlonglu/facility/"


def only() -> Defect:
    return db.session.scalars(select(Defect)).one()


def report(client, sign, text="牌子掉了一角"):
    return client.post(f"{HERE}places/{sign.id}", data={"text": text})


def handle(client, note="已更换新牌"):
    return client.post(f"{HERE}reports/{only().id}/handled", data={"note": note})


def answer(client, solved, text=""):
    address = f"{HERE}reports/{only().id}/answer"
    return client.post(address, data={"solved": solved, "text": text})


def test_from_report_to_solved(client, login, sign):
    resident, staff = login("resident"), login("staff")
    assert report(resident, sign).status_code == 303
    assert only().state == "reported"
    assert "牌子掉了一角" in staff.get(f"{HERE}reports/{only().id}").text
    assert handle(staff).status_code == 303
    assert only().state == "handled"
    assert "已更换新牌" in resident.get(HERE).text
    assert answer(resident, "yes").status_code == 303
    assert only().state == "solved"
    assert "已解决" in client.get(f"{HERE}places/{sign.id}").text


def test_not_solved_reports_it_anew_once(login, sign):
    resident, staff = login("resident"), login("staff")
    report(resident, sign)
    handle(staff)
    answer(resident, "no", "又掉了")
    assert (only().state, only().reopened, only().text) == ("reported", True, "又掉了")
    handle(staff)
    answer(resident, "no")
    assert only().state == "unsolved"
    assert handle(staff).status_code == 409
    assert answer(resident, "yes").status_code == 409


def test_only_its_reporter_says_that_it_is_solved(login, sign):
    resident, staff = login("resident"), login("staff")
    neighbour = login("resident", name="陈志强")
    report(resident, sign)
    handle(staff)
    assert answer(staff, "yes").status_code == 403
    assert answer(neighbour, "yes").status_code == 403
    assert neighbour.get(f"{HERE}reports/{only().id}").status_code == 403
    assert only().state == "handled"


@pytest.mark.parametrize(
    ("who", "status"), [("member", 403), ("resident", 303), ("worker", 303), ("staff", 403)]
)
def test_who_may_report(client, login, sign, who, status):
    login(who)
    assert report(client, sign).status_code == status


def test_a_visitor_reads_no_words_of_a_report(client, login, sign):
    report(login("resident"), sign)
    login.out()
    page = client.get(f"{HERE}places/{sign.id}").text
    assert "牌子掉了一角" not in page
    assert "等待处理" in page
    assert report(client, sign).status_code == 401


def test_residents_handle_nothing_and_keep_no_list(login, sign):
    resident = login("resident")
    report(resident, sign)
    assert handle(resident).status_code == 403
    address = f"{HERE}places/{sign.id}/state"
    assert resident.post(address, data={"state": "removed"}).status_code == 403
    assert login("secretary").post(address, data={"state": "removed"}).status_code == 303
    assert db.session.get(Place, sign.id).state == "removed"
    assert report(resident, sign).status_code == 422


def test_an_empty_report_is_refused_and_a_long_list_waits(client, login, sign):
    login("resident")
    assert report(client, sign, " ").status_code == 422
    for _ in range(5):
        assert report(client, sign).status_code == 303
    refused = report(client, sign)
    assert refused.status_code == 409
    assert "5 条" in refused.text
    assert "牌子掉了一角" in refused.text


def test_official_acts_stand_in_the_audit(app, login, sign):
    from sqlalchemy import text

    report(login("resident"), sign)
    handle(login("staff"))
    login("secretary").post(f"{HERE}places/{sign.id}/state", data={"state": "closed"})
    query = text("SELECT act FROM audit_entry WHERE act LIKE 'facility.%' ORDER BY id")
    acts = db.session.scalars(query).all()
    assert acts == ["facility.handled", "facility.state"]


def test_it_waits_on_the_desk_of_staff_and_on_the_home_page(login, sign):
    resident, staff = login("resident"), login("staff")
    report(resident, sign)
    desk = staff.get("/desk/").text
    assert f"/c/erlonglu/facility/reports/{only().id}" in desk
    assert "导引牌 12" in desk
    handle(staff)
    assert "导引牌 12" not in staff.get("/desk/").text
    home = resident.get("/c/erlonglu/").text
    assert f"/c/erlonglu/facility/reports/{only().id}" in home


def test_elsewhere_nothing_of_it_is_found(client, login, sign):
    login("resident", at="jingjidao")
    assert client.get(f"/c/jingjidao/facility/places/{sign.id}").status_code == 404
    assert report(client, sign).status_code == 403


def test_staff_elsewhere_read_nothing(login, sign):
    report(login("resident"), sign)
    elsewhere = login("staff", at="jingjidao")
    assert elsewhere.get(f"{HERE}reports/{only().id}").status_code == 403
    assert "导引牌 12" not in elsewhere.get("/desk/").text


def test_two_who_handle_at_one_time_handle_once(app, login, sign):
    from civic.api import Actor

    report(login("resident"), sign)
    staff = Actor(person_id=login.id("staff"))
    found = only()
    services.handle(staff, found, "一")
    with pytest.raises(Refused, match="处理"):
        services.handle(staff, found, "二")


def test_the_database_knows_no_half_points_and_no_number_twice(app, community, sign):
    for wrong in ({"number": "12"}, {"number": "13", "latitude": 39.9}, {"number": ""}):
        values = {"kind": "sign", "state": "in_use", "location": ""} | wrong
        db.session.add(Place(community_id=community.id, **values))
        with pytest.raises(IntegrityError):
            db.session.flush()
        db.session.rollback()


def test_it_is_due_within_the_days_of_the_settings(app, community, login, sign):
    from civic.api import Actor
    from civic_facility.desk import work

    report(login("resident"), sign)
    assert work([community], Actor(), 5) == []
    login("staff")
    due = only().reported_at + timedelta(days=5)
    assert due > clock.now()
