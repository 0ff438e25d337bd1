"""A call: drawn up, frozen when it opens, moved by the data of its phases."""

from datetime import timedelta

import pytest
from incubator_said import HERE, local
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from civic.api import clock, db
from civic_incubator import close_calls
from civic_incubator.models import Call


def only():
    return db.session.scalars(select(Call)).one()


def test_drawn_up_by_who_leads_and_read_by_all_once_it_opens(client, login, story):
    call = story.call(opened=False)
    login.out()
    assert client.get(f"{HERE}calls/{call.id}/").status_code == 404
    assert login("staff").get(f"{HERE}calls/{call.id}/").status_code == 404
    assert story.secretary.get(f"{HERE}calls/{call.id}/").status_code == 200
    assert story.move(call, "open").status_code == 303
    login.out()
    page = client.get(f"{HERE}calls/{call.id}/").text
    assert "100,000" in page
    assert "50,000" in page
    assert "老人" in client.get("/c/erlonglu/").text
    assert login("resident").post(f"{HERE}calls/new", data=story.fields()).status_code == 403
    acts = db.session.scalars(text("SELECT act FROM audit_entry WHERE act LIKE 'incubator.%'"))
    assert sorted(acts) == ["incubator.drawn_up", "incubator.moved"]


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"title": ""}, 422),
        ({"title": "长" * 61}, 422),
        ({"pot": "0"}, 422),
        ({"pot": "0.01", "most": "0.01"}, 303),
        ({"pot": "50000", "most": "50000.01"}, 422),
        ({"pot": "100000000.01"}, 422),
        ({"pot": "很多"}, 422),
        ({"expert_weight": "-1"}, 422),
        ({"expert_weight": "101"}, 422),
        ({"expert_weight": "0"}, 303),
        ({"expert_weight": "100"}, 303),
        ({"form": "other"}, 422),
        ({"closes_at": "soon"}, 422),
    ],
)
def test_bounds_of_a_call(story, changed, status):
    answer = story.secretary.post(f"{HERE}calls/new", data=story.fields(**changed))
    assert answer.status_code == status
    if status == 422 and "text" not in changed:
        assert "为辖区老人解决吃饭难。" in answer.text


def test_dates_of_a_call(story):
    now = clock.now()
    for opens, closes, status in (
        (now, now, 422),
        (now, now - timedelta(days=1), 422),
        (now, now + timedelta(days=367), 422),
        (now, now + timedelta(minutes=1), 303),
    ):
        data = story.fields(opens_at=local(opens), closes_at=local(closes))
        answer = story.secretary.post(f"{HERE}calls/new", data=data)
        assert answer.status_code == status


def test_what_it_asks_is_frozen_when_it_opens(story):
    call = story.call(opened=False)
    address = f"{HERE}calls/{call.id}/"
    question = {"words": "有食堂吗？", "kind": "choice", "options": "有\n没有"}
    assert story.secretary.post(f"{address}questions", data=question).status_code == 303
    assert only().form[-1]["options"][1] == {"code": "o2", "zh": "没有"}
    one = question | {"options": "有"}
    refused = story.secretary.post(f"{address}questions", data=one)
    assert refused.status_code == 422
    assert "有食堂吗？" in refused.text
    assert (
        story.secretary.post(f"{address}questions", data=question | {"words": ""}).status_code
        == 422
    )
    code = only().form[-1]["code"]
    assert story.secretary.post(f"{address}questions/{code}/remove").status_code == 303
    assert code not in {row["code"] for row in only().form}
    changed = story.fields(title="改过的题目")
    assert story.secretary.post(f"{address}edit", data=changed).status_code == 303
    assert only().title == "改过的题目"
    assert story.move(call, "open").status_code == 303
    frozen = list(only().form)
    assert story.secretary.post(f"{address}questions", data=question).status_code == 409
    assert story.secretary.post(f"{address}questions/need/remove").status_code == 409
    assert story.secretary.post(f"{address}edit", data=story.fields()).status_code == 409
    assert story.secretary.get(f"{address}edit").status_code == 409
    assert (only().form, only().title) == (frozen, "改过的题目")


def test_thirty_questions_are_enough(story):
    call = story.call(opened=False)
    address = f"{HERE}calls/{call.id}/questions"
    for number in range(30 - len(call.form)):
        data = {"words": f"第{number}问", "kind": "text"}
        assert story.secretary.post(address, data=data).status_code == 303
    assert story.secretary.post(address, data={"words": "多", "kind": "text"}).status_code == 422
    assert len({row["code"] for row in only().form}) == 30


def test_it_moves_only_where_its_phases_lead(login, story):
    call = story.call(opened=False)
    for to in ("review", "running", "", "nowhere", "preparing"):
        assert story.move(call, to).status_code == 409
    assert story.move(call, "open").status_code == 303
    assert story.move(call, "open").status_code == 409
    assert story.move(call, "screening").status_code == 409  # the last day is not over
    staff = login("staff").post(f"{HERE}calls/{call.id}/move", data={"to": "cancelled"})
    assert staff.status_code == 403
    clock.shift(timedelta(days=11))
    assert story.move(call, "screening").status_code == 303
    assert story.move(call, "review").status_code == 409  # nothing to review
    assert story.move(call, "cancelled").status_code == 303
    assert story.move(call, "open").status_code == 409


def test_a_call_without_questions_or_with_a_past_day_does_not_open(story):
    call = story.call(opened=False)
    call.form = []
    db.session.commit()
    assert story.move(call, "open").status_code == 409 or "题" in story.move(call, "open").text
    assert only().phase == "preparing"
    other = story.call(opened=False)
    clock.shift(timedelta(days=11))
    assert story.move(other, "open").status_code == 409


def test_time_closes_it(app, story):
    call = story.call()
    close_calls(story.community)
    assert only().phase == "open"
    clock.shift(timedelta(days=11))
    close_calls(story.community)
    db.session.refresh(call)
    assert only().phase == "screening"


def test_calls_of_elsewhere_are_not_found(login, story):
    call = story.call()
    for path in ("", "questions", "panel", "award", "ranking", "awards", "review", "edit"):
        assert story.secretary.get(f"{HERE}calls/{call.id + 7}/{path}").status_code == 404
    elsewhere = login("secretary", at="jingjidao")
    assert elsewhere.get(f"{HERE}calls/{call.id}/panel").status_code == 403
    move = elsewhere.post(f"{HERE}calls/{call.id}/move", data={"to": "cancelled"})
    assert move.status_code == 403


def test_the_database_keeps_the_bounds(app, story):
    call = story.call()
    for values in ({"expert_weight": 70}, {"most": call.pot + 1}, {"phase": "party"}):
        for key, value in values.items():
            setattr(call, key, value)
        with pytest.raises(IntegrityError):
            db.session.flush()
        db.session.rollback()
