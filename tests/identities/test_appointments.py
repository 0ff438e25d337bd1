"""Posts and who holds them: one at a time, for a term, with powers exactly as long."""

import re
from datetime import timedelta

import pytest
from flask import Flask, g
from sqlalchemy import func, select

from civic.identities import appointments, positions
from civic.identities.appointments import Term
from civic.identities.credentials import RecoveryCode
from civic.identities.models import Appointment, Contact, Person
from civic.kernel import audit, clock, tell
from civic.kernel.audit import AuditEntry
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import allowed
from tests import factories
from tests.factories import World, rows, scalars, sign_ins
from tests.pages import plain

DESK = "/c/erlonglu/desk"


def day(offset: int):
    return clock.local(clock.now()).date() + timedelta(days=offset)


@pytest.fixture
def post(world: World):
    made = factories.services.add_post(world.erlong.node, "committee_head", "主任", "居委会")
    db.session.commit()
    return made


@pytest.fixture
def login(login):
    def as_person(who):
        g.pop("_login_user", None)
        return login(who)

    return as_person


def fields(who, name="王桂兰", first=0, last=None, **more):
    found = {"name": name, "who": who, "first": day(first).isoformat()}
    return found | ({"last": day(last).isoformat()} if last is not None else {}) | more


def appoint(world, post, who="resident", first=0, last=None):
    made = appointments.appoint(
        world.actor("administrator"),
        world.erlong,
        post,
        world.people[who],
        Term.of(day(first), day(last) if last is not None else None),
    )
    db.session.commit()
    return made


def test_somebody_of_the_street_is_appointed_and_can_act(
    app: Flask, world: World, post, login, monkeypatch
):
    told = []
    monkeypatch.setattr(app.extensions["civic_telling"], "teller", told.append)
    who = sign_ins(world.resident)[0]
    client = login(world.administrator)
    sent = fields(who, last=30, basis="京街〔2026〕5号")
    done = client.post(f"{DESK}/posts/{post.id}/appoint", data=sent)
    assert done.status_code == 303
    [held] = scalars(select(Appointment).filter_by(post_id=post.id))
    assert (held.person_id, held.basis) == (world.resident.id, "京街〔2026〕5号")
    assert held.appointed_by == world.administrator.id
    assert clock.local(held.valid_to).hour == 0
    assert [news.kind for news in told] == ["appointment"]
    with app.test_request_context():
        kind = tell.telling().kinds["appointment"]
        assert kind.sentence(told[0].values) == "您已被任命：主任。"
    [entry] = scalars(select(AuditEntry).filter_by(act="appointment.made"))
    assert "王" not in str(entry.data)
    assert list(audit.broken()) == []
    page = client.get(f"{DESK}/posts/").text
    assert "王桂兰" in page
    assert "空缺" not in page


def test_powers_begin_and_end_with_the_term_by_the_clock_alone(app, world, post):
    head = factories.services.add_post(world.erlong.node, "secretary", "书记二", "党委")
    appoint(world, head, first=2, last=3)

    def may() -> bool:
        actor = factories.actor(world.resident)
        return allowed(actor, "consultations.manage", world.erlong.path)

    seen = []
    for days in (0, 1, 2, 3, 4, 5):
        noon = clock.local(clock.now()).replace(hour=12)
        clock.shift(timedelta(days=days) + (noon - clock.now()))
        seen.append(may())
        clock.shift(timedelta())
    assert seen == [False, False, True, True, False, False]


def test_an_end_takes_the_powers_at_once(app, world, login):
    [held] = scalars(select(Appointment).filter_by(person_id=world.secretary.id))
    secretary = login(world.secretary)
    assert secretary.get("/c/erlonglu/codes/").status_code == 200
    admin = login(world.administrator)
    bare = admin.post(f"{DESK}/appointments/{held.id}/end", data={"reason": ""})
    assert bare.status_code == 422
    done = admin.post(f"{DESK}/appointments/{held.id}/end", data={"reason": "工作调动"})
    assert done.status_code == 303
    g.pop("_login_user", None)
    assert secretary.get("/c/erlonglu/codes/").status_code == 403
    again = admin.post(f"{DESK}/appointments/{held.id}/end", data={"reason": "工作调动"})
    assert again.status_code == 404
    [kept] = scalars(select(Appointment).filter_by(id=held.id))
    assert (kept.end_reason, kept.ended_by) == ("工作调动", world.administrator.id)


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [(0, 5, "taken"), (10, None, "taken"), (0, None, "taken"), (31, None, ""), (31, 60, "")],
)
def test_one_position_has_one_holder_at_a_time(app, world, post, first, last, code):
    appoint(world, post, "neighbour", first=1, last=30)
    if code:
        with pytest.raises(Refused) as told:
            appoint(world, post, "resident", first=first, last=last)
        assert told.value.code == code
        db.session.rollback()
    else:
        appoint(world, post, "resident", first=first, last=last)
    with pytest.raises(Refused) as told:
        appoint(world, post, "neighbour", first=2, last=3)
    assert told.value.code == "already"


def test_some_posts_have_several_holders(app, world):
    workers = factories.services.add_post(world.erlong.node, "community_worker", "社工", "居委会")
    appoint(world, workers, "neighbour")
    appoint(world, workers, "resident")
    assert len(positions.holders([workers])[workers.id]) == 2


@pytest.mark.parametrize(("first", "last"), [(0, -1), (5, 4), (-10, -2)])
def test_a_term_that_has_ended_is_none(app, first, last):
    with pytest.raises(Refused) as told:
        Term.of(day(first), day(last))
    assert told.value.code == "term"


def test_nobody_learns_who_signs_in_with_a_number(app, world, post, login):
    client = login(world.administrator)
    outsider = factories.person("外人")
    db.session.commit()
    known = (sign_ins(outsider)[0], "nobody@example.com", sign_ins(world.resident)[0])
    answers = {
        plain(client.post(f"{DESK}/posts/{post.id}/appoint", data=fields(who, "甲乙"))).replace(
            who, "…"
        )
        for who in known
    }
    assert len(answers) == 1
    assert "没有以此姓名" in answers.pop()
    assert scalars(select(func.count()).where(Appointment.post_id == post.id)) == [0]


def test_a_newcomer_gets_an_account_and_comes_in_with_the_code(app, world, post, login, client):
    sent = fields("139 0000 7777", "孙新", fresh="y", last=300)
    answer = login(world.administrator).post(f"{DESK}/posts/{post.id}/appoint", data=sent)
    assert answer.status_code == 200
    [code] = set(re.findall(r"[A-Z2-9]{4}-[A-Z2-9]{3}-[A-Z2-9]{3}", answer.text))
    [made] = scalars(select(Person).filter_by(name="孙新"))
    assert made.password_hash == "-"
    assert scalars(select(Contact.proven_at).filter_by(person_id=made.id)) == [None]
    g.pop("_login_user", None)
    word = {"password": "三只猫 在屋顶 唱歌", "again": "三只猫 在屋顶 唱歌"}
    assert client.post("/recover", data={"code": code} | word).status_code == 303
    assert client.post("/recover", data={"code": code} | word).status_code in {302, 422}
    [made] = scalars(select(Person).filter_by(name="孙新"))
    assert allowed(factories.actor(made), "consultations.answer", world.erlong.path)
    db.session.commit()  # or the next request would wait for this test
    taken = login(world.administrator).post(
        f"{DESK}/posts/{post.id}/appoint", data=sent | {"first": day(400).isoformat(), "last": ""}
    )
    assert taken.status_code == 409
    assert scalars(select(func.count()).where(Person.name == "孙新")) == [1]
    assert scalars(select(func.count()).where(RecoveryCode.used_at.is_(None))) == [0]


def test_the_last_administrator_stays(app, world, login):
    [held] = scalars(select(Appointment).filter_by(person_id=world.administrator.id))
    client = login(world.administrator)
    address = f"/c/jinrongjie/desk/appointments/{held.id}/end"
    refused = client.post(address, data={"reason": "退休"})
    assert refused.status_code == 409
    assert "最后一位管理员" in refused.text
    factories.appointed_administrator(world)
    assert client.post(address, data={"reason": "退休"}).status_code == 303


def test_one_to_come_is_taken_back_and_leaves_no_term(app, world, post, login):
    made = appoint(world, post, first=5)
    client = login(world.administrator)
    done = client.post(f"{DESK}/appointments/{made.id}/end", data={"reason": "改期"})
    assert done.status_code == 303
    assert scalars(select(func.count()).where(Appointment.post_id == post.id)) == [0]
    assert scalars(select(AuditEntry.act).order_by(AuditEntry.id.desc()))[0] == (
        "appointment.withdrawn"
    )


def test_a_renewal_moves_the_end_and_stops_before_the_next(app, world, post, login):
    made = appoint(world, post, last=10)
    appoint(world, post, "neighbour", first=60)
    client = login(world.administrator)
    address = f"{DESK}/appointments/{made.id}/renew"
    assert client.post(address, data={"last": day(70).isoformat()}).status_code == 409
    assert client.post(address, data={"last": day(40).isoformat()}).status_code == 303
    [(until,)] = rows(select(Appointment.valid_to).filter_by(id=made.id))
    assert clock.local(until).date() == day(41)


def test_a_post_that_was_given_up_comes_back_when_it_is_added_again(app, world, post, login):
    client = login(world.administrator)
    assert client.post(f"{DESK}/posts/{post.id}/give-up").status_code == 303
    assert client.get(f"{DESK}/posts/{post.id}/").status_code == 404
    form = {
        "node": world.erlong.id,
        "kind": "committee_head",
        "title": "主任",
        "office": "新居委会",
    }
    done = client.post(f"{DESK}/posts/", data=form | {"body": 0})
    assert done.location.endswith(f"/posts/{post.id}/")
    again = client.post(f"{DESK}/posts/", data=form | {"body": 0})
    assert again.status_code == 409


def test_posts_are_listed_in_pages(app, world, login):
    for number in range(positions.PAGE + 5):
        factories.services.add_post(world.building, "grid_head", f"网格员{number}", "街道")
    db.session.commit()
    client = login(world.administrator)
    first = client.get(f"{DESK}/posts/").text
    [after] = re.findall(r"posts/\?after=(\d+)", first)
    second = client.get(f"{DESK}/posts/?after={after}").text
    total = first.count('scope="row"') + second.count('scope="row"')
    assert total == positions.PAGE + 5 + 2


def test_a_term_that_ends_soon_is_on_the_desk_of_whoever_appoints(app, world, post, login):
    appoint(world, post, last=30)
    page = login(world.administrator).get("/desk/").text
    assert "主任" in page
    assert "任期" in page
    assert "主任" not in login(world.secretary).get("/desk/").text
    appoint(world, post, "neighbour", first=31)
    assert "主任" not in login(world.administrator).get("/desk/").text
