"""The tables of the core and of each sample plugin: up, down and up again, on both databases."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import make_url

ROOT = Path(__file__).parent.parent.parent
#: In a process of its own, since what is imported here leaves its tables in the metadata of all.
SCRIPT = """
import sys
from pathlib import Path
from sqlalchemy import inspect
from civic.kernel import migrate
from civic.kernel.db import db
from tests.databases import make_app
from tests.sample import point

instance, url, *names = sys.argv[1:]
app = make_app(Path(instance), url, found=[point(name) for name in names])
assert not app.extensions["civic_plugins"].failed, app.extensions["civic_plugins"].failed


def tables():
    with db.engine.connect() as connection:
        return set(inspect(connection).get_table_names())


def agree():
    return {owner.name: migrate.differences(owner) for owner in migrate.owners()}


with app.app_context():
    migrate.upgrade()
    full, owners = tables(), [owner.name for owner in migrate.owners()]
    assert owners == ["civic", *sorted(names)], owners
    assert not any(agree().values()), agree()
    rest = set(full)
    for name in reversed(owners[1:]):
        migrate.downgrade(name, "base")
        rest = {table for table in rest if not table.startswith(f"{name}_")}
        assert tables() == rest, (name, tables() ^ rest)
    migrate.downgrade("civic", "base")
    left = {table for table in tables() if not table.startswith("alembic_version")}
    assert not left, left
    migrate.upgrade()
    assert tables() == full
    assert not any(agree().values()), agree()
    db.engine.dispose()
print("whole")
"""


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_each_goes_up_down_and_up_again_and_leaves_no_table(
    request: pytest.FixtureRequest, tmp_path: Path, database: str
) -> None:
    url = ""
    if database == "postgresql":
        server = request.getfixturevalue("postgresql")
        name = f"{server.name}_owners"
        server._run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name}")
        url = make_url(server.server).set(database=name).render_as_string(hide_password=False)
    samples = ["hello", "kinds", "mortal", "facility"]
    paths = [ROOT, ROOT / "plugins", ROOT / "examples" / "facility"]
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, tmp_path / "instance", url, *samples],
        cwd=ROOT,
        env={"PYTHONPATH": ":".join(map(str, paths)), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    if url:
        server._run(f"DROP DATABASE {name} WITH (FORCE)")
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.strip() == "whole"
