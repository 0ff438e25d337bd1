"""Juries: each group scores apart, and a stranger weighs their means again, exactly."""

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from civic.identities.models import Person
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.procedures import loading, services
from civic.procedures import services as procedures
from civic.voting import combining, juries, opening, panels, roll_call, steps, voters
from civic.voting import services as voting
from civic.voting.canonical import fingerprint
from civic.voting.electorate import Holder, Right
from civic.voting.models import CLOSED, PUBLISHED, Ballot
from civic.voting.panels import Panel, PanelPart
from civic.voting.rolls import Roll
from civic.voting.verifying import program
from tests.factories import World, actor, person, scalars
from tests.pages import text_of
from tests.voting.boxes import bundle, check, close, marks
from tests.voting.test_drafts import DESK, drafted, entered, local

Login = Callable[[Person | None], FlaskClient]


def judges(world: World, count: int, unit: str, *more: Person) -> tuple[Roll, list[Person]]:
    people = [*more, *(person(f"评委{number}") for number in range(count - len(more)))]
    entries = [
        Right(key=f"{unit}:{who.id}", label="评*", holders=(Holder(person_id=who.id),))
        for who in people
    ]
    roll = roll_call.draw(
        world.actor("secretary"), world.erlong, unit=unit, rule={"unit": unit}, entries=entries
    )
    roll_call.freeze(world.actor("deputy"), roll.id)
    db.session.commit()
    return roll, people


def score(made: Ballot, who: Person, world: World, points: dict[int, int] | None) -> None:
    ids = [option["id"] for option in made.rules["options"]]
    right = voters.voter(actor(who), made, world.erlong.path).find("").right
    voting.put(made, right, marks("score", ids, points))
    db.session.commit()


@pytest.fixture
def jury(app: Flask, world: World, login: Login) -> tuple[list[Ballot], list[list[Person]]]:
    """Two drafts, written by the office over its pages: five experts and thirty residents."""
    loading.sync()
    db.session.commit()
    experts, first = judges(world, 5, "seat")
    residents, second = judges(world, 30, "person")
    rolls = [experts.id, residents.id]
    client = login(world.secretary)
    values = {
        "procedure": "project_score",
        "kind": "score",
        "options": "助老送餐\n儿童画室\n楼道花园",
        "low": "0",
        "high": "100",
        "secrecy": "named",
        "seats": "1",
        "method": "score",
        "opens_at": local(2),
        "closes_at": local(5),
    }
    nobody = client.post(f"{DESK}new", data=entered(**values | {"roll": rolls[0]}))
    assert nobody.status_code == 422
    page = drafted(client, **values, roll=rolls[0], part="experts")
    assert "box-stop" in text_of(client.get(page))
    sent = client.post(f"{page}/twin", data={"part": "residents"})
    assert sent.status_code == 303
    assert client.post(f"{page}/twin", data={"part": "residents"}).status_code == 422
    written = entered(**values | {"roll": rolls[1], "question": "项目打分"})
    assert client.post(sent.location, data=written).status_code == 303
    assert "box-done" in text_of(client.get(page))
    ballots = list(scalars(select(Ballot).order_by(Ballot.id)))
    for one in ballots:
        opening.fix(one)
    db.session.commit()
    return ballots, [first, second]


def publish(world: World, made: Ballot) -> None:
    steps.propose(world.actor("secretary"), made, PUBLISHED)
    steps.confirm(world.actor("deputy"), made, PUBLISHED)
    db.session.commit()


def test_two_groups_are_weighed_exactly_and_a_stranger_does_it_again(
    app: Flask, world: World, jury: Any, tmp_path: Path, capsys: Any
) -> None:
    ballots, people = jury
    assert [one.rules["part"] for one in ballots] == ["experts", "residents"]
    with clock.at(ballots[0].opens_at):
        for number, who in enumerate(people[0]):
            # The last expert cannot judge the second project and leaves it out.
            points = {0: 80 + number, 1: 90, 2: 10}
            score(ballots[0], who, world, {k: v for k, v in points.items() if number < 4 or k != 1})
        for number, who in enumerate(people[1]):
            score(ballots[1], who, world, {0: 70, 1: number % 7, 2: 70} if number else None)
    close(ballots[0])
    with clock.at(ballots[0].closes_at), pytest.raises(Refused) as found:
        publish(world, ballots[0])
    assert found.value.code == "jury_running"
    db.session.rollback()
    close(ballots[1])
    with clock.at(ballots[0].closes_at):
        publish(world, ballots[0])
        assert combining.combined(ballots[0]) is None
        publish(world, ballots[1])
    panel = combining.combined(ballots[1])
    assert panel is not None
    record = panel.record
    assert record["valid"] is True
    assert record["options"][0]["means"] == {"experts": "82", "residents": "70"}
    assert record["options"][1]["means"]["experts"] == "90"
    weighed = Fraction(60, 100) * 82 + Fraction(40, 100) * 70
    assert Fraction(record["options"][0]["score"]) == weighed
    assert record["order"][0] == ["助老送餐"]
    files = []
    for one in ballots:
        db.session.refresh(one)
        check(bundle(one), one.closing_hash)
        files.append(tmp_path / f"ballot-{one.id}.jsonl")
        files[-1].write_bytes(bundle(one))
    verify = program().main
    names = [str(one) for one in files]
    assert verify([*names, "--combined", panel.record_hash]) == 0
    assert panel.record_hash in capsys.readouterr().out
    assert verify([*reversed(names), "--combined", panel.record_hash]) == 0
    assert verify([*names, "--combined", "0" * 64]) == 1
    assert verify([names[0], "--combined", panel.record_hash]) == 1
    assert verify([names[0], names[0]]) == 1
    number = ballots[0].id
    db.session.commit()
    with clock.at(ballots[0].closes_at):
        page = text_of(app.test_client().get(f"/c/erlonglu/ballots/{number}/result"))
    assert panel.record_hash in page
    assert "77.20" in page


def test_an_even_number_of_experts_makes_it_invalid(world: World, jury: Any) -> None:
    ballots, people = jury
    with clock.at(ballots[0].opens_at):
        for who in people[0][:4]:
            score(ballots[0], who, world, {0: 1, 1: 2, 2: 3})
        for who in people[1]:
            score(ballots[1], who, world, {0: 3, 1: 2, 2: 1})
    for one in ballots:
        close(one)
    with clock.at(ballots[0].closes_at):
        for one in ballots:
            publish(world, one)
    assert [one.closing["result"]["outcome"]["all"] for one in ballots] == ["inquorate", "counted"]
    panel = combining.combined(ballots[0])
    assert panel is not None
    assert panel.record["valid"] is False


def test_nobody_scores_in_both_groups_and_drafts_have_to_be_equal(
    app: Flask, world: World, jury: Any
) -> None:
    ballots, people = jury
    both, _people = judges(world, 30, "person", people[0][0])
    version = procedures.one_in_force("project_score")
    made = []
    for roll_id, closes in ((ballots[0].roll_id, 0), (both.id, 1)):
        draft = Ballot(
            community_id=world.erlong.id,
            formal=True,
            audience=[],
            question="打分",
            kind="score",
            method="score",
            secrecy="named",
            shows="published",
            limits={"low": 0, "high": 9 + closes},
            roll_id=roll_id,
            opens_at=ballots[0].opens_at,
            closes_at=ballots[0].closes_at,
            procedure=services.snapshot(version),
            options=[],
        )
        db.session.add(draft)
        made.append(draft)
    db.session.flush()
    panels.begin(made[0], "experts")
    mine = db.session.get_one(PanelPart, made[0].id)
    db.session.add(PanelPart(ballot_id=made[1].id, panel_id=mine.panel_id, measure="residents"))
    db.session.flush()
    for code in ("jury_differs", "jury_both"):
        with pytest.raises(Refused) as found:
            panels.check(made[0])
        assert found.value.code == code
        made[1].limits = made[0].limits
        db.session.flush()
    for one in made:
        panels.leave(one.id)
    assert scalars(select(Panel.id).where(Panel.id == mine.panel_id)) == []


def test_a_rehearsal_of_a_group_is_scored_as_the_group_is(
    world: World, login: Login, app: Flask
) -> None:
    loading.sync()
    roll, _people = judges(world, 5, "seat")
    client = login(world.secretary)
    page = drafted(
        client,
        procedure="project_score",
        kind="score",
        options="甲\n乙",
        low="0",
        high="10",
        secrecy="named",
        seats="1",
        method="score",
        roll=roll.id,
        part="experts",
    )
    # The other group is not drafted yet, which no rehearsal waits for.
    assert client.post(f"{page}/rehearse").status_code == 303
    made = scalars(select(Ballot).order_by(Ballot.id.desc()))[0]
    assert (made.rehearsal, made.rules["part"]) == (True, "experts")
    number = made.id
    db.session.commit()
    assert client.post(f"{DESK}{number}/discard").status_code == 303
    assert client.post(f"{page}/remove").status_code == 303
    assert scalars(select(PanelPart.ballot_id)) == scalars(select(Panel.id)) == []


SCORES = st.lists(
    st.one_of(st.none(), st.dictionaries(st.integers(0, 2), st.integers(-3, 9), min_size=1)),
    max_size=6,
)


@settings(max_examples=60, deadline=None)
@given(SCORES, SCORES, st.integers(0, 10))
def test_two_programs_weigh_the_same(one: Any, two: Any, share: int) -> None:
    data = {
        "id": "x",
        "pass": {
            "kind": "weighted",
            "weights": [
                {"measure": "experts", "num": share, "den": 10},
                {"measure": "residents", "num": 10 - share, "den": 10},
            ],
        },
    }
    parts = []
    for name, papers, first in (("experts", one, 1), ("residents", two, 11)):
        heads: dict[str, int] = {}
        for paper in papers:
            said = paper and {str(first + place): value for place, value in paper.items()}
            text = json.dumps(said, sort_keys=True)
            heads[text] = heads.get(text, 0) + 1
        options = [{"id": first + place, "text": "甲乙丙"[place]} for place in range(3)]
        rules = {"part": name, "ballot": first, "options": options, "rehearsal": False}
        closing = {"ballot": first, "result": {"outcome": {"all": "counted"}}}
        parts.append((rules | {"procedure": {"data": data}}, heads, closing))
    ours = juries.combine([juries.Part(r, h, c, fingerprint(c)) for r, h, c in parts])
    assert ours == program().combine(parts) == program().combine(parts[::-1])


def test_closing_is_an_act_of_two_for_each_group(world: World, jury: Any) -> None:
    ballots, _people = jury
    with clock.at(ballots[0].closes_at):
        steps.propose(world.actor("secretary"), ballots[0], CLOSED)
        with pytest.raises(Refused) as found:
            steps.confirm(world.actor("secretary"), ballots[0], CLOSED)
    assert found.value.code == "second_person"
