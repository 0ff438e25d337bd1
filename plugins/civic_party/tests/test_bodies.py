"""Bodies: founded, filled, led."""

import pytest
from party_said import HEADS, HERE, UNITS
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from civic.api import db
from civic_party import bodies
from civic_party.meeting_models import Meeting
from civic_party.models import Body, Holder, Post


def test_a_body_is_founded_filled_and_shown(story):
    body = story.body()
    page = story.browser("resident").get(HERE)
    assert "金融街大工委" in page.text
    page = story.browser("resident").get(f"{HERE}bodies/{body.id}").text
    assert UNITS[0] in page
    assert HEADS[0] not in page
    inside = story.browser("resident_unit", HEADS[0]).get(f"{HERE}bodies/{body.id}").text
    assert HEADS[1] in inside
    out = story.login.out().get(f"{HERE}bodies/{body.id}")
    assert out.status_code == 200
    assert HEADS[0] not in out.text


def test_two_quarters_from_topic_to_task(story):
    body = story.body()
    meeting, _topic = story.commenting(body)
    for unit in UNITS:
        assert story.remark(meeting, unit).status_code == 303
    chair = story.browser("resident_unit", HEADS[UNITS.index(_chair(meeting))])
    story.moved(meeting, "signed", chair)
    assert story.move(meeting, "issued", story.clerk).status_code == 403
    story.moved(meeting, "issued", story.secretary)
    page = story.browser("resident").get(f"{HERE}meetings/{meeting.id}/minutes")
    assert page.status_code == 200
    assert "大家都说好。" in page.text
    second, _topic = story.noticed(body, days=80, title="第二次")
    assert story.only_task().carried_over == 1
    page = story.browser("resident").get(f"{HERE}meetings/{second.id}").text
    assert "开放50个车位" in page


def _chair(meeting):
    found = db.session.get(Meeting, meeting.id)
    return bodies.names(found.body_id)[found.chair_seat_id]


FOUND = {
    "kind": "grand_working_committee",
    "title": "大工委",
    "parent": "0",
    "begins_on": "2020-01-01",
    "ends_on": "",
    "about": "",
}


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({}, 303),
        ({"title": "长" * 60}, 303),
        ({"title": "长" * 61}, 422),
        ({"title": " "}, 422),
        ({"kind": "choir"}, 422),
        ({"kind": ""}, 422),
        ({"begins_on": ""}, 422),
        ({"begins_on": "9999-99-99"}, 422),
        ({"ends_on": "2020-01-01"}, 422),
        ({"ends_on": "2020-01-02"}, 303),
        ({"parent": "7"}, 422),
        ({"parent": "99999999999999999999"}, 422),
        ({"kind": "one_plus_four_group"}, 422),
        ({"about": "长" * 1001}, 422),
    ],
)
def test_what_is_founded_is_checked_and_kept(story, changed, status):
    answer = story.secretary.post(f"{HERE}bodies/new", data=FOUND | changed)
    assert answer.status_code == status
    if status == 422 and "title" not in changed:
        assert 'value="大工委"' in answer.text


def test_a_name_stands_once_and_a_group_below_its_lead(story):
    secretary = story.secretary
    lead = FOUND | {"kind": "one_plus_four_lead", "title": "领导小组"}
    assert secretary.post(f"{HERE}bodies/new", data=lead).status_code == 303
    assert secretary.post(f"{HERE}bodies/new", data=lead).status_code == 409
    made = db.session.scalars(select(Body)).one()
    group = FOUND | {"kind": "one_plus_four_group", "title": "社会秩序组", "parent": made.id}
    assert secretary.post(f"{HERE}bodies/new", data=group).status_code == 303
    assert "社会秩序组" in secretary.get(f"{HERE}bodies/{made.id}").text


def test_seats_belong_to_units_once_and_one_person_fills_one(story):
    body = story.body(filled=False)
    at = f"{HERE}bodies/{body.id}/"
    unit = story.unit(UNITS[0])
    again = story.secretary.post(f"{at}seats", data={"unit": unit.id, "office": ""})
    assert again.status_code == 409
    for data in ({"unit": unit.id, "office": "科室"}, {"unit": "0", "office": ""}):
        assert story.secretary.post(f"{at}seats", data=data).status_code == 422
    assert story.secretary.post(f"{at}seats", data={"unit": "424242"}).status_code == 422
    office = {"unit": "0", "office": "城市管理办公室"}
    assert story.secretary.post(f"{at}seats", data=office).status_code == 303
    assert story.secretary.post(f"{at}seats", data=office).status_code == 409
    _browser, who = story.liaison(UNITS[0], HEADS[0])
    mine = f"{at}seats/{story.seat(UNITS[0]).id}"
    theirs = f"{at}seats/{story.seat(UNITS[1]).id}"
    data = {"person": who, "name": "", "title": "总经理"}
    assert story.secretary.post(theirs, data=data).status_code == 422  # not of that unit
    assert story.secretary.post(mine, data=data).status_code == 303
    assert story.secretary.post(mine, data={"person": "0", "name": ""}).status_code == 422
    on_paper = {"person": "0", "name": "周末", "title": ""}
    assert story.secretary.post(mine, data=on_paper).status_code == 303
    holders = db.session.scalars(select(Holder).order_by(Holder.id)).all()
    assert [row.until is None for row in holders] == [False, True]
    assert story.secretary.post(f"{at}seats/999/end").status_code == 404


def test_who_looks_at_names_to_fill_a_seat_is_written_down(story):
    body = story.body(filled=False)
    story.liaison(UNITS[0], HEADS[0])
    page = story.clerk.get(f"{HERE}bodies/{body.id}/seats/{story.seat(UNITS[0]).id}")
    assert HEADS[0] in page.text
    assert db.session.scalar(text("SELECT count(*) FROM look WHERE what = 'profile'")) == 1


def test_the_database_holds_one_chair_and_one_person_for_a_seat(story):
    body = story.body()
    first, second = story.seat(UNITS[0]), story.seat(UNITS[1])
    at = f"{HERE}bodies/{body.id}/seats/"
    for seat in (first, second, second):
        data = {"post": "chair"}
        assert story.secretary.post(f"{at}{seat.id}/post", data=data).status_code == 303
    assert story.secretary.post(f"{at}{first.id}/post", data={"post": "king"}).status_code == 422
    now = db.session.scalars(select(Post).where(Post.until.is_(None))).all()
    assert [(row.seat_id, row.kind) for row in now] == [(second.id, "chair")]
    for row in (
        Post(seat_id=first.id, body_id=body.id, kind="chair", since=now[0].since),
        Holder(seat_id=first.id, body_id=body.id, name="又一人", since=now[0].since),
    ):
        with pytest.raises(IntegrityError), db.session.begin_nested():
            db.session.add(row)


def test_quarters_are_swapped_by_record_and_only_ahead(story):
    body = story.body()
    now, at = story.quarter(), f"{HERE}bodies/{body.id}/"
    page = story.secretary.get(f"{at}rota").text
    assert page.index(UNITS[0]) < page.index(UNITS[1])
    swap = {"first": now, "second": now + 1, "reason": "出差"}
    assert story.secretary.post(f"{at}swap", data=swap).status_code == 303
    assert bodies.chair(body, now) == story.seat(UNITS[1]).id
    assert bodies.chair(body, now + 1) == story.seat(UNITS[0]).id
    assert "出差" in story.browser("resident").get(at.rstrip("/")).text
    for wrong in (
        {"second": now},
        {"first": now - 1},
        {"second": now + 9},
        {"second": "9" * 30},
        {"reason": ""},
        {"reason": "长" * 61},
    ):
        assert story.secretary.post(f"{at}swap", data=swap | wrong).status_code == 422
    order = {"starts": now + 1, f"turn_{story.seat(UNITS[3]).id}": "1"}
    assert story.secretary.post(f"{at}rota", data=order).status_code == 303
    assert story.secretary.post(f"{at}rota", data=order).status_code == 409
    for wrong in ({"starts": now - 1}, {"starts": "x"}, {"starts": "9" * 40}):
        assert story.secretary.post(f"{at}rota", data=order | wrong).status_code == 422
    assert story.secretary.post(f"{at}rota", data={"starts": now + 2}).status_code == 422


def test_versions_of_the_charter_stay_and_two_do_not_overwrite_each_other(story):
    body = story.body()
    address = f"{HERE}bodies/{body.id}/charter"
    data = {"text": "第一条 单位平等。", "adopted_on": "2026-01-01", "last": "0"}
    assert story.clerk.post(address, data=data).status_code == 303
    late = story.secretary.post(address, data=data | {"text": "另一稿"})
    assert late.status_code == 409
    assert "另一稿" in late.text
    assert story.clerk.post(address, data=data | {"last": "1"}).status_code == 303
    future = data | {"last": "2", "adopted_on": "2099-01-01"}
    assert story.clerk.post(address, data=future).status_code == 422
    assert story.clerk.post(address, data=data | {"last": "9" * 30}).status_code == 409


def test_a_unit_that_owes_a_task_stays_until_it_is_done(story):
    body = story.body()
    meeting, topic = story.held(body)
    assert story.decide(meeting, topic).status_code == 303
    assert story.task(meeting, topic, UNITS[1]).status_code == 303
    at = f"{HERE}bodies/{body.id}/seats/"
    assert story.secretary.post(f"{at}{story.seat(UNITS[1]).id}/end").status_code == 409
    assert story.secretary.post(f"{at}{story.seat(UNITS[2]).id}/end").status_code == 303
    assert story.secretary.post(f"{at}{story.seat(UNITS[2]).id}/end").status_code == 404


def test_another_community_sees_nothing_of_it(story):
    body = story.body()
    other = "/c/jingjidao/party/"
    assert story.secretary.get(f"{other}bodies/{body.id}").status_code in {403, 404}
    assert story.secretary.get(f"{HERE}bodies/{10**30}").status_code == 404
    assert story.secretary.get(f"{HERE}bodies/0").status_code == 404


def test_a_body_is_dissolved_once_nothing_is_under_way_and_its_record_stays(story):
    body = story.body()
    meeting = story.call(body)
    at = f"{HERE}bodies/{body.id}"
    assert story.clerk.post(f"{at}/dissolve").status_code == 403
    assert story.secretary.post(f"{at}/dissolve").status_code == 409
    story.moved(meeting, "cancelled", reason="并入上级")
    assert story.secretary.post(f"{at}/dissolve").status_code == 303
    assert story.secretary.post(f"{at}/dissolve").status_code == 409
    seat = {"unit": "0", "office": "新科室"}
    assert story.secretary.post(f"{at}/seats", data=seat).status_code == 409
    assert "金融街大工委" not in story.browser("resident").get(HERE).text
    assert UNITS[0] in story.browser("resident").get(at).text


def test_extreme_days_are_kept_or_refused_and_never_break_a_page(story):
    for number, day in enumerate(("0001-01-01", "9999-12-30")):
        data = FOUND | {"begins_on": day, "title": f"机构{number}"}
        assert story.secretary.post(f"{HERE}bodies/new", data=data).status_code in {303, 422}
    for made in db.session.scalars(select(Body)).all():
        assert story.browser("resident").get(f"{HERE}bodies/{made.id}").status_code == 200
