"""Bounds on statements of the pages of a text: they do not grow with what is said."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from benchmarks import inside
from civic.consultations.models import Consultation
from civic.drafting import answering, clusters, supporting
from civic.drafting.answering import Answer
from civic.drafting.commenting import add
from civic.drafting.models import DraftComment
from civic.kernel.db import db
from civic.procedures import loading
from tests.drafting.conftest import answered, published, said
from tests.factories import World, person, standing

Login = Callable[..., FlaskClient]


@pytest.fixture
def app(request: pytest.FixtureRequest) -> Flask:
    """The app on SQLite alone: statements are the same on both databases."""
    return request.getfixturevalue("sqlite_app")


def count(app: Flask, client: FlaskClient, path: str) -> int:
    client.get(path)
    with inside.statements(app) as seen:
        response = client.get(path)
    assert response.status_code == 200, response.text
    assert "COMMIT" not in seen
    return len(seen)


def few(world: World) -> Consultation:
    case, _first = published(world)
    comment = said(world, case)
    said(world, case, "neighbour", paragraph=2)
    supporting.support(world.actor("neighbour"), world.erlong, case, comment.id, wants=True)
    answered(world, case, comment)
    loading.sync()
    db.session.commit()
    return case


def many(world: World, case: Consultation) -> None:
    """Sixty comments more of thirty people, half of them in clusters that are answered."""
    people = [person(f"言{number}") for number in range(30)]
    version = db.session.scalars(select(DraftComment.version_id).limit(1)).one()
    for who in people:
        standing(who, world.gate)
        for paragraph in (1, 3):
            add(
                DraftComment(
                    consultation_id=case.id,
                    version_id=version,
                    paragraph=paragraph,
                    author_id=who.id,
                    words="话",
                    form_key=f"{who.id}-{paragraph}",
                )
            )
    secretary = world.actor("secretary")
    waits = select(DraftComment.id).filter_by(consultation_id=case.id, state="open", paragraph=3)
    ids = db.session.scalars(waits.order_by(DraftComment.id)).all()
    for number, chosen in enumerate((ids[:10], ids[10:20])):
        made = clusters.gather(secretary, world.erlong, case.id, chosen, title=f"类{number}")
        given = Answer(verdict="partly", reason="改一半。")
        answering.answer_cluster(secretary, world.erlong, case.id, made.id, given)
    db.session.commit()


@pytest.mark.parametrize(
    ("path", "role", "most"),
    [
        ("", "resident", 9),
        ("", "", 7),
        ("/comments", "resident", 9),
        ("/comments?state=open", "", 7),
        ("/comments?paragraph=1", "resident", 9),
        ("/comments/new?paragraph=1", "resident", 10),
        ("/comments/1", "resident", 8),
        ("/work", "secretary", 9),
        ("/work/answers", "secretary", 10),
        ("/print", "", 5),
    ],
)
def test_statements_of_a_page_are_few_and_do_not_grow(
    app: Flask, world: World, login: Login, path: str, role: str, most: int
) -> None:
    case = few(world)
    client = login(world.people.get(role))
    address = f"/c/erlonglu/consultations/{case.id}/draft{path}"
    before = count(app, client, address)
    many(world, case)
    assert count(app, client, address) <= before <= most


def test_lists_are_paged(app: Flask, world: World, login: Login) -> None:
    case = few(world)
    many(world, case)
    client = login(world.people["secretary"])
    for path in ("/comments", "/comments?state=open", "/work/answers"):
        page = client.get(f"/c/erlonglu/consultations/{case.id}/draft{path}").text
        assert page.count('id="comment-') == (50 if path == "/comments" else 41), path
    page = client.get(f"/c/erlonglu/consultations/{case.id}/draft/comments").text
    assert "before=" in page
