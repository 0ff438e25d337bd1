"""Plugins play in the demonstration; one that fails stays off, and all else is there."""

from pathlib import Path

import pytest
from sqlalchemy import select, text

from civic import demo
from civic.kernel import migrate, plugins
from civic.kernel.activations import Activation
from civic.kernel.db import db
from tests.databases import make_app
from tests.sample import point


@pytest.mark.parametrize("fails", [False, True])
def test_events_are_there_at_each_of_their_states(tmp_path: Path, fails: bool, monkeypatch, caplog):
    app = make_app(tmp_path / "instance", found=[point("events")])
    with app.app_context():
        plugin = plugins.registry().loaded["events"]
        assert plugin.demonstrate is not None
        if fails:

            def half(community, stage):
                original(community, stage)
                raise RuntimeError

            original = plugin.demonstrate
            monkeypatch.setattr(plugin, "demonstrate", half)
        migrate.upgrade()
        demo.ensure(Path(app.instance_path))
        states = db.session.scalars(text("SELECT state FROM events_activity ORDER BY state"))
        wanted = [] if fails else ["accepted", "filed", "published", "published", "published"]
        assert list(states) == wanted
        on = db.session.scalars(select(Activation.plugin).filter_by(on=True)).all()
        assert ("events" in on) is not fails
        assert ("could not play" in caplog.text) is fails
        db.session.remove()
