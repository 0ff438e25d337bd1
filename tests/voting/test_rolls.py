"""Rolls: drawn, frozen by two people, objected to and changed; and why one may vote."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from civic.identities.names import GONE
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.voting import entitled, own_data, roll_call, roll_changes, services, voters
from civic.voting.box import UsedRight
from civic.voting.choices import Marks
from civic.voting.electorate import Holder
from civic.voting.electorate import Right as Entry
from civic.voting.models import Ballot
from civic.voting.rolls import Roll, VotingRight
from tests.factories import World, person, roll_of_residents, scalars
from tests.voting.boxes import ballot, bundle, check, close

DAY = timedelta(days=1)


def households(world: World, *, area: bool = False, objections: bool = False) -> Roll:
    """A frozen roll of three households; the second has two members who may use its right."""
    entries = [
        Entry(
            key="household:1",
            label="1单元101室",
            area_cm2=600_000 if area else None,
            holders=[
                Holder(person_id=world.resident.id, capacity="representative", for_name="101室")
            ],
        ),
        Entry(
            key="household:2",
            label="1单元102室",
            area_cm2=900_000 if area else None,
            holders=[
                Holder(person_id=world.neighbour.id),
                Holder(person_id=world.resident.id, capacity="proxy", for_name="陈*"),
            ],
        ),
        Entry(
            key="household:3",
            label="1单元103室",
            area_cm2=500_000 if area else None,
            holders=[Holder(person_id=world.elsewhere.id)],
        ),
    ]
    roll = roll_call.draw(
        world.actor("secretary"),
        world.erlong,
        unit="owner" if area else "household",
        rule={"scope": "building_gate"},
        entries=entries,
        measures=["heads", "area_cm2"] if area else ["heads"],
    )
    until = clock.now() + 5 * DAY if objections else None
    roll_call.freeze(world.actor("deputy"), roll.id, objections_until=until)
    db.session.commit()
    return roll


def cast(world: World, made: Ballot, role: str, key: str, place: int) -> str:
    voter = voters.voter(world.actor(role), made, world.erlong.path)
    option = made.rules["options"][place]["id"]
    marks = Marks(picked=[str(option)])
    if made.kind == "items":
        marks = Marks(
            values={str(one["id"]): "agree" for one in made.rules["options"][: place + 1]}
        )
    code = services.put(made, voter.find(key).right, marks).code
    db.session.commit()
    return code


def test_drawn_from_the_standings_of_an_audience(app: Flask, world: World) -> None:
    roll = roll_of_residents(world)
    db.session.commit()
    keys = scalars(select(VotingRight.key).filter_by(roll_id=roll.id))
    assert sorted(keys) == sorted(
        [f"person:{world.resident.id}", f"person:{world.neighbour.id}"]
    )  # the minor is not in it
    frozen = roll_call.freeze(world.actor("deputy"), roll.id)
    assert (frozen.heads, frozen.state) == (2, "frozen")


def test_freezing_takes_a_second_person(app: Flask, world: World) -> None:
    roll = roll_of_residents(world)
    with pytest.raises(Refused) as refused:
        roll_call.freeze(world.actor("secretary"), roll.id)
    assert refused.value.code == "second_person"
    roll.state, roll.frozen_by, roll.frozen_at = "frozen", roll.proposed_by, clock.now()
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


@pytest.mark.parametrize(
    ("role", "code", "rights"),
    [
        ("anonymous", "sign_in", 0),
        ("worker", "not_listed", 0),
        ("neighbour", "right", 1),
        ("resident", "right", 2),
    ],
)
def test_why_one_may_vote(app: Flask, world: World, role: str, code: str, rights: int) -> None:
    roll = households(world)
    with app.test_request_context(method="POST"):
        found = entitled.entitlement(roll, world.actor(role))
        assert (found.code, len(found.rights)) == (code, rights)
        assert found.may is bool(rights)
        assert found.sentence
        if role == "resident":
            assert "101室" in found.sentence
            assert "陈*" in found.sentence


def test_a_right_counts_once_whoever_uses_it(app: Flask, world: World) -> None:
    made = ballot(world.erlong, roll_id=households(world).id)
    with app.test_request_context(method="POST"):
        first = cast(world, made, "neighbour", "household:2", 0)
        second = cast(world, made, "resident", "household:2", 1)
        cast(world, made, "resident", "household:1", 1)
        voter = voters.voter(world.actor("elsewhere"), made, world.erlong.path)
        with pytest.raises(Refused) as refused:
            voter.find("household:1")
        assert refused.value.code == "right"
    assert first != second
    used = {row.key: row for row in scalars(select(UsedRight))}
    assert set(used) == {"household:1", "household:2"}
    assert used["household:2"].person_id == world.resident.id
    close(made)
    record = check(bundle(made), made.closing_hash)
    assert record["roll"] == {"rights": 3, "used": 2, "heads": 3, "area_cm2": None}
    assert record["receipts"] == 3


def test_owners_are_counted_by_heads_and_area_and_by_name(app: Flask, world: World) -> None:
    roll = households(world, area=True)
    with pytest.raises(Refused) as refused:
        ballot(world.erlong, roll_id=roll.id)
    assert refused.value.code == "area"
    db.session.rollback()
    made = ballot(world.erlong, roll_id=roll.id, secrecy="named", kind="items", method="items")
    with app.test_request_context(method="POST"):
        cast(world, made, "neighbour", "household:2", 2)
        cast(world, made, "resident", "household:1", 0)
    close(made)
    record = check(bundle(made), made.closing_hash)
    assert record["roll"]["area_cm2"] == 2_000_000
    first, _second, last = (str(one["id"]) for one in made.rules["options"])
    assert record["result"]["area_cm2"][first]["agree"] == 1_500_000
    assert record["result"]["area_cm2"][last]["agree"] == 900_000
    assert record["result"]["figures"][first]["agree"] == 2


def test_objections_are_taken_in_their_window_and_answered_once(app: Flask, world: World) -> None:
    roll = households(world, objections=True)
    made = roll_changes.object_to(world.actor("worker"), roll, "漏了我家。")
    answered = roll_changes.answer(world.actor("deputy"), made.id, "upheld", "已补入。")
    assert answered.answered_by == world.deputy.id
    with pytest.raises(Refused) as refused:
        roll_changes.answer(world.actor("deputy"), made.id, "dismissed", "不行。")
    assert refused.value.code == "answered"
    db.session.commit()
    clock.shift(6 * DAY)
    with pytest.raises(Refused) as refused:
        roll_changes.object_to(world.actor("worker"), roll, "漏了我家。")
    assert refused.value.code == "window"


def test_a_change_takes_a_reason_and_a_second_person(app: Flask, world: World) -> None:
    roll = households(world)
    secretary, deputy = world.actor("secretary"), world.actor("deputy")
    with pytest.raises(Refused) as refused:
        roll_changes.propose(secretary, roll, "struck", reason=" ", data={"number": 3})
    assert refused.value.code == "reason"
    newcomer = person("赵新")
    entry = {
        "key": "household:4",
        "label": "1单元104室",
        "holders": [{"person_id": newcomer.id, "capacity": "self"}],
    }
    asked = roll_changes.propose(secretary, roll, "added", reason="漏登", data=entry)
    with pytest.raises(Refused) as refused:
        roll_changes.confirm(secretary, asked.id)
    assert refused.value.code == "second_person"
    roll_changes.confirm(deputy, asked.id)
    db.session.commit()
    db.session.refresh(roll)
    assert roll.heads == 4
    numbers = select(VotingRight.number).filter_by(roll_id=roll.id, key="household:4")
    assert scalars(numbers) == [4]
    with pytest.raises(Refused) as refused:
        roll_changes.confirm(deputy, asked.id)
    assert refused.value.code == "done"


def test_a_closed_account_takes_its_votes_back_and_its_name_off(app: Flask, world: World) -> None:
    roll = roll_of_residents(world)
    roll_call.freeze(world.actor("deputy"), roll.id)
    made = ballot(world.erlong, roll_id=roll.id)
    once = ballot(world.erlong, roll_id=roll.id, secrecy="detached", changeable=False)
    key = f"person:{world.resident.id}"
    with app.test_request_context(method="POST"):
        for one in (made, once):
            cast(world, one, "resident", key, 0)
            cast(world, one, "neighbour", f"person:{world.neighbour.id}", 1)
    own_data.PART.forget(world.resident.id)
    db.session.commit()
    assert scalars(select(VotingRight.label).filter_by(key=key)) == [GONE]
    assert scalars(select(UsedRight.person_id).filter_by(ballot_id=made.id)) == [world.neighbour.id]
    # What lies in an urn cannot be found again, and counts.
    found = scalars(select(UsedRight.person_id).filter_by(ballot_id=once.id))
    assert sorted(found, key=str) == sorted([None, world.neighbour.id], key=str)
    for one, votes in ((made, 1), (once, 2)):
        close(one)
        assert check(bundle(one), one.closing_hash)["choices"] == votes


def test_a_right_that_is_struck_takes_its_vote_back(app: Flask, world: World) -> None:
    roll = households(world)
    made = ballot(world.erlong, roll_id=roll.id)
    with app.test_request_context(method="POST"):
        cast(world, made, "neighbour", "household:2", 0)
        cast(world, made, "resident", "household:1", 0)
    asked = roll_changes.propose(
        world.actor("secretary"), roll, "struck", reason="已售出", data={"number": 2}
    )
    roll_changes.confirm(world.actor("deputy"), asked.id)
    db.session.commit()
    assert scalars(select(UsedRight.key)) == ["household:1"]
    with app.test_request_context(method="POST"):
        found = entitled.entitlement(roll, world.actor("neighbour"))
        assert found.code == "struck"
    close(made)
    record = check(bundle(made), made.closing_hash)
    assert (record["choices"], record["receipts"], record["roll"]["rights"]) == (1, 3, 2)
