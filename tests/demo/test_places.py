"""The demonstration's places have bodies, links and a history, and its pages show them."""

import re

import pytest
from sqlalchemy import select

from civic.communities import bodies, ended, services
from civic.communities.kinds import PARTY, PROPERTY
from civic.communities.models import Node, TreeEvent
from civic.demo.script import read
from civic.kernel.db import db
from tests.demo.test_demo import loaded  # noqa: F401 - a fixture


@pytest.fixture
def app(loaded):  # noqa: F811
    with loaded[0].app_context():
        yield loaded[0]
        db.session.rollback()


def test_each_community_has_bodies_that_one_can_call(app) -> None:
    for home in services.homes():
        if home.slug == "open-data":
            continue
        found = bodies.of([home.id])
        assert any(body.telephone and body.hours for body in found), home.slug
        page = app.test_client().get(f"/c/{home.slug}/about").get_data(as_text=True)
        for body in found:
            assert body.title in page
            assert body.telephone in page
    for row in read("places")["body"]:
        assert re.fullmatch(r"010-0000-\d{4}|", row.get("telephone", ""))


def test_areas_and_organisations_stand_beside_the_places_that_they_look_after(app) -> None:
    shown = {"安和物业": "erlonglu", "二龙路社区党委": "erlonglu", "党总支": "zhongxindasha"}
    for words, slug in shown.items():
        page = app.test_client().get(f"/c/{slug}/about").get_data(as_text=True)
        assert words in page
    kinds = set(db.session.scalars(select(Node.kind)))
    assert kinds & PROPERTY
    assert kinds & PARTY


def test_a_community_went_over_into_another(app) -> None:
    old = services.find("huaiyinli").node
    end = ended.end_of(old)
    assert end is not None
    assert end.event.basis == read("places")["merged"]["basis"]
    assert [heir.slug for heir in end.heirs] == ["erlonglu"]
    page = app.test_client().get("/c/huaiyinli/").get_data(as_text=True)
    assert end.event.basis in page
    assert 'href="/c/erlonglu/"' in page
    assert 'href="/c/huaiyinli/"' in app.test_client().get("/c/erlonglu/about").text
    assert "huaiyinli" not in [home.slug for home in services.homes()]


def test_its_tree_has_the_shape_of_any(app) -> None:
    nodes = {node.id: node for node in db.session.scalars(select(Node))}
    for node in nodes.values():
        above = nodes[node.parent_id].ids if node.parent_id else "/"
        assert node.ids == f"{above}{node.id}/", node.name
    assert {event.kind for event in db.session.scalars(select(TreeEvent))} >= {"merged", "moved"}
