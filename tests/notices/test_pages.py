"""Pages of notices: who sees which, and everything typed is kept."""

import io
import re
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from sqlalchemy import select

from civic.identities.models import Organisation
from civic.kernel import clock
from civic.kernel.db import db
from civic.notices import corrections, files, issuing
from civic.notices.models import Acknowledgement, Notice
from civic.notices.terms import Term
from tests.factories import World, person, rows, scalars, standing
from tests.notices.conftest import DISPLAY, FORM, days_off, issued, submitted, written
from tests.pages import plain

HERE = "/c/erlonglu/notices"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def app(request: pytest.FixtureRequest) -> Flask:
    """The app on SQLite alone: pages are the same on both databases."""
    return request.getfixturevalue("sqlite_app")


def of(node, code: str = "resident", role: str = "any") -> Term:
    return Term(role=role, code=code, node_id=node.id, min_level=2)


def pdf(app: Flask, world: World, notice: Notice) -> int:
    folder = app.config["SETTINGS"].instance / "uploads"
    stream = io.BytesIO(b"%PDF-1.4 %%EOF")
    made = files.attach(world.actor("secretary"), world.erlong, notice.id, stream, "图.pdf", folder)
    db.session.commit()
    return made.id


def everywhere(notice: Notice, file_id: int) -> list[str]:
    at = f"{HERE}/{notice.id}"
    return [at, f"{at}/print", f"{at}/poster", f"{at}/files/{file_id}/图.pdf"]


def test_a_notice_for_a_building_does_not_exist_for_others(app, world: World, login):
    made = written(world, of(world.building))
    file_id = pdf(app, world, made)
    pages = everywhere(made, file_id)
    nowhere = login(None).get(f"{HERE}/999").text
    for client in (login(None), login(world.resident), login(world.elsewhere)):
        assert {client.get(page).status_code for page in pages} == {404}
    from civic.notices import drafts

    drafts.submit(world.actor("secretary"), world.erlong, made.id)
    issuing.issue(world.actor("deputy"), world.erlong, made.id, made.revision)
    db.session.commit()
    for who in (world.resident, world.neighbour, world.secretary, world.officer):
        client = login(who)
        for page in pages:
            with client.get(page) as response:
                assert response.status_code == 200, (who.name, page)
        assert "停水通知" in client.get(f"{HERE}/").text
        assert "停水通知" in client.get(f"{HERE}/feed.atom").text
        assert "停水通知" in client.get("/c/erlonglu/").text
    for who in (None, world.elsewhere, world.worker):
        client = login(who)
        assert {client.get(page).status_code for page in pages} == {404}
        for page in (f"{HERE}/", f"{HERE}/archive", f"{HERE}/feed.atom", "/c/erlonglu/"):
            assert "停水通知" not in client.get(page).text
        assert client.post(f"{HERE}/{made.id}/acknowledge").status_code == 404
    said = re.compile(r"There is no such notice|这里没有这份通知")
    assert said.search(nowhere)
    assert said.search(login(None).get(pages[0]).text)
    assert login(world.resident).get(f"/c/jingjidao/notices/{made.id}").status_code == 404


def test_the_board_holds_what_concerns_the_place(app, world: World, login, later):
    other = person("何静")
    notices = {}
    for title, lines in {
        "给所有人": (),
        "给二龙路": (of(world.erlong),),
        "给六号楼": (of(world.building),),
        "给京畿道": (of(world.jingji),),
    }.items():
        made = submitted(world, *lines, by="officer", at=world.street, title=title)
        made.drafted_by = other.id
        db.session.commit()
        issuing.issue(world.actor("officer"), world.street, made.id, 1)
        db.session.commit()
        notices[title] = made
    issued(world, title="社区自己的", level="urgent")
    officer = login(world.officer)

    def titles(client, path: str) -> list[str]:
        text = client.get(path).text
        found = re.findall(r'class="row-title"><a href="[^"]*">([^<]*)', text)
        return [title for title in found if title in notices or title == "社区自己的"]

    assert titles(officer, f"{HERE}/") == ["社区自己的", "给六号楼", "给二龙路", "给所有人"]
    assert titles(officer, "/c/jingjidao/notices/") == ["给京畿道", "给所有人"]
    assert titles(login(world.resident), f"{HERE}/") == titles(officer, f"{HERE}/")
    assert titles(login(None), f"{HERE}/") == ["社区自己的", "给所有人"]
    assert titles(officer, "/c/jinrongjie/notices/") == [
        "给京畿道",
        "给六号楼",
        "给二龙路",
        "给所有人",
    ]
    assert titles(login(None), f"{HERE}/?kind=bulletin") == []
    assert login(None).get(f"{HERE}/?kind=rumour").status_code == 404


def test_long_boards_have_pages(app, world: World, login):
    for number in range(33):
        issued(world, title=f"第{number}件", level="urgent" if number == 5 else "ordinary")
    client = login(None)
    seen: list[str] = []
    address = f"{HERE}/"
    while address:
        text = client.get(address).text
        seen += re.findall(r'class="row-title"><a href="[^"]*">第(\d+)件', text)
        older = re.search(r'rel="next" href="([^"]*)"', text)
        address = older.group(1) if older else ""
    assert seen == ["5", *(str(n) for n in range(32, -1, -1) if n != 5)]


def test_what_is_over_moves_to_the_archive(app, world: World, login, later):
    issued(world, title="三天有效", valid_to=clock.now() + timedelta(days=3))
    gone = issued(world, title="撤回的", body="写错了的内容")
    issuing.withdraw(world.actor("deputy"), world.erlong, gone.id, "活动取消")
    db.session.commit()
    client = login(None)
    assert "三天有效" in client.get(f"{HERE}/").text
    assert "撤回的" in client.get(f"{HERE}/archive").text
    later(timedelta(days=4))
    assert "三天有效" not in client.get(f"{HERE}/").text
    assert "三天有效" in client.get(f"{HERE}/archive").text


def test_what_is_withdrawn_shows_its_reason_and_no_text(app, world: World, login):
    made = written(world, title="撤回的", body="写错了的内容")
    file_id = pdf(app, world, made)
    from civic.notices import drafts

    drafts.submit(world.actor("secretary"), world.erlong, made.id)
    issuing.issue(world.actor("deputy"), world.erlong, made.id, made.revision)
    texts = {"title": "撤回的", "body": "改过的内容", "reason": "错字"}
    waiting = corrections.draft(world.actor("deputy"), world.erlong, made.id, **texts)
    stamp = waiting.made_at.isoformat()
    corrections.approve(world.actor("secretary"), world.erlong, made.id, stamp)
    issuing.withdraw(world.actor("deputy"), world.erlong, made.id, "活动取消")
    db.session.commit()
    for who in (None, world.resident):
        client = login(who)
        for page in [*everywhere(made, file_id)[:3], f"{HERE}/feed.atom"]:
            text = client.get(page).text
            assert "活动取消" in text
            assert "写错了的内容" not in text
            assert "改过的内容" not in text
        assert client.get(everywhere(made, file_id)[3]).status_code == 404
    assert "改过的内容" in login(world.secretary).get(f"{HERE}/{made.id}").text


def test_the_feed_is_atom_and_is_not_sent_twice(app, world: World, login):
    issued(world, title='<b>"停"</b>&水', body="明天**停水** <script>alert(1)</script>")
    issued(world, of(world.building), title="只给六号楼")
    response = login(None).get(f"{HERE}/feed.atom")
    assert response.mimetype == "application/atom+xml"
    feed = ET.fromstring(response.data)
    assert feed.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated"):
        assert feed.findtext(ATOM + name)
    [entry] = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == '<b>"停"</b>&水'
    content = entry.find(f"{ATOM}content")
    assert content.attrib["type"] == "html"
    assert "<strong>停水</strong>" in content.text
    assert "<script>" not in content.text
    for name in ("id", "updated", "published"):
        assert entry.findtext(ATOM + name)
    tag = response.headers["ETag"]
    again = login(None).get(f"{HERE}/feed.atom", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    mine = login(world.resident).get(f"{HERE}/feed.atom", headers={"If-None-Match": tag})
    assert mine.status_code == 200
    assert "只给六号楼" in mine.text
    for page in (f"{HERE}/", "/c/erlonglu/"):
        assert 'type="application/atom+xml" title' in login(None).get(page).text


def test_the_sheet_of_a_display(app, world: World, login, later):
    days_off(clock.local(clock.now()).year)
    days_off(clock.local(clock.now()).year + 1)
    place = DISPLAY | {"objection_office": "综合岗", "basis": "议事会决议"}
    made = issued(world, **place)
    client = login(None)
    text = plain(client.get(f"{HERE}/{made.id}"))
    for words in ("24:00", "010-0000-0001", "综合岗", "议事会决议", made.number):
        assert words in text
    assert "公示期已满" not in text
    later(timedelta(days=20))
    assert "公示期已满" in plain(client.get(f"{HERE}/{made.id}"))
    paper = client.get(f"{HERE}/{made.id}/print").text
    assert 'class="qr"' in paper
    assert f"http://localhost{HERE}/{made.id}" in paper


# The office


def test_the_office_writes_checks_and_issues(app, world: World, login):
    writer, checker = login(world.secretary), login(world.deputy)
    response = writer.post(f"{HERE}/new", data=FORM)
    [number] = scalars(select(Notice.id))
    assert response.location == f"{HERE}/{number}/work"
    assert writer.post(f"{HERE}/{number}/submit").status_code == 303
    assert "停水通知" in checker.get(f"{HERE}/desk").text
    desk = checker.get("/desk/")
    assert f"{HERE}/{number}/work" in desk.text
    back = checker.post(f"{HERE}/{number}/return", data={"code": "facts", "note": "查日期"})
    assert back.status_code == 303
    assert "查日期" in writer.get(f"{HERE}/{number}/work").text
    changed = FORM | {"title": "停水改期", "revision": "1"}
    assert writer.post(f"{HERE}/{number}/edit", data=changed).status_code == 303
    writer.post(f"{HERE}/{number}/submit")
    assert writer.post(f"{HERE}/{number}/issue", data={"revision": "2"}).status_code == 403
    done = checker.post(f"{HERE}/{number}/issue", data={"revision": "2"})
    assert done.location == f"{HERE}/{number}"
    assert login(None).get(done.location).status_code == 200
    assert checker.post(f"{HERE}/{number}/issue", data={"revision": "2"}).status_code == 409
    assert writer.get(f"{HERE}/{number}/edit").status_code == 409


def test_nothing_typed_is_lost_when_somebody_else_was_faster(app, world: World, login):
    made = written(world)
    first, second = login(world.secretary), login(world.deputy)
    assert first.post(f"{HERE}/{made.id}/edit", data=FORM | {"title": "甲"}).status_code == 303
    late = second.post(f"{HERE}/{made.id}/edit", data=FORM | {"title": "乙", "body": "乙的话"})
    assert late.status_code == 422
    assert 'value="乙"' in late.text
    assert "乙的话" in late.text
    assert rows(select(Notice.title)) == [("甲",)]
    again = re.search(r'name="revision"[^>]*value="(\d+)"', late.text).group(1)
    kept = FORM | {"title": "乙", "revision": again}
    assert second.post(f"{HERE}/{made.id}/edit", data=kept).status_code == 303


@pytest.mark.parametrize("change", [{"title": ""}, {"body": " "}, {"kind": "public_display"}])
def test_what_is_missing_is_said_and_the_rest_kept(app, world: World, login, change):
    sent = FORM | {"basis": "条例第三条"} | change
    response = login(world.secretary).post(f"{HERE}/new", data=sent)
    assert response.status_code == 422
    assert 'value="条例第三条"' in response.text
    assert "errors" in response.text
    assert rows(select(Notice.id)) == []


def lines(*found: tuple[str, str, int]) -> dict[str, list]:
    names = ("role", "code", "node")
    return {name: [line[at] for line in found] for at, name in enumerate(names)}


def test_readers_are_counted_with_and_without_script(app, world: World, login):
    client = login(world.secretary)
    chosen = lines(("any", "resident", world.erlong.id), ("none", "resident", world.gate.id))
    sent = FORM | chosen | {"do": "count"}
    page = client.post(f"{HERE}/readers", data=sent)
    assert page.status_code == 200
    assert 'value="停水通知"' in page.text
    assert "明天**停水**" in page.text
    assert len(re.findall(r'<option value="resident" selected', page.text)) == 2
    assert "少于5人" in plain(page)
    part = client.post(f"{HERE}/readers", data=sent, headers={"HX-Request": "true"})
    assert "<html" not in part.text
    assert "少于5人" in plain(part)
    for _ in range(6):
        standing(person("新邻居"), world.building)
    db.session.commit()
    part = client.post(f"{HERE}/readers", data=sent, headers={"HX-Request": "true"})
    assert "7人" in plain(part)
    only_out = FORM | lines(("none", "resident", world.gate.id)) | {"do": "count"}
    assert "error" in client.post(f"{HERE}/readers", data=only_out).text
    assert rows(select(Notice.id)) == []


def test_lines_and_presets(app, world: World, login):
    client = login(world.secretary)
    sent = FORM | lines(("any", "resident", world.gate.id))
    more = client.post(f"{HERE}/readers", data=sent | {"do": "line"})
    assert more.text.count('name="code"') == 2
    assert 'value="停水通知"' in more.text
    preset = client.post(f"{HERE}/readers", data=sent | {"do": "workers"})
    assert '<option value="worker" selected' in preset.text
    assert "party_member" not in preset.text


# Receipts


@pytest.fixture
def unit(world: World) -> Organisation:
    made = Organisation(
        node_id=world.erlong.id,
        kind="resident_unit",
        name="明川银行",
        valid_from=clock.now() - timedelta(days=9),
    )
    other = Organisation(
        node_id=world.erlong.id,
        kind="resident_unit",
        name="启衡证券",
        valid_from=clock.now() - timedelta(days=9),
    )
    db.session.add_all([made, other])
    db.session.flush()
    for name, organisation in (("甲", made), ("乙", made), ("丙", other)):
        who = world.people[name] = person(name)
        row = standing(who, world.erlong.node, "resident_unit", level=3)
        row.organisation_id = organisation.id
    db.session.commit()
    return made


def test_an_organisation_acknowledges_once(app, world: World, login, unit: Organisation):
    soon = clock.now() + timedelta(days=3)
    made = issued(world, of(world.erlong, "unit"), of(world.erlong), receipt_by=soon)
    address = f"{HERE}/{made.id}"
    sent = {"organisation": unit.id}
    first, second = login(world.people["甲"]), login(world.people["乙"])
    assert "明川银行" in first.get(address).text
    assert "启衡证券" not in first.get(address).text
    assert "明川银行" not in login(world.resident).get(address).text
    for client in (login(world.resident), login(world.people["丙"]), login(world.secretary)):
        assert client.post(f"{address}/acknowledge", data=sent).status_code == 403
    for client in (first, second, first):
        assert client.post(f"{address}/acknowledge", data=sent).status_code == 303
    assert rows(select(Acknowledgement.organisation_id)) == [(unit.id,)]
    page = plain(login(world.secretary).get(f"{address}/receipts"))
    assert page.index("启衡证券") < page.index("明川银行")
    assert "王桂兰" not in page
    assert "不到5人" in page
    assert login(world.resident).get(f"{address}/receipts").status_code == 403


def test_without_being_asked_nobody_acknowledges(app, world: World, login, unit: Organisation):
    made = issued(world, of(world.erlong, "unit"))
    client = login(world.people["甲"])
    sent = {"organisation": unit.id}
    assert client.post(f"{HERE}/{made.id}/acknowledge", data=sent).status_code == 409
