"""The page of a case: ballot, secrecy before the close, the result after it."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from civic.consultations.models import Consultation
from civic.identities.models import Person
from civic.kernel import clock
from civic.kernel.db import db
from civic.voting.box import UsedRight
from civic.voting.models import BallotOption
from tests.factories import ROLES, World, cast, consultation, person, rows, scalars, standing
from tests.pages import text_of

Login = Callable[[Person | None], FlaskClient]


@pytest.fixture
def case(app: Flask, world: World) -> Consultation:
    return consultation(world.erlong, stage="voting")


def address(case: Consultation, tail: str = "") -> str:
    return f"/c/erlonglu/consultations/{case.id}/{tail}"


def paper(case: Consultation) -> list[int]:
    query = select(BallotOption.id).order_by(BallotOption.position)
    return scalars(query.filter_by(ballot_id=case.ballot_id))


def cast_many(world: World, case: Consultation, *counts: int, abstained: int = 0) -> None:
    """Let so many residents vote for each option."""
    for option, count in zip((*paper(case), None), (*counts, abstained), strict=True):
        for _ in range(count):
            who = person("邻居")
            standing(who, world.gate)
            cast(case.ballot, who, option)


def test_voting_by_page(world: World, case: Consultation, login: Login) -> None:
    client = login(world.resident)
    first, second, _ = paper(case)
    before = text_of(client.get(address(case)))
    assert f'name="option" value="{first}"' in before
    response = client.post(address(case, "vote"), data={"option": first})
    assert (response.status_code, response.location) == (303, address(case, "#vote"))
    page = text_of(client.get(address(case)))
    assert re.search(rf'value="{first}"[^>]*checked', page)
    client.post(address(case, "vote"), data={"option": second})
    page = text_of(client.get(address(case)))
    assert not re.search(rf'value="{first}"[^>]*checked', page)
    assert re.search(rf'value="{second}"[^>]*checked', page)
    client.post(address(case, "vote"), data={"option": "abstain"})
    assert re.search(r'value="abstain"[^>]*checked', text_of(client.get(address(case))))
    held = rows(select(UsedRight.person_id, UsedRight.choice))
    assert held == [(world.resident.id, "null")]


def test_voting_by_part(world: World, case: Consultation, login: Login) -> None:
    client = login(world.resident)
    part = {"HX-Request": "true"}
    response = client.post(address(case, "vote"), data={"option": paper(case)[0]}, headers=part)
    assert response.status_code == 200
    assert "HX-Request" in response.headers["Vary"]
    assert "<html" not in text_of(response)
    assert 'id="vote"' in text_of(response)
    empty = client.post(address(case, "vote"), data={}, headers=part)
    assert empty.status_code == 422
    assert 'id="ballot-error"' in text_of(empty)
    assert len(scalars(select(UsedRight.person_id))) == 1


def test_without_a_choice_the_page_comes_again(
    world: World, case: Consultation, login: Login
) -> None:
    for data in ({}, {"option": ""}, {"option": "999"}, {"option": "9" * 40}, {"option": "x"}):
        response = login(world.resident).post(address(case, "vote"), data=data)
        assert response.status_code == 422
        assert 'id="ballot-error"' in text_of(response)
    assert scalars(select(UsedRight.person_id)) == []


def test_one_s_own_choice_is_shown_to_nobody_else(
    world: World, case: Consultation, login: Login
) -> None:
    login(world.resident).post(address(case, "vote"), data={"option": paper(case)[0]})
    for role in ROLES:
        if role == "resident":
            continue
        page = text_of(login(world.people.get(role)).get(address(case)))
        assert "checked" not in re.sub(r'<input class="vh" type="checkbox"[^>]*>', "", page)


def figures(page: str) -> str:
    """Return what a reader can see of a page: its text and values, without ids and tokens."""
    page = re.sub(r'name="(csrf_token|form_key|receipt)"[^>]*', "", page)
    return re.sub(r'X-CSRFToken":"[^"]*"|data-[a-z]+="[^"]*"', "", page)


def test_before_the_close_no_page_depends_on_the_choices(
    world: World, login: Login, app: Flask
) -> None:
    """The same turnout, cast in two ways: every page for every role is the same to the letter."""
    case = consultation(world.erlong, stage="voting")
    cast_many(world, case, 7, 3, 1, abstained=2)
    pages = (
        address(case),
        address(case, "comments"),
        address(case, "statements/"),
        "/c/erlonglu/",
        "/c/erlonglu/consultations/",
        "/c/jinrongjie/",
        "/me",
    )

    def read() -> dict[tuple[str, str], str]:
        return {
            (role, page): figures(text_of(login(world.people.get(role)).get(page)))
            for role in ROLES
            for page in pages
        }

    first = read()
    for used in scalars(select(UsedRight)):
        used.choice = str(paper(case)[2])
    db.session.commit()
    assert read() == first
    assert "result-rows" not in "".join(first.values())
    clock.shift(timedelta(days=2))
    after = read()
    assert all("result-rows" in after[role, address(case)] for role in ROLES)


def result(login: Login, case: Consultation, who: Person | None = None) -> str:
    page = text_of(login(who).get(address(case)))
    return page[page.index('id="result"') :].partition("</section>")[0]


def test_the_result_names_its_base(world: World, login: Login) -> None:
    case = consultation(world.erlong, stage="closed")
    cast_many(world, case, 2, 1, 0, abstained=1)
    shown = result(login, case)
    figures = re.findall(r'class="label">(\w+)</span>\s*<span class="figure"><b>(\d+%)</b>', shown)
    assert figures == [("东侧", "67%"), ("西侧", "33%"), ("不建", "0%")]
    assert '<th scope="row">东侧</th><td>2</td>' in shown
    assert re.search(r"100% = 3(?!\d)", shown)
    assert shown.count('class="most"') == 1


def test_a_tie_has_no_winner(world: World, login: Login) -> None:
    case = consultation(world.erlong, stage="closed")
    cast_many(world, case, 2, 2, 1)
    shown = result(login, case)
    assert shown.count('class="most"') == 2
    sentence = re.search(r"<p>([^<]*东侧[^<]*)</p>", shown)
    assert sentence is not None
    assert "西侧" in sentence[1]
    assert "不建" not in sentence[1]


@pytest.mark.parametrize("abstained", [0, 3])
def test_when_nobody_chose(world: World, login: Login, abstained: int) -> None:
    case = consultation(world.erlong, stage="closed")
    cast_many(world, case, 0, 0, 0, abstained=abstained)
    shown = result(login, case)
    assert 'class="most"' not in shown
    assert re.findall(r"<b>(\d+)%</b>", shown) == ["0", "0", "0"]
    assert re.search(r"100% = 0(?!\d)", shown)


def test_after_the_close_one_reads_that_one_voted_not_what(world: World, login: Login) -> None:
    case = consultation(world.erlong, stage="voting")
    login(world.resident).post(address(case, "vote"), data={"option": paper(case)[1]})
    login(world.neighbour).post(address(case, "vote"), data={"option": "abstain"})
    clock.shift(timedelta(days=2))
    mine, theirs, others = (
        re.findall(r'<p class="muted small">([^<]*)</p><p class="small">', result(login, case, who))
        for who in (world.resident, world.neighbour, None)
    )
    codes = dict(rows(select(UsedRight.person_id, UsedRight.code)))
    assert mine[0].startswith(others[0])
    assert codes[world.resident.id] in mine[0]
    assert codes[world.neighbour.id] in theirs[0]
    assert "西侧" not in mine[0]
    late = login(world.resident).post(address(case, "vote"), data={"option": paper(case)[0]})
    assert late.status_code == 409
    assert scalars(select(UsedRight.choice).filter_by(person_id=world.resident.id)) == [
        str(paper(case)[1])
    ]


@pytest.mark.parametrize("number", ["0", "999999999", "99999999999", "9" * 40])
def test_a_number_of_any_size_is_a_page_that_is_missing(
    world: World, case: Consultation, login: Login, number: str
) -> None:
    client = login(world.resident)
    for path in (f"/c/erlonglu/consultations/{number}/", address(case, f"comments/{number}")):
        response = client.get(path)
        assert response.status_code == 404
        assert "<html" in text_of(response)
    data = {"words": "好", "form_key": "k", "parent": number}
    assert client.post(address(case, "comments"), data=data).status_code == 404
    data = {"statement": number, "answer": "agree"}
    assert client.post(address(case, "statements/answer"), data=data).status_code == 404
    assert client.get(address(case, f"comments?before={number}")).status_code == 200
