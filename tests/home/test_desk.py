"""The desk shows what is due for one's posts, by date, and nothing of anybody else's."""

from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from flask_babel import Babel
from hypothesis import given
from hypothesis import strategies as st

from civic.consultations import speaking
from civic.home.desk import MOST, by_date, gather
from civic.identities.models import Person
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.due import Due
from civic.moderation import services as moderation
from tests.factories import World, consultation
from tests.pages import text_of

Login = Callable[[Person | None], FlaskClient]


def _due(hours: int | None) -> Due:
    at = None if hours is None else clock.now() + timedelta(hours=hours)
    return Due(kind="k", title="t", action="a", url="/", at=at, since=None, community_id=1)


@given(st.lists(st.none() | st.integers(-1000, 1000), max_size=30))
def test_every_item_stands_under_one_heading_in_order(hours: list[int | None]) -> None:
    app = Flask(__name__)
    Babel(app)
    with app.test_request_context():
        items = [_due(value) for value in hours]
        groups = by_date(items, clock.now())
    assert sorted(map(id, (item for group in groups for item in group.items))) == sorted(
        map(id, items)
    )
    order = ["overdue", "today", "week", "later", "waiting"]
    found = [order.index(group.code) for group in groups]
    assert found == sorted(found)
    for group in groups:
        dated = [item.at for item in group.items if item.at is not None]
        assert (group.code == "waiting") is not bool(dated)
        if group.code == "overdue":
            assert all(at < clock.now() for at in dated)


def test_the_desk_is_over_everything_by_date(app: Flask, world: World, login: Login) -> None:
    early = consultation(world.erlong, published=False, stage="scheduled")
    late = consultation(world.jingji, published=False, stage="scheduled")
    early.title, late.title = "先开的题", "后开的题"
    late.opens_at += timedelta(days=1)
    foreign_draft_seen_by_street_alone = late.title
    case = consultation(world.erlong)
    said = speaking.comment(world.actor("resident"), world.erlong, case, "话", form_key="k")
    db.session.commit()
    with app.test_request_context(method="POST", path="/c/erlonglu/moderation/"):
        decision = moderation.hide(
            world.actor("secretary"), world.erlong, "comment", said.id, reason="insult"
        )
        moderation.object_to(world.resident.id, decision.id, "为什么？")
        db.session.commit()

    page = text_of(login(world.officer).get("/desk/"))
    assert page.index("先开的题") < page.index("后开的题") < page.index("提出异议")
    page = text_of(login(world.deputy).get("/desk/"))
    assert "先开的题" in page
    assert foreign_draft_seen_by_street_alone not in page
    assert "提出异议" in page
    page = text_of(login(world.secretary).get("/desk/"))
    assert "提出异议" not in page, "who hid it does not answer"
    page = text_of(login(world.officer).get("/desk/?community=jingjidao"))
    assert "后开的题" in page
    assert "先开的题" not in page


def test_without_a_post_there_is_no_desk(world: World, login: Login) -> None:
    assert login(None).get("/desk/").status_code == 302
    assert login(world.resident).get("/desk/").status_code == 403


def test_many_things_of_one_kind_are_bounded(app: Flask, world: World) -> None:
    for _ in range(MOST + 2):
        consultation(world.erlong, published=False, stage="scheduled")
    with app.test_request_context():
        found = gather(world.actor("secretary"))
    assert len(found.items) == MOST
    assert found.more
