"""An application while it is written: nothing typed is lost, nothing comes in too late."""

from datetime import timedelta

import pytest
from incubator_said import ANSWERS, HERE, NAMES
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from civic.api import Community, clock, db
from civic_incubator import drafts
from civic_incubator.models import Application, Line, Member


@pytest.fixture
def begun(story):
    call = story.call()
    organisation = story.organisation("食堂帮帮团", member=NAMES[0])
    who = story.browser("resident", NAMES[0])
    _answer, one = story.begin(who, call, organisation)
    return call, organisation, who, one


def stored(one):
    db.session.expire_all()
    return db.session.get(Application, one.id)


def test_each_step_is_kept_and_handing_in_freezes_it(story, begun):
    call, organisation, who, one = begun
    assert story.begin(who, call, organisation)[1].id == one.id
    answer = story.post(who, one, "partners", story.partners())
    assert answer.location.endswith("/answers")
    assert story.post(who, one, "answers", {"need": "没人做饭"}, stay="1").location.endswith(
        "/answers"
    )
    assert stored(one).answers == {"need": "没人做饭"}
    early = story.post(who, one, "submit", {})
    assert early.status_code == 422
    assert stored(one).state == "draft"
    assert story.post(who, one, "answers", ANSWERS).status_code == 303
    assert story.post(who, one, "budget", story.lines("12000", "3000.50")).status_code == 303
    assert stored(one).asked == 1500050
    assert "15,000.50" in who.get(f"{HERE}applications/{one.id}/submit").text
    assert story.post(who, one, "submit", {}).status_code == 303
    assert (stored(one).state, stored(one).number) == ("submitted", 1)
    for step, data in (("partners", story.partners(title="改")), ("budget", {}), ("submit", {})):
        assert story.post(who, one, step, data).status_code == 409
    assert stored(one).title == "暖心午餐"
    assert who.get(f"{HERE}applications/{one.id}/print").status_code == 200


def test_a_community_that_somebody_else_chose_is_named(monkeypatch, story, begun):
    _call, _organisation, who, one = begun

    def everywhere(_call):
        return db.session.scalars(select(Community).order_by(Community.id)).all()

    own = story.community.name
    other = next(home for home in everywhere(None) if home.id != story.community.id)
    name, theirs = other.name, story.partners(partner=str(other.id))
    monkeypatch.setattr(drafts, "partners", everywhere)
    version = stored(one).version
    assert story.post(who, one, "partners", theirs, version=version).status_code == 303
    late = story.post(who, one, "partners", story.partners(), version=version)
    assert late.status_code == 409
    beside = late.text.partition('id="theirs"')[2].partition("</section>")[0]
    assert name in beside
    assert own not in beside


def test_two_people_on_one_draft_lose_nothing(story, begun):
    _call, organisation, who, one = begun
    second_id = story.login.id("resident", name=NAMES[1])
    db.session.add(
        Member(organisation_id=organisation.id, person_id=second_id, joined_at=clock.now())
    )
    db.session.commit()
    second = story.browser("resident", NAMES[1])
    version = stored(one).version
    first = story.post(who, one, "answers", {"need": "甲写的"}, version=version, stay="1")
    assert first.status_code == 303
    late = story.post(second, one, "answers", {"need": "乙写的", "meals": "30"}, version=version)
    assert late.status_code == 409
    assert "乙写的" in late.text
    assert "甲写的" in late.text
    assert stored(one).answers == {"need": "甲写的"}
    assert f'name="version" value="{version + 1}"' in late.text
    both = {"need": "甲写的，乙写的", "meals": "30"}
    assert story.post(second, one, "answers", both, version=version + 1).status_code == 303
    assert stored(one).answers == both
    lines = story.lines("100")
    at = stored(one).version
    assert story.post(who, one, "budget", lines, version=at).status_code == 303
    late = story.post(second, one, "budget", story.lines("222"), version=at)
    assert late.status_code == 409
    assert 'value="222"' in late.text
    assert story.post(second, one, "submit", {}, version=at).status_code == 409


def test_the_deadline_passes_while_typing(story, begun):
    call, _organisation, who, one = begun
    story.post(who, one, "partners", story.partners())
    story.post(who, one, "answers", ANSWERS)
    story.post(who, one, "budget", story.lines("12000"))
    clock.shift(timedelta(days=10))
    late = story.post(who, one, "answers", {"need": "最后一刻写的一大段话"})
    assert late.status_code == 409
    assert "最后一刻写的一大段话" in late.text
    assert stored(one).answers == ANSWERS
    late = story.post(who, one, "budget", story.lines("13000"))
    assert late.status_code == 409
    assert 'value="13000"' in late.text
    assert story.post(who, one, "submit", {}).status_code == 409
    assert stored(one).state == "draft"
    other = story.organisation("送餐志愿队", member=NAMES[0])
    assert story.begin(who, call, other)[0].status_code == 409


def test_to_the_last_moment(story, begun):
    call, _organisation, who, one = begun
    closes = call.closes_at
    with clock.at(closes - timedelta(minutes=2)):
        assert story.post(who, one, "partners", story.partners()).status_code == 303
    with clock.at(closes):
        assert story.post(who, one, "partners", story.partners()).status_code == 409


@pytest.mark.parametrize(
    ("amounts", "status", "fen"),
    [
        (("50000",), 303, 5000000),
        (("50000.01",), 422, 0),
        (("49999.99", "0.01"), 303, 5000000),
        (("49999.99", "0.02"), 422, 0),
        (("0",), 422, 0),
        (("-1",), 422, 0),
        (("1.234",), 422, 0),
        (("一万",), 422, 0),
    ],
)
def test_the_budget_stays_within_the_ceiling_to_the_fen(story, begun, amounts, status, fen):
    _call, _organisation, who, one = begun
    answer = story.post(who, one, "budget", story.lines(*amounts))
    assert answer.status_code == status
    assert stored(one).asked == fen
    if status == 422:
        assert f'value="{amounts[0]}"' in answer.text


def test_lines_need_words_and_a_kind_that_is_known(story, begun):
    _call, _organisation, who, one = begun
    for field, value in (("text_1", ""), ("text_1", "长" * 61), ("kind_1", "bribe")):
        data = story.lines("100") | {field: value}
        assert story.post(who, one, "budget", data).status_code == 422
    many = story.lines(*["1"] * 41)
    assert story.post(who, one, "budget", many).status_code == 303
    assert len(stored(one).lines) == 40  # the form has no more


def test_management_costs_stay_within_their_share(story, begun):
    _call, _organisation, who, one = begun
    story.post(who, one, "partners", story.partners())
    story.post(who, one, "answers", ANSWERS)
    for own, status in (("1000.01", 422), ("1000", 303)):
        data = story.lines("9000") | {"kind_2": "management", "text_2": "管理", "fen_2": own}
        assert story.post(who, one, "budget", data).status_code == 303
        assert story.post(who, one, "submit", {}).status_code == status


@pytest.mark.parametrize(
    ("step", "data"),
    [
        ("partners", {"title": "长" * 61}),
        ("partners", {"worker": "长" * 61}),
        ("partners", {"partner": "999999"}),
        ("partners", {"partner": "x"}),
        ("answers", {"meals": "0"}),
        ("answers", {"meals": "5001"}),
        ("answers", {"meals": "很多"}),
        ("answers", {"need": "长" * 501}),
        ("answers", {"delivery": "drone"}),
        ("answers", {"licence": "maybe"}),
    ],
)
def test_what_cannot_be_kept_is_said_and_stays_in_its_field(story, begun, step, data):
    _call, _organisation, who, one = begun
    whole = {"partners": story.partners(), "answers": ANSWERS}[step] | data
    answer = story.post(who, one, step, whole)
    assert answer.status_code == 422
    assert "暖心午餐" in answer.text or "独居老人" in answer.text or "长长长" in answer.text
    assert stored(one).answers == {}
    assert stored(one).title == ""


def test_the_community_of_elsewhere_takes_no_part(story, begun):
    _call, _organisation, who, one = begun
    from civic.api import Community

    other = db.session.scalars(select(Community).filter_by(slug="jingjidao")).one()
    data = story.partners(partner=str(other.id))
    assert story.post(who, one, "partners", data).status_code == 422


def test_nobody_else_reads_or_writes_a_draft(client, login, story, begun):
    call, organisation, _who, one = begun
    other = story.browser("resident", NAMES[2])
    address = f"{HERE}applications/{one.id}/"
    assert other.get(f"{address}partners").status_code == 403
    assert other.get(address).status_code == 403
    assert story.post(other, one, "partners", story.partners()).status_code == 403
    assert story.post(other, one, "submit", {}).status_code == 403
    assert story.begin(other, call, organisation)[0].status_code == 403
    assert story.secretary.get(address).status_code == 403  # sealed until all are in
    assert login("member").get(f"{address}partners").status_code == 403
    login.out()
    assert client.get(address).status_code == 403
    assert client.post(f"{address}partners").status_code == 401
    assert story.secretary.get(f"{HERE}applications/{one.id + 9}/").status_code == 404


def test_only_what_is_filed_applies(story):
    call = story.call()
    who = story.browser("resident", NAMES[0])
    for status, expected in (("proposed", 409), ("ended", 409), ("registered", 303)):
        organisation = story.organisation(f"团队{status}", status=status, member=NAMES[0])
        assert story.begin(who, call, organisation)[0].status_code == expected


def test_numbers_go_by_the_order_of_arrival(story):
    call = story.call()
    numbers = []
    for name in NAMES[:3]:
        organisation = story.organisation(f"{name}团队", member=name)
        one = story.write(story.browser("resident", name), call, organisation)
        numbers.append(one.number)
    assert numbers == [1, 2, 3]


def test_what_is_begun_waits_on_the_home_page(story, begun):
    _call, _organisation, who, one = begun
    home = who.get("/c/erlonglu/").text
    assert f"/c/erlonglu/incubator/applications/{one.id}/partners" in home
    other = story.browser("resident", NAMES[2])
    assert f"applications/{one.id}/" not in other.get("/c/erlonglu/").text


def test_the_database_lets_no_draft_have_a_number_and_no_line_be_free(app, story, begun):
    *_rest, one = begun
    one.number = 5
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()
    db.session.add(Line(application_id=one.id, position=1, kind="goods", text="x", fen=0))
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()
