"""Casting and counting, on both databases."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.voting import casting, outcomes
from civic.voting.box import UsedRight
from civic.voting.models import Ballot, BallotOption
from tests.factories import World, consultation


def ballot_of(world: World, **kwargs: object) -> tuple[Ballot, list[int]]:
    case = consultation(world.erlong, **{"stage": "voting", **kwargs})
    ids = [option.id for option in case.ballot.options]
    return case.ballot, ids


def cast(world: World, role: str, ballot: Ballot, option: int | None) -> None:
    casting.cast(world.actor(role), ballot, world.erlong.path, option)
    db.session.commit()


def test_one_vote_each_changed_until_the_close(app: Flask, world: World) -> None:
    ballot, ids = ballot_of(world)
    cast(world, "resident", ballot, ids[0])
    cast(world, "resident", ballot, ids[1])
    cast(world, "neighbour", ballot, None)
    votes = db.session.execute(
        select(UsedRight.person_id, UsedRight.choice, UsedRight.changed_at)
    ).all()
    by_person = {row[0]: row for row in votes}
    assert by_person[world.resident.id][1] == str(ids[1])
    assert by_person[world.resident.id][2] is not None
    assert by_person[world.neighbour.id][1] == "null"
    assert db.session.scalar(select(Ballot.turnout)) == 2


def test_no_result_before_the_close_then_with_its_base(app: Flask, world: World) -> None:
    ballot, ids = ballot_of(world)
    texts = dict(db.session.execute(select(BallotOption.id, BallotOption.text)).all())
    cast(world, "resident", ballot, ids[0])
    cast(world, "neighbour", ballot, None)
    with pytest.raises(Refused) as refused:
        outcomes.result(ballot, texts)
    assert refused.value.code == "running"
    clock.shift(timedelta(days=2))
    result = outcomes.result(ballot, texts)
    assert (result.took_part, result.abstained, result.base) == (2, 1, 1)
    assert list(result.leaders) == ["东侧"]


@pytest.mark.parametrize(
    ("role", "code"),
    [
        ("anonymous", "sign_in"),
        ("minor", "minor"),
        ("worker", "audience"),
        ("elsewhere", "audience"),
        ("secretary", "audience"),
    ],
)
def test_who_may_not_vote(app: Flask, world: World, role: str, code: str) -> None:
    ballot, ids = ballot_of(world)
    with pytest.raises(Refused) as refused:
        cast(world, role, ballot, ids[0])
    assert refused.value.code == code
    assert db.session.scalar(select(func.count()).select_from(UsedRight)) == 0


def test_a_level_below_two_does_not_vote(app: Flask, world: World) -> None:
    from tests.factories import person, standing

    world.people["stranger"] = person("生人")
    standing(world.people["stranger"], world.gate, level=1)
    ballot, ids = ballot_of(world)
    with pytest.raises(Refused) as refused:
        cast(world, "stranger", ballot, ids[0])
    assert refused.value.code == "level"


@pytest.mark.parametrize(("stage", "code"), [("deliberating", "not_open"), ("closed", "closed")])
def test_the_box_is_open_between_its_times_only(
    app: Flask, world: World, stage: str, code: str
) -> None:
    ballot, ids = ballot_of(world, stage=stage)
    with pytest.raises(Refused) as refused:
        cast(world, "resident", ballot, ids[0])
    assert refused.value.code == code


def test_an_option_of_another_ballot_is_refused(app: Flask, world: World) -> None:
    ballot, _ids = ballot_of(world)
    _other, foreign = ballot_of(world)
    for option in (foreign[0], 0, 10**9):
        with pytest.raises(Refused) as refused:
            cast(world, "resident", ballot, option)
        assert refused.value.code == "option"
        db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(UsedRight)) == 0
    assert db.session.scalar(select(Ballot.turnout).filter_by(id=ballot.id)) == 0
