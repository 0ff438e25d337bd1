"""A case that names a sign: it does not end while the sign is reported as broken."""

import pytest

from civic.api import Community, Objection, StageMove, db
from civic_facility import cases
from civic_facility.models import Place

HERE = "/c/erlonglu"


@pytest.fixture
def case(login, sign):
    """Begin a hearing about sign 12, by the pages of the office; return the page of its way."""
    begun = login("secretary").post(
        f"{HERE}/desk/cases/new",
        data={
            "process": "hearing",
            "title": "导引牌 12 移到哪里？",
            "background": "胡同口看不见。",
            "audience": ["resident"],
            "begin": "1",
        },
    )
    assert begun.status_code == 303
    return begun.location


def withdraw(client, case):
    data = {"reason": "提出人撤回", "stage": "draft"}
    return client.post(f"{case}/withdraw", data=data)


def test_a_case_does_not_end_before_its_sign_is_mended(login, case, sign):
    resident, staff, secretary = login("resident"), login("staff"), login("secretary")
    resident.post(f"{HERE}/facility/places/{sign.id}", data={"text": "牌子掉了一角"})
    said = "编号12还有没办完的报修"
    assert said in secretary.get(case).text
    refused = withdraw(secretary, case)
    assert refused.status_code == 409
    assert said in refused.text
    assert "停放区块和导引牌" in refused.text
    report = f"{HERE}/facility/reports/1"
    staff.post(f"{report}/handled", data={"note": "已更换新牌"})
    assert withdraw(secretary, case).status_code == 409
    resident.post(f"{report}/answer", data={"solved": "yes"})
    assert said not in secretary.get(case).text
    assert withdraw(secretary, case).status_code == 303
    assert withdraw(login("deputy_secretary"), case).status_code == 303


def move(kind="archived", title="Sign 12: where to?"):
    return StageMove(
        case_id=1, title=title, process="hearing", origin="rated", to=kind, kind=kind, act="archive"
    )


def test_it_objects_to_the_end_alone_and_only_for_what_is_named(community, login, sign):
    assert cases.objection(community, move()) is None
    login("resident").post(f"{HERE}/facility/places/{sign.id}", data={"text": "牌子掉了一角"})
    assert isinstance(cases.objection(community, move(title="导引牌12")), Objection)
    for kind, title in (("voting", "导引牌12"), ("archived", "导引牌 13"), ("archived", "12 条")):
        assert cases.objection(community, move(kind, title)) is None


def test_a_sign_rests_while_a_case_about_it_is_carried_out(app, community, sign):
    at = cases.CaseAt(1, "/", "导引牌 12 移到哪里？", "hearing", "executing", "executing")
    here = db.session.get(Community, community.id)
    for kind, state in (("executing", "closed"), ("executing", "closed"), ("archived", "in_use")):
        cases.follow(here, cases.CaseAt(*[at.id, at.url, at.title, at.process, kind, kind]))
        db.session.commit()
        assert db.session.get(Place, sign.id).state == state
