"""The kit: what a test of a plugin is given, and what it costs those who test none."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.testing.faulty import FAULTS, GOOD
from tests.testing.running import ROOT, run

TESTS = """
from civic.api import db


def test_login_gives_browsers_of_their_own(client, login):
    resident, secretary = login("resident"), login("secretary")
    assert "王桂兰" in resident.get("/me").text
    assert "周红" in secretary.get("/me").text
    assert "周红" in client.get("/me").text
    assert "登录" in login.out().get("/c/erlonglu/").text
    assert login.id("resident") == login.id("resident_living")
    assert login.id("resident") != login.id("resident", name="陈志强")


def test_posts_count_without_a_second_factor(client, login):
    for post in ("secretary", "administrator", "staff"):
        login(post)
        assert client.get("/desk/").status_code == 200


def test_what_is_neither_is_named(login):
    import pytest

    with pytest.raises(ValueError, match="known are resident, staff"):
        login("king")


def test_what_a_test_writes_is_seen_and_what_a_page_writes_too(app, client, login, community):
    from civic_good import Note

    note = Note(community_id=community.id, words="before")
    db.session.add(note)
    db.session.flush()
    number = note.id
    client.get("/")
    with app.app_context():  # as a page does
        other = db.session.get(Note, number)
        other.words = "after"
        db.session.commit()
    client.get("/")
    assert note.words == "after"


def test_each_begins_anew(app, community):
    from civic_good import Note

    assert db.session.query(Note).count() == 0
    assert community.plugins == {"good"}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    GOOD.write(tmp_path)
    (tmp_path / "test_good.py").write_text(TESTS, "utf-8")
    return tmp_path


def test_the_fixtures_do_what_they_say(folder: Path):
    done = run(folder, "--plugin", "good", path=[folder])
    assert "5 passed" in done.stdout, done.stdout + done.stderr


def test_a_plugin_can_be_named_in_the_settings(folder: Path):
    (folder / "setup.cfg").write_text("[tool:pytest]\ncivic_plugins = good\n")
    done = run(folder, "--strict-config", "-k", "anew", path=[folder])
    assert "1 passed" in done.stdout, done.stdout + done.stderr


def test_a_plugin_that_does_not_load_is_an_error_with_its_reason(tmp_path: Path):
    next(fault for fault in FAULTS if fault.name == "broken").write(tmp_path)
    (tmp_path / "test_it.py").write_text("def test_it(client):\n    pass\n")
    done = run(tmp_path, "--plugin", "broken", path=[tmp_path])
    assert done.returncode == 1
    assert "not today" in done.stdout


def test_its_page_names_each_fixture():
    import civic.testing

    page = (ROOT / "docs/plugins/testing.md").read_text("utf-8")
    named = set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))
    fixtures = {
        name
        for name, thing in vars(civic.testing).items()
        if type(thing).__name__ == "FixtureFunctionDefinition"
    }
    assert named == fixtures


def test_who_tests_no_plugin_waits_for_nothing():
    code = (
        "import sys, civic.testing\n"
        "heavy = {'flask', 'sqlalchemy', 'babel', 'civic.app', 'civic.api'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
