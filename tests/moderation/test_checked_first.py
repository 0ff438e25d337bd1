"""Texts that are checked before they are published, and words that their author takes back."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from civic.consultations.models import Comment, Consultation, Participant, Statement
from civic.identities.models import Person
from civic.kernel.db import db
from civic.moderation.models import ModerationCount, WaitingText
from civic.records import services as records
from tests.factories import World, consultation
from tests.factories import scalars as found
from tests.pages import text_of

Login = Callable[[Person | None], FlaskClient]
DESK = "/c/erlonglu/moderation"
WORDS = "希望夜里也能停车"


@pytest.fixture
def case(app: Flask, world: World) -> str:
    made = consultation(world.erlong)
    made.checked_first = True
    db.session.commit()
    return f"/c/erlonglu/consultations/{made.id}/"


def one(query):
    return found(query)[0]


def say(client: FlaskClient, case: str, words: str = WORDS, key: str = "k"):
    return client.post(
        f"{case}comments", data={"words": words, "form_key": key}, follow_redirects=True
    )


def waiting_id() -> int:
    return one(select(func.max(WaitingText.id)))


def test_words_stand_when_somebody_has_checked_them(world: World, login: Login, case: str) -> None:
    resident, office = login(world.resident), login(world.secretary)
    assert "先审后发" in text_of(resident.get(case))
    page = text_of(say(resident, case))
    assert "等待审核" in page
    assert WORDS in page
    say(resident, case)  # the same form once more
    assert one(select(func.count()).select_from(WaitingText)) == 1
    assert WORDS not in text_of(login(None).get(case))
    assert one(select(Consultation.comment_count)) == 0
    assert WORDS in text_of(office.get(f"{DESK}/"))
    assert "有内容等待发布前审核" in text_of(office.get("/desk/"))
    office.post(f"{DESK}/waiting/{waiting_id()}/publish")
    assert WORDS in text_of(login(None).get(case))
    made = one(select(Comment))
    assert (made.author_id, made.place, made.standing) == (
        world.resident.id,
        "6号楼",
        "resident_living",
    )
    assert one(select(Consultation.comment_count)) == 1
    assert one(select(Participant.acts)) == 1
    assert one(select(WaitingText.content)) == {}
    assert "已审核并发布" in text_of(resident.get("/inbox"))
    assert office.post(f"{DESK}/waiting/{waiting_id()}/publish").status_code == 409


def test_what_is_not_published_is_read_by_its_author_with_the_reason(
    world: World, login: Login, case: str
) -> None:
    resident, office = login(world.resident), login(world.secretary)
    say(resident, case)
    office.post(
        f"{DESK}/waiting/{waiting_id()}/refuse", data={"reason": "off_topic", "note": "另开议题"}
    )
    page = text_of(resident.get("/me/texts"))
    assert "未发布" in page
    assert "另开议题" in page
    assert "一题一议" in page
    assert one(select(func.count()).select_from(Comment)) == 0
    assert one(select(ModerationCount.number).filter_by(code="refused.off_topic")) == 1


def test_an_office_speaks_at_once(world: World, login: Login, case: str) -> None:
    answer = {"words": "车位图已经贴出", "form_key": "o", "official": "y"}
    login(world.secretary).post(f"{case}comments", data=answer)
    assert one(select(Comment.office)) is not None


def test_a_statement_waits_too_and_its_author_agrees_with_it_when_it_stands(
    world: World, login: Login, case: str
) -> None:
    resident, office = login(world.resident), login(world.secretary)
    for _twice in range(2):
        resident.post(f"{case}statements/", data={"words": WORDS})
    assert one(select(func.count()).select_from(WaitingText)) == 1
    assert one(select(func.count()).select_from(Statement)) == 0
    office.post(f"{DESK}/waiting/{waiting_id()}/publish")
    assert one(select(Statement.agrees)) == 1
    answer = login(world.secretary).get(f"{case}statements/")
    assert WORDS in text_of(answer)


def test_another_community_finds_nothing(world: World, login: Login, case: str) -> None:
    say(login(world.resident), case)
    there = f"/c/jingjidao/moderation/waiting/{waiting_id()}"
    office = login(world.officer)
    assert office.post(f"{there}/publish").status_code == 404
    assert office.get(f"{there}/refuse").status_code == 404


def test_what_waits_goes_with_its_author(app: Flask, world: World, login: Login, case: str) -> None:
    say(login(world.resident), case)
    records.close(world.resident.id)
    db.session.commit()
    assert one(select(func.count()).select_from(WaitingText)) == 0


def test_one_takes_back_ones_own_words_and_nobody_elses(
    app: Flask, world: World, login: Login
) -> None:
    made = consultation(world.erlong)
    db.session.commit()
    case = f"/c/erlonglu/consultations/{made.id}/"
    resident, worker = login(world.resident), login(world.worker)
    say(resident, case)
    comment = one(select(func.max(Comment.id)))
    page = text_of(resident.get(f"{case}comments/{comment}"))
    assert "撤回" in page
    assert "举报" not in page
    assert "举报" in text_of(worker.get(f"{case}comments/{comment}"))
    assert worker.post(f"{case}comments/{comment}/take-back").status_code == 404
    for _twice in range(2):
        assert resident.post(f"{case}comments/{comment}/take-back").status_code == 303
    gone = one(select(Comment))
    assert (gone.text, gone.html) == ("", "")
    assert one(select(ModerationCount.number).filter_by(code="removed")) == 1
    page = text_of(login(None).get(case))
    assert WORDS not in page
    assert "作者已自行撤回" in page
    office = login(world.secretary)
    hidden = office.post(f"{DESK}/hide/comment/{comment}", data={"reason": "insult", "note": ""})
    assert hidden.status_code == 404


def test_the_database_keeps_nothing_of_what_was_taken_back(app: Flask, world: World) -> None:
    made = consultation(world.erlong)
    comment = Comment(
        consultation_id=made.id,
        author_id=world.resident.id,
        text="x",
        html="x",
        form_key="k",
        created_at=made.created_at,
    )
    db.session.add(comment)
    db.session.commit()
    with pytest.raises(IntegrityError):
        db.session.execute(update(Comment).values(removed_at=made.created_at))
    db.session.rollback()
