"""Needs that nothing fits: handed in as topics, once, by whom, and with which words."""

import pytest
from sqlalchemy import select

from civic.api import clock, db
from civic_party import handing
from civic_party.joint_models import Match
from civic_party.list_models import Need

HERE = "/c/erlonglu/party/"
ROLES = ("visitor", "member", "club", "other", "bank", "staff", "secretary", "elsewhere")


def rows(name):
    return db.session.execute(select(db.metadata.tables[name])).mappings().all()


def topics():
    return [row for row in rows("topic") if row["source"] == "party.needs"]


def acts(name):
    return [row for row in rows("audit_entry") if row["act"] == name]


def hand_in(who, row_id, **data):
    return who.post(f"{HERE}needs/{row_id}/hand-in", data=data)


def test_a_need_without_match_becomes_a_topic_once(lists, client):
    row = lists.public("needs", text="请王桂兰回电13800138000或010-66012345,要20把椅子。")
    name = db.session.scalar(
        select(db.metadata.tables["person"].c.name).where(
            db.metadata.tables["person"].c.id == row.posted_by
        )
    )
    db.session.get(Need, row.id).text = f"请{name}回电13800138000或010-66012345,要20把椅子。"
    db.session.commit()
    address = f"{HERE}needs/{row.id}"
    assert "hand-in" in lists.staff.get(address).text
    for _press in range(2):
        answer = hand_in(lists.staff, row.id)
        assert answer.status_code == 303
        assert answer.location.endswith(f"needs/{row.id}")
    [topic] = topics()
    assert (topic["title"], topic["author_id"]) == ("周四排练场地", None)
    assert topic["source_ref"] == str(row.id)
    assert topic["place"] == "6号楼"
    assert "夕阳红合唱队" in topic["text"]
    assert "要20把椅子" in topic["text"]
    for private in (name, "13800138000", "66012345"):
        assert private not in topic["text"]
    [act] = acts("party.handed_in")
    assert act["subject"] == f"party_need:{row.id}"
    assert len(acts("topic.imported")) == 1
    assert db.session.get(Need, row.id).state == "public"
    lists.login.out()
    page = client.get(address).text
    assert f'href="/c/erlonglu/topics/{topic["id"]}/"' in page
    assert "hand-in" not in lists.staff.get(address).text
    assert client.get(f"/c/erlonglu/topics/{topic['id']}/").status_code == 200


def test_who_hands_in(lists, client):
    row = lists.public("needs")
    found = {
        "member": lists.browser("member"),
        "club": lists.club,
        "other": lists.browser("resident", "李秀英"),
        "bank": lists.bank,
        "staff": lists.staff,
        "secretary": lists.secretary,
        "elsewhere": lists.login("secretary", at="jingjidao"),
    }
    lists.login.out()
    found["visitor"] = client
    shown = {role for role in ROLES if "hand-in" in found[role].get(f"{HERE}needs/{row.id}").text}
    assert shown == {"staff", "secretary"}
    for role, status in zip(ROLES, (401, 403, 403, 403, 403, 303, 303, 403), strict=True):
        assert hand_in(found[role], row.id).status_code == status, role
        assert len(topics()) == (role in {"staff", "secretary", "elsewhere"}), role


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("checking", "这项需求还没有列入清单"),
        ("returned", "这项需求还没有列入清单"),
        ("matched", "这项需求已经对接上"),
        ("met", "这项需求已经对接上"),
        ("withdrawn", "这项需求已不在清单上"),
        ("expired", "这项需求已不在清单上"),
    ],
)
def test_what_is_not_on_the_list_is_not_handed_in(lists, state, words):
    row = lists.public("needs")
    db.session.get(Need, row.id).state = state
    db.session.commit()
    address = f"{HERE}needs/{row.id}"
    assert "hand-in" not in lists.staff.get(address).text
    answer = hand_in(lists.staff, row.id)
    assert answer.status_code == 409
    assert words in answer.text
    assert not topics()


def test_what_has_a_proposal_waits_for_its_answers(lists):
    lists.public("resources")
    row = lists.public("needs")
    match = lists.last(Match)
    answer = hand_in(lists.staff, row.id)
    assert answer.status_code == 409
    assert "还在等答复" in answer.text
    declined = lists.answer(lists.club, match, "need", yes=False, words="太远")
    assert declined.status_code == 303
    assert hand_in(lists.staff, row.id).status_code == 303
    assert len(topics()) == 1


def test_a_need_of_elsewhere_or_a_resource_is_not_handed_in(lists):
    row = lists.public("needs")
    resource = lists.public("resources", days_1=[6])
    address = f"/c/jingjidao/party/needs/{row.id}/hand-in"
    assert lists.login("secretary", at="jingjidao").post(address).status_code == 404
    assert hand_in(lists.staff, 999_999).status_code == 404
    missing = f"{HERE}resources/{resource.id}/hand-in"
    assert lists.staff.post(missing).status_code in {404, 405}
    assert not topics()


def test_the_page_tells_the_answer(lists, client):
    row = lists.public("needs")
    assert hand_in(lists.staff, row.id).status_code == 303
    table = db.metadata.tables["topic"]
    answer = {
        "state": "handed_over",
        "handed_to": "街道",
        "answer": "街道正在找场地。",
        "answered_at": clock.now(),
    }
    db.session.execute(table.update().values(answer))
    db.session.commit()
    lists.login.out()
    assert "街道正在找场地。" in client.get(f"{HERE}needs/{row.id}").text


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("李秀英说好", "***说好"),
        ("电话 138-0013-8000。", "电话 ***。"),
        ("需要10000000元", "需要10000000元"),
        ("2026-12-31前", "2026-12-31前"),
    ],
)
def test_names_and_numbers_are_covered(words, expected):
    assert handing.covered(words, {"李秀英"}) == expected
