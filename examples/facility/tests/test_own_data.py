"""What people are told, given and what is forgotten."""

from sqlalchemy import select
from test_reports import handle, report

from civic.api import db
from civic_facility import export_member, forget_member
from civic_facility.models import Defect


def tables(person_id):
    return {
        table.name: [list(map(str, row)) for row in table.rows]
        for table in (export_member(person_id))
    }


def test_everybody_is_given_their_own_alone(app, login, sign):
    report(login("resident"), sign)
    handle(login("staff"))
    mine = tables(login.id("resident"))
    assert "牌子掉了一角" in mine["facility_reports"][0]
    assert mine["facility_handled"] == []
    theirs = tables(login.id("staff"))
    assert theirs["facility_reports"] == []
    assert "已更换新牌" in theirs["facility_handled"][0]
    assert "牌子掉了一角" not in str(theirs)


def test_forgetting_leaves_the_repair_and_nobody(app, login, sign):
    report(login("resident"), sign)
    handle(login("staff"))
    forget_member(login.id("resident"))
    forget_member(login.id("staff"))
    db.session.commit()
    (row,) = db.session.scalars(select(Defect))
    assert (row.person_id, row.handled_by, row.text) == (None, None, "")
    assert row.note == "已更换新牌"


def test_what_is_kept_is_said_on_the_page_of_ones_own_data(login, community):
    page = login("resident").get("/me/data").text
    assert "您对停放区块、导引牌的报修和确认" in page
