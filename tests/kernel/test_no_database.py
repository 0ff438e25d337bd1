"""When the database does not answer, people still get a page that says so."""

import pytest
from sqlalchemy.exc import OperationalError

from civic.kernel import db as database


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/c/erlonglu/"), ("GET", "/"), ("POST", "/sign-out")]
)
def test_a_page_without_the_database(app, world, login, monkeypatch, method, path):
    client = login(world.resident)
    database.db.session.remove()

    failure = OperationalError("SELECT 1", {}, Exception("gone"))

    def gone(*_args, **_kwargs):
        raise failure

    monkeypatch.setattr(database.Session, "get_bind", gone)
    response = client.open(path, method=method)
    assert response.status_code == 500
    page = response.get_data(as_text=True)
    assert 'href="/"' in page
    assert "Internal Server Error" not in page
    assert response.headers["Content-Security-Policy"]
