"""What a ballot refuses, each with its code, and nothing is stored."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.voting import codes, services
from civic.voting.box import Receipt, UsedRight
from civic.voting.choices import Marks
from civic.voting.models import Ballot
from tests.factories import World, scalars
from tests.voting.boxes import ballot, bundle, check, close, vote
from tests.voting.test_closing import KINDS

#: Places of options, as `{place}`; a name of another ballot's as `{other}`.
HOSTILE: list[tuple[str, dict[str, Any], str]] = [
    ("one", {"picked": ["{other}"]}, "option"),
    ("one", {"picked": ["{0}", "{1}"]}, "option"),
    ("one", {"picked": []}, "option"),
    ("one", {"picked": ["0"]}, "option"),
    ("one", {"picked": ["' OR 1=1 --"]}, "option"),
    ("one", {"picked": ["{0}"], "values": {"{1}": "1"}}, "option"),
    ("items", {"values": {"{other}": "agree"}}, "option"),
    ("items", {"values": {"{0}": "maybe"}}, "option"),
    ("items", {"picked": ["{0}"]}, "option"),
    ("approval", {"picked": ["{0}", "{0}"]}, "option"),
    ("approval", {"picked": ["{0}", "{other}"]}, "option"),
    ("approval", {"picked": []}, "too_few"),
    ("approval", {"picked": ["{0}", "{1}", "{2}"]}, "too_many"),
    ("score", {"values": {"{0}": "-1"}}, "points"),
    ("score", {"values": {"{0}": "4"}}, "points"),
    ("score", {"values": {"{0}": "1e9"}}, "points"),
    ("score", {"values": {"{0}": "9" * 400}}, "points"),
    ("score", {"values": {}}, "empty"),
    ("dots", {"values": {"{0}": "-3", "{1}": "8"}}, "dots"),
    ("dots", {"values": {"{0}": "3", "{1}": "3"}}, "too_many"),
    ("dots", {"values": {"{0}": "0"}}, "empty"),
    ("ranking", {"values": {"{0}": "1", "{1}": "1"}}, "ties"),
    ("ranking", {"values": {"{0}": "0"}}, "rank"),
    ("ranking", {"values": {"{0}": "4"}}, "rank"),
    ("ranking", {"values": {"{0}": "first"}}, "rank"),
    ("ranking", {"values": {"{other}": "1"}}, "option"),
    ("ranking", {"values": {}}, "too_few"),
    ("budget", {"picked": ["{0}", "{1}"]}, "budget"),
]
LIMITS = {"approval": {"max": 2}, "ranking": {"ties": 0}, "budget": {"voter_total": 100}}


def named(made: Ballot, other: Ballot, sent: dict[str, Any]) -> Marks:
    names = [str(option["id"]) for option in made.rules["options"]]
    foreign = str(other.rules["options"][0]["id"])

    def name(text: str) -> str:
        return text.format(*names, other=foreign) if text.startswith("{") else text

    return Marks(
        picked=[name(one) for one in sent.get("picked", [])],
        values={name(one): value for one, value in sent.get("values", {}).items()},
    )


def right(world: World) -> services.Right:
    return services.Right(key=services.key_of(world.resident.id), person_id=world.resident.id)


def refused(made: Ballot, by: services.Right, marks: Marks, token: str | None = None) -> str:
    with pytest.raises(Refused) as found:
        services.put(made, by, marks, token=token)
    db.session.rollback()
    assert str(found.value)
    return found.value.code


def nothing_stored() -> bool:
    counts = [scalars(select(func.count()).select_from(table))[0] for table in (UsedRight, Receipt)]
    return counts == [0, 0] and set(scalars(select(Ballot.turnout))) == {0}


@pytest.mark.parametrize(("kind", "sent", "code"), HOSTILE)
def test_hostile_papers(app: Flask, world: World, kind: str, sent: Any, code: str) -> None:
    values = {**KINDS[kind]}
    values["limits"] = values.get("limits", {}) | LIMITS.get(kind, {})
    made = ballot(world.erlong, kind=kind, **values)
    other = ballot(world.erlong)
    assert refused(made, right(world), named(made, other, sent)) == code
    assert nothing_stored()


def test_a_token_of_another_ballot_right_or_nobody(app: Flask, world: World) -> None:
    made, other = ballot(world.erlong), ballot(world.erlong)
    mine = right(world)
    marks = Marks(abstains=True)
    for token in (
        codes.signed(other.id, mine.key),
        codes.signed(made.id, "person:999"),
        codes.fresh(),
        "x" * 5000,
        "AAAA-AAAA-AAAA.ü",
    ):
        assert refused(made, mine, marks, token) == "token"
    assert nothing_stored()


@pytest.mark.parametrize(("shift", "code"), [(-2, "not_open"), (2, "closed")])
def test_outside_its_time(app: Flask, world: World, shift: int, code: str) -> None:
    made = ballot(world.erlong)
    clock.shift(timedelta(days=shift))
    assert refused(made, right(world), Marks(abstains=True)) == code
    assert nothing_stored()


def test_once_means_once(app: Flask, world: World) -> None:
    made = ballot(world.erlong, secrecy="detached", changeable=False)
    code = vote(made, 0, world.resident)
    assert refused(made, right(world), Marks(abstains=True)) == "already"
    assert scalars(select(UsedRight.code)) == [code]
    assert scalars(select(Ballot.turnout)) == [1]


def test_a_paper_sent_twice_is_one_and_sent_with_another_choice_a_change(
    app: Flask, world: World
) -> None:
    made = ballot(world.erlong)
    ids = [str(option["id"]) for option in made.rules["options"]]
    mine = right(world)
    token = codes.signed(made.id, mine.key)
    first = services.put(made, mine, Marks(picked=ids[:1]), token=token)
    db.session.commit()
    again = services.put(made, mine, Marks(picked=ids[:1]), token=token)
    db.session.commit()
    assert (again.code, again.again, first.again) == (first.code, True, False)
    changed = services.put(made, mine, Marks(picked=ids[1:2]), token=token)
    db.session.commit()
    assert changed.code != first.code
    assert scalars(select(UsedRight.code)) == [changed.code]
    assert scalars(select(Receipt.strikes).order_by(Receipt.number)) == [None, 1]
    assert scalars(select(Ballot.turnout)) == [1]


def test_a_retry_after_the_close_gets_its_receipt_and_nothing_else_does(
    app: Flask, world: World
) -> None:
    made = ballot(world.erlong)
    mine = right(world)
    token = codes.signed(made.id, mine.key)
    first = services.put(made, mine, Marks(abstains=True), token=token)
    db.session.commit()
    clock.shift(timedelta(days=2))
    assert services.put(made, mine, Marks(abstains=True), token=token).code == first.code
    other = codes.signed(made.id, mine.key)
    assert refused(made, mine, Marks(abstains=True), other) == "closed"


def test_paper_handed_in_before_the_close_is_entered_until_it_is_sealed(
    app: Flask, world: World
) -> None:
    made = ballot(world.erlong)
    vote(made, 0, world.resident)
    clock.shift(timedelta(days=2))
    paper = services.Right(key="person:999", person_id=None)
    services.put(made, paper, Marks(abstains=True), channel="paper")
    db.session.commit()
    # One that came online is not replaced by one on paper: the procedure's rule decides first.
    with pytest.raises(Refused) as found:
        services.put(made, right(world), Marks(abstains=True), channel="paper")
    assert found.value.code == "already"
    db.session.rollback()
    close(made)
    assert check(bundle(made), made.closing_hash)["channels"] == {"online": 1, "paper": 1}
    assert refused(made, paper, Marks(abstains=True)) == "closed"
