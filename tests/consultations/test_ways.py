"""The way of a case as people see it, and how the office moves it by its pages."""

from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from benchmarks import inside
from civic.admin import trees
from civic.consultations import figures, panels, queries, stage_pages, stages
from civic.consultations.models import Consultation
from civic.consultations.panels import Panel
from civic.identities.models import Person
from civic.kernel import clock
from civic.kernel.db import db
from tests import factories
from tests.consultations.test_moving import meets
from tests.factories import World
from tests.pages import text_of

Login = Callable[[Person | None], FlaskClient]


def test_a_case_shows_its_stage_and_what_other_rooms_have(
    app: Flask, world: World, login: Login
) -> None:
    case = factories.case_by_process(world.erlong, "five_people", stage="commenting")
    with app.app_context():
        panels.register(
            80,
            lambda found, _actor, _now: Panel(
                "落实", f"{found.figures['tasks']}项任务", "/x", "看"
            ),
        )
    figures.add(case.id, "tasks", 3)
    db.session.commit()
    address = f"/c/erlonglu/consultations/{case.id}/"
    for role, most in (("resident", 6), (None, 4)):
        client = login(world.people[role] if role else None)
        page = text_of(client.get(address))
        assert "方案公示、征求意见" in page
        assert "3项任务" in page
        assert "五民工作法" in page
        with inside.statements(app) as seen:
            client.get(address)
        assert len(seen) <= most
    # Comments are not open at this stage, those on the draft are another thing.
    sent = login(world.resident).post(f"{address}comments", data={"words": "好", "form_key": "f"})
    assert sent.status_code == 409


def test_what_may_be_done_is_what_the_stage_says(app: Flask, world: World) -> None:
    now = clock.now()
    case = factories.case_by_process(world.erlong, "five_people", stage="deliberating")
    assert stages.may(case, now, "statements")
    case.stage = "drafting"
    assert stages.may(case, now, "speak")
    assert not stages.may(case, now, "statements")
    dated = factories.consultation(world.erlong)
    assert stages.may(dated, now, "statements")


def test_the_line_shows_where_the_case_stands(app: Flask, world: World) -> None:
    case = factories.case_by_process(world.erlong, "five_people")
    with app.test_request_context():
        for one in case.process["data"]["stages"]:
            case.stage = one["code"]
            shown = stage_pages.line(case)
            assert len(shown) == 4
            assert [step["state"] for step in shown].count("current") == 1
        data = case.process["data"]
        case.stage = "suspended"
        case.present = stages.present(data, "suspended", until=None, back="drafting")
        assert [step["name"] for step in shown if step["state"] == "current"] != []
        assert [step["name"] for step in stage_pages.line(case)][:2] == ["形成方案", "中止"]


def test_two_people_move_a_case_by_its_pages(app: Flask, world: World, login: Login) -> None:
    case = factories.case_by_process(world.erlong, stage="drafting")
    page = f"/c/erlonglu/consultations/{case.id}/way"
    meets("topic_answered", "no_open_correction")
    secretary, deputy = login(world.secretary), login(world.deputy)
    assert "提出人撤回" not in text_of(secretary.get(page))
    assert 'name="reason"' in text_of(secretary.get(f"{page}/withdraw"))
    sent = {"reason": "", "stage": "drafting"}
    assert secretary.post(f"{page}/withdraw", data=sent).status_code == 422
    sent["reason"] = "提出人撤回"
    assert secretary.post(f"{page}/withdraw", data=sent).status_code == 303
    again = secretary.post(f"{page}/withdraw", data=sent)
    assert again.status_code == 403
    assert "提出人撤回" in text_of(deputy.get(f"{page}/withdraw"))
    assert deputy.post(f"{page}/withdraw", data={"stage": "drafting"}).status_code == 303
    assert deputy.post(f"{page}/withdraw", data={"stage": "drafting"}).status_code == 409
    assert "提出人撤回" in text_of(login(None).get(page))
    db.session.refresh(case)
    assert case.stage == "withdrawn"


def test_lists_do_not_read_the_whole_way(app: Flask, world: World, login: Login) -> None:
    pages = ("/c/erlonglu/", "/c/erlonglu/consultations/", "/c/erlonglu/desk/cases/")
    office = login(world.secretary)
    numbers = []
    for _ in range(2):
        for stage in ("draft", "drafting", "voting", "archived"):
            factories.case_by_process(world.erlong, "five_people", stage=stage)
        factories.case_by_process(world.erlong, "five_people").published_at = None
        db.session.commit()
        seen: list[str] = []
        for page in pages:
            office.get(page)
            with inside.statements(app) as asked:
                assert office.get(page).status_code == 200
            seen += asked
        assert not [one for one in seen if "consultation.process," in one]
        numbers.append(len(seen))
    assert numbers[0] == numbers[1]


def test_what_goes_on_is_what_the_stage_says(app: Flask, world: World) -> None:
    case = factories.case_by_process(world.erlong, "five_people")
    over = factories.case_by_process(world.erlong, "five_people", stage="archived")
    # Its dates alone would say the contrary of both.
    now = clock.now()
    case.opens_at, case.closes_at = now - timedelta(days=9), now - timedelta(days=1)
    case.voting_opens_at = None if case.ballot_id is None else case.opens_at
    db.session.commit()
    running, ended = (factories.consultation(world.erlong, stage=s) for s in ("voting", "closed"))
    found = factories.scalars(select(Consultation.id).where(queries.going_on(now)))
    assert set(found) == {case.id, running.id}
    assert {over.id, ended.id}.isdisjoint(found)
    assert trees.consequences(world.actor("administrator"), [], [world.erlong.node]).open_cases == 2


def test_a_stage_without_an_end_and_a_vote_stand_side_by_side(
    app: Flask, world: World, login: Login
) -> None:
    case = factories.case_by_process(world.erlong, "five_people", stage="drafting")
    case.title = "没有期限的事项"
    db.session.commit()
    dated = factories.consultation(world.erlong, stage="voting")
    dated.title = "有期限的事项"
    db.session.commit()
    page = text_of(login(world.resident).get("/c/erlonglu/"))
    assert page.index("有期限的事项") < page.index("没有期限的事项")


def test_what_is_out_of_order_names_its_rule(app: Flask, world: World, login: Login) -> None:
    case = factories.case_by_process(world.erlong, "five_people")
    page = f"/c/erlonglu/consultations/{case.id}/way"
    early = login(world.secretary).get(f"{page}/open_vote")
    assert early.status_code == 409
    assert "五民工作法" in text_of(early)
    assert login(world.resident).get(f"{page}/collect").status_code == 403


def test_the_page_says_where_the_case_stands(app: Flask, world: World, login: Login) -> None:
    case = factories.case_by_process(world.erlong, "five_people", stage="screening")
    client = login(world.secretary)
    page = f"/c/erlonglu/consultations/{case.id}/way"
    shown = text_of(client.get(page))
    assert "“审题”" in shown
    assert f"“{page}”" not in shown
    # What leads on comes before what stops it.
    assert shown.index("采纳议题") < shown.index("撤回")
    assert "/notices/new" in client.get(page).text
    meets("topic_answered", "no_open_correction")
    assert "审题" in text_of(client.get(f"{page}/suspend"))


def test_the_desk_leads_to_cases_by_stage(app: Flask, world: World, login: Login) -> None:
    page = login(world.secretary).get("/desk/").text
    assert "/c/erlonglu/desk/cases/new" in page
    assert '/c/erlonglu/desk/cases/"' in page
