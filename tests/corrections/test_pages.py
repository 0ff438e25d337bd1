"""A correction walked through its pages; hostile words; how many statements pages take."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from civic.kernel.db import db
from tests.corrections.conftest import neighbours, sealed
from tests.factories import World
from tests.pages import text_of

Login = Callable[..., FlaskClient]


def test_a_roll_error_walked_through_its_pages(world: World, login: Login) -> None:
    neighbours(world, 6)
    ballot = sealed(world, 0, 0, 0, 0, 0, 1)
    officer, secretary, deputy = (
        login(world.people[role]) for role in ("officer", "secretary", "deputy")
    )
    here = "/c/erlonglu/corrections"
    result = f"/c/erlonglu/ballots/{ballot.id}/result"
    new = f"{here}/new/count/{ballot.id}"
    assert new in text_of(officer.get(result))
    assert officer.get(new).status_code == 200
    wrong = officer.post(new, data={"words": "<b>名册</b>"})
    assert wrong.status_code == 422
    assert "&lt;b&gt;名册&lt;/b&gt;" in text_of(wrong)
    sent = {"kind": "roll_error", "words": "<script>x</script>3号已搬走", "as_post": "y"}
    page = officer.post(new, data=sent | {"form_key": "k"}).headers["Location"]
    assert officer.post(new, data=sent | {"form_key": "k"}).headers["Location"] == page
    assert "<script>x" not in text_of(officer.get(page))
    assert f"{page}work" in text_of(secretary.get("/desk/"))
    found = int(page.rstrip("/").rpartition("/")[2])
    work = f"{here}/{found}/work"
    steps = [
        (secretary, "admit", {"how": "suspend", "reason": "需要核实。"}, 303),
        (secretary, "admit", {"how": "suspend", "reason": "需要核实。"}, 409),
        (secretary, "examine", {"findings": "属实", "admitted": "x"}, 422),
        (secretary, "examine", {"findings": "属实", "admitted": "2", "excluded": "0"}, 303),
        (secretary, "propose", {"effect": "recount", "reason": "一", "note": "二"}, 409),
        (secretary, "count", {}, 303),
        (secretary, "confirm", {}, 403),
    ]
    for client, act, data, status in steps:
        answer = client.post(f"{work}/{act}", data=data)
        assert answer.status_code == status, (act, text_of(answer))
        assert client.get(work).status_code == 200
    seen = text_of(deputy.get(work))
    bundle = seen.partition('name="bundle" value="')[2][:64]
    for client, act, data in (
        (deputy, "confirm", {"bundle": bundle}),
        (secretary, "propose", {"effect": "recount", "reason": "一", "note": "名册已更正。"}),
        (deputy, "decide", {}),
    ):
        assert client.post(f"{work}/{act}", data=data).status_code == 303
    visitor = login(None)
    for address in (result, page, f"{here}/", f"{here}/{found}/print"):
        assert visitor.get(address).status_code == 200
    assert "名册已更正。" in text_of(visitor.get(result))
    assert "名册已更正。" in text_of(visitor.get(f"{here}/{found}/print"))
    assert secretary.post(f"{work}/nonsense").status_code == 404


@pytest.mark.parametrize(
    ("path", "most"),
    [("corrections/", 3), ("corrections/lessons", 3), ("corrections/rules", 4)],
)
def test_lists_take_few_statements(world: World, login: Login, path: str, most: int) -> None:
    client = login(None)
    client.get(f"/c/erlonglu/{path}")
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert client.get(f"/c/erlonglu/{path}").status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    selects = [one for one in asked if one.lstrip().upper().startswith("SELECT")]
    assert len(selects) <= most, selects
