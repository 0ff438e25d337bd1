"""Write, file, decide, permit, publish, call off."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from civic.api import clock, db, periods
from civic_events import checking, kinds, rules
from civic_events.checking import Facts, Other
from civic_events.models import Activity, Step

HERE = "/c/erlonglu/events/"


def form(**values):
    begins = clock.local(clock.now()) + timedelta(days=60)
    standard = {
        "title": "金秋集市",
        "text": "摊位和演出",
        "place": "月坛公园",
        "starts_at": f"{begins:%Y-%m-%dT10:00}",
        "ends_at": f"{begins:%Y-%m-%dT16:00}",
        "audience": "anyone",
        "expected": "300",
        "capacity": "0",
        "most": "4",
        "questions": "",
        "organiser": "二龙路社区",
        "lead": "周红",
        "facts": ["consent", "insured", "food"],
        "plan": [],
        "form_key": "one",
    }
    return standard | values


def write(client, **values):
    return client.post(f"{HERE}office/new", data=form(**values))


def only() -> Activity:
    return db.session.scalars(select(Activity)).one()


def act(client, what, **data):
    return client.post(f"{HERE}{only().id}/{what}", data=data)


def fair(login):
    """A fair for 1,200 that is filed."""
    staff = login("staff")
    write(staff, expected="1200", plan=list(kinds.PLAN))
    assert act(staff, "file").status_code == 303
    return staff, login("secretary")


def test_from_draft_to_published(login, client):
    staff, secretary = login("staff"), login("secretary")
    assert write(staff).status_code == 303
    assert only().state == "draft"
    address = f"{HERE}{only().id}/"
    assert login("resident").get(address).status_code == 404
    assert act(staff, "publish").status_code == 409
    assert act(staff, "file").status_code == 303
    assert "金秋集市" in secretary.get("/desk/").text
    assert act(secretary, "decide", act="accept").status_code == 303
    assert act(staff, "publish").status_code == 303
    login.out()
    assert "金秋集市" in client.get(HERE).text
    assert "月坛公园" in client.get(address).text
    acts = list(db.session.scalars(select(Step.act).order_by(Step.id)))
    assert acts == ["file", "accept", "publish"]
    query = text("SELECT act FROM audit_entry WHERE act LIKE 'events.%' ORDER BY id")
    assert list(db.session.scalars(query)) == ["events.file", "events.accept", "events.publish"]


def test_a_fair_for_1200_is_stopped_until_the_permit_number_is_there(login):
    staff, secretary = fair(login)
    assert "1200人参加" in secretary.get(f"{HERE}{only().id}/filing").text
    act(secretary, "decide", act="accept")
    page = staff.get(f"{HERE}{only().id}/filing").text
    assert "现在还不能发布" in page
    stopped = act(staff, "publish")
    assert stopped.status_code == 409
    assert "许可文号" in stopped.text
    assert only().state == "accepted"
    assert act(staff, "permit", number="京公大活〔2026〕7号", office="西城分局").status_code == 403
    for missing in ({"number": "", "office": "西城分局"}, {"number": "7", "office": " "}):
        assert act(secretary, "permit", **missing).status_code == 422
    sent = {"number": "京公大活〔2026〕7号", "office": "西城分局"}
    assert act(secretary, "permit", **sent).status_code == 303
    assert act(staff, "publish").status_code == 303
    assert "京公大活〔2026〕7号" in login("resident").get(f"{HERE}{only().id}/").text


def test_the_database_publishes_no_mass_event_without_its_permit(login):
    fair(login)
    for values in ({"state": "published"}, {"state": "published", "permit_number": ""}):
        with pytest.raises(IntegrityError):
            db.session.execute(update(Activity).values(**values))
        db.session.rollback()


@pytest.mark.parametrize(("expected", "needs"), [(999, False), (1000, True), (1001, True)])
def test_from_a_thousand_on_a_permit_is_needed(login, expected, needs):
    staff, secretary = login("staff"), login("secretary")
    write(staff, expected=str(expected), plan=list(kinds.PLAN))
    act(staff, "file")
    act(secretary, "decide", act="accept")
    assert act(staff, "publish").status_code == (409 if needs else 303)


def test_who_wrote_it_does_not_decide_on_it(login):
    secretary = login("secretary")
    write(secretary)
    act(secretary, "file")
    assert act(secretary, "decide", act="accept").status_code == 403
    assert act(login("staff"), "decide", act="accept").status_code == 403
    assert act(login("street_officer"), "decide", act="accept").status_code == 303


def test_it_is_sent_back_with_a_reason_changed_and_filed_anew(login):
    staff, secretary = login("staff"), login("secretary")
    write(staff)
    act(staff, "file")
    assert act(secretary, "decide", act="return").status_code == 422
    assert act(secretary, "decide", act="return", words="时间太晚").status_code == 303
    assert "时间太晚" in staff.get(f"{HERE}{only().id}/filing").text
    changed = staff.post(f"{HERE}{only().id}/edit", data=form(title="金秋小集市"))
    assert changed.status_code == 303
    assert only().title == "金秋小集市"
    assert act(staff, "file").status_code == 303
    assert staff.post(f"{HERE}{only().id}/edit", data=form(title="改")).status_code == 409
    assert act(staff, "take-back").status_code == 303
    assert only().state == "draft"


def test_a_refusal_is_told_and_ends_it(login):
    staff, secretary = login("staff"), login("secretary")
    write(staff)
    act(staff, "file")
    act(secretary, "decide", act="refuse", words="与考试冲突")
    assert "金秋集市" in staff.get("/inbox").text
    assert act(staff, "file").status_code == 409
    assert act(secretary, "decide", act="accept").status_code == 409


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"title": ""}, "请填写"),
        ({"ends_at": "2020-01-01T10:00"}, "结束时间"),
        ({"starts_at": "2020-01-01T10:00"}, "已经过去"),
        ({"starts_at": "morgen"}, "日期"),
        ({"expected": "0"}, "预计最多人数"),
        ({"expected": "100001"}, "预计最多人数"),
        ({"capacity": "301"}, "不能超过"),
        ({"capacity": "-1"}, "报名名额"),
        ({"most": "0"}, "最多可报"),
        ({"audience": "cats"}, "参加对象"),
        ({"facts": ["stolen"]}, "活动涉及"),
        ({"questions": "1\n2\n3\n4\n5\n6"}, "最多五个"),
        ({"questions": "问" * 81}, "最多五个"),
        ({"title": "长" * 81}, "超过"),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(login, values, said):
    answer = write(login("staff"), **values)
    assert answer.status_code == 422
    assert said in answer.text
    assert "摊位和演出" in answer.text
    assert db.session.scalars(select(Activity)).all() == []


def test_a_form_sent_twice_is_kept_once(login):
    staff = login("staff")
    assert [write(staff).status_code for _ in range(3)] == [303] * 3
    only()


def test_residents_and_other_places_write_nothing(login):
    assert write(login("resident")).status_code == 403
    assert write(login("staff", at="jingjidao")).status_code == 403
    write(login("staff"))
    elsewhere = login("staff", at="jingjidao")
    assert act(elsewhere, "file").status_code == 403
    assert elsewhere.get(f"/c/jingjidao/events/{only().id}/filing").status_code == 404


def test_calling_it_off_tells_all_and_gives_no_places(login, make):
    row = make(capacity=1)
    first, second = login("resident"), login("resident", name="赵淑芬")
    for each in (first, second):
        each.post(f"{HERE}{row.id}/sign-up", data={"places": 1})
    staff = login("staff")
    assert act(staff, "cancel", words="").status_code == 422
    assert act(staff, "cancel", words="下雨").status_code == 303
    for each in (first, second):
        assert "下雨" in each.get("/inbox").text
        assert "活动已取消" in each.get(f"{HERE}{row.id}/").text
    assert act(staff, "cancel", words="下雨").status_code == 409


ZERO = clock.ZONE
YEAR = periods.Holidays([periods.HolidayTable(year=2026, off=frozenset(), work=frozenset())])


def facts(**values):
    standard = {
        "starts_at": datetime(2026, 10, 30, 10, tzinfo=ZERO),
        "expected": 100,
        "capacity": 50,
        "facts": frozenset({"consent"}),
    }
    return Facts(**(standard | values))


def codes(of, today=date(2026, 10, 1)):
    found = checking.checked(of, rules.of("CN-BJ"), YEAR, today)
    return {each.code: each.level for each in found}


@pytest.fixture
def spoken(app):
    with app.test_request_context():
        yield


def test_the_checks_name_what_is_missing(spoken):
    assert codes(facts()) == {}
    assert codes(facts(facts=frozenset())) == {"consent": "stop"}
    assert codes(facts(capacity=101)) == {"capacity": "stop"}
    food = frozenset({"consent", "food"})
    assert codes(facts(facts=food)) == {"lead": "stop", "insurance": "warn"}
    assert codes(facts(facts=food | {"insured"}, lead="周红")) == {}
    others = (Other("讲座", same_place=True), Other("跑步", same_place=False))
    assert codes(facts(others=others)) == {"same_place": "warn", "same_time": "note"}


def test_the_last_day_for_the_permit_is_twenty_working_days_before(spoken):
    whole = frozenset(kinds.PLAN)
    fair = facts(expected=1200, plan=whole)
    # 30 October is a Friday: the twentieth working day before it is 2 October, and the act comes
    # before that whole period.
    last = rules.latest(fair.starts_at, rules.of("CN-BJ").permit_period, YEAR)
    assert last == date(2026, 10, 1)
    assert codes(fair, last)["permit_day"] == "note"
    assert codes(fair, last + timedelta(days=1))["permit_late"] == "stop"
    permitted = facts(expected=1200, plan=whole, permit_number="7")
    assert codes(permitted, date(2026, 10, 20)) == {"permit_there": "note"}
    assert codes(facts(expected=1200, plan=whole - {"fire"}))["plan"] == "stop"
    late = facts()
    assert codes(late, date(2026, 10, 25)) == {"late": "warn"}


def test_a_year_without_days_off_is_said_and_nothing_guessed(spoken):
    found = checking.checked(
        facts(expected=1200), rules.of("CN-BJ"), periods.Holidays(), date(2026, 10, 1)
    )
    assert {each.code for each in found} == {"permit", "permit_day", "plan"}


def test_rules_are_data_and_the_nearest_count():
    assert rules.of("CN-BJ").permit_period.kind == "working"
    assert rules.of("CN-SH").permit_period.kind == "calendar"
    assert rules.of("CN-BJ-XC").permit_basis == rules.of("CN-BJ").permit_basis
    assert rules.of("CN-BJ").office(1200, "zh-Hans") == "区公安机关"
    assert rules.of("CN-BJ").office(10000, "en") == "Police of the city"
    assert rules.of("CN").office(5000, "en") == "Police of the city"


def test_two_events_at_one_place_and_time_are_seen(login, make):
    write(login("staff"))
    row = only()
    make(title="同日讲座", place="月坛 公园", starts_at=row.starts_at, ends_at=row.ends_at)
    first = db.session.scalars(select(Activity).order_by(Activity.id)).first()
    page = login("staff").get(f"{HERE}{first.id}/filing").text
    assert "同一时间、同一地点已有活动：同日讲座" in page
