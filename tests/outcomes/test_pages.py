"""A decided case walked through the pages of what comes of it, and a correction of a resolution."""

import re
from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient

from civic.consultations import panels
from civic.corrections import deciding, services, targets
from civic.corrections.deciding import Proposal
from civic.kernel import clock
from civic.kernel.db import db
from civic.outcomes import rating, resolutions
from tests.factories import World
from tests.outcomes.conftest import decided, planned, reported, resolved
from tests.pages import text_of

Login = Callable[..., FlaskClient]


def test_a_decision_walked_to_its_rating(world: World, login: Login) -> None:
    case = decided(world)
    secretary, deputy, resident, visitor = (
        login(world.people.get(role)) for role in ("secretary", "deputy", "resident", "")
    )
    here = f"/c/erlonglu/consultations/{case.id}/outcome"
    work = f"{here}/work"
    for page in ("resolution", "resolution/print", "rating"):
        assert visitor.get(f"{here}/{page}").status_code == 404
    assert secretary.get(work).status_code == 200
    words = {
        "title": "东侧停车",
        "body": "<script>x</script>东侧",
        "outcome": "东侧",
        "contact": "居委会",
        "invited": "物业公司\n- 交管队",
    }
    day = clock.local(clock.now() + timedelta(days=9)).date().isoformat()
    fields = {"title": "划线", "body": "城管科", "due": day, "weight": "2", "form_key": "t"}
    task = {f"PlanForm-{name}": value for name, value in fields.items()}
    steps = [
        (secretary, "publish", {}, 409),
        (secretary, "write", words | {"body": ""}, 422),
        (secretary, "write", words, 303),
        (secretary, "publish", {}, 403),
        (secretary, "plan", task, 409),
        (deputy, "publish", {}, 303),
        (secretary, "plan", task | {"PlanForm-due": ""}, 422),
        (secretary, "plan", task | {"PlanForm-due": "9999-12-31"}, 422),
        (secretary, "plan", task | {"PlanForm-due": "0001-01-01"}, 422),
        (secretary, "plan", task | {"PlanForm-weight": "9" * 5000}, 422),
        (secretary, "plan", task, 303),
        (secretary, "plan", task, 303),
        (secretary, "ask", {}, 409),
        (secretary, "nonsense", {}, 404),
    ]
    for client, act, data, status in steps:
        answer = client.post(f"{work}/{act}", data=data)
        assert answer.status_code == status, (act, text_of(answer))
    fields_of = re.findall(r' id="([^"]+)"', secretary.get(work).text)
    assert len(fields_of) == len(set(fields_of))
    shown = text_of(visitor.get(f"{here}/resolution"))
    assert "交管队" in shown
    assert "<script>x" not in shown
    assert "/corrections/new/resolution/" in shown
    assert visitor.get(f"{here}/resolution?edition=7").status_code == 404
    assert "交管队" in text_of(visitor.get(f"{here}/resolution/print"))
    assert resident.post(f"{here}/resolution", data={"words": ""}).status_code == 422
    sent = {"words": "太吵<b>", "form_key": "o"}
    for _ in range(2):
        assert resident.post(f"{here}/resolution", data=sent).status_code == 303
    seen = text_of(visitor.get(f"{here}/resolution"))
    assert seen.count("太吵&lt;b&gt;") == 1
    owed = text_of(visitor.get("/c/erlonglu/owed/"))
    assert "划线" in owed
    assert f"{here}/resolution#objection-" in owed
    assert f"{work}" in text_of(deputy.get("/desk/"))
    answered = {"item": "1", "AnswerForm-1-words": "会加绿化带"}
    for client, data, status in (
        (secretary, answered, 403),
        (deputy, answered | {"AnswerForm-1-words": ""}, 422),
        (deputy, answered, 303),
    ):
        assert client.post(f"{work}/answer", data=data).status_code == status
    assert "会加绿化带" in text_of(visitor.get(f"{here}/resolution"))
    report = {"item": "1", "ReportForm-1-progress": "100", "ReportForm-1-words": "已划线"}
    report |= {"ReportForm-1-form_key": "r"}
    for data, status in (
        (report | {"ReportForm-1-progress": "x"}, 422),
        (report, 303),
        (report, 303),
    ):
        assert secretary.post(f"{work}/report", data=data).status_code == status
    assert "已划线" in text_of(visitor.get(f"{here}/tasks"))
    assert secretary.post(f"{work}/ask", data={}).status_code == 303
    assert "verdict" not in text_of(visitor.get(f"{here}/rating"))
    assert resident.post(f"{here}/rating", data={"verdict": "x"}).status_code == 422
    for verdict in ("solved", "partly"):
        rated = resident.post(f"{here}/rating", data={"verdict": verdict, "words": "还行"})
        assert rated.status_code == 303
    for wants in ("no", "yes"):
        assert resident.post(f"{here}/follow", data={"wants": wants}).status_code == 303
    with clock.at(clock.now() + timedelta(days=30)):
        rating.end_all()
        db.session.commit()
        assert "还行" not in text_of(visitor.get(f"{here}/rating"))


def test_a_case_leads_to_what_came_of_it(world: World, app) -> None:
    case, _made = resolved(world)
    task = planned(world, case)
    reported(world, task, 40)
    with app.test_request_context(f"/c/erlonglu/consultations/{case.id}/"):
        app.preprocess_request()
        found = panels.of(case, world.actor("resident"), clock.now())
        assert [panel.url.rpartition("/")[2] for panel in found] == ["resolution", "tasks"]
        assert "40%" in found[1].text


def test_a_resolution_is_corrected_by_a_new_edition(world: World, login: Login) -> None:
    case, made = resolved(world)
    target = targets.find(world.erlong, "resolution", made.id)
    secretary, deputy = world.actor("secretary"), world.actor("deputy")
    found = services.raise_(
        world.actor("officer"),
        world.erlong,
        target,
        kind="typo",
        words="数字写错。",
        form_key="c",
        as_post=True,
    )
    officer = world.actor("officer")
    deciding.admit(secretary, world.erlong, found.id, suspends=False, reason="核实")
    deciding.examine(secretary, world.erlong, found.id, findings="属实")
    db.session.commit()
    work = f"/c/erlonglu/corrections/{found.id}/work"
    assert made.body in text_of(login(world.people["secretary"]).get(work))
    change = {"title": made.title, "body": "东侧划10个车位。"}
    proposal = Proposal(effect="correct", reason="核实", note="应为10个。", change=change)
    deciding.propose(secretary, world.erlong, found.id, proposal)
    deciding.decide(officer, world.erlong, found.id)
    db.session.commit()
    assert deputy.person_id == made.published_by
    assert [one.edition for one in resolutions.published(case.id)] == [2, 1]
    page = f"/c/erlonglu/consultations/{case.id}/outcome/resolution"
    visitor = login(None)
    assert "东侧划10个车位。" in text_of(visitor.get(page))
    assert "应为10个。" in text_of(visitor.get(f"{page}?edition=1"))
