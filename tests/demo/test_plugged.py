"""Plugins play in the demonstration; one that fails stays off, and all else is there."""

from pathlib import Path

import pytest
from sqlalchemy import inspect, select, text

from civic import demo
from civic.kernel import migrate, plugins
from civic.kernel.activations import Activation
from civic.kernel.db import db
from civic.kernel.faults import PluginFault
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


def test_calls_are_there_at_their_awards_in_review_and_open(tmp_path: Path):
    app = make_app(tmp_path / "instance", found=[point("incubator")])
    with app.app_context():
        migrate.upgrade()
        demo.ensure(Path(app.instance_path))
        assert db.session.scalars(select(PluginFault.plugin)).all() == []
        phases = db.session.scalars(text("SELECT phase FROM incubator_call ORDER BY id")).all()
        assert phases == ["publicity", "review", "open"]
        counted = {
            table: db.session.scalar(text(f"SELECT count(*) FROM incubator_{table} {where}"))
            for table, where in (
                ("organisation", ""),
                ("application", "WHERE call_id = 1 AND state = 'passed'"),
                ("seat", "WHERE call_id = 1 AND side = 'expert'"),
                ("declaration", "WHERE conflicted"),
                ("award_list", ""),
                ("objection", "WHERE upheld"),
            )
        }
        assert list(counted.values()) == [11, 9, 5, 1, 2, 1]
        db.session.remove()


def test_homes_are_offered_in_the_order_of_a_draw_and_others_can_be_applied_for(tmp_path: Path):
    app = make_app(tmp_path / "instance", found=[point("rental")])
    with app.app_context():
        migrate.upgrade()
        demo.ensure(Path(app.instance_path))
        assert db.session.scalars(select(PluginFault.plugin)).all() == []
        states = db.session.scalars(text("SELECT state FROM rental_allocation ORDER BY id")).all()
        assert states == ["published", "fixed"]
        assert db.session.scalar(text("SELECT count(*) FROM rental_draw_rank")) == 9
        drawn = db.session.execute(text("SELECT id, seed FROM rental_draw")).one()
        assert drawn.seed
        db.session.remove()
        # What leaves takes with it what its triggers keep, and begins clean when it is back.
        migrate.downgrade("rental", "base")
        assert not [name for name in inspect(db.engine).get_table_names() if "rental_" in name]
        migrate.upgrade()
        assert db.session.scalar(text("SELECT count(*) FROM rental_draw")) == 0
        db.session.remove()
