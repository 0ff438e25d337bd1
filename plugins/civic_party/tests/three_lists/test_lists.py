"""Needs and resources: posted, checked, seen by whom, withdrawn, expired."""

from datetime import timedelta

import pytest

from civic.api import clock, db
from civic_party import withdrawing
from civic_party.list_models import Need, Resource

HERE = "/c/erlonglu/party/"


def day_in(days):
    return (clock.local(clock.now()).date() + timedelta(days=days)).isoformat()


def test_a_need_is_public_once_somebody_else_has_checked_it(lists, client):
    row = lists.posted("needs")
    login_out = lists.login.out
    login_out()
    assert "周四排练场地" not in client.get(f"{HERE}needs/").text
    assert client.get(f"{HERE}needs/{row.id}").status_code == 404
    assert lists.club.get(f"{HERE}needs/{row.id}").status_code == 200
    assert lists.check("needs", row).status_code == 303
    page = client.get(f"{HERE}needs/").text
    assert "周四排练场地" in page
    assert "夕阳红合唱队" in page
    page = client.get(f"{HERE}needs/{row.id}").text
    assert "周四 14:00–16:00" in page
    assert "王桂兰" not in page
    assert "王*" not in page


def test_whoever_posts_does_not_check(lists):
    row = lists.posted(
        "needs", lists.secretary, side="office", group_name="手工组", title="手工活动室"
    )
    answer = lists.check("needs", row, who=lists.secretary)
    assert answer.status_code == 403
    assert db.session.get(Need, row.id).state == "checking"
    assert lists.check("needs", row, who=lists.staff).status_code == 303
    assert db.session.get(Need, row.id).state == "public"


def test_what_is_sent_back_has_a_reason_and_can_be_changed(lists):
    row = lists.posted("needs")
    answer = lists.check("needs", row, "return")
    assert answer.status_code == 422
    assert lists.check("needs", row, "return", "请写明人数").status_code == 303
    assert "请写明人数" in lists.club.get(f"{HERE}needs/{row.id}").text
    data = lists.need(heads="18", form_key=row.form_key)
    assert lists.club.post(f"{HERE}needs/{row.id}/edit", data=data).status_code == 303
    row = db.session.get(Need, row.id)
    assert (row.state, row.heads) == ("checking", 18)
    assert lists.check("needs", row).status_code == 303
    answer = lists.club.post(f"{HERE}needs/{row.id}/edit", data=data)
    assert answer.status_code == 409
    assert "周四排练场地" in answer.text, "what was typed is still there"


def test_two_liaisons_change_one_draft_and_neither_loses_words(lists):
    row = lists.posted("resources")
    second = lists.liaison("金融银行", "孙联络")
    address, key = f"{HERE}resources/{row.id}/edit", row.form_key
    first = lists.resource(form_key=key, text="先改的")
    assert lists.bank.post(address, data=first).status_code == 303
    assert lists.bank.post(address, data=first).status_code == 303, "twice is once"
    answer = second.post(address, data=lists.resource(form_key=key, text="后改的"))
    assert answer.status_code == 409
    assert "后改的" in answer.text
    assert db.session.get(Resource, row.id).text == "先改的"


def test_only_its_own_side_changes_and_withdraws(lists):
    row = lists.public("resources")
    other = lists.liaison("另一家公司", "孙联络")
    assert other.post(f"{HERE}resources/{row.id}/withdraw", data={}).status_code == 403
    answer = lists.secretary.post(f"{HERE}resources/{row.id}/withdraw", data={})
    assert answer.status_code == 422
    assert lists.bank.post(f"{HERE}resources/{row.id}/withdraw", data={}).status_code == 303
    assert db.session.get(Resource, row.id).state == "withdrawn"
    assert lists.bank.post(f"{HERE}resources/{row.id}/withdraw", data={}).status_code == 303


def test_a_second_press_makes_nothing_new(lists):
    data = lists.need(form_key="once")
    first = lists.post(lists.club, "needs", data)
    second = lists.post(lists.club, "needs", data)
    assert first.headers["Location"] == second.headers["Location"]
    assert len(lists.all(Need)) == 1


def test_a_person_has_so_many_waiting_and_no_more(lists):
    for number in range(5):
        lists.posted("needs", form_key=f"k{number}")
    answer = lists.post(lists.club, "needs", lists.need(form_key="k5"))
    assert answer.status_code == 409
    assert "周四排练场地" in answer.text


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"by_day": day_in(-1)}, 422),
        ({"by_day": day_in(731)}, 422),
        ({"by_day": "9999-12-31"}, 422),
        ({"by_day": "0001-01-01"}, 422),
        ({"by_day": "morgen"}, 422),
        ({"by_day": day_in(0)}, 303),
        ({"by_day": day_in(730)}, 303),
        ({"days_1": None}, 422),
        ({"days_1": None, "begins_1": None, "ends_1": None}, 422),
        ({"ends_1": None}, 422),
        ({"begins_1": "25:00"}, 422),
        ({"days_1": [7]}, 422),
        ({"begins_1": "00:00", "ends_1": "00:00"}, 303),
        ({"begins_1": "22:00", "ends_1": "06:00", "days_1": [6]}, 303),
        ({"heads": "0"}, 422),
        ({"heads": "5001"}, 422),
        ({"heads": "5000"}, 303),
        ({"heads": "9" * 30}, 422),
        ({"heads": None}, 422),
        ({"kind": "information", "heads": None, "days_1": None}, 422),
        (
            {
                "kind": "information",
                "heads": None,
                "days_1": None,
                "begins_1": None,
                "ends_1": None,
            },
            303,
        ),
        ({"kind": "funds", "heads": "10000000"}, 303),
        ({"kind": "gold"}, 422),
        ({"place_id": "999999"}, 422),
        ({"place_id": "9" * 30}, 422),
        ({"group_name": ""}, 422),
        ({"group_name": "合" * 41}, 422),
        ({"title": ""}, 422),
        ({"side": "office"}, 422),
        ({"side": "17"}, 422),
        ({"urgency": "now"}, 422),
    ],
)
def test_what_a_need_says_is_looked_at(lists, changed, status):
    answer = lists.post(lists.club, "needs", lists.need(**changed))
    assert answer.status_code == status, answer.text
    if status != 303 and changed.get("title") is None:
        assert "周四排练场地" in answer.text
        assert 'role="alert"' in answer.text


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"until": day_in(-1)}, 422),
        ({"until": day_in(0)}, 303),
        ({"capacity": "0"}, 422),
        ({"capacity": None}, 422),
        ({"days_2": [5, 6], "begins_2": "00:00", "ends_2": "00:00"}, 303),
        ({"days_2": [5, 6]}, 422),
        ({"side": "group"}, 422),
    ],
)
def test_what_a_resource_says_is_looked_at(lists, changed, status):
    answer = lists.post(lists.bank, "resources", lists.resource(**changed))
    assert answer.status_code == status, answer.text


def test_nobody_posts_for_a_unit_of_others(lists):
    other = lists.unit("另一家公司")
    answer = lists.post(lists.bank, "resources", lists.resource(side=str(other)))
    assert answer.status_code == 422
    assert not lists.all(Resource)
    assert lists.post(lists.club, "resources", lists.resource()).status_code == 403


def test_places_of_another_community_are_no_places_here(lists, community):
    places = lists.places()
    assert "6号楼" in places
    assert not any("单元" in name for name in places), "gates say too much of where somebody is"
    elsewhere = max(places.values()) + 1
    answer = lists.post(lists.club, "needs", lists.need(place_id=str(elsewhere)))
    assert answer.status_code == 422


def test_a_day_that_passes_while_it_is_checked(lists):
    row = lists.posted("needs", by_day=day_in(0))
    clock.shift(timedelta(days=1))
    answer = lists.check("needs", row)
    assert answer.status_code == 409
    assert db.session.get(Need, row.id).state == "checking"


def test_what_is_over_expires_by_itself(lists, community):
    need = lists.public("needs", by_day=day_in(2))
    resource = lists.public("resources", until=day_in(2))
    assert len(lists.all(Need)) == 1
    clock.shift(timedelta(days=2))
    assert withdrawing.expire(community) == 0
    clock.shift(timedelta(days=3))
    assert withdrawing.expire(community) == 2
    db.session.commit()
    assert db.session.get(Need, need.id).state == "expired"
    assert db.session.get(Resource, resource.id).state == "expired"


def test_an_unknown_act_is_no_failure(lists):
    row = lists.posted("needs")
    address = f"{HERE}needs/{row.id}/check"
    assert lists.secretary.post(address, data={"act": "burn"}).status_code == 422
    assert lists.secretary.post(address, data={}).status_code == 422


@pytest.mark.parametrize(
    "query",
    [
        "kind=venue",
        "kind=gold",
        "state=public",
        "state=x",
        "mine=1",
        "q=场地",
        "q=%25",
        "after=1",
        "after=" + "9" * 40,
        "after=-1",
    ],
)
@pytest.mark.parametrize("page", ["needs/", "resources/", "projects/", "needs/export"])
def test_filters_take_whatever_stands_in_the_address(lists, page, query):
    lists.public("needs")
    answer = lists.club.get(f"{HERE}{page}?{query}")
    assert answer.status_code == 200


def test_the_lists_go_out_as_spreadsheet_and_on_paper_without_people(lists, client):
    lists.project()
    lists.public("needs", title="再找一间活动室", form_key="more", days_1=[5])
    lists.login.out()
    for name in ("needs", "resources", "projects"):
        answer = client.get(f"{HERE}{name}/export")
        assert answer.status_code == 200
        assert answer.data[:2] == b"PK"
    page = client.get(f"{HERE}lists/print").text
    for words in ("再找一间活动室", "职工食堂下午开放", "夕阳红合唱队", "周四排练场地"):
        assert words in page
    assert "王桂兰" not in page
