"""Reports: once per person, settled together, counted by month, and nobody learns whose."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from civic.consultations import speaking
from civic.consultations.models import Comment
from civic.identities.models import Person
from civic.kernel import clock, holidays
from civic.kernel.audit import AuditEntry
from civic.kernel.db import db
from civic.kernel.periods import HolidayTable
from civic.moderation.models import Decision, ModerationCount, Report
from civic.records import services as records
from tests.factories import World, consultation
from tests.factories import scalars as found
from tests.pages import text_of

Login = Callable[[Person | None], FlaskClient]
HERE = "/c/erlonglu/moderation"


@pytest.fixture
def comment(app: Flask, world: World) -> int:
    case = consultation(world.erlong)
    made = speaking.comment(
        world.actor("resident"), world.erlong, case, "买二手车找我", form_key="k"
    )
    db.session.commit()
    assert isinstance(made, Comment)
    return made.id


def one(query):
    return found(query)[0]


def send(client: FlaskClient, comment: int, **more: str):
    return client.post(
        f"{HERE}/report/comment/{comment}",
        data={"reason": "advertising", "words": "广告"} | more,
        follow_redirects=True,
    )


def number(code: str) -> int:
    return one(select(func.sum(ModerationCount.number)).filter_by(code=code)) or 0


def test_a_text_is_reported_once_and_settled_for_all(
    world: World, login: Login, comment: int
) -> None:
    worker, other = login(world.worker), login(world.elsewhere)
    assert "工作人员会处理" in text_of(send(worker, comment))
    assert "您已举报过" in text_of(send(worker, comment))
    assert "自己的内容" in text_of(send(login(world.resident), comment))
    send(other, comment, reason="off_topic")
    assert one(select(func.count()).select_from(Report)) == 2
    assert number("reported") == 2
    office = login(world.secretary)
    page = text_of(office.get(f"{HERE}/"))
    assert "2 次举报" in page
    assert "广告" in page
    assert world.worker.public_name not in page
    office.post(f"{HERE}/report/comment/{comment}/leave")
    assert "被举报的内容" not in text_of(office.get(f"{HERE}/"))
    assert "予以保留" in text_of(worker.get("/inbox"))
    assert one(select(AuditEntry.data).filter_by(act="report.text_left")) == {"reports": 2}
    assert office.post(f"{HERE}/report/comment/{comment}/leave").status_code == 409


def test_hiding_a_text_settles_its_reports_and_is_counted_with_its_reason(
    world: World, login: Login, comment: int
) -> None:
    year = clock.local(clock.now()).year
    for number_of_year in (year, year + 1):
        table = HolidayTable(year=number_of_year, off=frozenset(), work=frozenset())
        holidays.replace(table, world.administrator.id)
    db.session.commit()
    send(login(world.worker), comment)
    office = login(world.secretary)
    office.post(f"{HERE}/hide/comment/{comment}", data={"reason": "advertising", "note": ""})
    assert one(select(Report.outcome)) == "hidden"
    assert one(select(Decision.object_until)) is not None
    assert (number("hidden"), number("hidden.advertising")) == (1, 1)
    page = text_of(login(None).get(f"{HERE}/months"))
    assert "它是广告" in page or "广告" in page
    assert "内容管理统计" in page


def test_what_its_author_takes_back_waits_for_no_office(
    world: World, login: Login, comment: int
) -> None:
    send(login(world.worker), comment)
    case = one(select(Comment.consultation_id))
    login(world.resident).post(f"/c/erlonglu/consultations/{case}/comments/{comment}/take-back")
    assert one(select(Report.outcome)) == "removed"
    assert "已由作者撤回" in text_of(login(world.worker).get("/inbox"))
    assert login(world.secretary).post(f"{HERE}/report/comment/{comment}/leave").status_code == 404


@pytest.mark.parametrize(
    ("more", "words"),
    [({"reason": ""}, "请从列表里选一个理由"), ({"words": "长" * 301}, "长长长")],
)
def test_what_is_wrong_is_said_and_kept(
    world: World, login: Login, comment: int, more: dict[str, str], words: str
) -> None:
    answer = send(login(world.worker), comment, **more)
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert one(select(func.count()).select_from(Report)) == 0


def test_a_visitor_signs_in_first(login: Login, comment: int) -> None:
    answer = login(None).get(f"{HERE}/report/comment/{comment}")
    assert answer.status_code == 302
    assert send(login(None), comment).status_code == 401


def test_who_leaves_takes_the_link_along(
    app: Flask, world: World, login: Login, comment: int
) -> None:
    send(login(world.worker), comment)
    records.close(world.worker.id)
    db.session.commit()
    left = one(select(Report))
    assert (left.person_id, left.words, left.reason) == (None, "", "advertising")
