"""Standing is checked at the cast and at the count; a roll has to be settled before either ends."""

import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from civic.identities.models import Standing
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.voting import board, codes, roll_changes, services, settled, steps
from civic.voting.box import Receipt, UsedRight
from civic.voting.choices import Marks
from civic.voting.models import CLOSED, Ballot
from civic.voting.rolls import Roll
from civic.voting.standings import after
from civic.voting.verifying import program
from tests.factories import World, person, scalars, standing
from tests.pages import text_of
from tests.voting.boxes import ballot, bundle, check, close, vote
from tests.voting.test_rolls import households


def ended(row: Standing, made: Ballot, *, later: bool = False) -> None:
    """End a standing: before the close, or between the close and the count."""
    row.valid_to = made.closes_at + timedelta(minutes=1 if later else -1)
    db.session.commit()


def coming(world: World, roll: Roll, **values: Any) -> Ballot:
    """A ballot that begins once objections to its roll have ended."""
    begins = clock.now() + timedelta(days=6)
    dates = {"opens_at": begins, "closes_at": begins + timedelta(days=1)}
    return ballot(world.erlong, roll_id=roll.id, **dates, **values)


@pytest.mark.parametrize("secrecy", ["named", "sealed"])
def test_who_has_left_by_the_close_is_struck_before_the_link_is_cut(
    app: Flask, world: World, secrecy: str
) -> None:
    made = ballot(world.erlong, secrecy=secrecy)
    left, stays, late = person("走了"), person("还在"), person("刚走")
    rows = [standing(who, world.gate) for who in (left, stays, late)]
    gone = vote(made, 0, left)
    vote(made, 1, stays)
    vote(made, 1, late)
    ended(rows[0], made)
    ended(rows[2], made, later=True)
    before = made.rules["roll"]
    assert before["standing"] == "close"
    close(made)
    record = check(bundle(made), made.closing_hash)
    assert record["standing"] == {"checked": "close", "receipts": 3, "struck": {"online": 1}}
    assert (record["channels"], record["choices"]) == ({"online": 2}, 2)
    ids = [str(option["id"]) for option in made.rules["options"]]
    assert [record["result"]["figures"][one] for one in ids] == [0, 2, 0]
    found = board.find(made.id, gone)
    assert found is not None
    assert (found.struck_by, after(made)) == (4, 3)
    assert set(scalars(select(UsedRight.person_id))) == {stays.id, late.id}
    page = text_of(app.test_client().get(f"/c/erlonglu/ballots/{made.id}/check?code={gone}"))
    assert "计票时" in page


def test_from_a_detached_box_nothing_is_taken_and_that_is_said(app: Flask, world: World) -> None:
    made = ballot(world.erlong, secrecy="detached", changeable=False)
    who = person("走了")
    row = standing(who, world.gate)
    vote(made, 0, who)
    ended(row, made)
    close(made)
    record = check(bundle(made), made.closing_hash)
    assert record["standing"] == {"checked": "cast"} == {"checked": made.rules["roll"]["standing"]}
    assert record["choices"] == 1
    page = text_of(app.test_client().get(f"/c/erlonglu/ballots/{made.id}/result"))
    assert "不再核对" in page


def test_a_stranger_sees_a_rule_that_was_not_kept(app: Flask, world: World) -> None:
    made = ballot(world.erlong)
    who = person("走了")
    row = standing(who, world.gate)
    vote(made, 0, who)
    vote(made, 1)
    ended(row, made)
    close(made)
    *lines, last = bundle(made).splitlines(keepends=True)
    closing = json.loads(last)["closing"]
    for told in (
        {key: value for key, value in closing.items() if key != "standing"},
        closing | {"standing": {"checked": "cast"}},
        closing | {"standing": closing["standing"] | {"struck": {}}},
        closing | {"standing": closing["standing"] | {"receipts": 1}},
    ):
        verify = program()
        line = (verify.canonical({"closing": told}) + "\n").encode()
        with pytest.raises(verify.Wrong):
            verify.verify([*lines, line])


def test_an_objection_without_an_answer_keeps_the_box_open(app: Flask, world: World) -> None:
    roll = households(world, objections=True)
    made = coming(world, roll, formal=True)
    objected = roll_changes.object_to(world.actor("resident"), roll, "102室已经搬走")
    db.session.commit()
    with clock.at(made.closes_at + timedelta(hours=1)):
        for act in (
            lambda: steps.propose(world.actor("secretary"), made, CLOSED),
            lambda: close(made),
        ):
            with pytest.raises(Refused) as found:
                act()
            assert found.value.code == "roll_objections"
            db.session.rollback()
        roll_changes.answer(world.actor("deputy"), objected.id, "dismissed", "已核实，仍居住")
        change = roll_changes.propose(
            world.actor("deputy"), roll, "struck", reason="已迁出", data={"number": 3}
        )
        db.session.commit()
        with pytest.raises(Refused) as found:
            close(made)
        assert found.value.code == "roll_change"
        db.session.rollback()
        roll_changes.confirm(world.actor("secretary"), change.id)
        db.session.commit()
        assert close(made).sealed_at is not None


def test_what_cannot_be_taken_back_does_not_begin_before_the_roll_is_settled(
    app: Flask, world: World
) -> None:
    roll = households(world, objections=True)
    made = coming(world, roll, secrecy="detached", changeable=False)
    objected = roll_changes.object_to(world.actor("resident"), roll, "102室已经搬走")
    db.session.commit()
    right = services.Right(key="household:1", person_id=world.resident.id)
    marks = Marks(abstains=True)
    clock.shift(timedelta(days=6, hours=1))
    actor = world.actor("resident")
    with pytest.raises(Refused) as found:
        services.vote(actor, made, right, marks, token=codes.signed(made.id, right.key))
    assert found.value.code == "roll_objections"
    db.session.rollback()
    assert scalars(select(Receipt.number)) == []
    roll_changes.answer(world.actor("deputy"), objected.id, "dismissed", "已核实")
    db.session.commit()
    services.vote(actor, made, right, marks, token=codes.signed(made.id, right.key))
    db.session.commit()
    assert scalars(select(settled.waits()).select_from(Ballot)) in ([False], [0])
