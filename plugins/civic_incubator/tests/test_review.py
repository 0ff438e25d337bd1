"""Review: conflicts first, marks of both sides apart, awards, objections, computed again."""

import json
import subprocess
import sys
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from incubator_said import HERE, NAMES
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from civic.api import clock, db
from civic_incubator import awarding, export_member, forget_member
from civic_incubator.models import Application, Call, Member
from civic_incubator.review_models import AwardList, Declaration, Objection, Review, Seat

PROGRAM = Path(__file__).parent.parent / "data" / "recompute.py"


def reviews():
    return db.session.scalars(select(Review).order_by(Review.id)).all()


def recomputed(client, call, tmp_path):
    """Return what the program finds in the file: rank, number and score of each."""
    answer = client.get(f"{HERE}calls/{call.id}/export.json")
    assert answer.status_code == 200
    file = tmp_path / "call.json"
    file.write_bytes(answer.data)
    program = tmp_path / "recompute.py"
    program.write_bytes(client.get(f"{HERE}recompute.py").data)
    assert program.read_bytes() == PROGRAM.read_bytes()
    words = [sys.executable, "-I", program, file]
    said = subprocess.run(words, capture_output=True, text=True, check=True).stdout  # noqa: S603
    return [line.split() for line in said.splitlines()]


def test_before_a_word_about_conflicts_there_is_no_mark(story, reviewed):
    call, (first, second), (expert, other) = reviewed
    assert story.score(expert, first, 5, 5, 5, 5, 5, 5).status_code == 409
    assert reviews() == []
    page = expert.get(f"{HERE}calls/{call.id}/review").text
    assert "食堂帮帮团项目" in page
    one = {f"involved_{first.id}": "no"}
    assert expert.post(f"{HERE}calls/{call.id}/declare", data=one).status_code == 422
    silent = {f"involved_{first.id}": "no", f"involved_{second.id}": "yes"}
    assert expert.post(f"{HERE}calls/{call.id}/declare", data=silent).status_code == 422
    assert db.session.scalars(select(Declaration)).all() == []
    assert story.declare(expert, call, [second.id]).status_code == 303
    assert story.score(expert, first, 5, 4, "na", 3, 2, 1).status_code == 303
    refused = story.score(expert, second, 5, 5, 5, 5, 5, 5)
    assert refused.status_code == 403
    assert expert.get(f"{HERE}applications/{second.id}/score").status_code == 403
    assert expert.get(f"{HERE}applications/{second.id}/").status_code == 403
    assert len(reviews()) == 1
    assert story.declare(other, call).status_code == 303
    assert story.score(other, second, 5, 5, 5, 5, 5, 5).status_code == 303


def test_who_joins_an_organisation_after_declaring_marks_it_no_more(story, reviewed):
    call, (first, second), (expert, _other) = reviewed
    assert story.declare(expert, call).status_code == 303
    assert story.score(expert, first, 5, 5, 5, 5, 5, 5).status_code == 303
    expert_id = story.expert("钱学礼")[1]
    joined = {"organisation_id": first.organisation_id, "joined_at": clock.now()}
    db.session.add(Member(person_id=expert_id, **joined))
    db.session.commit()
    assert story.score(expert, first, 4, 4, 4, 4, 4, 4).status_code == 403
    assert expert.get(f"{HERE}applications/{first.id}/score").status_code == 403
    assert story.score(expert, second, 3, 3, 3, 3, 3, 3).status_code == 303
    assert story.declare(expert, call).status_code == 422
    assert story.declare(expert, call, [first.id]).status_code == 303
    assert [one.marks["need"] for one in reviews()] == [3]


def test_a_later_conflict_takes_the_marks_back(story, reviewed):
    call, (first, _second), (expert, _other) = reviewed
    story.declare(expert, call)
    story.score(expert, first, 5, 5, 5, 5, 5, 5)
    assert story.declare(expert, call, [first.id]).status_code == 303
    assert reviews() == []
    assert story.score(expert, first, 5, 5, 5, 5, 5, 5).status_code == 403


def test_the_database_refuses_marks_beside_a_conflict(app, story, reviewed):
    call, (first, _second), (expert, _other) = reviewed
    story.declare(expert, call, [first.id])
    query = select(Declaration).filter_by(application_id=first.id, conflicted=True)
    declared = db.session.scalars(query).one()
    for conflicted in (True, False):
        values = {"declaration_id": declared.id, "conflicted": conflicted, "comment": ""}
        db.session.add(Review(marks={}, given_at=clock.now(), **values))
        with pytest.raises(IntegrityError):
            db.session.flush()
        db.session.rollback()
    story.declare(expert, call)
    story.score(expert, first, 5, 5, 5, 5, 5, 5)
    with pytest.raises(IntegrityError):
        db.session.execute(update(Declaration).values(conflicted=True, reason="x"))
    db.session.rollback()


@pytest.mark.parametrize(
    ("mark", "status"),
    [("0", 303), ("5", 303), ("na", 303), ("6", 422), ("-1", 422), ("", 422), ("4.5", 422)],
)
def test_marks_have_bounds(story, reviewed, mark, status):
    call, (first, _second), (expert, _other) = reviewed
    story.declare(expert, call)
    answer = story.score(expert, first, mark, 5, 5, 5, 5, 5, comment="理由写在这里")
    assert answer.status_code == status
    assert len(reviews()) == (status == 303)
    if status == 422:
        assert "理由写在这里" in answer.text
    long = story.score(expert, first, 1, 1, 1, 1, 1, 1, comment="长" * 1001)
    assert long.status_code == 422


def test_only_the_panel_scores_and_residents_take_seats_of_their_own(login, story, reviewed):
    call, (first, second), _experts = reviewed
    assert story.score(login("staff"), first, 5, 5, 5, 5, 5, 5).status_code == 403
    assert login("worker").post(f"{HERE}calls/{call.id}/assess").status_code == 403
    neighbour = story.browser("resident", "吴静")
    assert neighbour.get(f"{HERE}calls/{call.id}/review").status_code == 403
    for _ in range(2):
        assert neighbour.post(f"{HERE}calls/{call.id}/assess").status_code == 303
    assert story.declare(neighbour, call).status_code == 303
    assert story.score(neighbour, first, 3, 3, 3, 3, 3, 3).status_code == 303
    own = story.browser("resident", NAMES[0])  # of the organisation of the first one
    own.post(f"{HERE}calls/{call.id}/assess")
    assert story.declare(own, call).status_code == 422
    assert story.declare(own, call, [first.id]).status_code == 303
    assert story.score(own, first, 5, 5, 5, 5, 5, 5).status_code == 403
    assert story.score(own, second, 1, 1, 1, 1, 1, 1).status_code == 303
    sides = dict(db.session.execute(select(Seat.id, Seat.side)).all())
    assert sorted(sides.values()) == ["expert", "expert", "resident", "resident"]


def test_experts_are_chosen_among_those_who_are(story):
    call = story.call()
    stranger = story.login.id("resident", name="吴静")
    address = f"{HERE}calls/{call.id}/panel"
    assert story.secretary.post(address, data={"person": [stranger]}).status_code == 422
    story.panel(call, "钱学礼", "孙国强")
    story.panel(call, "孙国强")
    assert len(db.session.scalars(select(Seat)).all()) == 1
    assert "钱学礼" in story.secretary.get(address).text
    assert story.browser("resident", "吴静").get(address).status_code == 403


def test_outside_of_the_review_nobody_marks(story, reviewed):
    call, (first, _second), (expert, _other) = reviewed
    story.declare(expert, call)
    assert story.move(call, "deciding").status_code == 303
    assert story.score(expert, first, 5, 5, 5, 5, 5, 5).status_code == 409
    assert story.declare(expert, call).status_code == 409
    neighbour = story.browser("resident", "吴静")
    assert neighbour.post(f"{HERE}calls/{call.id}/assess").status_code == 409


def decided(story, reviewed):
    """Let both experts score both, the first higher, and go on to the awards."""
    call, (first, second), experts = reviewed
    for expert in experts:
        story.declare(expert, call)
        story.score(expert, first, 5, 5, 5, 5, 5, 5)
        story.score(expert, second, 3, 3, 3, 3, 3, "na")
    assert story.move(call, "deciding").status_code == 303
    return call, first, second


def test_awards_stay_within_what_there_is_and_what_was_asked(story, reviewed):
    call, first, second = decided(story, reviewed)
    for amounts, note in (
        ({}, ""),
        ({first.id: "50000.01"}, "x"),
        ({first.id: "很多"}, "x"),
        ({first.id: "40000"}, ""),  # less than the ranking alone would give, and no reason
        ({second.id: "30000"}, ""),
        ({first.id: "50000", second.id: "30000"}, "长" * 1001),
    ):
        answer = story.award(call, amounts, note)
        assert answer.status_code == 422
        for yuan in amounts.values():
            assert f'value="{yuan}"' in answer.text
    db.session.execute(update(Call).values(pot=7000000, most=5000000))
    db.session.commit()
    over = story.award(call, {first.id: "50000", second.id: "20000.01"}, "调整")
    assert over.status_code == 422
    assert story.award(call, {first.id: "50000", second.id: "20000"}, "调整").status_code == 303
    assert story.award(call, {first.id: "50000"}, "再来", last=0).status_code == 409
    drawn = db.session.scalars(select(AwardList)).one()
    parts = [part.fen for part in drawn.awards[0].instalments]
    assert parts == [2500000, 1500000, 1000000]


def test_awards_are_shown_for_seven_working_days(story, reviewed):
    call, first, second = decided(story, reviewed)
    monday = clock.now() + timedelta(days=(7 - clock.local(clock.now()).weekday()))
    monday = monday.replace(hour=2)  # ten in the morning here
    with clock.at(monday):
        assert story.award(call, {first.id: "50000", second.id: "30000"}).status_code == 303
        drawn = db.session.scalars(select(AwardList)).one()
    last = clock.local(drawn.until - timedelta(seconds=1)).date()
    assert (last - clock.local(monday).date()).days == 9  # Wednesday of the week after
    neighbour = story.browser("resident", "吴静")
    address = f"{HERE}calls/{call.id}/objections"
    with clock.at(drawn.until - timedelta(minutes=2)):
        assert story.move(call, "running").status_code == 409
        assert neighbour.post(address, data={"text": "没有食品许可"}).status_code == 303
        assert neighbour.post(address, data={"text": " "}).status_code == 422
        assert neighbour.post(address, data={"text": "长" * 1001}).status_code == 422
    with clock.at(drawn.until):
        late = neighbour.post(address, data={"text": "晚了一步的话"})
        assert late.status_code == 409
        assert story.move(call, "running").status_code == 409  # an objection waits
        made = db.session.scalars(select(Objection)).one()
        data = {"upheld": "no", "text": "许可证已核实。"}
        answered = story.secretary.post(f"{HERE}objections/{made.id}", data=data)
        assert answered.status_code == 303
        again = story.secretary.post(f"{HERE}objections/{made.id}", data=data)
        assert again.status_code == 409
        assert story.move(call, "running").status_code == 303
        assert story.move(call, "closed").status_code == 303


def answered(story, objection, upheld):
    data = {"upheld": upheld, "text": "已经核实，说明如下。"}
    return story.secretary.post(f"{HERE}objections/{objection.id}", data=data).status_code


def test_objections_to_an_earlier_list_are_answered_too(story, reviewed):
    call, first, second = decided(story, reviewed)
    story.award(call, {first.id: "50000", second.id: "30000"})
    neighbour = story.browser("resident", "吴静")
    for words in ("第一条异议", "第二条异议"):
        neighbour.post(f"{HERE}calls/{call.id}/objections", data={"text": words})
    one, other = db.session.scalars(select(Objection).order_by(Objection.id)).all()
    assert answered(story, one, "yes") == 303
    assert story.award(call, {first.id: "40000"}, "异议成立", last=1).status_code == 303
    assert story.award(call, {first.id: "30000"}, "再改", last=2).status_code == 409
    later = db.session.scalars(select(AwardList).order_by(AwardList.id)).all()[-1].until
    with clock.at(later):
        assert story.move(call, "running").status_code == 409  # one to the first list waits
        assert answered(story, other, "yes") == 303
        assert story.move(call, "running").status_code == 409  # and asks for a list of its own
        assert story.award(call, {first.id: "30000"}, "再改", last=2).status_code == 303
        assert story.award(call, {first.id: "20000"}, "又改", last=3).status_code == 409
    last = db.session.scalars(select(AwardList).order_by(AwardList.id)).all()[-1].until
    with clock.at(last):
        assert story.move(call, "running").status_code == 303


def test_objections_of_elsewhere_and_of_others(client, login, story, reviewed):
    call, first, second = decided(story, reviewed)
    story.award(call, {first.id: "50000", second.id: "30000"})
    neighbour = story.browser("resident", "吴静")
    neighbour.post(f"{HERE}calls/{call.id}/objections", data={"text": "只有工作人员看得到"})
    made = db.session.scalars(select(Objection)).one()
    login.out()
    page = client.get(f"{HERE}calls/{call.id}/awards").text
    assert "只有工作人员看得到" not in page
    assert "只有工作人员看得到" in neighbour.get(f"{HERE}calls/{call.id}/awards").text
    assert neighbour.get(f"{HERE}objections/{made.id}").status_code == 403
    assert story.secretary.get(f"{HERE}objections/{made.id + 5}").status_code == 404
    desk = story.secretary.get("/desk/").text
    assert f"/c/erlonglu/incubator/objections/{made.id}" in desk


def test_nine_applications_five_experts_three_awards_one_objection(  # noqa: PLR0915 - one story
    client, login, story, tmp_path
):
    call = story.call(pot="100000", most="40000")
    ones = []
    for number, name in enumerate(NAMES[:9], 1):
        organisation = story.organisation(f"第{number}服务队", member=name)
        who = story.browser("resident", name)
        yuan = str(24000 + 1000 * number)
        ones.append(story.write(who, call, organisation, title=f"项目{number}", yuan=yuan))
    names = ("钱学礼", "孙国强", "郑文", "冯丽", "褚明")
    experts = story.panel(call, *names)
    story.to_review(call)
    involved = {experts[0]: [ones[2].id]}
    for place, expert in enumerate(experts):
        assert story.declare(expert, call, involved.get(expert, ())).status_code == 303
        for number, one in enumerate(ones):
            marks = [(number * 7 + place * 3 + step) % 6 for step in range(6)]
            if number == 2:
                marks = [5] * 6
            marks = [
                "na" if (number + place + step) % 11 == 0 else m for step, m in enumerate(marks)
            ]
            status = 403 if one.id in involved.get(expert, ()) else 303
            assert story.score(expert, one, *marks).status_code == status
    for name in ("吴静", "沈燕"):
        neighbour = story.browser("resident", name)
        neighbour.post(f"{HERE}calls/{call.id}/assess")
        assert story.declare(neighbour, call).status_code == 303
        for number, one in enumerate(ones):
            assert story.score(neighbour, one, *[(number * 5 + 2) % 6] * 6).status_code == 303
    assert "还有" not in experts[1].get("/c/erlonglu/").text
    assert story.move(call, "deciding").status_code == 303
    assert client.get(f"{HERE}calls/{call.id}/ranking").status_code in {401, 403}
    found = awarding.ranking(db.session.get(Call, call.id))
    assert len(found) == 9
    third = next(row for row, one in found if one.id == ones[2].id)
    assert (third.counts["expert"], third.counts["resident"]) == (4, 2)
    proposed = awarding.proposal(db.session.get(Call, call.id))
    assert len(proposed) == 3
    assert sum(proposed.values()) <= 10000000
    amounts = {key: str(fen // 100) for key, fen in proposed.items()}
    assert story.award(call, amounts).status_code == 303
    login.out()
    page = client.get(f"{HERE}calls/{call.id}/awards").text
    assert page.count('<th scope="row">') == 3 + 9
    neighbour = story.browser("resident", "吴静")
    text_of = {"text": "第一名的合作食堂已停业"}
    assert neighbour.post(f"{HERE}calls/{call.id}/objections", data=text_of).status_code == 303
    made = db.session.scalars(select(Objection)).one()
    data = {"upheld": "yes", "text": "经核实，合作食堂确已停业。"}
    assert story.secretary.post(f"{HERE}objections/{made.id}", data=data).status_code == 303
    assert story.move(call, "running").status_code == 409
    top = found[0][1].id
    changed = {key: yuan for key, yuan in amounts.items() if key != top}
    assert story.award(call, changed, last=1).status_code == 422  # a note is missing
    note = "异议成立：第一名退出。"
    assert story.award(call, changed, note, last=1).status_code == 303
    lists = db.session.scalars(select(AwardList).order_by(AwardList.number)).all()
    assert [len(each.awards) for each in lists] == [3, 2]
    page = client.get(f"{HERE}calls/{call.id}/awards").text
    assert note in page
    assert "经核实，合作食堂确已停业。" in page
    assert "第 1 份名单（已不再有效）" in page
    lines = recomputed(client, call, tmp_path)
    shown = [
        [str(row.rank), str(row.number), str(row.total)]
        for row, _one in awarding.ranking(db.session.get(Call, call.id))
    ]
    assert lines == shown
    assert any("/" in line[2] for line in lines)
    ranking = client.get(f"{HERE}calls/{call.id}/ranking").text
    for _rank, _number, total in lines:
        value = Fraction(total)
        assert f"<strong>{float(value):.2f}" in ranking or f"{int(value)}." in ranking
    file = json.loads(client.get(f"{HERE}calls/{call.id}/export.json").data)
    assert not any(name in json.dumps(file, ensure_ascii=False) for name in (*names, *NAMES))
    for path in (f"calls/{call.id}/awards/print", f"calls/{call.id}/", "organisations/"):
        assert client.get(HERE + path).status_code == 200
    clock.shift(timedelta(days=40))
    assert story.move(call, "running").status_code == 303
    acts = set(db.session.scalars(text("SELECT act FROM audit_entry WHERE act LIKE 'incubator.%'")))
    assert acts >= {
        "incubator.submitted",
        "incubator.screened",
        "incubator.panel",
        "incubator.declared",
        "incubator.awarded",
        "incubator.objection_answered",
    }


def test_whoever_leaves_takes_their_words_along_and_the_ranking_stays(story, reviewed):
    call, first, second = decided(story, reviewed)
    before = [row.total for row, _one in awarding.ranking(db.session.get(Call, call.id))]
    expert = story.login.id("incubator.expert", name="钱学礼")
    author = story.login.id("resident", name=NAMES[0])
    story.award(call, {first.id: "50000", second.id: "30000"})
    story.browser("resident", NAMES[0]).post(
        f"{HERE}calls/{call.id}/objections", data={"text": "我有异议"}
    )
    given = {table.name: table.rows for table in export_member(expert)}
    assert len(given["incubator_reviews"]) == 2
    mine = {table.name: table.rows for table in export_member(author)}
    assert len(mine["incubator_organisations"]) == 1
    assert len(mine["incubator_applications"]) == 1
    assert mine["incubator_objections"][0][0] == "我有异议"
    for person in (expert, author):
        forget_member(person)
    db.session.commit()
    for person in (expert, author):
        assert all(not table.rows for table in export_member(person))
    after = [row.total for row, _one in awarding.ranking(db.session.get(Call, call.id))]
    assert before == after
    assert db.session.scalars(select(Objection)).one().text == ""


def test_a_form_that_does_not_pass_says_why(login, story):
    call = story.call()
    organisation = story.organisation("食堂帮帮团", member=NAMES[0])
    who = story.browser("resident", NAMES[0])
    one = story.write(who, call, organisation)
    address = f"{HERE}applications/{one.id}/screen"
    assert login("staff").post(address, data={"passed": "yes"}).status_code == 403  # sealed
    clock.shift(timedelta(days=11))
    story.move(call, "screening")
    assert f"/applications/{one.id}/" in login("staff").get("/desk/").text
    assert login("staff").post(address, data={"passed": "no"}).status_code == 422
    data = {"passed": "no", "reason": "预算没有写明用途"}
    assert login("staff").post(address, data=data).status_code == 303
    assert "预算没有写明用途" in who.get(f"{HERE}applications/{one.id}/").text
    assert who.post(address, data={"passed": "yes"}).status_code == 403
    assert db.session.get(Application, one.id).state == "returned"
