"""Bounds on statements and bytes of pages: what CI keeps, since it cannot keep time.

Savepoints are not counted. Bounds are those of the project's targets; a plugin that has something
to show may add one statement of its own.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from benchmarks import inside
from civic.consultations import opinion_rounds
from civic.consultations.models import Comment, Consultation, Participant, Statement
from civic.deliberation import walls
from civic.deliberation.models import Argument, Question, QuestionAnswer
from civic.identities.models import Person
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.text import render
from civic.notices import issuing
from civic.procedures import loading
from tests.factories import World, consultation, person, standing
from tests.factories import actor as actor_of
from tests.notices.conftest import issued
from tests.voting.boxes import ballot

WORDS = "早高峰的班车**太挤**了，建议七点半和八点各加一班，绕行二龙路东口，老人上下车也方便。"
Login = Callable[[Person | None], FlaskClient]


@pytest.fixture
def app(request: pytest.FixtureRequest) -> Flask:
    """The app on SQLite alone: statements and bytes are the same on both databases."""
    return request.getfixturevalue("sqlite_app")


@pytest.fixture
def case(world: World) -> Consultation:
    found = consultation(world.erlong, stage="voting")
    say(found, [world.resident, world.neighbour], comments=4)
    loading.sync()
    db.session.commit()
    return found


def say(case: Consultation, people: list[Person], *, comments: int, statements: int = 5) -> None:
    top = 0
    taken = case.comment_count
    for number in range(comments):
        reply = number % 5 == 4
        comment = Comment(
            consultation_id=case.id,
            level=2 if reply else 1,
            parent_id=top if reply else None,
            parent_level=1 if reply else None,
            author_id=people[number % len(people)].id,
            place="6号楼",
            standing="resident_living",
            office="二龙路社区党委" if number % 10 == 9 else None,
            text=WORDS,
            html=str(render(WORDS)),
            form_key=f"key{taken + number}",
            created_at=clock.now(),
        )
        db.session.add(comment)
        db.session.flush()
        top = top if reply else comment.id
    case.comment_count += comments
    author = Participant(consultation_id=case.id, external_id=f"import {taken}", acts=1)
    db.session.add(author)
    db.session.flush()
    db.session.add_all(
        Statement(
            consultation_id=case.id,
            participant_id=author.id,
            text=f"班车停靠第{number}站。",
            key=f"{number}",
            created_at=clock.now(),
        )
        for number in range(case.statement_count, case.statement_count + statements)
    )
    case.statement_count += statements
    db.session.commit()


def crowd(world: World, case: Consultation) -> None:
    people = [person(f"张{number}") for number in range(40)]
    for one in people:
        standing(one, world.building)
    say(case, people, comments=46, statements=25)
    for _ in range(20):
        consultation(world.erlong)
        issued(world)
        gone = issued(world)
        issuing.withdraw(world.actor("deputy"), world.erlong, gone.id, "取消")
    db.session.commit()


def address(case: Consultation) -> str:
    return f"/c/erlonglu/consultations/{case.id}/"


def count(app: Flask, client: FlaskClient, path: str) -> int:
    client.get(path)
    with inside.statements(app) as seen:
        response = client.get(path)
    assert response.status_code == 200, response.text
    assert "COMMIT" not in seen
    assert not [one for one in seen if not one.lstrip("( ").startswith(("SELECT", "WITH"))]
    return len(seen)


@pytest.mark.parametrize(
    ("path", "signed_in", "most"),
    [
        ("case", True, 6),
        ("case", False, 4),
        ("opinions", True, 5),
        ("opinions", False, 3),
        ("/c/erlonglu/consultations/", True, 5),
        ("/c/erlonglu/consultations/", False, 5),
        ("/c/erlonglu/notices/", True, 3),
        ("/c/erlonglu/notices/", False, 3),
        ("/c/erlonglu/notices/archive", True, 3),
        ("/c/erlonglu/notices/feed.atom", True, 3),
        ("/procedures/", True, 4),
        ("/procedures/", False, 3),
        ("/procedures/rep_2026/", False, 2),
        ("/procedures/rep_2026/1", False, 3),
        ("/processes/", False, 1),
        ("/processes/four_deliberations", False, 2),
        ("/processes/hearing", False, 1),
        ("/c/erlonglu/", True, 5),
        ("/c/erlonglu/", False, 4),
    ],
)
def test_statements_of_a_page_are_few_and_do_not_grow(
    app: Flask, world: World, login: Login, case: Consultation, path: str, signed_in, most: int
) -> None:
    if path == "opinions":
        opinion_rounds.draw(case.id)
        db.session.commit()
    places = {"case": address(case), "opinions": f"{address(case)}opinions/?me=1"}
    path = places.get(path, path)
    client = login(world.resident if signed_in else None)
    few = count(app, client, path)
    assert few <= most
    crowd(world, case)
    assert count(app, client, path) == few


def deliberate(case: Consultation, people: list[Person], more: int) -> None:
    """Write arguments and questions, answered and not, and put a wall up with dots on it."""
    now = clock.now()
    for number, one in enumerate(people):
        for side in ("for", "against"):
            words = {"side": side, "title": f"理由{number}", "form_key": f"{side}{more}"}
            db.session.add(Argument(consultation_id=case.id, author_id=one.id, at=now, **words))
        for answered in (None, now):
            asked = Question(
                consultation_id=case.id,
                author_id=one.id,
                words="几点？",
                form_key=f"{answered}{more}",
                at=now,
                answered_at=answered,
            )
            db.session.add(asked)
            db.session.flush()
            if answered:
                words = {"words": "八点。", "office": "居委会", "by_id": one.id, "at": now}
                db.session.add(QuestionAnswer(question_id=asked.id, edition=1, **words))
    db.session.commit()


@pytest.mark.parametrize(
    ("page", "signed_in", "most"),
    [
        ("arguments", True, 6),
        ("arguments", False, 4),
        ("questions", True, 7),
        ("questions", False, 5),
        ("questions/1", True, 6),
        ("walls", True, 4),
        ("walls/1", True, 6),
        ("walls/1", False, 4),
    ],
)
def test_statements_of_deliberation_do_not_grow(
    app: Flask, world: World, login: Login, case: Consultation, page: str, signed_in, most: int
) -> None:
    deliberate(case, [world.neighbour], 0)
    end = clock.now() + timedelta(hours=5)
    form = {"title": "先做什么？", "items": ["路灯", "车位"], "dots": 2, "several": False}
    draft = walls.Draft(**form, closes_at=end, form_key="w")
    wall = walls.open_(world.actor("secretary"), world.erlong, case, draft)
    item = walls.items(wall.id)[0].id
    walls.place(world.actor("neighbour"), world.erlong, case, wall.id, {item: 1})
    db.session.commit()
    client = login(world.resident if signed_in else None)
    path = f"{address(case)}{page}"
    few = count(app, client, path)
    assert few <= most
    people = [person(f"张{number}") for number in range(40)]
    deliberate(case, people, 1)
    for one in people:
        standing(one, world.building)
        walls.place(actor_of(one), world.erlong, case, wall.id, {item: 1})
    db.session.commit()
    assert count(app, client, path) == few
    with clock.at(end):
        assert count(app, client, path) <= few + 2


@pytest.mark.parametrize(("path", "most"), [("/c/erlonglu/", 6), ("/c/erlonglu/consultations/", 6)])
def test_ballots_of_one_s_own_take_one_statement_more(
    app: Flask, world: World, login: Login, case: Consultation, path: str, most: int
) -> None:
    client = login(world.resident)
    without = count(app, client, path)
    for _ in range(3):
        ballot(world.erlong, formal=True)
        assert count(app, client, path) == without + 1 <= most
    stranger = login(world.elsewhere)
    assert count(app, stranger, "/c/erlonglu/ballots/") <= 4


def test_a_vote_takes_five_statements_and_one_commit(
    app: Flask, world: World, login: Login, case: Consultation
) -> None:
    client = login(world.resident)
    crowd(world, case)
    for option in ("1", "2"):
        with inside.statements(app) as seen:
            response = client.post(f"{address(case)}vote", data={"option": option})
        assert response.status_code == 303, response.text
        assert seen.count("COMMIT") == 1
        assert len(seen) - 1 <= 5


def test_the_case_page_is_light(app: Flask, world: World, login: Login, case: Consultation) -> None:
    crowd(world, case)
    for client in (login(world.resident), login(None)):
        weight = inside.first_view(client, address(case))
        assert weight.html <= 40_000
        assert weight.packed <= 10_000
        assert weight.requests <= 5
        assert weight.total <= 45_000
        assert weight.style <= 12_000
        assert weight.script <= 20_000


def test_an_unchanged_page_is_not_sent_again(app: Flask, case: Consultation) -> None:
    first = app.test_client().get(address(case))
    again = app.test_client().get(address(case), headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""
