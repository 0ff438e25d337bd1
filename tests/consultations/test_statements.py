"""Statements: offered once, answered once each, tallies that always fit."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import count

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from civic.consultations import rounds, statements
from civic.consultations.models import Consultation, Participant, Statement, StatementVote
from civic.identities.models import Person
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.moderation import services as moderation
from tests.factories import World, consultation, rows, scalars
from tests.pages import text_of

Login = Callable[[Person | None], FlaskClient]
TALLY = (Statement.agrees, Statement.disagrees, Statement.passes)


@pytest.fixture
def case(app: Flask, world: World) -> Consultation:
    return consultation(world.erlong)


def offer(world: World, case: Consultation, role: str, words: str) -> Statement:
    try:
        made = statements.offer(world.actor(role), world.erlong, case, words)
    except Refused:
        db.session.rollback()
        raise
    db.session.commit()
    return made


def answer(world: World, case: Consultation, role: str, statement_id: int, choice: int) -> None:
    try:
        statements.vote(world.actor(role), world.erlong, case, statement_id, choice)
    except Refused:
        db.session.rollback()
        raise
    db.session.commit()


def tally(statement: Statement) -> tuple[int, ...]:
    return rows(select(*TALLY).filter_by(id=statement.id))[0]


def test_whoever_offers_agrees(world: World, case: Consultation) -> None:
    made = offer(world, case, "resident", "  先装\n两个桩。 ")
    assert made.text == "先装 两个桩。"
    assert tally(made) == (1, 0, 0)
    query = select(Consultation.statement_count, Consultation.participant_count)
    assert rows(query.filter_by(id=case.id)) == [(1, 1)]


def test_the_same_words_are_offered_once(world: World, case: Consultation) -> None:
    first = offer(world, case, "resident", "先装两个桩。")
    for words in ("先装两个桩。", " 先装两个桩！ ", "先装两个桩"):
        assert offer(world, case, "resident", words).id == first.id
        with pytest.raises(Refused) as refused:
            offer(world, case, "neighbour", words)
        assert refused.value.code == "offered"
    assert tally(first) == (1, 0, 0)
    assert scalars(select(Consultation.statement_count).filter_by(id=case.id)) == [1]
    elsewhere = consultation(world.erlong)
    assert offer(world, elsewhere, "neighbour", "先装两个桩。").id != first.id


@pytest.mark.parametrize(
    ("words", "code"), [("", "empty"), ("\u3000\n", "empty"), ("长" * 141, "too_long")]
)
def test_what_is_no_statement(world: World, case: Consultation, words: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        offer(world, case, "resident", words)
    assert refused.value.code == code
    assert scalars(select(Participant.id)) == []
    assert offer(world, case, "resident", "长" * 140)


def test_ten_in_an_hour_and_then_a_rest(world: World, case: Consultation) -> None:
    for number in range(10):
        offer(world, case, "resident", f"第{number}个想法")
    with pytest.raises(Refused) as refused:
        offer(world, case, "resident", "第十一个想法")
    assert refused.value.code == "too_many"
    offer(world, case, "neighbour", "邻居的想法")
    clock.shift(timedelta(hours=1))
    offer(world, case, "resident", "第十一个想法")


@pytest.mark.parametrize("role", ["anonymous", "elsewhere", "worker", "secretary"])
def test_only_those_who_are_asked_are_counted(world: World, case: Consultation, role: str) -> None:
    made = offer(world, case, "resident", "先装两个桩。")
    with pytest.raises(Refused) as refused:
        answer(world, case, role, made.id, statements.AGREE)
    assert refused.value.code in {"sign_in", "audience"}
    with pytest.raises(Refused):
        offer(world, case, role, "别的想法")
    assert tally(made) == (1, 0, 0)


@pytest.mark.parametrize("stage", ["scheduled", "closed"])
def test_before_and_after_nobody_answers(world: World, stage: str) -> None:
    case = consultation(world.erlong, stage=stage)
    with pytest.raises(Refused):
        offer(world, case, "resident", "太晚")


def test_an_answer_is_replaced_not_added(world: World, case: Consultation) -> None:
    made = offer(world, case, "resident", "先装两个桩。")
    for choice, expected in (
        (statements.AGREE, (2, 0, 0)),
        (statements.AGREE, (2, 0, 0)),
        (statements.DISAGREE, (1, 1, 0)),
        (statements.PASS, (1, 0, 1)),
        (statements.AGREE, (2, 0, 0)),
    ):
        answer(world, case, "neighbour", made.id, choice)
        assert tally(made) == expected


@pytest.mark.parametrize("choice", [2, -2])
def test_there_are_three_answers(world: World, case: Consultation, choice: int) -> None:
    made = offer(world, case, "resident", "先装两个桩。")
    with pytest.raises(Refused) as refused:
        answer(world, case, "neighbour", made.id, choice)
    assert refused.value.code == "choice"


def test_a_statement_of_another_case_is_not_answered_here(world: World, case: Consultation) -> None:
    foreign = offer(world, consultation(world.erlong), "resident", "先装两个桩。")
    for statement_id in (foreign.id, 0, 2**31 - 1):
        with pytest.raises(Refused) as refused:
            answer(world, case, "neighbour", statement_id, statements.AGREE)
        assert refused.value.code == "no_statement"
    assert tally(foreign) == (1, 0, 0)


CHOICES = {1: "agrees", -1: "disagrees", 0: "passes"}
turns = count()
acts = st.lists(
    st.tuples(
        st.sampled_from(["resident", "neighbour", "minor"]),
        st.integers(0, 3),
        st.sampled_from(sorted(CHOICES)),
    ),
    max_size=25,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(given_acts=acts)
def test_tallies_equal_a_recount_of_the_latest_answers(
    sqlite_app: Flask, world_on_sqlite: World, given_acts: list[tuple[str, int, int]]
) -> None:
    world = world_on_sqlite
    clock.shift(timedelta(hours=2) * next(turns))  # past the limit of an hour
    case = consultation(world.erlong)
    made = [offer(world, case, "resident", f"想法{number}") for number in range(4)]
    latest = {(statement.id, "resident"): 1 for statement in made}
    for role, number, choice in given_acts:
        answer(world, case, role, made[number].id, choice)
        latest[made[number].id, role] = choice
    for statement in made:
        recount = Counter(
            choice
            for (statement_id, _role), choice in latest.items()
            if statement_id == statement.id
        )
        stored = select(StatementVote.choice, func.count()).filter_by(statement_id=statement.id)
        assert dict(rows(stored.group_by(StatementVote.choice))) == recount
        assert tally(statement) == tuple(recount[choice] for choice in CHOICES)


@pytest.fixture
def world_on_sqlite(sqlite_app: Flask) -> World:
    from tests.factories import build_world

    return build_world()


def shown_to(world: World, case: Consultation, role: str) -> rounds.Next:
    found = rounds.next_for(case.id, world.people[role].id)
    db.session.commit()
    return found


def test_each_is_asked_once_until_none_is_left(world: World, case: Consultation) -> None:
    made = {offer(world, case, "resident", f"想法{number}").id for number in range(5)}
    seen = []
    for number in range(5):
        following = shown_to(world, case, "neighbour")
        assert (following.answered, following.total) == (number, 5)
        seen.append(following.statement.id)
        answer(world, case, "neighbour", seen[-1], statements.PASS)
    assert set(seen) == made
    assert shown_to(world, case, "neighbour").statement is None
    assert shown_to(world, case, "resident").statement is None


def test_a_hidden_one_is_neither_drawn_nor_answered(
    app: Flask, world: World, case: Consultation
) -> None:
    made = offer(world, case, "resident", "王某某没有交停车费")
    with app.test_request_context(method="POST"):
        moderation.hide(
            world.actor("secretary"), world.erlong, "statement", made.id, reason="personal_data"
        )
        db.session.commit()
    assert shown_to(world, case, "neighbour").statement is None
    with pytest.raises(Refused) as refused:
        answer(world, case, "neighbour", made.id, statements.AGREE)
    assert refused.value.code == "no_statement"


def test_answering_by_page_and_by_part(world: World, case: Consultation, login: Login) -> None:
    made = [offer(world, case, "resident", f"想法{number}。") for number in range(2)]
    client = login(world.neighbour)
    address = f"/c/erlonglu/consultations/{case.id}/"
    form = {"statement": made[0].id, "answer": "disagree"}
    response = client.post(f"{address}statements/answer", data=form)
    assert (response.status_code, response.location) == (303, f"{address}#statement")
    page = text_of(client.get(address))
    assert "想法1。" in page
    part = client.post(
        f"{address}statements/answer",
        data={"statement": made[1].id, "answer": "pass"},
        headers={"HX-Request": "true"},
    )
    assert part.status_code == 200
    assert "HX-Request" in part.headers["Vary"]
    assert "<html" not in text_of(part)
    assert 'id="statement"' in text_of(part)
    assert [tally(statement) for statement in made] == [(1, 1, 0), (1, 0, 1)]


def test_one_changes_an_answer_in_the_list(world: World, case: Consultation, login: Login) -> None:
    made = offer(world, case, "resident", "先装两个桩。")
    client = login(world.resident)
    address = f"/c/erlonglu/consultations/{case.id}/statements/"
    assert 'aria-pressed="true"' in text_of(client.get(address))
    form = {"statement": made.id, "answer": "disagree", "back": "list"}
    response = client.post(f"{address}answer", data=form)
    assert response.location == f"{address}#statement-{made.id}"
    assert tally(made) == (0, 1, 0)


@pytest.mark.parametrize("answered", ["maybe", "", "1"])
def test_an_answer_that_is_none_is_refused_with_a_page(
    world: World, case: Consultation, login: Login, answered: str
) -> None:
    made = offer(world, case, "resident", "先装两个桩。")
    form = {"statement": made.id, "answer": answered}
    address = f"/c/erlonglu/consultations/{case.id}/statements/answer"
    assert login(world.neighbour).post(address, data=form).status_code == 422
    assert tally(made) == (1, 0, 0)


def test_words_of_an_offer_that_is_refused_are_kept(
    world: World, case: Consultation, login: Login
) -> None:
    offer(world, case, "neighbour", "先装两个桩。")
    address = f"/c/erlonglu/consultations/{case.id}/statements/"
    response = login(world.resident).post(address, data={"words": "先装两个桩！"})
    assert response.status_code == 409
    assert 'value="先装两个桩！"' in text_of(response)
    assert 'id="words-error"' in text_of(response)


def test_nobody_is_shown_a_card_that_they_cannot_answer(
    world: World, case: Consultation, login: Login
) -> None:
    offer(world, case, "resident", "先装两个桩。")
    address = f"/c/erlonglu/consultations/{case.id}/"
    for role, card in (("neighbour", True), ("elsewhere", False), ("secretary", False)):
        page = text_of(login(world.people[role]).get(address))
        assert ("statements/answer" in page) == card


def test_a_tally_below_zero_is_refused_by_the_database(world: World, case: Consultation) -> None:
    from sqlalchemy.exc import IntegrityError

    made = offer(world, case, "resident", "先装两个桩。")
    with pytest.raises(IntegrityError):
        db.session.execute(update(Statement).where(Statement.id == made.id).values(agrees=-1))
    db.session.rollback()
