"""Bundles of plugins: found by convention, under the plugin's name, and kept apart when wrong."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from civic.communities import switching
from civic.kernel import clock, migrate, plugins
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.procedures import bundles, loading, services
from civic.procedures.snapshots import load_snapshot
from civic.voting import opening, readiness
from civic.voting.models import Ballot, BallotOption
from tests.databases import make_app
from tests.factories import build_world
from tests.procedures.test_bundles import ROWS
from tests.sample import PLUGINS, point

DAY = timedelta(days=1)
FILE = PLUGINS / "civic_plaza" / "procedures" / "siting.toml"


@pytest.fixture
def started(tmp_path: Path, monkeypatch) -> Iterator:
    """A function that starts an app with a copy of the sample plugin, its bundle changed."""
    monkeypatch.syspath_prepend(tmp_path)

    def start(old: str = "", new: str = "", name: str = "siting.toml") -> Flask:
        shutil.copytree(PLUGINS / "civic_plaza", tmp_path / "civic_plaza", dirs_exist_ok=True)
        folder = tmp_path / "civic_plaza" / "procedures"
        (folder / "siting.toml").unlink(missing_ok=True)
        (folder / name).write_text(FILE.read_text("utf-8").replace(old, new), "utf-8")
        sys.modules.pop("civic_plaza", None)
        app = make_app(tmp_path / "instance", found=[point("plaza")])
        stack.enter_context(app.app_context())
        assert plugins.registry().failed == {}
        migrate.upgrade()
        return app

    with ExitStack() as stack:
        yield start
        sys.modules.pop("civic_plaza", None)
        db.session.rollback()
        db.engine.dispose()


def test_the_sample_is_right() -> None:
    assert bundles.check(FILE, "plaza")[1] == []


def test_a_bundle_in_the_folder_is_loaded_with_the_others(started) -> None:
    started()
    done = loading.sync()
    assert "plaza.siting 1" in done.added
    assert len(done.added) == len(ROWS) + 1
    version = services.one_in_force("plaza.siting")
    assert (version.source, version.jurisdiction) == ("plaza", "CN-BJ")
    assert load_snapshot(services.snapshot(version)).procedure.times.display.n == 5
    db.session.commit()
    assert loading.sync().added == []


def test_everybody_reads_it(started) -> None:
    app = started()
    loading.sync()
    db.session.commit()
    page = app.test_client().get("/procedures/plaza.siting/1")
    assert page.status_code == 200
    assert "广场设施选址" in page.text
    assert "随插件“plaza”提供" in page.text
    assert "居民（至少 30）" in page.text


@pytest.mark.parametrize(
    ("old", "new", "name", "said"),
    [
        ('id = "plaza.siting"', 'id = "siting"', "siting.toml", "begins with `plaza.`"),
        ('id = "plaza.siting"', 'id = "other.siting"', "siting.toml", "begins with `plaza.`"),
        ("version = 1", "version = 0", "siting.toml", ":3: version: a whole number"),
        ('unit = "person"', 'unit = "owner"', "siting.toml", ""),
        ('binding = "advisory"', 'binding = "law"', "siting.toml", "'law' is not one of"),
        ("", "", "other.toml", "the file is called other.toml"),
    ],
)
def test_a_wrong_one_is_left_out_and_the_rest_is_loaded(started, old, new, name, said) -> None:
    started(old, new, name)
    done = loading.sync()
    db.session.commit()
    assert len(services.codes()) >= len(ROWS)
    if said:
        assert len(done.refused) == 1
        assert said in done.refused[0]
        assert "plaza.siting 1" not in done.added
    else:
        # Owners may be asked for advice in Beijing, whoever asks.
        assert done.refused == []


def test_owners_of_beijing_are_not_bound_by_a_plugin_either(started) -> None:
    text = ('unit = "person"', 'unit = "owner"')
    started(*text)
    file = Path(plugins.registry().loaded["plaza"].folder) / "procedures" / "siting.toml"
    file.write_text(
        file.read_text("utf-8").replace('binding = "advisory"', 'binding = "self_governance"'),
        "utf-8",
    )
    done = loading.sync()
    assert "can only be mirror or advisory" in done.refused[0]


def test_a_changed_bundle_of_a_plugin_without_a_new_number_is_refused_alone(started) -> None:
    started()
    loading.sync()
    db.session.commit()
    file = Path(plugins.registry().loaded["plaza"].folder) / "procedures" / "siting.toml"
    file.write_text(file.read_text("utf-8").replace("n = 7", "n = 9"), "utf-8")
    done = loading.sync()
    assert "needs a higher `version` than 1" in done.refused[0]
    assert len(done.same) == len(ROWS)


def test_without_the_plugin_its_versions_stay_readable(started, tmp_path) -> None:
    started()
    loading.sync()
    db.session.commit()
    app = make_app(tmp_path / "instance", found=[])
    with app.app_context():
        assert app.test_client().get("/procedures/plaza.siting/1").status_code == 200
        assert "plaza.siting" in services.codes()
        db.session.rollback()
        db.engine.dispose()


def test_it_looks_after_ballots_by_its_own_procedure(started) -> None:
    started()
    loading.sync()
    world = build_world()
    switching.switch(world.erlong, "plaza", on=True, actor=world.actor("administrator"))
    db.session.commit()
    now = clock.now()
    dates = {"opens_at": now + 20 * DAY, "closes_at": now + 23 * DAY}
    made = Ballot(
        community_id=world.erlong.id,
        question="健身器材放在哪里？",
        audience=["resident"],
        procedure=services.snapshot(services.one_in_force("plaza.siting")),
        options=[BallotOption(position=n, text=text) for n, text in enumerate(("东", "西"))],
        **dates,
    )
    db.session.add(made)
    db.session.flush()
    said = [one for one in readiness.problems(made, made.options, None) if one.code == "check"]
    assert [one.values["plugin"] for one in said] == ["plaza"]
    with pytest.raises(Refused):
        opening.fix(made)
    made.closes_at = now + 40 * DAY
    problems = readiness.problems(made, made.options, None)
    assert "check" not in [one.code for one in problems]
