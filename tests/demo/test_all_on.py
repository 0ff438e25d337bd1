"""With every bundled plugin on and full of data: what pages of the core ask of the database."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from benchmarks import inside
from civic.communities.models import Community
from civic.consultations.models import Comment, Consultation
from civic.identities.models import Person
from civic.kernel.activations import Activation
from civic.kernel.db import db
from tests.databases import make_app
from tests.factories import session_key
from tests.sample import BUNDLED, point

Visit = Callable[[str, str], tuple[str, list[str]]]

# One demonstration serves these tests and those of the demonstration itself.
pytestmark = pytest.mark.xdist_group("tests.demo.test_demo")


@pytest.fixture(scope="module")
def site(filled: Path) -> Iterator[Flask]:
    app = make_app(filled, found=[point(name) for name in BUNDLED])
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def visit(site: Flask) -> Visit:
    """A function that gets a page as somebody of this name; what it says, and what it asked."""

    def get(path: str, name: str) -> tuple[str, list[str]]:
        client = site.test_client()
        if name:
            with site.app_context():
                person = db.session.scalars(select(Person).filter_by(name=name)).one()
                key = session_key(person)
            with client.session_transaction() as session:
                session["_user_id"] = key
        client.get(path)  # the first look at a page reads its template
        with inside.statements(site) as asked:
            answer = client.get(path)
        assert answer.status_code == 200
        return answer.get_data(as_text=True), asked

    return get


@pytest.mark.parametrize(("name", "most"), [("", 4), ("王桂兰", 6)])
def test_a_case_asks_no_more_than_without_plugins(
    site: Flask, visit: Visit, name: str, most: int
) -> None:
    with site.app_context():
        count = func.count(Comment.id).label("count")
        query = (
            select(Consultation.id)
            .join(Comment, Comment.consultation_id == Consultation.id)
            .join(Community)
            .filter_by(slug="erlonglu")
            .group_by(Consultation.id)
        )
        number = db.session.scalars(query.order_by(count.desc())).first()
    _, asked = visit(f"/c/erlonglu/consultations/{number}/", name)
    assert len(asked) <= most, asked


@pytest.mark.parametrize(("name", "most"), [("", 4), ("王桂兰", 6)])
def test_the_home_page_asks_once_more_for_each_plugin_that_shows_something(
    site: Flask, visit: Visit, name: str, most: int
) -> None:
    with site.app_context():
        on = db.session.scalars(select(Activation.plugin).filter_by(on=True).distinct()).all()
    assert sorted(on) == BUNDLED
    page, asked = visit("/c/erlonglu/", name)
    shows = [plugin for plugin in BUNDLED if f"/c/erlonglu/{plugin}/" in page]
    assert len(shows) >= 3
    # What waits in the meetings of party, and in its lists, are two statements; that notices are
    # for its liaisons is a question of the core.
    waits = 2 if name else 0
    assert len(asked) <= most + len(BUNDLED) + waits, asked
