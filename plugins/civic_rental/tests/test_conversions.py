"""Conversions: taken in, on record, moved on by what is there."""

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from civic.api import db
from civic_rental import states
from civic_rental.models import Conversion, Record, Step

HERE = "/c/erlonglu/rental/"
FORWARD = [code for code in states.way().states if code not in {"stopped", "suspended", "closed"}]


def test_from_the_request_to_listed(story, login, client):
    row = story.begin()
    assert story.state(row) == "intake"
    home = story.home(row)
    story.to(row, "listed")
    steps = db.session.scalars(select(Step).order_by(Step.id)).all()
    assert [step.after for step in steps] == FORWARD[1:]
    assert steps[-1].office
    assert story.publish(home).status_code == 303
    login.out()
    page = client.get(HERE).text
    assert "一居室（朝南）" in page
    assert "3,200" in page
    page = client.get(f"{HERE}homes/{home.id}/").text
    assert "201" not in page
    assert "安居住房租赁有限公司" in page
    acts = db.session.scalars(
        text("SELECT act FROM audit_entry WHERE act LIKE 'rental.%' ORDER BY id")
    ).all()
    assert acts[0] == "rental.begun"
    assert acts.count("rental.moved") == len(FORWARD) - 1
    assert acts.count("rental.opinion_given") == 6
    assert acts[-1] == "rental.home_published"


@pytest.mark.parametrize("state", [code for code in FORWARD if code != "listed"])
def test_nothing_moves_on_while_something_is_missing(story, state):
    row = story.to(story.begin(), state)
    forward = next(move.to for move in states.way().states[state].moves if move.forward)
    answer = story.move(row, forward)
    assert answer.status_code == 409
    assert "还不能进入下一步" in answer.text
    assert story.state(row) == state


def test_a_refusal_to_move_names_rule_and_cure(story):
    row = story.to(story.begin(), "inspection")
    story.home(row, deposit="9600")
    for code in ("operator_filing", "joint_inspection"):
        story.record(row, code)
    page = story.move(row, "listed")
    assert page.status_code == 409
    assert "押金" in page.text
    assert "北京市住房租赁条例：押金不超过一个月租金" in page.text
    assert "押金降到3,200元" in page.text or "3,200" in page.text


def test_only_who_leads_moves_on_from_the_review(story):
    row = story.to(story.begin(), "joint_review")
    story.opine(row)
    answer = story.move(row, "recognition", who=story.staff)
    assert answer.status_code == 403
    assert story.state(row) == "joint_review"
    assert story.move(row, "recognition").status_code == 303


@pytest.mark.parametrize("to", ["", "nowhere", "works", "intake", "stopped"])
def test_a_move_that_there_is_not_is_refused(story, to):
    row = story.begin()
    assert story.move(row, to).status_code == 409
    assert story.state(row) == "intake"


def test_closing_needs_its_reason_and_ends_it(story):
    row = story.begin()
    assert story.move(row, "closed").status_code == 422
    assert story.move(row, "closed", "申请人撤回").status_code == 303
    assert "申请人撤回" in story.staff.get(story.at(row)).text
    assert story.record(row, "request").status_code == 422
    facts = story.staff.post(story.at(row, "facts"), data={"facts": ["two_exits"]})
    assert facts.status_code == 409
    unit = story.staff.post(story.at(row, "partners"), data={"name": "甲", "homes": "1"})
    assert unit.status_code == 409


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"number": ""}, 422),
        ({"day": ""}, 422),
        ({"day": "2099-01-01"}, 422),
        ({"day": "1949-09-30"}, 422),
        ({"day": "1949-10-01"}, 303),
        ({"day": "0000-13-99"}, 422),
        ({"number": "号" * 61}, 422),
        ({"words": "字" * 1001}, 422),
        ({"code": "air_report"}, 422),
        ({"code": "nothing"}, 422),
    ],
)
def test_a_record_is_whole_or_refused_and_kept_as_typed(story, changed, status):
    changed = dict(changed)
    row = story.to(story.begin(), "eligibility")
    code = changed.pop("code", "structure")
    answer = story.record(row, code, **changed)
    assert answer.status_code == status
    count = db.session.scalar(select(func.count(Record.id)).filter_by(code="structure"))
    assert count == (status == 303)
    if status != 303 and "words" not in changed:
        assert "已核对，符合要求。" in answer.text


def test_a_later_record_counts_and_the_earlier_one_stays(story):
    row = story.to(story.begin(), "eligibility")
    story.record(row, "structure", number="旧-1")
    story.record(row, "structure", number="新-2")
    page = story.staff.get(story.at(row)).text
    assert "新-2" in page
    assert "旧-1" not in page
    assert db.session.scalar(select(func.count(Record.id)).filter_by(code="structure")) == 2


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"title": ""}, 422),
        ({"title": "字" * 61}, 422),
        ({"title": "字" * 60}, 303),
        ({"kind": "castle"}, 422),
        ({"old_use": ""}, 422),
        ({"operator": " "}, 422),
        ({"building": "\u200b"}, 422),
    ],
)
def test_what_is_taken_in_is_checked_and_kept(story, changed, status):
    answer = story.staff.post(f"{HERE}conversions/new", data=story.fields(**changed))
    assert answer.status_code == status
    assert db.session.scalar(select(func.count(Conversion.id))) == (status == 303)
    if status == 422:
        assert "老旧出租房改造为公寓。" in answer.text


def test_a_form_sent_twice_is_kept_once(story):
    assert story.begin().id == story.begin().id


def test_of_two_people_who_change_it_the_second_is_told(story):
    row = story.begin()
    for title, status in (("先改的", 303), ("后改的", 409)):
        data = story.fields(title=title, version="1")
        answer = story.secretary.post(story.at(row, "edit"), data=data)
        assert answer.status_code == status
    assert "后改的" in answer.text
    assert "先改的" in story.staff.get(story.at(row)).text


def test_what_it_is_stays_once_the_offices_are_asked(story):
    row = story.begin()
    data = story.fields(title="改名后的项目", version="1")
    assert story.staff.post(story.at(row, "edit"), data=data).status_code == 303
    assert "改名后的项目" in story.staff.get(story.at(row)).text
    story.to(row, "joint_review")
    answer = story.staff.post(story.at(row, "edit"), data=story.fields(title="再改", version="2"))
    assert answer.status_code == 409
    assert "再改" in answer.text


@pytest.mark.parametrize(
    ("name", "homes", "status"),
    [
        ("甲", "0", 422),
        ("甲", "1000", 303),
        ("甲", "1001", 422),
        ("", "1", 422),
        ("甲", "9" * 30, 422),
    ],
)
def test_a_unit_asks_for_a_number_of_homes(story, name, homes, status):
    row = story.begin()
    data = {"name": name, "homes": homes}
    assert story.staff.post(story.at(row, "partners"), data=data).status_code == status


def test_a_unit_is_noted_once_and_taken_out_again(story):
    row = story.begin()
    for homes in ("1", "3"):
        story.staff.post(story.at(row, "partners"), data={"name": "明川银行", "homes": homes})
    rows = db.session.execute(text("SELECT id, homes FROM rental_partner")).all()
    assert [each.homes for each in rows] == [3]
    for _ in range(2):
        answer = story.staff.post(story.at(row, f"partners/{rows[0].id}/remove"))
        assert answer.status_code == 303
    assert not db.session.scalar(text("SELECT count(*) FROM rental_partner"))


def test_suspended_homes_are_inspected_anew(story):
    home = story.public()
    row = home.conversion
    assert story.move(row, "suspended", "消防整改").status_code == 303
    assert "消防整改" in story.staff.get(f"{HERE}homes/{home.id}/").text
    answer = story.move(row, "listed")
    assert answer.status_code == 409
    assert story.record(row, "joint_inspection").status_code == 303
    assert story.move(row, "listed").status_code == 303
    assert story.publish(home).status_code == 303
    assert story.move(row, "closed", "产权人收回").status_code == 303
    db.session.expire_all()
    assert home.state == "closed"


def test_the_list_is_narrowed(story):
    one = story.begin()
    story.begin(title="另一处", form_key="two", building="西单北大街")
    story.move(one, "closed", "撤回")
    page = story.staff.get(f"{HERE}conversions/?state=closed").text
    assert "甲9号旧楼改造公寓" in page
    assert "另一处" not in page
    assert "另一处" in story.staff.get(f"{HERE}conversions/?q=西单").text
    for odd in ("state=moon", "after=" + "9" * 40, "q=" + "%25" * 50, "after=-1"):
        assert story.staff.get(f"{HERE}conversions/?{odd}").status_code == 200


def test_elsewhere_there_is_none_of_it(story, login):
    row = story.begin()
    other = login("secretary", name="别处的", at="jingjidao")
    for address in ("", "edit", "review"):
        assert other.get(story.at(row, address)).status_code in {403, 404}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE rental_conversion SET state = 'moon'",
        "UPDATE rental_conversion SET title = ''",
        "UPDATE rental_conversion SET review_round = 1",
    ],
)
def test_the_database_keeps_conversions_whole(story, statement):
    story.begin()
    with pytest.raises(IntegrityError):
        db.session.execute(text(statement))
    db.session.rollback()


def test_a_conversion_with_many_homes_asks_no_more(story):
    from sqlalchemy import event

    row = story.to(story.begin(), "inspection")

    def statements():
        said = []

        def note(_connection, _cursor, statement, *_):
            said.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        assert story.staff.get(story.at(row)).status_code == 200
        assert story.staff.get("/desk/").status_code == 200
        event.remove(db.engine, "before_cursor_execute", note)
        return len(said)

    story.home(row, form_key="first")
    statements()
    few = statements()
    for number in range(8):
        story.home(row, form_key=f"more{number}", title=f"房源{number}", doors="")
    assert statements() <= few
