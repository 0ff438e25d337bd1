"""A demonstration with every bundled plugin, for tests that read it or copy its folder."""

from pathlib import Path

import pytest

from civic import demo
from civic.kernel import migrate
from civic.kernel.db import db
from tests.databases import make_app
from tests.sample import BUNDLED, point


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demonstration with every bundled plugin."""
    folder = tmp_path_factory.mktemp("filled") / "instance"
    app = make_app(folder, found=[point(name) for name in BUNDLED])
    with app.app_context():
        migrate.upgrade()
        demo.ensure(folder)
        db.session.remove()
        db.engine.dispose()
    return folder
