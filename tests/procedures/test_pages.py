"""Pages of procedures: read by everybody, confirmed by the legal officer alone."""

import io
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from civic.communities.services import add_post
from civic.identities.kinds import LEGAL
from civic.identities.models import Person
from civic.identities.services import appoint
from civic.kernel import audit
from civic.kernel.db import db
from civic.procedures import due, loading, own_data, services
from civic.procedures.loading import Adoption
from civic.procedures.models import ProcedureConfirmation
from tests import factories
from tests.notices.conftest import days_off
from tests.pages import text_of
from tests.procedures.samples import written
from tests.procedures.test_loading import POLL

PDF = b"%PDF-1.4 %%EOF"
CONFIRM = "/desk/procedures/rep_2026/1/confirm"


@pytest.fixture(autouse=True)
def _bundle(world) -> None:
    loading.sync()
    db.session.commit()


def appointed(world, node, kind: str = LEGAL) -> Person:
    person = factories.person("郑法")
    appoint(person, add_post(node, kind, "法制工作人员", "司法所").id)
    db.session.commit()
    return person


@pytest.fixture
def officer(world) -> Person:
    return appointed(world, world.street.node)


def form(**changes) -> dict:
    sent = {
        "document": "法审〔2026〕3号",
        "document_on": (services.today() - timedelta(days=1)).isoformat(),
        "file": (io.BytesIO(PDF), "意见.pdf"),
    }
    return {name: value for name, value in (sent | changes).items() if value is not None}


def uploads(app: Flask) -> list[Path]:
    return list((app.config["SETTINGS"].instance / "uploads").iterdir())


def confirmations() -> list[ProcedureConfirmation]:
    found = list(db.session.scalars(select(ProcedureConfirmation)))
    db.session.rollback()
    return found


def test_everybody_reads_what_is_in_force_and_what_was(world, login) -> None:
    page = text_of(login(None).get("/procedures/"))
    assert page.index("居民代表会议") < page.index("历史版本") < page.index("2018年文本")
    assert "尚未确认" in page
    assert "2025年12月31日已失效" in page


def test_a_procedure_in_plain_words_in_both_languages(world, login) -> None:
    page = text_of(login(None).get("/procedures/owner_special/1"))
    for words in (
        "业主共同决定特别事项",
        "须有三分之二以上的业主，并且三分之二以上的面积参加。",
        "须有参加表决者中四分之三以上的业主，并且四分之三以上的面积同意。",
        "至少提前15天公示",
        "五分之一以上的业主",
        "正式结果以此系统为准：北京业主",
        "北京市物业管理条例 §35",
        "最迟于2027年12月31日复查",
        "不表态不算同意",
        services.find("owner_special", 1).fingerprint,
    ):
        assert words in page
    client = login(None)
    client.set_cookie("lang", "en")
    page = text_of(client.get("/procedures/rep_2026/1"))
    for words in (
        "Meeting of residents’ representatives",
        "at least two thirds of the seats",
        "more than half of the seats",
        "It is not that yet, because the legal officer has not confirmed this version.",
        "To be settled: The text of chapter 4",
        "women among the representatives, at least one third",
    ):
        assert words in page
    db.session.rollback()


@pytest.mark.parametrize("code", [row["id"] for row in ({"id": "dot_vote"}, {"id": "owner_found"})])
def test_what_has_no_vote_of_its_own_says_nothing_about_one(world, login, code) -> None:
    page = text_of(login(None).get(f"/procedures/{code}/1"))
    assert ("怎样投票" in page) is (code == "dot_vote")


def test_what_is_not_there(world, login) -> None:
    for path in ("/procedures/nope/", "/procedures/nope/1", "/procedures/rep_2026/7"):
        assert login(None).get(path).status_code == 404


def test_dates_are_reckoned_and_a_missing_table_is_said(world, login) -> None:
    address = "/procedures/owner_special/1?on=2027-09-20"
    page = text_of(login(None).get(address))
    assert "2027年9月4日" in page
    assert "还没有2027年的节假日表" in page
    days_off(2027)
    page = text_of(login(None).get(address))
    assert "2027年9月23日" in page
    assert "还没有2027年" not in page
    assert "没有规定期限" in text_of(login(None).get("/procedures/dot_vote/1?on=2027-09-20"))
    for wrong in ("soon", "9999-12-31", "0001-01-01"):
        for code in ("dot_vote", "owner_special"):
            page = login(None).get(f"/procedures/{code}/1?on={wrong}")
            assert page.status_code == 200


def test_versions_and_what_they_changed(world, login, tmp_path) -> None:
    text = POLL.replace("n = 7", "n = 10").replace('secrecy = "sealed"', 'secrecy = "named"')
    own = written(tmp_path, text, "household_poll.toml")
    loading.load_files([own], Adoption("二龙路社区居民会议"))
    db.session.commit()
    page = text_of(login(None).get("/procedures/household_poll/"))
    assert "<del>至少提前7天公示。</del>" in page
    assert "<ins>至少提前10天公示。</ins>" in page
    assert "<ins>记名：保留谁选了什么。</ins>" in page
    assert "二龙路社区居民会议" in page
    assert "参加表决者" not in page
    old = text_of(login(None).get("/procedures/household_poll/1"))
    assert "已有更新的版本" in old
    assert "/procedures/household_poll/2" in old


def test_who_works_here_sees_what_waits(world, login, officer) -> None:
    for person, invited in ((world.secretary, False), (officer, True)):
        page = text_of(login(person).get("/desk/procedures/"))
        assert page.index("等待确认") < page.index("居民代表会议")
        assert ("附文件确认" in page) is invited
    assert login(world.resident).get("/desk/procedures/").status_code == 403
    assert login(None).get("/desk/procedures/").status_code == 302


def test_the_legal_officer_confirms_with_a_document(world, app, login, officer) -> None:
    client = login(officer)
    assert CONFIRM in text_of(client.get("/procedures/rep_2026/1"))
    assert client.get(CONFIRM).status_code == 200
    answer = client.post(CONFIRM, data=form())
    assert answer.status_code == 303
    (made,) = confirmations()
    assert (made.post_kind, made.post, made.document) == (LEGAL, "司法所", "法审〔2026〕3号")
    assert made.person_id == officer.id
    assert [file.name for file in uploads(app) if file.name == made.stored]
    entry = db.session.scalars(
        select(audit.AuditEntry).where(audit.AuditEntry.act == "procedure.confirmed")
    ).one()
    assert entry.subject == "procedure:rep_2026/1"
    assert entry.post == "司法所"
    assert entry.data["document"] == "法审〔2026〕3号"
    assert entry.data["sha256"] == made.sha256
    assert list(audit.broken()) == []
    db.session.rollback()
    page = text_of(login(None).get("/procedures/rep_2026/1"))
    assert "依法有约束力的决定" in page
    assert "法审〔2026〕3号" in page
    assert "/document/" not in page
    path = f"/desk/procedures/rep_2026/1/document/{made.name}"
    assert "/document/" in text_of(login(world.secretary).get("/procedures/rep_2026/1"))
    assert login(world.secretary).get(path).data == PDF
    assert login(world.resident).get(path).status_code == 403
    assert login(world.secretary).get(f"{path}x").status_code == 404
    # Once is enough.
    again = client.post(CONFIRM, data=form())
    assert again.status_code == 409
    assert len(confirmations()) == 1
    assert CONFIRM not in text_of(client.get("/procedures/rep_2026/1"))


@pytest.mark.parametrize("role", ["resident", "secretary", "officer", "administrator"])
def test_nobody_else_confirms(world, login, role) -> None:
    client = login(world.people[role])
    assert client.get(CONFIRM).status_code == 403
    assert client.post(CONFIRM, data=form()).status_code == 403
    assert CONFIRM not in text_of(client.get("/procedures/rep_2026/1"))
    assert confirmations() == []


def test_a_legal_officer_of_one_community_does_not_confirm_for_the_street(world, login) -> None:
    client = login(appointed(world, world.erlong.node))
    assert client.post(CONFIRM, data=form()).status_code == 403
    assert client.get("/desk/procedures/").status_code == 200
    assert confirmations() == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"document": ""}, "请写明文件名称"),
        ({"document_on": ""}, "请填写文件日期"),
        ({"document_on": "2999-01-01"}, "不能晚于今天"),
        ({"file": None}, "请先选"),
        ({"file": (io.BytesIO(b"MZ"), "x.exe")}, "PDF"),
        ({"document": "x" * 201}, "200"),
    ],
)
def test_a_confirmation_without_its_document_is_none(
    world, app, login, officer, changes, said
) -> None:
    before = len(uploads(app))
    if isinstance(changes.get("file"), tuple):
        changes = {"file": (io.BytesIO(b"MZ"), "x.exe")}
    answer = login(officer).post(CONFIRM, data=form(**changes))
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert confirmations() == []
    assert len(uploads(app)) == before


def test_neither_history_nor_an_older_version_is_confirmed(world, login, officer, tmp_path) -> None:
    client = login(officer)
    assert client.get("/desk/procedures/ra_2018_person/1/confirm").status_code == 409
    own = written(tmp_path, POLL.replace("n = 7", "n = 10"), "household_poll.toml")
    loading.load_files([own], Adoption("居民会议"))
    db.session.commit()
    old = client.post("/desk/procedures/household_poll/1/confirm", data=form())
    assert old.status_code == 409
    assert client.get("/desk/procedures/household_poll/2/confirm").status_code == 200
    assert client.get("/desk/procedures/nope/1/confirm").status_code == 404


def test_an_act_of_weight_asks_for_the_password(world, app, officer) -> None:
    client = app.test_client()
    key = factories.session_key(officer, confirmed=False)
    with client.session_transaction() as session:
        session["_user_id"] = key
    assert client.post(CONFIRM, data=form()).status_code == 422
    assert confirmations() == []


def test_what_waits_stands_on_the_desk_of_the_legal_officer(world, app, officer) -> None:
    with app.test_request_context():
        found = list(due.procedures(factories.actor(officer), 50))
        assert [item.title for item in found if "居民代表会议" in item.title]
        assert all(item.community_id == world.street.id for item in found)
        assert len(list(due.procedures(factories.actor(officer), 2))) == 2
        for role in ("secretary", "officer", "administrator"):
            assert list(due.procedures(world.actor(role), 50)) == []
    db.session.rollback()


def test_a_review_that_is_near_stands_there_too(world, app, officer, monkeypatch) -> None:
    monkeypatch.setattr(services, "today", lambda: date(2027, 12, 1))
    with app.test_request_context():
        found = {item.title: item for item in due.procedures(factories.actor(officer), 50)}
    assert found["意见征集"].at.date() == date(2027, 12, 31)
    assert found["居民代表会议"].at is None
    db.session.rollback()


def test_own_data_hold_what_one_confirmed(world, login, officer) -> None:
    login(officer).post(CONFIRM, data=form())
    (table,) = own_data.PART.export(officer.id)
    assert [(row[0], row[1], row[2]) for row in table.rows] == [("rep_2026", 1, "司法所")]
    assert own_data.PART.export(world.secretary.id)[0].rows == []
    db.session.rollback()
