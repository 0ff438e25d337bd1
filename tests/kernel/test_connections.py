"""A request asks the database over one connection, so that it sees one state of things."""

import pytest
from sqlalchemy import event

from civic.kernel.db import db
from tests import factories


@pytest.fixture
def checkouts(app):
    found = []

    def taken(*_args):
        found.append(1)

    event.listen(db.engine, "checkout", taken)
    yield found
    event.remove(db.engine, "checkout", taken)


def test_a_page_takes_one_connection(world, login, checkouts):
    consultation = factories.consultation(world.erlong)
    client = login(world.resident)
    case = f"/c/erlonglu/consultations/{consultation.id}/"
    for path in ("/c/erlonglu/", case, "/me"):
        db.session.remove()
        checkouts.clear()
        assert client.get(path).status_code == 200
        assert len(checkouts) == 1, path
