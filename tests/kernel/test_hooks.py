"""Each hook: what the core makes of an answer, and that a plugin that is off is not asked."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from civic.api import NavItem, Objection, Refused, look_at_case
from civic.communities.services import find
from civic.consultations import case_clock, moving
from civic.consultations.models import Comment, Consultation
from civic.kernel import events, plugins
from civic.kernel.activations import Activation
from civic.kernel.audit import AuditEntry
from civic.kernel.db import db
from civic.kernel.mail import Mail
from civic.kernel.own_data import parts
from civic.notices.models import Notice
from civic.notifications.models import InboxItem
from tests import asked
from tests.asked import CASES, Site
from tests.factories import case_by_process, rows, scalars
from tests.pages import text_of

HOME = "/c/erlonglu/"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    yield from asked.apps(request, tmp_path_factory.mktemp("answers"), ["answers"])


@pytest.fixture
def app(database: Any) -> Iterator[Flask]:
    yield from asked.fresh(database)


@pytest.fixture
def site(app: Flask) -> Iterator[Site]:
    import civic_answers

    yield asked.site(app, "answers")
    for known in (civic_answers.heard, civic_answers.hidden, civic_answers.carried):
        known.clear()
    civic_answers.refused.clear()
    civic_answers.objections.clear()


@pytest.fixture
def answers(site: Site) -> Any:
    import civic_answers

    civic_answers.heard.clear()
    return civic_answers


def test_configure(app: Flask) -> None:
    assert app.jinja_env.filters["answers"]("hello") == "hello!"


def test_plugin_enabled_and_plugin_disabled(site: Site, answers: Any) -> None:
    by = site.world.people["administrator"].id
    for state in ("on", "on", "off", "off"):
        address = f"/c/jingjidao/desk/plugins/answers/{state}"
        assert site.post(address, "administrator").status_code == 303
    assert answers.heard == [("on", "jingjidao", by), ("off", "jingjidao", by)]
    acts = scalars(select(AuditEntry.act).filter_by(community_id=site.world.jingji.id))
    assert acts == ["plugin.on", "plugin.off"]


def test_home_panel(site: Site) -> None:
    assert '<p id="answers-panel">Say hello</p>' in text_of(site.get(HOME))
    assert "answers-panel" not in text_of(site.get("/c/jingjidao/"))


def test_profile_panel(site: Site) -> None:
    own = text_of(site.get("/me", "resident"))
    assert '<p id="answers-profile">erlonglu, 王*, own</p>' in own
    person = site.world.resident.id
    staff = text_of(site.get(f"/c/erlonglu/desk/people/{person}", "secretary"))
    assert '<p id="answers-profile">erlonglu, 王*, staff</p>' in staff
    assert "answers-profile" not in text_of(site.get("/me", "elsewhere"))


def test_page_head(site: Site) -> None:
    meta = '<meta name="answers" content="erlonglu">'
    for page in (HOME, f"{CASES}/", "/c/erlonglu/rights"):
        assert meta in text_of(site.get(page, "resident")).partition("</head>")[0]
    assert "answers" not in text_of(site.get("/c/jingjidao/"))


def test_actions(site: Site) -> None:
    asked.issue(site)
    pages = {
        "Consultation": (f"{CASES}/{site.case.id}/", site.case.id),
        "Notice": (f"/c/erlonglu/notices/{site.notice.id}", site.notice.id),
    }
    for kind, (address, number) in pages.items():
        page = text_of(site.get(address, "resident"))
        assert f'href="/c/erlonglu/answers/?about={number}">Look at {kind}</a>' in page
        assert "Act on" not in page
        page = text_of(site.get(address, "secretary"))
        assert page.index(f"Look at {kind}") < page.index(f"Act on {kind}")


def test_dashboard(site: Site, answers: Any) -> None:
    page = text_of(site.get(HOME, "resident"))
    assert "Waits in erlonglu, home" in page
    assert "Waits in" not in text_of(site.get(HOME))
    site.switch("answers", community="jinrongjie")
    answers.heard.clear()
    desk = text_of(site.get("/desk/", "officer"))
    assert "Waits in erlonglu, desk" in desk
    assert "Waits in jinrongjie, desk" in desk
    assert "Waits in jingjidao" not in desk
    assert [item[1] for item in answers.heard] == [["jinrongjie", "erlonglu"]]


def test_visible(site: Site, answers: Any) -> None:
    asked.issue(site)
    elsewhere = asked.consultation(site.world.jingji)
    pages = (HOME, f"{CASES}/", f"{CASES}/{site.case.id}/", "/c/erlonglu/notices/")
    board = f"/c/erlonglu/notices/{site.notice.id}"
    title, notice = site.case.title, site.notice.title
    for page in pages[:3]:
        assert title in text_of(site.get(page, "resident"))
    answers.hidden |= {title, notice}
    for page in pages:
        shown = text_of(site.get(page, "resident"))
        assert title not in shown.partition("<main")[2]
        assert notice not in shown.partition("<main")[2]
        # Hidden on purpose: nothing has failed.
        assert "暂时无法显示" not in shown
    for page, role in ((pages[2], "resident"), (board, "resident"), (board, "secretary")):
        assert site.get(page, role).status_code == 404
    assert title not in text_of(site.get("/desk/", "secretary"))
    # It governs where it is on, and nowhere else.
    assert site.get(f"/c/jingjidao/consultations/{elsewhere.id}/", "resident").status_code == 200
    site.switch("answers", on=False)
    assert site.get(board, "resident").status_code == 200


def test_veto(site: Site, answers: Any) -> None:
    acts = {
        "consultations.speak": (asked.comment, "Consultation"),
        "voting.vote": (asked.vote, "Ballot"),
        "consultations.manage": (asked.publish, "Consultation"),
        "notices.issue": (asked.issue, "Notice"),
    }
    answers.refused.update(dict.fromkeys(acts, "今天不行，请明天再来。"))
    for act, (do, kind) in acts.items():
        answers.heard.clear()
        response = do(site)
        assert response.status_code == 403, act
        assert "今天不行，请明天再来。" in text_of(response)
        assert answers.heard == [("veto", act, kind)]
    assert rows(select(Comment.id)) == []
    assert scalars(select(Notice.issued_at)) == [None]
    draft = select(Consultation.published_at).filter_by(id=site.draft.id)
    assert scalars(draft) == [None]
    answers.refused.clear()
    for do, _kind in acts.values():
        assert do(site).status_code == 303
    site.switch("answers", on=False)
    answers.heard.clear()
    assert asked.vote(site).status_code == 303
    assert answers.heard == []


def test_check_ballot(site: Site, answers: Any) -> None:
    answers.lacking[:] = ["请先张贴纸质通知。"]
    response = asked.publish(site)
    assert response.status_code == 409
    assert "请先张贴纸质通知。" in text_of(response)
    assert "answers" in text_of(response)
    assert ("check_ballot", "erlonglu", "停车位设在哪里？") in answers.heard
    assert scalars(select(Consultation.published_at).filter_by(id=site.draft.id)) == [None]
    answers.lacking.clear()
    assert asked.publish(site).status_code == 303


def test_check_stage(site: Site, answers: Any) -> None:
    case = case_by_process(site.world.erlong, stage="drafting")
    way = f"{CASES}/{case.id}/way"
    answers.objections["withdraw"] = Objection("paper", "请先张贴纸质通知。")
    said = "插件“Answers”提示：请先张贴纸质通知。"
    assert said in text_of(site.get(way, "secretary"))
    assert said not in text_of(site.get(way, "resident"))
    answers.heard.clear()
    response = asked.moved(site, case.id)
    assert response.status_code == 409
    assert said in text_of(response)
    told = ("check_stage", "erlonglu", "drafting", "withdraw", "withdrawn", "withdrawn")
    assert told in answers.heard
    with pytest.raises(Refused) as refused:
        moving.move(site.world.actor("secretary"), site.world.erlong, case, "withdraw", reason="撤")
    assert refused.value.code == "answers.paper"
    db.session.rollback()
    # What a correction does is held up by nobody.
    answers.objections["suspend"] = Objection("paper", "请先张贴纸质通知。")
    actor = site.world.actor("secretary")
    assert moving.move(actor, site.world.erlong, case, "suspend", reason="名册有误")
    db.session.rollback()
    # Proposed before and objected to since: the second person cannot confirm it.
    answers.objections.clear()
    assert asked.moved(site, case.id).status_code == 303
    answers.objections["withdraw"] = Objection("paper", "请先张贴纸质通知。")
    assert asked.moved(site, case.id, "deputy").status_code == 409
    site.switch("answers", on=False)
    answers.heard.clear()
    assert asked.moved(site, case.id, "deputy").status_code == 303
    assert answers.heard == []
    db.session.refresh(case)
    assert case.stage == "withdrawn"


def test_time_waits_for_check_stage(site: Site, answers: Any) -> None:
    case = case_by_process(site.world.erlong, "opinion_call", stage="deliberating")
    answers.objections["sum_up"] = Objection("paper", "请先张贴纸质通知。")
    assert (case_clock.any_due(), case_clock.run()) == (False, 0)
    answers.objections.clear()
    assert (case_clock.any_due(), case_clock.run()) == (True, 1)
    db.session.refresh(case)
    assert case.stage == "drafting"


def test_what_is_no_objection_holds_nothing_up(site: Site, answers: Any) -> None:
    answers.objections["withdraw"] = "请先张贴纸质通知。"
    assert asked.moved(site).status_code == 303
    for wrong in (("Paper work", "请张贴。"), ("paper", " ")):
        with pytest.raises(ValueError, match="a sentence"):
            Objection(*wrong)


def test_a_plugin_hears_of_the_stage_that_a_case_comes_to(site: Site, answers: Any) -> None:
    elsewhere = case_by_process(site.world.jingji, stage="drafting")
    case = case_by_process(site.world.erlong, stage="drafting")
    data = {"reason": "名册有误", "stage": "drafting"}
    assert site.post(f"{CASES}/{case.id}/way/suspend", "secretary", **data).status_code == 303
    officer = site.world.actor("officer")
    moving.move(officer, site.world.jingji, elsewhere, "suspend", reason="名册有误")
    db.session.commit()
    events.deliver()
    heard = [item for item in answers.heard if item[0] == "entered"]
    home = site.world.erlong
    assert heard == [("entered", home.id, case.id, "suspended", "suspended")]
    seen = look_at_case(home, case.id)
    assert seen is not None
    assert (seen.title, seen.process, seen.stage) == (case.title, "hearing", "suspended")
    assert seen.url == f"{CASES}/{case.id}/"
    dated = look_at_case(home, site.case.id)
    assert dated is not None
    assert (dated.process, dated.kind) == ("", "deliberating")
    # Drafts and cases of others are nothing to it.
    assert look_at_case(home, site.draft.id) is None
    assert look_at_case(home, elsewhere.id) is None


def test_render_text(site: Site) -> None:
    assert asked.comment(site, "answers: **好**").status_code == 303
    # Only what texts may hold is left of it.
    assert scalars(select(Comment.html)) == ["<p><strong>markdown</strong>  **好**</p>"]
    site.switch("answers", on=False)
    asked.comment(site, "answers: 好", role="neighbour")
    assert scalars(select(Comment.html).order_by(Comment.id))[1] == "<p>answers: 好</p>"


def test_deliver(site: Site, answers: Any) -> None:
    answers.carried.add("test.news")
    asked.news(site)
    assert answers.heard == [("deliver", "消息1", site.world.resident.id, None)]
    # It stands in the inbox, is handed over once, and is not mailed.
    assert None not in scalars(select(InboxItem.mailed_at).where(InboxItem.mail == "at_once"))
    assert scalars(select(Mail.id)) == []
    answers.heard.clear()
    site.switch("answers", on=False)
    asked.news(site)
    assert answers.heard == [("off", "erlonglu", site.world.people["administrator"].id)]


def test_export_member(site: Site) -> None:
    who = site.world.resident.id
    assert f"about {who}" in text_of(site.get("/me/data", "resident"))
    site.switch("answers", on=False)
    # Off, what it keeps is still given out.
    page = site.post("/me/data/export.json", "resident", confirm_password=asked.PASSWORD)
    assert f"about {who}" in json.dumps(json.loads(text_of(page)), ensure_ascii=False)


def test_forget_member(site: Site, answers: Any) -> None:
    who = site.world.resident.id
    site.switch("answers", on=False)
    answers.heard.clear()
    assert asked.close(site).status_code == 303
    assert answers.heard == [("forget", who)]
    assert "answers" in [part.owner for part in parts()]


def test_a_way_that_leads_nowhere_is_left_out(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    import civic_answers

    ways = [
        NavItem("Good", "answers.index"),
        NavItem("Unknown permission", "answers.index", permission="answers.never"),
        NavItem("Unknown page", "answers.nowhere"),
    ]
    monkeypatch.setattr(civic_answers.plugin, "nav", ways)
    page = text_of(site.get(HOME, "resident"))
    assert ">Good<" in page
    assert "Unknown" not in page
    assert "<span>nav</span>" in text_of(site.get("/admin/plugins/", "administrator"))


def test_what_it_adds_to_pages_costs_one_statement_for_its_settings(site: Site) -> None:
    from benchmarks.inside import statements

    def count(path: str) -> int:
        site.get(path)
        with statements(site.app) as seen:
            site.get(path)
        return len(seen)

    full = count(HOME)
    site.switch("answers", on=False)
    assert full - count(HOME) <= 1


def test_its_settings(site: Site) -> None:
    address = "/c/erlonglu/desk/plugins/answers/settings"
    form = text_of(site.get(address, "administrator"))
    assert 'value="Say hello"' in form
    assert 'name="csrf_token"' in form
    wrong = {"prompt": "", "most": "10", "since": "yesterday"}
    refused = site.post(address, "administrator", **wrong)
    assert refused.status_code == 422
    assert 'value="10"' in text_of(refused)
    sent = {"prompt": "<b>您好</b>", "most": "5", "loud": "y", "since": "2026-01-02"}
    assert site.post(address, "administrator", **sent).status_code == 303
    import civic_answers

    home = find("erlonglu")
    found = {key: civic_answers.plugin.setting(home, key) for key in sent}
    assert found["prompt"], found["most"] == ("<b>您好</b>", 5)
    assert found["loud"] is True
    assert found["since"].isoformat() == "2026-01-02"
    assert civic_answers.plugin.setting(find("jingjidao"), "prompt") == "Say hello"
    with pytest.raises(KeyError):
        civic_answers.plugin.setting(home, "question")
    assert "&lt;b&gt;您好&lt;/b&gt;" in text_of(site.get(HOME))
    # Kept while it is off, and there when it is on again.
    site.switch("answers", on=False)
    assert "没有启用" in text_of(site.get(address, "administrator"))
    site.switch("answers")
    assert "&lt;b&gt;您好&lt;/b&gt;" in text_of(site.get(HOME))
    entry = db.session.scalars(select(AuditEntry).filter_by(act="plugin.settings")).one()
    assert entry.data == {"changed": ["loud", "most", "prompt", "since"]}
    db.session.commit()


def test_settings_have_strict_keys(site: Site) -> None:
    from civic.communities import switching

    by = site.world.actor("administrator")
    with pytest.raises(KeyError):
        switching.save(find("erlonglu"), "answers", {"question": "x"}, by)
    db.session.rollback()
    kept = select(Activation).filter_by(plugin="answers")
    db.session.scalars(kept).one().settings = {"prompt": "x", "gone": 1}
    db.session.commit()
    home = find("erlonglu")
    registry = plugins.registry()
    assert registry.loaded["answers"].setting(home, "prompt") == "x"
    with pytest.raises(KeyError):
        registry.loaded["answers"].setting(home, "gone")


def test_the_plugin_page(site: Site) -> None:
    page = text_of(site.get("/admin/plugins/", "administrator"))
    assert "Answers" in page
    assert "&gt;=1.0,&lt;2" in page
    assert 'action="/c/erlonglu/desk/plugins/answers/off"' in page
    assert 'action="/c/jingjidao/desk/plugins/answers/on"' in page
    assert 'href="/c/jingjidao/desk/plugins/answers/settings"' in page
    assert site.get("/admin/plugins/", "secretary").status_code == 403


def test_a_page_of_a_plugin_that_fails_is_a_page_and_is_attributed(site: Site) -> None:
    response = site.get("/c/erlonglu/answers/broken", "resident")
    assert response.status_code == 500
    assert "Answers" in text_of(response)
    assert "ZeroDivision" not in text_of(response)
    page = text_of(site.get("/admin/plugins/", "administrator"))
    assert "page answers.broken" in page
    assert "ZeroDivisionError" in page
