"""What the pages say: places in words, one's own marks, errors in the reader's language."""

import re

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import select

from civic.consultations import speaking, statements
from civic.consultations.models import Consultation
from civic.identities import codes
from civic.identities.models import InviteBatch
from civic.kernel.db import db
from civic.moderation import services as moderation
from tests.factories import World, consultation, person, scalars, standing

HTMX = {"HX-Request": "true"}
#: Runs of English words, as a text that was not translated leaves.
ENGLISH = re.compile(r"(?<![\w/.@-])[A-Z][a-z]+(?: [A-Za-z]+){2,}")


def words(page: str) -> str:
    """Return the visible text of a page."""
    body = page[page.index("<main") :]
    return " ".join(re.sub(r"<[^>]*>", " ", body).split())


def read(client: FlaskClient, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return words(response.get_data(as_text=True))


@pytest.fixture
def login(login):
    """Let one test sign in several people: its requests share an app context, and so `g`."""

    def as_person(who):
        g.pop("_login_user", None)
        return login(who)

    return as_person


@pytest.fixture
def case(app: Flask, world: World) -> Consultation:
    """A consultation with a statement, a hidden one, a comment and a hidden one."""
    made = consultation(world.erlong)
    actor = world.actor("neighbour")
    statements.offer(actor, world.erlong, made, "花坛不能动。")
    bad = statements.offer(actor, world.erlong, made, "某人不好。")
    for key, text in (("a", "晚上没有地方停。"), ("b", "加我微信。")):
        said = speaking.comment(actor, world.erlong, made, text, form_key=key)
    secretary = world.actor("secretary")
    with app.test_request_context(method="POST"):
        moderation.hide(secretary, world.erlong, "statement", bad.id, reason="insult")
        moderation.hide(secretary, world.erlong, "comment", said.id, reason="advertising")
    db.session.commit()
    return made


def address(case: Consultation, rest: str = "") -> str:
    return f"/c/erlonglu/consultations/{case.id}/{rest}"


def test_a_code_names_the_building_of_its_gate_before_and_after_joining(
    world, client, login
) -> None:
    made = codes.make(
        world.actor("secretary"), world.gate, "resident_living", 1, community_id=world.erlong.id
    )
    db.session.commit()
    client.post("/join", data={"code": made[0].code})
    page = read(client, "/sign-up")
    assert "您将以“二龙路社区 6号楼 2单元 居民”的身份加入" in page
    assert page.index("保存多久") < page.index("您的姓名 别人看到")
    mine = read(login(world.resident), "/me")
    assert "二龙路社区 6号楼 2单元 · 居民" in mine
    assert "未核验" in mine
    assert "别人看到的名字是“王*”" in mine
    desk = read(login(world.secretary), "/c/erlonglu/codes/")
    assert "二龙路小区 6号楼 2单元" in desk
    assert "二龙路社区 6号楼 2单元 · 第1批" in desk


def test_new_codes_are_readable_once(world, login) -> None:
    data = {"node": world.building.id, "standing": "resident_living", "count": 2}
    client = login(world.secretary)
    page = words(client.post("/c/erlonglu/codes/", data=data).get_data(as_text=True))
    found = re.findall(r"\b[A-Z2-9]{4}-[A-Z2-9]{3}-[A-Z2-9]{3}\b", page)
    assert len(set(found)) == 2
    later = read(client, "/c/erlonglu/codes/")
    assert not any(code in later for code in found)
    batch = scalars(select(InviteBatch.id))[0]
    later = read(client, f"/c/erlonglu/codes/{batch}")
    assert not any(code in later for code in found)
    assert all(f"…{code[-2:]}" in later for code in found)


def test_hidden_texts_leave_a_mark_and_no_words(case, login, world) -> None:
    listed = read(login(world.resident), address(case, "statements/"))
    assert "花坛不能动。" in listed
    assert "已被工作人员隐藏" in listed
    assert "某人不好" not in listed
    said = read(login(world.resident), address(case, "comments"))
    assert "加我微信" not in said
    assert "广告" in said
    assert "加我微信" in read(login(world.neighbour), "/me/texts")


def test_htmx_gets_the_form_and_the_comments_back_together(case, login, world) -> None:
    client, comments = login(world.resident), address(case, "comments")
    db.session.remove()
    empty = client.post(comments, data={"words": " "}, headers=HTMX)
    part = empty.get_data(as_text=True)
    assert empty.status_code == 422
    assert "<main" not in part
    assert "请先写下您的意见" in part
    sent = {"words": "老人要有坐的地方。", "form_key": "k"}
    part = client.post(comments, data=sent, headers=HTMX).get_data(as_text=True)
    assert 'id="discussion"' in part
    assert 'data-say="您的意见已公开发表。"' in part
    assert part.count("老人要有坐的地方。") == 1
    assert 'name="form_key" type="hidden" value="k"' not in part


def test_a_reply_keeps_its_words_when_refused_and_stands_below_when_taken(
    case, login, world
) -> None:
    client, comments = login(world.resident), address(case, "comments")
    first = db.session.scalars(db.select(db.func.min(speaking.Comment.id))).one()
    db.session.remove()
    long = {"words": "长" * 2001, "parent": first, "form_key": "r"}
    refused = client.post(comments, data=long).get_data(as_text=True)
    assert "长" * 2001 in refused
    assert f'name="parent" value="{first}"' in refused
    client.post(comments, data=long | {"words": "同意。"})
    assert "同意。" in read(client, f"{comments}/{first}")


def test_only_the_office_is_asked_whether_it_answers_as_such(case, login, world) -> None:
    assert "以单位名义答复" in read(login(world.secretary), address(case))
    assert "以单位名义答复" not in read(login(world.resident), address(case))


@pytest.mark.parametrize(
    ("role", "page"),
    [
        (None, "/?all=1"),
        (None, "/sign-in"),
        (None, "/join"),
        (None, "/privacy"),
        ("resident", "/me"),
        ("neighbour", "/me/texts"),
        ("secretary", "/c/erlonglu/codes/"),
        ("secretary", "/c/erlonglu/desk/contact"),
        ("secretary", "/c/erlonglu/consultations/"),
        ("secretary", "/c/erlonglu/consultations/new"),
        ("secretary", "/c/erlonglu/consultations/1/"),
        ("secretary", "/c/erlonglu/consultations/1/statements/"),
        ("secretary", "/c/erlonglu/consultations/1/comments/1"),
        ("secretary", "/c/erlonglu/moderation/"),
        ("secretary", "/c/erlonglu/moderation/hide/comment/1"),
        ("administrator", "/admin/"),
        ("administrator", "/admin/import/"),
        ("administrator", "/c/jinrongjie/desk/posts/"),
        ("administrator", "/c/jinrongjie/desk/posts/new"),
        ("administrator", "/c/jinrongjie/desk/posts/1/"),
        ("administrator", "/c/jinrongjie/desk/appointments/1/"),
        ("administrator", "/admin/holidays/"),
    ],
)
def test_no_english_is_left_on_a_chinese_page(case, login, world, role, page) -> None:
    assert case.id == 1
    assert not ENGLISH.findall(read(login(world.people[role] if role else None), page))


def test_each_community_without_anything_says_what_will_be_there(login, world) -> None:
    assert "这里还没有议题" in read(login(None), "/c/jingjidao/consultations/")
    assert "还没有邀请码" in read(login(world.secretary), "/c/erlonglu/codes/")
    assert "没有待答复的异议" in read(login(world.secretary), "/c/erlonglu/moderation/")
    assert "您没有被隐藏的内容" in read(login(world.resident), "/me/texts")


def test_a_long_name_is_shown_whole(login, world) -> None:
    long = person("欧阳慕容司徒上官诸葛轩辕")
    standing(long, world.building)
    db.session.commit()
    assert "欧阳慕容司徒上官诸葛轩辕" in read(login(long), "/me")
