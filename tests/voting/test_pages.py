"""Pages of ballots: paper, look, receipt, board, check, result, and what two people do."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from civic.identities.models import Person
from civic.kernel import clock
from civic.kernel.db import db
from civic.voting.box import ReceiptCheck, UsedRight
from civic.voting.models import Ballot
from tests.factories import World, consultation, scalars
from tests.pages import text_of
from tests.voting.boxes import ballot, check, close
from tests.voting.test_closing import KINDS

Login = Callable[[Person | None], FlaskClient]


def address(made: Ballot, tail: str = "") -> str:
    return f"/c/erlonglu/ballots/{made.id}/{tail}"


def filled(made: Ballot) -> dict[str, Any]:
    """A paper of each kind as a browser sends it."""
    ids = [option["id"] for option in made.rules["options"]]
    return {
        "one": {"option": ids[0]},
        "items": {f"o{ids[0]}": "agree", f"o{ids[1]}": "oppose"},
        "approval": {"option": ids[:2]},
        "budget": {"option": ids[:2]},
        "score": {f"o{one}": "3" if one == ids[0] else "" for one in ids},
        "dots": {f"o{one}": "2" for one in ids[:2]},
        "ranking": {f"o{ids[0]}": "1", f"o{ids[1]}": "1", f"o{ids[2]}": "2"},
    }[made.kind]


def hidden(page: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page):
        found.setdefault(name, []).append(value)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_a_paper_of_each_kind_is_filled_in_looked_at_and_cast(
    world: World, login: Login, kind: str
) -> None:
    made = ballot(world.erlong, kind=kind, **KINDS[kind])
    client = login(world.resident)
    page = text_of(client.get(address(made)))
    assert "您可以投票" in page
    looked = client.post(address(made, "review"), data=filled(made))
    assert looked.status_code == 200
    assert scalars(select(UsedRight.key)) == []
    fields = hidden(text_of(looked))
    done = client.post(address(made, "cast"), data=fields)
    assert done.status_code == 303
    code = scalars(select(UsedRight.code))[0]
    assert fields["receipt"][0].startswith(code)
    receipt = text_of(client.get(done.location))
    assert code in receipt
    assert "<svg" in receipt
    # Sent once more by a browser that lost the answer: the same receipt, nothing new.
    assert client.post(address(made, "cast"), data=fields).status_code == 303
    db.session.refresh(made)
    assert (made.receipts, made.turnout) == (1, 1)
    assert scalars(select(UsedRight.code)) == [code]
    close(made)
    for tail in ("result", "result/print"):
        page = text_of(client.get(address(made, tail)))
        assert made.closing_hash in page
    loaded = client.get(address(made, "bundle.jsonl"))
    assert check(loaded.data, made.closing_hash) == made.closing


def test_what_is_wrong_on_a_paper_comes_back_with_it(world: World, login: Login) -> None:
    made = ballot(world.erlong, kind="dots", method="dots")
    ids = [option["id"] for option in made.rules["options"]]
    client = login(world.resident)
    data = {f"o{ids[0]}": "4", f"o{ids[1]}": "4"}
    response = client.post(address(made, "review"), data=data)
    assert response.status_code == 422
    page = text_of(response)
    assert 'id="ballot-error"' in page
    assert page.count('<option value="4" selected') == 2


def test_anybody_can_look_a_receipt_up(world: World, login: Login, app: Flask) -> None:
    made = ballot(world.erlong)
    client = login(world.resident)
    client.post(address(made, "cast"), data=filled(made))
    code = scalars(select(UsedRight.code))[0]
    stranger = app.test_client()
    for typed in (code, code.lower().replace("-", " "), f" {code} "):
        page = text_of(stranger.get(address(made, "check"), query_string={"code": typed}))
        assert "box-done" in page
    page = text_of(stranger.get(address(made, "check"), query_string={"code": "AAAA-BBBB-CCCC"}))
    assert "box-stop" in page
    for _ in range(2):
        assert stranger.post(address(made, "check"), data={"code": code}).status_code == 303
    assert stranger.post(address(made, "check"), data={"code": "nonsense"}).status_code == 303
    assert len(scalars(select(ReceiptCheck.number))) == 1
    board = text_of(stranger.get(address(made, "board")))
    db.session.refresh(made)
    db.session.commit()
    assert code in board
    assert made.head in board
    # A later vote strikes it, and the page says so.
    ids = [option["id"] for option in made.rules["options"]]
    client.post(address(made, "cast"), data={"option": ids[1]})
    page = text_of(stranger.get(address(made, "check"), query_string={"code": code}))
    assert "box-warn" in page


def test_no_result_before_the_close_and_the_program_for_everybody(
    world: World, login: Login, app: Flask
) -> None:
    made = ballot(world.erlong)
    stranger = app.test_client()
    assert stranger.get(address(made, "bundle.jsonl")).status_code == 409
    assert "result-rows" not in text_of(stranger.get(address(made, "result")))
    program = stranger.get("/c/erlonglu/ballots/verify.py")
    assert program.status_code == 200
    assert b"def verify(" in program.data
    clock.shift(timedelta(days=2))
    assert stranger.get(address(made)).status_code == 302
    late = login(world.resident).post(address(made, "cast"), data=filled(made))
    assert late.status_code == 409


def test_two_people_open_close_and_publish(world: World, login: Login) -> None:
    made = ballot(world.erlong, formal=True, shows="published")
    clock.shift(timedelta(days=2))
    first, second = login(world.secretary), login(world.deputy)
    for act in ("close", "publish"):
        to = address(made, f"steps/{act}")
        assert first.post(to, data={"confirm": "1"}).status_code == 409
        assert first.post(to).status_code == 303
        assert first.post(to, data={"confirm": "1"}).status_code == 403
        assert second.post(to, data={"confirm": "1"}).status_code == 303
        assert second.post(to, data={"confirm": "1"}).status_code == 409
        page = text_of(login(None).get(address(made, "result")))
        assert ("result-rows" in page) is (act == "publish")
    db.session.refresh(made)
    assert made.published_at is not None
    assert login(world.resident).get(address(made, "work")).status_code == 403
    assert first.get(address(made, "work")).status_code == 200


def test_a_rehearsal_says_so_everywhere_and_is_the_offices_alone(
    world: World, login: Login, app: Flask
) -> None:
    made = ballot(world.erlong, rehearsal=True)
    assert login(world.resident).get(address(made)).status_code == 404
    client = login(world.secretary)
    done = client.post(address(made, "cast"), data=filled(made) | {"right": "test:3"})
    assert done.status_code == 303
    used = scalars(select(UsedRight))[0]
    assert (used.key, used.person_id, used.rehearsal) == ("test:3", None, True)
    assert used.code.startswith("TEST0-")
    close(made)
    for tail in ("receipt?right=test:3", "board", "check", "result", "work"):
        assert "box-warn" in text_of(client.get(address(made, tail)))
    loaded = client.get(address(made, "bundle.jsonl"))
    assert "rehearsal" in loaded.headers["Content-Disposition"]
    assert check(loaded.data, made.closing_hash)["rehearsal"] is True


def test_a_consultation_closes_with_its_ballot_also_when_that_is_moved(
    world: World, login: Login
) -> None:
    case = consultation(world.erlong, stage="voting")
    until = clock.local(case.closes_at + timedelta(days=3))
    data = {"until": until.strftime("%Y-%m-%dT%H:%M"), "reason": "下雨停电"}
    to = f"/c/erlonglu/ballots/{case.ballot_id}/extend"
    assert login(world.secretary).post(to, data=data).status_code == 303
    clock.shift(timedelta(days=2))
    page = text_of(login(world.resident).get(f"/c/erlonglu/consultations/{case.id}/"))
    assert 'name="option"' in page


def test_an_extension_is_announced(world: World, login: Login) -> None:
    made = ballot(world.erlong)
    until = clock.local(made.closes_at + timedelta(days=1))
    data = {"until": until.strftime("%Y-%m-%dT%H:%M"), "reason": "下雨停电"}
    client = login(world.secretary)
    assert client.post(address(made, "extend"), data=data).status_code == 303
    assert "下雨停电" in text_of(login(None).get(address(made)))
    earlier = data | {"until": clock.local(clock.now()).strftime("%Y-%m-%dT%H:%M")}
    assert client.post(address(made, "extend"), data=earlier).status_code == 422
    for wrong in ("x", "9999-12-31T23:59", "0001-01-01T00:00"):
        sent = data | {"until": wrong}
        assert client.post(address(made, "extend"), data=sent).status_code == 422
