"""Hello: whoever takes part here writes on the wall, and the home page leads to it."""

import pytest

WALL = "/c/erlonglu/hello/"


def test_a_greeting_stands_on_the_wall(client, login):
    login("resident")
    assert client.post(WALL, data={"text": "邻居们好"}).status_code == 303
    assert "邻居们好" in client.get(WALL).text


def test_the_home_page_leads_to_it(client, community):
    home = client.get("/c/erlonglu/").text
    assert f'href="{WALL}"' in home
    assert "大家好！" in home
    assert "问候" in home


def test_elsewhere_it_is_not(client, community):
    assert client.get("/c/jingjidao/hello/").status_code == 404
    assert "hello" not in client.get("/c/jingjidao/").text


@pytest.mark.parametrize(("who", "status"), [("member", 403), ("worker", 303)])
def test_who_may_write(client, login, who, status):
    login(who)
    assert client.post(WALL, data={"text": "好"}).status_code == status


def test_a_visitor_is_asked_to_sign_in(client, community):
    assert client.post(WALL, data={"text": "好"}).status_code == 401


def test_another_community_sees_nothing_of_it(app, client, login):
    from civic.api import db
    from civic_hello import Greeting

    login("resident")
    client.post(WALL, data={"text": "好"})
    db.session.rollback()
    assert [row.community.slug for row in db.session.query(Greeting)] == ["erlonglu"]
