"""Sign up alone or with others, wait, be offered places, change, leave."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from civic.api import Refused, clock, db, holds
from civic_events import kinds
from civic_events.models import SignUp

HERE = "/c/erlonglu/events/"


def sign_up(client, row, places=1, *answers):
    form = {"places": places, "answer": list(answers)}
    return client.post(f"{HERE}{row.id}/sign-up", data=form)


def answer(client, row, act, **more):
    return client.post(f"{HERE}{row.id}/answer", data={"act": act, **more})


def mine(login, code, row, **who):
    return holds.mine(login.id(code, **who), [row.subject])[row.subject]


def test_a_group_waits_is_offered_the_places_and_takes_them(login, make):
    row = make(capacity=4)
    first, group = login("resident"), login("resident", name="赵淑芬")
    assert sign_up(first, row, 3).status_code == 303
    assert "入场码" in first.get(f"{HERE}{row.id}/").text
    assert sign_up(group, row, 3).status_code == 303
    assert "排队等候" in group.get(f"{HERE}{row.id}/").text
    assert answer(first, row, "leave").status_code == 303
    assert mine(login, "resident", row, name="赵淑芬").state == "offered"
    page = group.get(f"{HERE}{row.id}/").text
    assert "为您保留了3个名额" in page
    assert "赵" not in first.get(f"{HERE}{row.id}/").text
    assert answer(group, row, "accept").status_code == 303
    assert mine(login, "resident", row, name="赵淑芬").state == "held"
    ticket = group.get(f"{HERE}{row.id}/ticket").text
    own = db.session.scalars(select(SignUp).filter_by(state="held")).one()
    assert own.code in ticket
    assert "<svg" in ticket


def test_the_offer_waits_on_the_home_page_until_it_is_over(login, make):
    row = make(capacity=1)
    first, second = login("resident"), login("resident", name="赵淑芬")
    sign_up(first, row)
    sign_up(second, row)
    assert "为您保留" not in second.get("/c/erlonglu/").text
    answer(first, row, "leave")
    home = second.get("/c/erlonglu/").text
    assert "为您保留" in home
    assert "确认来不来" in home
    clock.shift(timedelta(hours=24))
    assert "确认来不来" not in second.get("/c/erlonglu/").text
    assert answer(second, row, "accept").status_code == 409


def test_signing_up_twice_keeps_one(login, make):
    row = make()
    client = login("resident")
    assert [sign_up(client, row, 2).status_code for _ in range(3)] == [303, 303, 303]
    assert len(db.session.scalars(select(SignUp)).all()) == 1
    refused = sign_up(client, row, 1)
    assert refused.status_code == 409
    assert answer(client, row, "resize", places=1).status_code == 303
    assert mine(login, "resident", row).places == 1


@pytest.mark.parametrize("places", [0, 5, -1, ""])
def test_a_number_that_cannot_be_is_refused_and_what_was_typed_stays(login, make, places):
    row = make(capacity=20, questions=["吃素吗？"])
    answered = sign_up(login("resident"), row, places, "是，吃素")
    assert answered.status_code == 422
    assert "是，吃素" in answered.text
    assert db.session.scalars(select(SignUp)).all() == []


def test_every_question_is_answered(login, make):
    row = make(questions=["吃素吗？", "年龄？"])
    client = login("resident")
    for answers in ([], ["是"], ["是", " "]):
        assert sign_up(client, row, 1, *answers).status_code == 422
    assert sign_up(client, row, 1, "是", "62", "多余").status_code == 303
    assert db.session.scalars(select(SignUp)).one().answers == ["是", "62"]


@pytest.mark.parametrize(
    ("who", "audience", "status"),
    [
        ("member", "anyone", 403),
        ("resident", "anyone", 303),
        ("resident", "participant", 303),
        ("worker", "participant", 303),
        ("worker", "resident", 403),
        ("resident", "worker", 403),
    ],
)
def test_who_may_come(login, make, who, audience, status):
    assert sign_up(login(who), make(audience=audience)).status_code == status


def test_a_visitor_is_asked_to_sign_in(client, community, make):
    row = make()
    assert sign_up(client, row).status_code == 401
    assert "/sign-in" in client.get(f"{HERE}{row.id}/").text


@pytest.mark.parametrize("state", sorted(set(kinds.STATES) - {kinds.PUBLISHED}))
def test_nobody_signs_up_for_what_is_not_to_take_place(login, make, state):
    row = make(state=state)
    status = sign_up(login("resident"), row).status_code
    assert status == (409 if state == kinds.CANCELLED else 404)


def test_after_the_beginning_nobody_signs_up(login, make):
    row = make()
    client = login("resident")
    clock.shift(timedelta(days=7))
    assert sign_up(client, row).status_code == 409
    assert "参加活动" not in client.get(f"{HERE}{row.id}/").text


def test_another_community_has_its_own_events(login, make):
    row = make()
    elsewhere = login("resident", at="jingjidao")
    assert sign_up(elsewhere, row).status_code == 403
    assert elsewhere.get(f"/c/jingjidao/events/{row.id}/").status_code == 404
    assert sign_up(login("resident"), type(row)(id=row.id + 9)).status_code == 404


def test_without_a_place_there_is_no_ticket(login, make):
    row = make(capacity=1)
    sign_up(login("resident"), row)
    second = login("resident", name="赵淑芬")
    assert second.get(f"{HERE}{row.id}/ticket").status_code == 303
    sign_up(second, row)
    assert second.get(f"{HERE}{row.id}/ticket").status_code == 303
    assert answer(second, row, "decline").status_code == 409
    assert answer(login("resident", name="李新"), row, "leave").status_code == 404
    assert answer(second, row, "jump").status_code == 400


def test_what_the_core_decides_later_is_repeated_here(app, login, make):
    from civic_events import signing

    row = make(capacity=1)
    first, second = login("resident"), login("resident", name="赵淑芬")
    sign_up(first, row)
    sign_up(second, row)
    claim = mine(login, "resident", row, name="赵淑芬")
    holds.leave(mine(login, "resident", row).id, login.id("resident"))
    db.session.commit()
    moved = holds.ClaimMoved(
        community_id=row.community_id,
        subject=row.subject,
        claim_id=claim.id,
        person_id=claim.person_id,
        places=1,
        state="waiting",  # an earlier event that comes late
    )
    signing.moved(moved)
    found = db.session.scalars(select(SignUp).filter_by(claim_id=claim.id)).one()
    assert found.state == "offered"
    with pytest.raises(Refused):
        holds.claim(row.subject, login.id("resident"), 9)
