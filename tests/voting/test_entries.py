"""Papers are typed by two people, counted in the one box, and never twice for one right."""

import json
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.voting import (
    assisting,
    closing,
    entries,
    opening,
    paper_done,
    papers,
    roll_changes,
    sealing,
    services,
    steps,
)
from civic.voting import board as receipts
from civic.voting.box import Receipt, Urn
from civic.voting.choices import Marks
from civic.voting.models import Ballot
from civic.voting.rolls import Roll
from civic.voting.sheets import Sheet
from tests.factories import World, scalars
from tests.voting.boxes import ballot, bundle, check, close, marks
from tests.voting.sheets import WITNESSES, entry, on_paper, type_twice, used

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def refused(code: str, *call: object, **values: object) -> None:
    with pytest.raises(Refused) as caught:
        call[0](*call[1:], **values)  # type: ignore[operator]
    assert caught.value.code == code
    db.session.rollback()


def online(world: World, made: Ballot, role: str, number: int, choice: int) -> str:
    right = papers.right(made, number)
    right = services.Right(key=right.key, person_id=world.people[role].id, id=right.id)
    ids = [option["id"] for option in made.rules["options"]]
    code = services.put(made, right, marks(made.kind, ids, choice)).code
    db.session.commit()
    return code


def test_two_alike_are_one_vote(app: Flask, world: World) -> None:
    made = on_paper(world)
    assert type_twice(world, made, entry(made, 1, 2, 1)) == "counted"
    found = used(made, 2)
    assert found is not None
    assert (found.channel, found.choice) == ("paper", str(made.rules["options"][1]["id"]))
    sheet = papers.find(made, 1)
    assert (sheet.first_typed, sheet.second_typed, sheet.right_number) == (None, None, 2)
    db.session.refresh(made)
    assert made.turnout == 1
    assert receipts.in_force(made) == {"paper": 1}


def test_the_same_person_never_types_twice(app: Flask, world: World) -> None:
    made = on_paper(world)
    entries.enter(world.actor("secretary"), made, entry(made, 1, 2))
    db.session.commit()
    refused("second_person", entries.enter, world.actor("secretary"), made, entry(made, 1, 2))
    assert papers.find(made, 1).state == "typed"


def test_what_differs_is_decided_by_a_third_person_with_a_reason(app: Flask, world: World) -> None:
    made = on_paper(world)
    entries.enter(world.actor("secretary"), made, entry(made, 1, 2, 0))
    entries.enter(world.actor("deputy"), made, entry(made, 1, 2, 1))
    db.session.commit()
    assert papers.find(made, 1).state == "differs"
    assert used(made, 2) is None
    decided = entry(made, 1, 2, 1)
    for role in ("secretary", "deputy"):
        refused("second_person", entries.decide, world.actor(role), made, decided, "看清了")
    refused("reason", entries.decide, world.actor("officer"), made, decided, " ")
    refused("differs", entries.enter, world.actor("officer"), made, decided)
    sheet = entries.decide(world.actor("officer"), made, decided, "勾在西侧一栏")
    db.session.commit()
    assert (sheet.state, sheet.first_typed, sheet.second_typed) == ("counted", None, None)
    assert used(made, 2).choice == str(made.rules["options"][1]["id"])
    refused("not_differing", entries.decide, world.actor("officer"), made, decided, "再来")


def test_hostile_entries_store_nothing(app: Flask, world: World) -> None:
    made, other = on_paper(world), on_paper(world, count=20)
    type_twice(world, made, entry(made, 1, 2))
    clerk = world.actor("secretary")
    future = clock.now() + HOUR
    for code, typed in (
        ("no_serial", entry(made, 15, 1)),
        ("used", entry(made, 1, 1)),
        ("no_right", entry(made, 2, 99)),
        ("no_right", entry(made, 2, None)),
        ("witnesses", entry(made, 2, 1, witnesses=("周红", ""))),
        ("witnesses", entry(made, 2, 1, witnesses=("周红", " 周红 "))),
        ("time", entry(made, 2, 1, handed_in_at=future)),
        ("invalid", entry(made, 2, 1, invalid="other")),
        ("option", entry(made, 2, 1, marks=Marks(picked=["1", "2"]))),
        ("option", entry(made, 2, 1, marks=Marks(picked=[str(other.rules["options"][0]["id"])]))),
    ):
        refused(code, entries.enter, clerk, made, typed)
    refused("own", entries.enter, world.actor("resident"), made, entry(made, 2, 1))
    assert papers.find(made, 2).state == "issued"
    assert scalars(select(Receipt.number).filter_by(ballot_id=made.id)) == [1]


def test_late_papers_are_invalid_and_listed(app: Flask, world: World) -> None:
    made = on_paper(world)
    with clock.at(made.closes_at + HOUR):
        late = entry(made, 1, 2, handed_in_at=made.closes_at)
        assert type_twice(world, made, late) == "invalid"
        in_time = entry(made, 2, 3, handed_in_at=made.closes_at - MINUTE)
        assert type_twice(world, made, in_time) == "counted"
        blank = entry(made, 3, None, invalid="blank", handed_in_at=made.closes_at - MINUTE)
        assert type_twice(world, made, blank) == "invalid"
    with clock.at(made.closes_at + 25 * HOUR):
        refused("entries_over", entries.enter, world.actor("secretary"), made, entry(made, 4, 1))
    with clock.at(made.closes_at + 25 * HOUR):
        sealing.run()
    db.session.refresh(made)
    said = made.closing["papers"]
    assert (said["issued"], said["not_returned"], said["counted"]) == (9, 6, 1)
    assert said["not_counted"] == [
        {"serial": 1, "state": "invalid", "reason": "late"},
        {"serial": 3, "state": "invalid", "reason": "blank"},
    ]
    refused("closed", entries.enter, world.actor("secretary"), made, entry(made, 4, 1))
    assert check(bundle(made), made.closing_hash)["channels"] == {"paper": 1}


def test_no_ballot_is_sealed_while_papers_are_open(app: Flask, world: World) -> None:
    made = on_paper(world)
    entries.enter(world.actor("secretary"), made, entry(made, 1, 2))
    db.session.commit()
    refused("running", paper_done.declare, world.actor("secretary"), made)
    with clock.at(made.closes_at + HOUR):
        refused("papers", close_now, made)
        refused("papers", paper_done.declare, world.actor("secretary"), made)
        sealing.run()
        assert db.session.get(Ballot, made.id, populate_existing=True).sealed_at is None
        refused("reason", paper_done.void, world.actor("secretary"), made, "")
        assert paper_done.void(world.actor("secretary"), made, "纸张遗失") == 0
        db.session.commit()
        refused("second_person", paper_done.void, world.actor("secretary"), made, "")
        assert paper_done.void(world.actor("deputy"), made, "") == 1
        db.session.commit()
        refused("papers_coming", close_now, made)
        assert not paper_done.declare(world.actor("secretary"), made)
        db.session.commit()
        refused("second_person", paper_done.declare, world.actor("secretary"), made)
        assert paper_done.declare(world.actor("deputy"), made)
        paper_done.name_counters(world.actor("deputy"), made, "周红，社区主任\n\n王桂兰，居民代表")
        db.session.commit()
        refused("entries_over", entries.enter, world.actor("secretary"), made, entry(made, 2, 1))
        sealing.run()
    db.session.refresh(made)
    assert made.closing["papers"]["counters"] == ["周红，社区主任", "王桂兰，居民代表"]
    assert made.closing["papers"]["not_counted"] == [
        {"serial": 1, "state": "void", "reason": "undecided"}
    ]
    refused("sealed", paper_done.name_counters, world.actor("deputy"), made, "别人")


def close_now(made: Ballot) -> None:
    closing.close(made.id)


@pytest.mark.parametrize(
    ("rule", "paper_first", "stays"),
    [
        ("", False, "online"),
        ("first", False, "online"),
        ("first", True, "paper"),
        ("last", False, "paper"),
        ("last", True, "online"),
        ("paper", False, "paper"),
        ("paper", True, "paper"),
    ],
)
def test_one_right_online_and_on_paper(
    app: Flask, world: World, rule: str, paper_first: bool, stays: str
) -> None:
    """The online vote is in the box; the paper is entered afterwards."""
    made = on_paper(world, duplicates=rule)
    online(world, made, "resident", 1, 0)
    with clock.at(clock.now() + HOUR):
        at = clock.now() - (2 * HOUR if paper_first else MINUTE)
        state = type_twice(world, made, entry(made, 1, 1, 1, handed_in_at=at))
    assert state == ("counted" if stays == "paper" else "struck")
    found = used(made, 1)
    assert found.channel == stays
    assert found.choice == str(made.rules["options"][stays == "paper"]["id"])
    db.session.refresh(made)
    assert made.turnout == 1
    assert receipts.in_force(made) == {stays: 1}
    numbers = scalars(select(Receipt.strikes).filter_by(ballot_id=made.id))
    assert numbers == ([None, 1] if stays == "paper" else [None])


@pytest.mark.parametrize(("rule", "stays"), [("first", "paper"), ("last", "online")])
def test_an_online_vote_after_a_paper(app: Flask, world: World, rule: str, stays: str) -> None:
    made = on_paper(world, duplicates=rule, changeable=False)
    type_twice(world, made, entry(made, 1, 1, 1))
    with clock.at(clock.now() + HOUR):
        if stays == "paper":
            refused("already", online, world, made, "resident", 1, 0)
        else:
            online(world, made, "resident", 1, 0)
    assert used(made, 1).channel == stays
    sheet = papers.find(made, 1)
    assert (sheet.state, sheet.reason) == (
        ("counted", "") if stays == "paper" else ("struck", "last")
    )
    db.session.refresh(made)
    assert receipts.in_force(made) == {stays: 1}


@pytest.mark.parametrize(
    ("rule", "counts"), [("first", "counted"), ("paper", "counted"), ("last", "struck")]
)
def test_two_papers_of_one_right(app: Flask, world: World, rule: str, counts: str) -> None:
    made = on_paper(world, duplicates=rule)
    now = clock.now()
    type_twice(world, made, entry(made, 1, 1, 1, handed_in_at=now - HOUR))
    type_twice(world, made, entry(made, 2, 1, 0, handed_in_at=now - MINUTE))
    assert papers.find(made, 1).state == counts
    assert {papers.find(made, n).state for n in (1, 2)} == {"counted", "struck"}
    db.session.refresh(made)
    assert made.turnout == 1


def test_a_box_without_names_keeps_what_is_in_it(app: Flask, world: World) -> None:
    made = on_paper(world, duplicates="paper", secrecy="detached", changeable=False)
    online(world, made, "resident", 1, 0)
    assert type_twice(world, made, entry(made, 1, 1, 1)) == "struck"
    assert type_twice(world, made, entry(made, 2, 2, 1)) == "counted"
    assert papers.find(made, 1).reason == "detached"
    assert used(made, 2).choice is None
    [urn] = scalars(select(Urn.choices).filter_by(ballot_id=made.id))
    assert len(json.loads(urn)) == 2
    choices = db.session.execute(text("SELECT first_typed, second_typed FROM sheet")).all()
    assert {cell for row in choices for cell in row} == {None}
    db.session.commit()


def test_a_named_ballot_keeps_what_was_read(app: Flask, world: World) -> None:
    made = on_paper(world, secrecy="named", area=True)
    type_twice(world, made, entry(made, 1, 2, 1))
    sheet = papers.find(made, 1)
    assert sheet.first_typed == sheet.second_typed
    assert json.loads(sheet.first_typed)["right"] == 2


def test_a_right_that_is_struck_takes_its_paper_along(app: Flask, world: World) -> None:
    made = on_paper(world)
    type_twice(world, made, entry(made, 1, 2, 1))
    change = roll_changes.propose(
        world.actor("secretary"),
        db.session.get_one(Roll, made.roll_id),
        "struck",
        reason="重复登记",
        data={"number": 2},
    )
    roll_changes.confirm(world.actor("deputy"), change.id)
    db.session.commit()
    sheet = papers.find(made, 1)
    assert (sheet.state, sheet.reason) == ("struck", "right_struck")
    refused("no_right", entries.enter, world.actor("secretary"), made, entry(made, 2, 2))


def test_a_call_is_entered_with_witness_and_reason(app: Flask, world: World) -> None:
    made = on_paper(world)
    clerk = world.actor("secretary")
    one = Marks(picked=[str(made.rules["options"][0]["id"])])
    said = {"witness": WITNESSES[0], "reason": "视力不便"}
    for code, values in (
        ("channel", {"channel": "online"}),
        ("channel", {"channel": "paper"}),
        ("witness", {"witness": " "}),
        ("reason", {"reason": ""}),
        ("no_right", {"number": 9}),
        ("option", {"marks": Marks(picked=["0"])}),
    ):
        given = {"channel": "telephone", "number": 3, "marks": one} | said | values
        refused(code, assisting.enter, clerk, made, **given)
    refused("own", assisting.enter, world.actor("resident"), made, "assisted", 1, one, **said)
    sheet = assisting.enter(clerk, made, "telephone", 3, one, **said)
    db.session.commit()
    assert (sheet.serial, sheet.state, used(made, 3).channel) == (10, "counted", "telephone")
    told = db.session.execute(
        text(
            "SELECT kind FROM message JOIN inbox_item ON message_id = message.id"
            " WHERE person_id = :who"
        ),
        {"who": world.elsewhere.id},
    ).all()
    assert [row[0] for row in told] == ["ballots.entered"]
    db.session.commit()
    assisting.enter(clerk, made, "assisted", 4, one, **said)
    db.session.commit()
    with clock.at(made.closes_at):
        refused("closed", assisting.enter, clerk, made, "assisted", 2, one, **said)
    with clock.at(made.closes_at + 25 * HOUR):
        sealing.run()
    db.session.refresh(made)
    assert made.closing["channels"] == {"telephone": 1, "assisted": 1}


def test_a_rehearsal_types_papers_of_test_voters(app: Flask, world: World) -> None:
    made = on_paper(world, rehearsal=True)
    assert type_twice(world, made, entry(made, 1, 20, 1)) == "counted"
    refused("no_right", entries.enter, world.actor("secretary"), made, entry(made, 2, 21))
    with clock.at(made.closes_at + 25 * HOUR):
        sealing.run()
    db.session.refresh(made)
    assert made.closing["rehearsal"] is True
    assert made.closing["papers"]["counted"] == 1


def test_without_a_roll_there_is_no_paper(app: Flask, world: World) -> None:
    made = ballot(world.erlong)
    until = made.closes_at + HOUR
    refused("no_roll", papers.issue, world.actor("secretary"), made, count=1, entries_until=until)
    fit = on_paper(world)
    for count in (0, -1, papers.MOST + 1):
        refused(
            "count", papers.issue, world.actor("secretary"), fit, count=count, entries_until=until
        )
    first, last = papers.issue(
        world.actor("secretary"), fit, count=0, entries_until=until, each_right=True
    )
    assert (first, last) == (10, 13)
    sheet = db.session.get_one(Sheet, (fit.id, 11))
    assert sheet.printed_for == 2
    refused("other_right", entries.enter, world.actor("secretary"), fit, entry(fit, 11, 3))
    assert close(made).sealed_at is not None


def test_two_people_close_nothing_while_a_paper_is_open(app: Flask, world: World) -> None:
    made = on_paper(world, formal=True)
    entries.enter(world.actor("secretary"), made, entry(made, 1, 2))
    db.session.commit()
    with clock.at(made.closes_at + 25 * HOUR):
        refused("papers", steps.propose, world.actor("secretary"), made, "close")
        entries.enter(world.actor("deputy"), made, entry(made, 1, 2, handed_in_at=earlier(made)))
        db.session.commit()
        assert papers.find(made, 1).state == "counted"
        steps.propose(world.actor("secretary"), made, "close")
        steps.confirm(world.actor("deputy"), made, "close")
        db.session.commit()
    db.session.refresh(made)
    assert made.closing["channels"] == {"paper": 1}


def earlier(made: Ballot) -> datetime:
    """When the first clerk says that it was handed in."""
    [at] = scalars(select(Sheet.handed_in_at).filter_by(ballot_id=made.id, serial=1))
    return at


def test_an_extension_lets_papers_come_longer(app: Flask, world: World) -> None:
    made = on_paper(world)
    until = made.closes_at + timedelta(days=9)
    opening.extend(world.actor("secretary"), made, until, "停电")
    db.session.commit()
    with clock.at(until - HOUR):
        assert type_twice(world, made, entry(made, 1, 2, 1)) == "counted"
    with clock.at(until):
        refused("entries_over", entries.enter, world.actor("secretary"), made, entry(made, 2, 1))


def test_who_is_replaced_by_a_paper_is_told(app: Flask, world: World) -> None:
    made = on_paper(world, duplicates="paper")
    online(world, made, "resident", 1, 0)
    type_twice(world, made, entry(made, 1, 1, 1))
    query = text("SELECT kind FROM message JOIN inbox_item ON message_id = message.id")
    assert [row[0] for row in db.session.execute(query)] == ["ballots.entered"]
    db.session.commit()
