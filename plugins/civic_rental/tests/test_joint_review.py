"""The joint review: opinions, letters, conditions, rounds."""

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from civic.api import db
from civic_rental.models import COUNTED, TAKEN_BACK, WAITING, Opinion

HERE = "/c/erlonglu/rental/"


def only(row) -> list[Opinion]:
    """Return all opinions on a conversion."""
    db.session.expire_all()
    query = select(Opinion).filter_by(conversion_id=row.id).order_by(Opinion.id)
    return list(db.session.scalars(query))


LETTER = {"office": "fire", "opinion": "condition", "words": "增设出口", "letter": "消审31号"}


@pytest.fixture
def asked(story):
    """A conversion whose offices are asked."""
    return story.to(story.begin(), "joint_review")


def letter(story, row, who=None, **changed):
    return (who or story.staff).post(story.at(row, "letters"), data=LETTER | changed)


def on(who, opinion, act, **data):
    return who.post(f"{HERE}opinions/{opinion.id}/{act}", data=data)


def test_each_office_says_it_once_and_for_itself_alone(story, asked):
    assert story.opinion(asked, "fire").status_code == 303
    answer = story.opinion(asked, "fire", "refuse", "再想想")
    assert answer.status_code == 409
    assert [row.opinion for row in only(asked)] == ["pass"]
    planner = story.browser("rental.planning")
    other = planner.post(story.at(asked, "review"), data={"office": "urban", "opinion": "pass"})
    assert other.status_code == 422  # it is no choice of theirs
    assert story.staff.post(
        story.at(asked, "review"), data={"office": "fire", "opinion": "pass"}
    ).status_code in {403, 422}


@pytest.mark.parametrize(
    ("office", "opinion", "words"),
    [
        ("fire", "condition", ""),
        ("fire", "refuse", "  "),
        ("fire", "maybe", "不知道"),
        ("fire", "", ""),
        ("water", "pass", ""),
        ("fire", "condition", "字" * 1001),
    ],
)
def test_an_opinion_is_whole_or_refused(story, asked, office, opinion, words):
    data = {"office": office, "opinion": opinion, "words": words}
    answer = story.browser("rental.fire").post(story.at(asked, "review"), data=data)
    assert answer.status_code == 422
    assert not only(asked)


def test_a_refusal_stops_it_until_a_new_round(story, asked):
    story.opinion(asked, "planning")
    assert story.opinion(asked, "fire", "refuse", "疏散距离过长").status_code == 303
    assert story.state(asked) == "stopped"
    assert story.opinion(asked, "urban").status_code in {409, 422}
    assert "疏散距离过长" in story.staff.get(story.at(asked)).text
    assert story.move(asked, "eligibility").status_code == 422
    assert story.move(asked, "eligibility", "改疏散方案").status_code == 303
    story.to(asked, "recognition")
    rows = only(asked)
    assert {row.round for row in rows} == {1, 2}
    assert "第1轮" in story.staff.get(story.at(asked, "review")).text


def test_a_letter_is_recorded_by_one_and_confirmed_by_another(story, asked):
    assert letter(story, asked).status_code == 303
    (found,) = only(asked)
    assert found.state == WAITING
    assert "核对来函" in story.secretary.get("/desk/").text
    own = on(story.staff, found, "confirm")
    assert own.status_code == 403
    assert on(story.secretary, found, "confirm").status_code == 303
    db.session.expire_all()
    assert found.state == COUNTED
    assert on(story.secretary, found, "confirm").status_code == 409
    assert on(story.staff, found, "take-back").status_code == 409


def test_a_letter_that_refuses_stops_it_once_confirmed(story, asked):
    letter(story, asked, opinion="refuse", words="不符合规划")
    assert story.state(asked) == "joint_review"
    on(story.secretary, only(asked)[0], "confirm")
    assert story.state(asked) == "stopped"


def test_a_wrong_letter_is_taken_back_and_recorded_anew(story, asked):
    letter(story, asked)
    assert on(story.staff, only(asked)[0], "take-back").status_code == 303
    assert letter(story, asked, opinion="pass", words="").status_code == 303
    assert [row.state for row in only(asked)] == [TAKEN_BACK, WAITING]
    assert letter(story, asked).status_code == 409


@pytest.mark.parametrize("number", ["", " ", "\u200b", "号" * 61])
def test_a_letter_needs_its_number(story, asked, number):
    answer = letter(story, asked, letter=number)
    assert answer.status_code == 422
    assert "增设出口" in answer.text
    assert not only(asked)


def test_a_condition_is_met_before_homes_are_listed_and_another_person_says_so(story, asked):
    story.opine(asked, fire=("condition", "增设第二个安全出口"))
    story.to(asked, "inspection")
    story.home(asked)
    story.fill(asked)
    answer = story.move(asked, "listed")
    assert answer.status_code == 409
    assert "增设第二个安全出口" in answer.text
    found = next(row for row in only(asked) if row.office == "fire")
    assert on(story.secretary, found, "meet", words="").status_code == 422
    kept = on(story.secretary, found, "meet", words="字" * 1001)
    assert kept.status_code == 422
    assert "字" * 1001 in kept.text
    assert on(story.secretary, found, "meet", words="已建成").status_code == 303
    assert on(story.secretary, found, "meet", words="又一次").status_code == 409
    assert story.move(asked, "listed").status_code == 303


def test_who_gave_a_condition_does_not_say_that_it_is_met(story, asked):
    story.opine(asked, community=("condition", "设置垃圾分类点"))
    found = next(row for row in only(asked) if row.office == "community")
    assert on(story.secretary, found, "meet", words="已设置").status_code == 403
    assert on(story.staff, found, "meet", words="已设置").status_code == 303
    passed = next(row for row in only(asked) if row.office == "fire")
    assert on(story.staff, passed, "meet", words="多余").status_code == 409


def test_opinions_of_elsewhere_are_not_there(story, asked, login):
    letter(story, asked)
    other = login("secretary", name="别处的", at="jingjidao")
    for act in ("confirm", "take-back", "meet"):
        address = f"/c/jingjidao/rental/opinions/{only(asked)[0].id}/{act}"
        assert other.post(address, data={"words": "一"}).status_code == 404
        assert on(other, only(asked)[0], act, words="一").status_code in {403, 404}


def test_before_the_offices_are_asked_nothing_is_said(story):
    row = story.begin()
    assert story.opinion(row, "fire").status_code in {409, 422}
    assert letter(story, row).status_code == 409
    assert story.staff.get(story.at(row, "review")).status_code == 200


def test_the_desk_leads_each_office_to_its_opinion(story, asked):
    page = story.secretary.get("/desk/").text
    assert "甲9号旧楼改造公寓 · 社区" in page
    story.opinion(asked, "community")
    assert "甲9号旧楼改造公寓 · 社区" not in story.secretary.get("/desk/").text


def test_the_sheet_carries_what_counts(story, asked):
    story.opinion(asked, "fire", "condition", "增设出口")
    letter(story, asked, office="housing", opinion="pass", words="秘密草稿")
    page = story.secretary.get(story.at(asked, "review/print")).text
    assert "房屋联审意见表" in page
    assert "增设出口" in page
    assert "秘密草稿" not in page
    assert "规自" in page


def test_people_read_no_review(story, asked, login, client):
    for code in ("resident", "worker", "member"):
        assert login(code).get(story.at(asked, "review")).status_code == 403
    login.out()
    assert client.get(story.at(asked, "review")).status_code in {302, 303, 401, 403}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE rental_opinion SET words = ''",
        "UPDATE rental_opinion SET letter = '', state = 'waiting'",
        "UPDATE rental_opinion SET state = 'counted'",
        "UPDATE rental_opinion SET confirmed_by = given_by",
        "UPDATE rental_opinion SET met_at = at",
        "UPDATE rental_opinion SET opinion = 'maybe'",
    ],
)
def test_the_database_keeps_opinions_whole(story, asked, statement):
    letter(story, asked)
    with pytest.raises(IntegrityError):
        db.session.execute(text(statement))
    db.session.rollback()


def test_one_opinion_of_an_office_in_a_round(story, asked):
    letter(story, asked)
    (first,) = only(asked)
    names = [column.name for column in Opinion.__table__.columns if column.name != "id"]
    again = Opinion(**{name: getattr(first, name) for name in names})
    db.session.add(again)
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()
    assert db.session.scalar(select(func.count(Opinion.id))) == 1
