"""A plugin leaves a demonstration full of its data: its rows go into files, all else stays."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select

from civic.cli import main
from civic.identities.models import Person
from civic.kernel import plugins
from civic.kernel.db import db
from tests.databases import make_app
from tests.factories import session_key
from tests.sample import BUNDLED, point

#: By what a row of the core is a plugin's own: the column, and what it begins with.
OWN = {
    "activation": ("plugin", ""),
    "event_row": ("subscriber", "."),
    "hold_pool": ("subject", "."),
    "job_run": ("name", "."),
    "plugin_fault": ("plugin", ""),
}


Content = dict[str, list[dict[str, Any]]]


class Site:
    """A copy of the demonstration from which a plugin can be taken away."""

    def __init__(self, filled: Path, folder: Path) -> None:
        self.folder = shutil.copytree(filled, folder)

    def civic(self, *words: str) -> str:
        done = CliRunner().invoke(main, words, env={"CIVIC_INSTANCE": str(self.folder)})
        assert done.exit_code == 0, done.output
        return done.output

    def app(self) -> Flask:
        return make_app(self.folder, found=[point(name) for name in BUNDLED])

    def content(self) -> Content:
        """Return every row of every table."""
        with closing(sqlite3.connect(self.folder / "civic.sqlite3")) as file:
            file.row_factory = sqlite3.Row
            names = file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            return {
                name: [dict(row) for row in file.execute(f"SELECT * FROM {name} ORDER BY rowid")]
                for (name,) in names.fetchall()
            }


@pytest.mark.parametrize("gone", BUNDLED)
def test_one_goes_with_its_data_and_comes_back_empty(gone: str, filled: Path, tmp_path: Path):
    site = Site(filled, tmp_path / "instance")
    before = site.content()
    own = {name for name in before if name.startswith(f"{gone}_")}
    assert sum(bool(before[name]) for name in own) > len(own) / 2, "the demonstration uses few"

    site.civic("plugins", "remove", gone, "--yes")
    [written] = (site.folder / "removed").iterdir()
    for name in own:
        kept = json.loads((written / f"{name}.json").read_text("utf-8"))
        assert len(kept) == len(before[name]), name
        assert not kept or set(kept[0]) == set(before[name][0]), name

    after = site.content()
    assert set(before) - set(after) == own | {f"alembic_version_{gone}"}
    for name in after:
        assert after[name] == _expected(name, gone, before, after), name
    with site.app().app_context():
        assert gone not in plugins.registry().loaded
    _pages_are_there(site, gone, there=False)

    site.civic("jobs", "run")
    site.civic("plugins", "install", gone)
    anew = site.content()
    assert set(anew) == set(before)
    assert all(anew[name] == [] for name in own)
    site.civic("plugins", "enable", gone, "erlonglu")
    _pages_are_there(site, gone, there=True)


def _expected(name: str, gone: str, before: Content, after: Content) -> list[dict[str, Any]]:
    """Return what should be in a table of the core, or of another plugin, by what was there."""
    if name == "audit_entry":
        said = after[name][len(before[name]) :]
        assert {entry["act"] for entry in said} == {"plugin.off", "plugin.removed"}
        return before[name] + said
    if name == "absent_plugin":
        assert [row["name"] for row in after[name]] == [gone]
        return after[name]
    if name == "hold_claim":
        pools = {row["id"] for row in after["hold_pool"]}
        return [row for row in before[name] if row["pool_id"] in pools]
    if name in OWN:
        column, rest = OWN[name]
        return [row for row in before[name] if not row[column].startswith(f"{gone}{rest}")]
    return before[name]


def _pages_are_there(site: Site, gone: str, *, there: bool) -> None:
    """Ask as somebody who has something of each plugin."""
    app = site.app()
    with app.app_context():
        person = db.session.scalars(select(Person).filter_by(name="王桂兰")).one()
        client = app.test_client()
        with client.session_transaction() as session:
            session["_user_id"] = session_key(person)
        for page in ("/c/erlonglu/", "/c/erlonglu/more/", "/inbox", "/me/data"):
            assert client.get(page).status_code == 200, page
        for name in BUNDLED:
            found = client.get(f"/c/erlonglu/{name}/").status_code
            assert found == (200 if there or name != gone else 404), name
        db.session.remove()
        db.engine.dispose()
