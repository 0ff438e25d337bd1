"""The ballot of a consultation says why one may vote, or why not, as every ballot: with a code."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from civic.consultations.models import Consultation
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.voting import codes, steps
from civic.voting.box import Receipt, ReceiptCheck, UsedRight
from civic.voting.models import OPENED
from tests.factories import World, consultation, scalars, standing
from tests.pages import text_of
from tests.voting.test_why import Login


def address(case: Consultation, tail: str = "") -> str:
    return f"/c/erlonglu/consultations/{case.id}/{tail}"


@pytest.mark.parametrize(
    ("who", "code", "status"),
    [
        ("resident", "standing", 303),
        ("minor", "minor", 403),
        ("elsewhere", "audience", 403),
        ("low", "level", 403),
        ("anonymous", "sign_in", 401),
    ],
)
def test_every_reason_has_a_code_and_the_cast_has_the_same(
    world: World, login: Login, who: str, code: str, status: int
) -> None:
    if who == "low":
        world.people["low"] = world.worker
        standing(world.worker, world.gate, level=1)
    case = consultation(world.erlong, stage="voting")
    options = [one.id for one in case.ballot.options]
    db.session.commit()
    client = login(None if who == "anonymous" else world.people[who])
    assert f"原因代码：{code}" in text_of(client.get(address(case)))
    sent = client.post(
        address(case, "vote"), data={"option": options[0]}, headers={"Accept": "application/json"}
    )
    assert sent.status_code == status
    assert scalars(select(func.count()).select_from(UsedRight)) == [int(status == 303)]
    clock.shift(timedelta(days=365))
    if who == "resident":
        assert "closed" in text_of(client.get(address(case)))


def test_hostile_papers(app: Flask, world: World, login: Login) -> None:
    case, other = (consultation(world.erlong, stage="voting") for _ in range(2))
    coming = consultation(world.erlong, stage="deliberating")
    over = consultation(world.erlong, stage="closed")
    mine = f"person:{world.resident.id}"
    foreign = codes.signed(case.ballot_id, f"person:{world.neighbour.id}")
    own = [one.id for one in case.ballot.options]
    theirs = other.ballot.options[0].id
    late, early = over.ballot.options[0].id, coming.ballot.options[0].id
    elsewhere = codes.signed(other.ballot_id, mine)
    db.session.commit()
    client = login(world.resident)
    for place, data, status in (
        (case, {"option": theirs}, 422),
        (case, {"option": [own[0], own[1]], "receipt": foreign}, 422),
        (case, {"option": own[0], "receipt": elsewhere}, 422),
        (case, {"option": "-1"}, 422),
        (case, {"option": "9" * 40}, 422),
        (case, {"option": "' OR 1=1 --"}, 422),
        (case, {}, 422),
        (over, {"option": late}, 409),
        (coming, {"option": early}, 409),
    ):
        sent = client.post(address(place, "vote"), data=data)
        assert sent.status_code == status, data
    assert scalars(select(func.count()).select_from(Receipt)) == [0]


def test_a_formal_vote_is_opened_by_two_people_before_its_case_is_published(
    app: Flask, world: World, login: Login
) -> None:
    case = consultation(world.erlong, published=False)
    made = case.ballot
    made.formal = True
    place = address(case, "publish")
    db.session.commit()
    client = login(world.secretary)
    assert client.post(place).status_code == 303
    db.session.refresh(case, ["published_at"])
    assert case.published_at is None
    db.session.commit()
    steps.propose(world.actor("secretary"), made, OPENED)
    with pytest.raises(Refused):
        steps.confirm(world.actor("secretary"), made, OPENED)
    db.session.rollback()
    steps.propose(world.actor("secretary"), made, OPENED)
    steps.confirm(world.actor("deputy"), made, OPENED)
    db.session.commit()
    assert client.post(place).status_code == 303
    db.session.refresh(case, ["published_at"])
    assert case.published_at is not None


def test_its_receipt_is_printed_with_a_square_and_looked_up_by_whoever_holds_it(
    world: World, login: Login
) -> None:
    case = consultation(world.erlong, stage="voting")
    option, number, place = case.ballot.options[0].id, case.ballot_id, address(case, "vote")
    db.session.commit()
    client, box = login(world.resident), f"/c/erlonglu/ballots/{number}/"
    assert client.post(place, data={"option": option}).status_code == 303
    code = scalars(select(Receipt.code))[0]
    printed = text_of(client.get(f"{box}receipt"))
    assert code in printed
    assert "<svg" in printed
    stranger = login(None)
    assert "box-done" in text_of(stranger.get(f"{box}check?code={code.lower()}"))
    assert stranger.post(f"{box}check", data={"code": code}).status_code == 303
    assert scalars(select(func.count()).select_from(ReceiptCheck)) == [1]
