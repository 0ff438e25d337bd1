"""Why somebody may vote, or why not: a sentence with a code, and whom to ask."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from civic.identities.models import Person
from civic.kernel import clock
from civic.kernel.db import db
from civic.voting import roll_call, voters
from civic.voting.electorate import Holder, Right
from civic.voting.rolls import RollChange, VotingRight
from tests.factories import World, actor, standing
from tests.pages import text_of
from tests.voting.boxes import ballot, close

Login = Callable[[Person | None], FlaskClient]
TELEPHONE = "010-0000-0001"


@pytest.fixture
def listed(world: World) -> World:
    """A roll with rights of each capacity, on which a ballot rests."""
    child, struck = world.minor, world.worker
    entries = [
        Right(
            key="household:1",
            label="6号楼 2单元 301",
            holders=(Holder(person_id=world.resident.id, capacity="representative"),),
        ),
        Right(
            key="dwelling:2",
            label="6号楼 2单元 302",
            holders=(
                Holder(person_id=world.resident.id, capacity="guardian", for_name="王*"),
                Holder(person_id=world.neighbour.id, capacity="co_owner"),
            ),
        ),
        Right(key="person:3", label="小*", holders=(Holder(person_id=child.id),)),
        Right(key="person:4", label="李*", holders=(Holder(person_id=struck.id),)),
    ]
    rule = {"unit": "household", "standings": ["resident"], "level": 4, "node_id": world.erlong.id}
    roll = roll_call.draw(
        world.actor("secretary"), world.erlong, unit="household", rule=rule, entries=entries
    )
    roll_call.freeze(world.actor("deputy"), roll.id)
    change = RollChange(
        roll_id=roll.id,
        act="struck",
        data={"number": 4},
        reason="已迁出",
        proposed_by=world.secretary.id,
        proposed_at=clock.now(),
        confirmed_by=world.deputy.id,
        confirmed_at=clock.now(),
    )
    db.session.add(change)
    db.session.flush()
    right = db.session.scalars(select(VotingRight).filter_by(roll_id=roll.id, number=4)).one()
    right.struck_by = change.id
    world.made = ballot(world.erlong, roll_id=roll.id)
    return world


@pytest.mark.parametrize(
    ("who", "code", "words"),
    [
        ("resident", "right", ["第1号", "6号楼 2单元 301", "第2号", "监护人", "王*"]),
        ("neighbour", "right", ["第2号", "6号楼 2单元 302"]),
        ("minor", "minor", []),
        ("worker", "struck", []),
        ("elsewhere", "not_listed", []),
        ("below", "level", ["4"]),
        ("anonymous", "sign_in", []),
    ],
)
def test_by_a_roll(listed: World, login: Login, who: str, code: str, words: list[str]) -> None:
    if who == "below":
        listed.people["below"] = listed.deputy
        standing(listed.deputy, listed.gate, level=2)
    made = listed.made
    person = None if who == "anonymous" else listed.people[who]
    found = voters.voter(actor(person), made, listed.erlong.path)
    assert (found.code, found.may) == (code, code == "right")
    db.session.commit()
    page = text_of(login(person).get(f"/c/erlonglu/ballots/{made.id}/"))
    assert found.sentence.split("&")[0] in page
    assert f"{code}" in page
    for word in words:
        assert word in page
    assert (TELEPHONE in page.partition("<footer")[0]) is (code != "right")


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("resident", "standing"),
        ("minor", "minor"),
        ("elsewhere", "audience"),
        ("low", "level"),
        ("anonymous", "sign_in"),
    ],
)
def test_by_the_rule_of_an_audience(world: World, who: str, code: str) -> None:
    if who == "low":
        world.people["low"] = world.worker
        standing(world.worker, world.gate, level=1)
    made = ballot(world.erlong)
    found = voters.voter(world.actor(who), made, world.erlong.path)
    assert (found.code, found.may) == (code, code == "standing")


def test_once_it_is_closed_nobody_votes_and_everybody_reads_so(world: World, login: Login) -> None:
    made = ballot(world.erlong)
    with clock.at(made.closes_at):
        close(made)
        found = voters.voter(world.actor("resident"), made, world.erlong.path)
        assert (found.code, found.may) == ("closed", False)
        page = text_of(login(world.resident).get(f"/c/erlonglu/ballots/{made.id}/result"))
        assert "closed" in page
        english = login(world.resident)
        english.set_cookie("lang", "en")
        page = text_of(english.get(f"/c/erlonglu/ballots/{made.id}/result"))
        assert "Voting has closed: nobody can vote any more." in page
